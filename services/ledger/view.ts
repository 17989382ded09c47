/** The ledger as others see it: counted by place, debts and findings oldest first. A projection of durable state and no more. */
import { isoFromMs } from "../contract/iso-time.ts";
import { type LedgerPayload, ledgerRowsMax } from "../contract/ledger-payload.ts";
import { memberMark } from "../contract/publication.ts";
import type { Debt, Durable } from "../journal/durable.ts";
import type { LedgerState, PackPlace } from "./places.ts";

export interface LedgerFindingRow {
  readonly is: "quarantine" | "unread" | "unknown";
  readonly packId: string | null;
  readonly bay: number | null;
  readonly why: string | null;
  /** Wall ms. */
  readonly since: number;
}

type Counts = LedgerPayload["counts"];

function findingOf(packId: string, place: PackPlace): LedgerFindingRow | undefined {
  if (place.at === "quarantine") {
    const { bay, since, why } = place;
    return { is: "quarantine", packId, bay, why, since };
  }
  if (place.at !== "unknown") return undefined;
  return { is: "unknown", packId, bay: place.lastBay ?? null, why: null, since: place.since };
}

const oldestFirst = (one: { readonly since: number }, other: { readonly since: number }) => one.since - other.since;

/** What a person should look at or for, oldest first. */
export function findingsOf({ packs, bays }: LedgerState): LedgerFindingRow[] {
  const found: LedgerFindingRow[] = [];
  for (const [packId, place] of Object.entries(packs)) {
    const finding = findingOf(packId, place);
    if (finding !== undefined) found.push(finding);
  }
  for (const [bay, holding] of Object.entries(bays)) {
    if (holding.holds !== "unread") continue;
    found.push({ is: "unread", packId: null, bay: Number(bay), why: holding.why ?? null, since: holding.since });
  }
  return found.sort(oldestFirst);
}

export function debtsOf(debts: Durable["debts"]): Debt[] {
  return Object.values(debts).sort(oldestFirst);
}

const countedAs = {
  bay: "bays",
  rider: "riders",
  quarantine: "quarantine",
  unknown: "unknown",
} as const satisfies Record<PackPlace["at"], keyof Counts>;

export function countsOf({ packs, bays }: LedgerState): Counts {
  const counts = { bays: 0, quarantine: 0, unread: 0, riders: 0, unknown: 0 };
  for (const place of Object.values(packs)) counts[countedAs[place.at]]++;
  for (const holding of Object.values(bays)) if (holding.holds === "unread") counts.unread++;
  return counts;
}

export const isOverdue = (debt: Debt, wallMs: number, overdueMs: number): boolean => wallMs - debt.since > overdueMs;

interface Told {
  readonly counts: Counts;
  readonly findings: readonly LedgerFindingRow[];
}

/** By ledger: it is looked at every few seconds and changes with the swaps. */
const known = new WeakMap<LedgerState, Told>();

function toldOf(ledger: LedgerState): Told {
  const before = known.get(ledger);
  if (before !== undefined) return before;
  const told = { counts: countsOf(ledger), findings: findingsOf(ledger) };
  known.set(ledger, told);
  return told;
}

export function ledgerView(durable: Durable, wallMs: number, debtOverdueMs: number): LedgerPayload {
  const debts = debtsOf(durable.debts);
  const { counts, findings } = toldOf(durable.ledger);
  return {
    counts,
    debtCount: debts.length,
    debts: debts.slice(0, ledgerRowsMax).map((debt) => ({
      swap: debt.swap,
      member: memberMark(debt.member),
      cabinet: debt.cabinet,
      bay: debt.inBay ?? null,
      packIn: debt.packIn ?? null,
      since: isoFromMs(debt.since),
      overdue: isOverdue(debt, wallMs, debtOverdueMs),
    })),
    findingCount: findings.length,
    findings: findings.slice(0, ledgerRowsMax).map((finding) => ({ ...finding, since: isoFromMs(finding.since) })),
  };
}
