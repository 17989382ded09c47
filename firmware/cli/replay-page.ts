/** A replay for people, in two languages, and for programs: decisions as (state, event, effects), and where two of them part. */
import type { StationState } from "../../services/station/state.ts";
import type { Language } from "../config/problem.ts";
import { printable } from "../config/report.ts";
import { type Change, changesBetween } from "../recorder/changes.ts";
import type { Played } from "../recorder/deck.ts";
import { packEffects, type StepLine } from "../recorder/lines.ts";
import { pack } from "../recorder/packed.ts";
import type { Recording } from "../recorder/read.ts";
import type { Header } from "../recorder/recording.ts";
import type { Difference, Replayed } from "../recorder/replay.ts";

const changesMax = 12;
const wordCharsMax = 160;

export function stampIn(timeZone: string): (wallMs: number) => string {
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" });
  return (wallMs) => `${format.format(wallMs)}.${String(Math.floor(wallMs) % 1_000).padStart(3, "0")}`;
}

/** A value in one line; what is long is cut. */
export function brief(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(pack(value));
  const short = text === '{"$":"undefined"}' ? "–" : text;
  return printable(short.length > wordCharsMax ? `${short.slice(0, wordCharsMax)}…` : short);
}

/** When the state was last looked over is another instant at every look, and nothing anybody asks about. */
const isClockwork = ({ path }: Change): boolean =>
  /^(bayLookMs|room\.lookMs|watches\.)|(^|\.)(heardMs|lastMs|seenMs)$/.test(path);

export function changesOf(was: StationState, now: StationState): readonly Change[] {
  return changesBetween(was, now, changesMax * 4)
    .filter((change) => !isClockwork(change))
    .slice(0, changesMax);
}

const eventText = (event: unknown): string => {
  if (typeof event === "string") return event;
  const { type, ...more } = event as { readonly type: string };
  return `${type} ${brief(more)}`;
};

/** One decision. */
export function decisionText(step: number, line: StepLine, played: Played, stamp: (ms: number) => string): string {
  const head = `#${step}  ${stamp(line.wall)}  ${eventText(line.event)}`;
  const state = changesOf(played.was, played.now).map(
    ({ path, was, now }) => `      state   ${printable(path)}: ${brief(was)} → ${brief(now)}`,
  );
  const effects = (packEffects(played.effects) as readonly Readonly<Record<string, unknown>>[]).map(
    ({ do: what, ...more }) => `      effect  ${brief(what)} ${brief(more)}`,
  );
  const failed = played.failed === undefined ? [] : [`      FAILED  ${printable(played.failed)}`];
  return [head, ...state, ...effects, ...failed].join("\n");
}

export function decisionJson(step: number, line: StepLine, { was, now, effects, failed }: Played): string {
  const { at, wall, event } = line;
  const changes = changesOf(was, now).map((change) => pack(change));
  return JSON.stringify({
    step,
    at,
    wall,
    event,
    changes,
    effects: packEffects(effects),
    ...(failed === undefined ? {} : { failed }),
  });
}

const words = {
  zh: {
    recording: "录像",
    cause: "起因",
    steps: "步",
    segments: "段",
    identical: (name: string) => `逐位一致：${name} 的每个决定都与记录相同`,
    agree: (one: string, other: string) => `一致：${one} 与 ${other} 的每个决定都相同`,
    differs: (what: string) => `首个不同的决定（${what}）`,
    recorded: "记录",
    note: "备注",
  },
  en: {
    recording: "recording",
    cause: "cause",
    steps: "steps",
    segments: "segments",
    identical: (name: string) => `identical, bit for bit: ${name} decides everything as it was recorded`,
    agree: (one: string, other: string) => `identical: ${one} and ${other} decide everything alike`,
    differs: (what: string) => `the first decision that differs (${what})`,
    recorded: "recorded",
    note: "note",
  },
} as const;

export function headText({ header, steps, lines }: Recording, language: Language): string {
  const say = words[language];
  const stamp = stampIn(header.config === undefined ? "UTC" : timeZoneOf(header));
  const walls = lines.flatMap((line) => ("event" in line ? [line.wall] : []));
  const range = walls.length === 0 ? "–" : `${stamp(walls[0] ?? 0)} – ${stamp(walls.at(-1) ?? 0)}`;
  return [
    `${say.recording}: ${header.station}, yizhan ${header.version} (${header.commit}), ${say.cause} ${header.cause}`,
    `${range}, ${steps} ${say.steps}, ${header.segments} ${say.segments}`,
  ]
    .map(printable)
    .join("\n");
}

export function timeZoneOf({ config }: Header): string {
  const zone = (config as { readonly timeZone?: unknown }).timeZone;
  return typeof zone === "string" ? zone : "UTC";
}

/** Only the parts that differ, because levels of a whole station fill a screen. */
function sides({ one, other }: Difference, names: readonly [string, string]): string[] {
  const changes = changesBetween(one, other, changesMax);
  if (changes.length === 0) return [`  ${names[0]}: ${brief(one)}`, `  ${names[1]}: ${brief(other)}`];
  return changes.flatMap(({ path, was, now }) => {
    const at = path === "" ? "" : `${printable(path)} = `;
    return [`  ${names[0]}: ${at}${brief(was)}`, `  ${names[1]}: ${at}${brief(now)}`];
  });
}

export interface Names {
  readonly one: string;
  /** Undefined when one build is compared with the recording. */
  readonly other: string | undefined;
}

export function verdictText(
  { difference }: Replayed,
  names: Names,
  stamp: (ms: number) => string,
  language: Language,
): string {
  const say = words[language];
  if (difference === undefined)
    return names.other === undefined ? say.identical(names.one) : say.agree(names.one, names.other);
  const { step, wall, event, what } = difference;
  const sidesOf: readonly [string, string] =
    names.other === undefined ? [say.recorded, names.one] : [names.one, names.other];
  return [`${say.differs(what)}: #${step}  ${stamp(wall)}  ${eventText(event)}`, ...sides(difference, sidesOf)].join(
    "\n",
  );
}

export function verdictJson(replayed: Replayed, names: Names): string {
  const { difference, ...counts } = replayed;
  return JSON.stringify({ identical: difference === undefined, ...counts, ...names, difference });
}

export const noteText = (note: string, detail: unknown, language: Language): string =>
  printable(`      ${words[language].note}    ${note}${detail === undefined ? "" : ` ${brief(detail)}`}`);
