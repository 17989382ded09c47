/** The ledger as a page for people, in two languages, or as one JSON object for programs. It reads nothing by itself. */
import { isoFromMs } from "../../services/contract/iso-time.ts";
import type { Durable } from "../../services/journal/durable.ts";
import type { PackPlace } from "../../services/ledger/places.ts";
import { countsOf, debtsOf, findingsOf, isOverdue } from "../../services/ledger/view.ts";
import type { Language } from "../config/problem.ts";
import { printable } from "../config/report.ts";

export interface LedgerPage {
  readonly durable: Durable;
  readonly station: string | undefined;
  readonly timeZone: string;
  readonly overdueMs: number;
  readonly logId: string | undefined;
  readonly lastN: number;
  readonly lastAt: number | undefined;
  /** Where the log is damaged; undefined when it is whole. */
  readonly damage: string | undefined;
  readonly wallMs: number;
}

const words = {
  zh: {
    title: "台账",
    entry: "日志第",
    places: { bay: "在仓", rider: "骑手", quarantine: "隔离", unknown: "去向不明" },
    unread: "未识别物品",
    debts: "欠账",
    findings: "待查",
    packs: "电池",
    none: "无",
    overdue: "超时",
    heads: {
      since: "自",
      age: "已",
      member: "会员",
      swap: "换电",
      cabinet: "柜",
      bay: "仓",
      pack: "电池",
      why: "原因",
      place: "位置",
    },
    units: { d: "天", h: "小时", min: "分" },
  },
  en: {
    title: "Ledger",
    entry: "log entry",
    places: { bay: "bay", rider: "rider", quarantine: "quarantine", unknown: "unknown" },
    unread: "unread",
    debts: "Debts",
    findings: "To look at",
    packs: "Packs",
    none: "none",
    overdue: "overdue",
    heads: {
      since: "since",
      age: "age",
      member: "member",
      swap: "swap",
      cabinet: "cabinet",
      bay: "bay",
      pack: "pack",
      why: "why",
      place: "place",
    },
    units: { d: "d", h: "h", min: "min" },
  },
} as const;
type Words = (typeof words)[Language];

/** Chinese characters take two columns of a terminal. */
const widthOf = (text: string): number => [...text].reduce((sum, sign) => sum + (sign > "\u2e7f" ? 2 : 1), 0);

function table(rows: readonly (readonly string[])[]): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, at) => Math.max(...rows.map((row) => widthOf(row[at] ?? ""))));
  const padded = (cell: string, at: number) => cell + " ".repeat(Math.max(0, (widths[at] ?? 0) - widthOf(cell)));
  return rows.map((row) => `  ${row.map(padded).join("  ")}`.trimEnd());
}

function ageOf(ms: number, { units }: Words): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  if (minutes < 60) return `${minutes} ${units.min}`;
  const hours = Math.floor(minutes / 60);
  return hours < 24
    ? `${hours} ${units.h} ${minutes % 60} ${units.min}`
    : `${Math.floor(hours / 24)} ${units.d} ${hours % 24} ${units.h}`;
}

/** "2026-01-31 13:06", as the clock on the station's wall shows it. */
function momentIn(timeZone: string): (ms: number) => string {
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" });
  return (ms) => format.format(ms);
}

const order = { bay: 0, quarantine: 1, unknown: 2, rider: 3 } as const satisfies Record<PackPlace["at"], number>;
const bayOf = (place: PackPlace): number => ("bay" in place ? place.bay : 0);

function packsOf({ durable }: LedgerPage): [string, PackPlace][] {
  return Object.entries(durable.ledger.packs).sort(
    ([, one], [, other]) => order[one.at] - order[other.at] || bayOf(one) - bayOf(other) || one.since - other.since,
  );
}

function whereIs(place: PackPlace, { places }: Words): string {
  const at = places[place.at];
  if (place.at === "rider") return `${at} ${printable(place.member ?? "?")}`;
  const whose = "member" in place && place.member !== undefined ? ` · ${printable(place.member)}` : "";
  if (place.at === "unknown") return `${at}${place.lastBay === undefined ? "" : ` (${place.lastBay})`}${whose}`;
  return `${at} ${place.bay}${whose}`;
}

function section(title: string, head: readonly string[], rows: readonly (readonly string[])[], none: string): string[] {
  return ["", `${title} (${rows.length})`, ...(rows.length === 0 ? [`  ${none}`] : table([head, ...rows]))];
}

export function ledgerText(page: LedgerPage, language: Language): string {
  const say = words[language];
  const { heads, none } = say;
  const { durable, wallMs } = page;
  const moment = momentIn(page.timeZone);
  const when = (since: number) => [moment(since), ageOf(wallMs - since, say)];
  const counts = countsOf(durable.ledger);
  const { places } = say;
  const debts = debtsOf(durable.debts).map((debt) => [
    ...when(debt.since),
    isOverdue(debt, wallMs, page.overdueMs) ? say.overdue : "",
    printable(debt.member),
    debt.swap,
    debt.cabinet,
    String(debt.inBay ?? "–"),
    printable(debt.packIn ?? "–"),
  ]);
  const findings = findingsOf(durable.ledger).map(({ is, packId, bay, why, since }) => [
    ...when(since),
    is === "unread" ? say.unread : places[is],
    String(bay ?? "–"),
    printable(packId ?? "–"),
    printable(why ?? "–"),
  ]);
  const packs = packsOf(page).map(([packId, place]) => [whereIs(place, say), printable(packId), ...when(place.since)]);
  const lines = [
    `${say.title}${page.station === undefined ? "" : ` ${page.station}`} · ${say.entry} ${page.lastN}${page.lastAt === undefined ? "" : ` · ${moment(page.lastAt)}`} (${page.timeZone})`,
    `  ${places.bay} ${counts.bays} · ${places.quarantine} ${counts.quarantine} · ${say.unread} ${counts.unread} · ${places.rider} ${counts.riders} · ${places.unknown} ${counts.unknown}`,
    ...section(
      say.debts,
      [heads.since, heads.age, "", heads.member, heads.swap, heads.cabinet, heads.bay, heads.pack],
      debts,
      none,
    ),
    ...section(say.findings, [heads.since, heads.age, heads.place, heads.bay, heads.pack, heads.why], findings, none),
    ...section(say.packs, [heads.place, heads.pack, heads.since, heads.age], packs, none),
  ];
  return `${lines.join("\n")}\n`;
}

export function ledgerJson(page: LedgerPage): string {
  const { durable, wallMs, lastAt } = page;
  const aged = (since: number) => ({
    since: isoFromMs(since),
    ageS: Math.max(0, Math.floor((wallMs - since) / 1_000)),
  });
  const whole = {
    ...(page.station === undefined ? {} : { station: page.station }),
    log: { id: page.logId ?? null, lastN: page.lastN, at: lastAt === undefined ? null : isoFromMs(lastAt) },
    damage: page.damage ?? null,
    counts: countsOf(durable.ledger),
    debts: debtsOf(durable.debts).map(({ since, ...debt }) => ({
      ...debt,
      ...aged(since),
      overdue: isOverdue({ ...debt, since }, wallMs, page.overdueMs),
    })),
    findings: findingsOf(durable.ledger).map(({ since, ...finding }) => ({ ...finding, ...aged(since) })),
    packs: packsOf(page).map(([packId, { since, ...place }]) => ({ packId, ...place, ...aged(since) })),
  };
  return `${JSON.stringify(whole)}\n`;
}
