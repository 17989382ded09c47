/**
 * From something shown at a reader to a decision that is written, and from there to the door. Nothing moves before the disk has
 * answered; a decision that waits too long for that is dropped, because the person may have gone.
 */
import { fullBucket, takeToken } from "../requests/bucket.ts";
import type { DoorConfig } from "./config.ts";
import { type Admission, decide } from "./decide.ts";
import type { AccessRecord } from "./records.ts";
import type { AccessRefusal } from "./refusals.ts";
import {
  type AccessAnswer,
  type AccessEvent,
  type Draft,
  doorConfig,
  isOtherInTheWay,
  modeOfDoor,
  type ReaderState,
  timeOf,
  write,
} from "./state.ts";
import { isBlocked, noTries, wrongTry } from "./tries.ts";

type Shown = Extract<AccessEvent, { type: "code" | "card" }>;

const digestOf = (shown: Shown): string => (shown.type === "code" ? shown.digest : shown.card);

/** A code held in front of a reader is read again and again. */
const sameShownMs = 3_000;
/** So many refusals of one reader are written at once, and one in 12 s on average. */
const toldRule = { perSecond: 1 / 12, burst: 10 };

/** Not the fault of whoever stands there: does not count as a wrong try. */
const innocent: ReadonlySet<AccessRefusal> = new Set<AccessRefusal>([
  "too-many-tries",
  "staff-only",
  "lockdown",
  "fire",
  "other-door-open",
  "came-in-already",
  "busy",
  "memory-full",
  "not-written",
  "list-too-old",
  "clock-unsynchronised",
]);

const freshReader: ReaderState = { tries: noTries, last: undefined, nonce: undefined, told: undefined };

const readerOf = (draft: Draft, reader: string): ReaderState => draft.state.readers[reader] ?? freshReader;

function setReader(draft: Draft, id: string, part: Partial<ReaderState>): void {
  const reader = { ...readerOf(draft, id), ...part };
  draft.state = { ...draft.state, readers: { ...draft.state.readers, [id]: reader } };
}

export function answer(draft: Draft, reader: string, door: string, said: AccessAnswer): void {
  draft.effects.push({ do: "answer", reader, door, answer: said });
}

/** The reader shows the same thing as a moment ago; its moment is kept up as long as it is shown. */
function isSameAgain(draft: Draft, shown: Shown): boolean {
  const { monotonicMs } = draft.context.now;
  const { reader } = shown;
  const digest = digestOf(shown);
  const { last } = readerOf(draft, reader);
  setReader(draft, reader, { last: { digest, atMs: monotonicMs } });
  return last?.digest === digest && monotonicMs - last.atMs < sameShownMs;
}

/** Why nobody is let in through this door now, whatever is shown: nothing is used up by it. */
export function shutToAll(draft: Draft, door: DoorConfig): AccessRefusal | undefined {
  const { state, context } = draft;
  if (context.fire) return "fire";
  if (modeOfDoor(state, door, context) === "lockdown") return "lockdown";
  if (state.pending[door.id] !== undefined) return "busy";
  return isOtherInTheWay(state, door, context) ? "other-door-open" : undefined;
}

function refuse(draft: Draft, shown: Shown, door: DoorConfig, reason: AccessRefusal): void {
  const { monotonicMs } = draft.context.now;
  const { reader } = shown;
  const was = readerOf(draft, reader);
  const { bucket, granted } = takeToken(was.told ?? fullBucket(toldRule, monotonicMs), toldRule, monotonicMs);
  const digest = digestOf(shown);
  const tries = innocent.has(reason) ? was.tries : wrongTry(was.tries, digest, monotonicMs, draft.context.config);
  setReader(draft, reader, { tries, told: bucket });
  if (granted) write(draft, { kind: "door-refused", door: door.id, reader, reason });
  answer(draft, reader, door.id, { is: "refused", reason });
}

export interface Granting {
  readonly door: DoorConfig;
  readonly by: Extract<AccessRecord, { kind: "door-granted" }>["by"];
  readonly reader?: string;
  readonly request?: string;
  readonly admission?: Admission;
}

/** Writes the decision and asks for the word that it is on disk. */
export function grant(draft: Draft, { door, by, reader, request, admission }: Granting): void {
  const decision = draft.state.durable.nextDecision;
  const { member, uses, signedMs } = admission ?? {};
  write(draft, {
    kind: "door-granted",
    door: door.id,
    decision,
    by,
    ...(reader === undefined ? {} : { reader }),
    ...(member === undefined ? {} : { member }),
    ...(request === undefined ? {} : { request }),
    ...(uses === undefined ? {} : { uses }),
    ...(signedMs === undefined ? {} : { signedMs }),
    knownMs: timeOf(draft).nowMs,
  });
  const pending = { decision, by, sinceMs: draft.context.now.monotonicMs, reader, request };
  draft.state = { ...draft.state, pending: { ...draft.state.pending, [door.id]: pending } };
  draft.effects.push({ do: "grant", door: door.id, decision });
}

/** Why this is not let in now, `free` where nothing is needed, or what it is good for. */
function judge(draft: Draft, shown: Shown, door: DoorConfig): Admission | AccessRefusal | "free" {
  const { state, context } = draft;
  const shut = shutToAll(draft, door);
  if (shut !== undefined) return shut;
  if (modeOfDoor(state, door, context) === "open") return "free";
  if (isBlocked(readerOf(draft, shown.reader).tries, context.now.monotonicMs)) return "too-many-tries";
  const admission = decide(draft, shown, door);
  if (shown.type === "card" && shown.challenge === "answered") setReader(draft, shown.reader, { nonce: shown.nonce });
  return admission;
}

export function show(draft: Draft, shown: Shown): void {
  const { config } = draft.context;
  const place = config.readers.find(({ id }) => id === shown.reader);
  const door = place === undefined ? undefined : doorConfig(config, place.door);
  if (door === undefined || isSameAgain(draft, shown)) return;
  const admission = judge(draft, shown, door);
  if (admission === "free") answer(draft, shown.reader, door.id, { is: "free" });
  else if (typeof admission === "string") refuse(draft, shown, door, admission);
  else grant(draft, { door, by: admission.by, reader: shown.reader, admission });
}
