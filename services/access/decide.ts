/**
 * Whether what was shown at a reader is good for its door now. It changes nothing: what follows from it is written and done by
 * `admit.ts`. No way in has a second chance by another one, and the reason is the first that was found.
 */
import type { DoorConfig, DoorKey } from "./config.ts";
import { isWayOff, type WayIn } from "./list.ts";
import type { AccessRefusal } from "./refusals.ts";
import { type AccessEvent, type Draft, modeOfDoor, timeOf } from "./state.ts";
import { judgeWindow } from "./time.ts";
import { audienceOf, judgeToken } from "./token.ts";
import { hasRoom } from "./used.ts";

export interface Admission {
  readonly by: WayIn;
  readonly member: string | undefined;
  readonly role: "member" | "staff";
  readonly uses?: { readonly name: string; readonly untilMs: number };
  readonly signedMs?: number;
}

/** The most that a configuration lets clocks differ: what is used stays used when the file changes. */
const skewMsMax = 5_000;
/** Short codes would be guessed. */
const visitorText = /^\d{8,12}$/;

type CodeRead = Extract<AccessEvent, { type: "code" }>;
type CardRead = Extract<AccessEvent, { type: "card" }>;

function isOff(draft: Draft, way: WayIn): boolean {
  const { state, context } = draft;
  const now = { time: timeOf(draft), monotonicMs: context.now.monotonicMs };
  return isWayOff(way, state.list, now, context.config);
}

/** What is used once, as long as it is not used and there is room to remember it. */
function once(draft: Draft, admission: Required<Pick<Admission, "uses">> & Admission): Admission | AccessRefusal {
  const { used } = draft.state.durable;
  if (Object.hasOwn(used, admission.uses.name)) return "already-used";
  return hasRoom(used, draft.state.durable.floorMs) ? admission : "memory-full";
}

function byToken(draft: Draft, text: string, door: DoorConfig): Admission | AccessRefusal {
  const { state, context } = draft;
  const { config, station, verify } = context;
  const keyOf = (kid: string): DoorKey | undefined =>
    config.issuers.find((key) => key.kid === kid) ?? state.list?.issuers.get(kid);
  const token = judgeToken(text, {
    audience: audienceOf(station, door.id),
    time: timeOf(draft),
    keyOf,
    isRevokedKey: (kid) => state.list?.revokedKeys.has(kid) === true,
    verify,
    tokenLifeMsMax: config.tokenLifeMsMax,
    skewMs: config.skewMs,
    unsynchronisedLeapMs: config.unsynchronisedLeapMs,
  });
  if (typeof token === "string") return token;
  if (isOff(draft, "token")) return "list-too-old";
  if (state.list?.revokedMembers.has(token.member) === true) return "member-revoked";
  // Two issuers may make one jti; the name says whose it is.
  const uses = { name: `token:${token.kid}:${token.jti}`, untilMs: token.untilMs + skewMsMax };
  return once(draft, { by: "token", member: token.member, role: token.role, uses, signedMs: token.fromMs });
}

function byVisitorCode(draft: Draft, digest: string, door: DoorConfig): Admission | AccessRefusal {
  if (isOff(draft, "visitor")) return "list-too-old";
  const code = draft.state.list?.visitorCodes.get(digest);
  if (code === undefined) return "unknown-code";
  if (code.door !== door.id) return "wrong-door";
  const time = timeOf(draft);
  const rule = { skewMs: draft.context.config.skewMs, unsynchronisedLeapMs: 0 };
  const verdict = judgeWindow({ fromMs: code.from, untilMs: code.until }, time, rule);
  if (verdict !== "inside") return verdict;
  if (!time.synchronised) return "clock-unsynchronised";
  const uses = { name: `visitor:${code.id}`, untilMs: code.until + skewMsMax };
  return once(draft, { by: "visitor", member: undefined, role: "member", uses });
}

function byCard(draft: Draft, { card, challenge, nonce, reader }: CardRead): Admission | AccessRefusal {
  // Identity alone is copied with a device of a few yuan: it lets nobody in.
  if (challenge === "none") return "challenge-required";
  if (challenge === "failed") return "challenge-failed";
  if (nonce === "" || draft.state.readers[reader]?.nonce === nonce) return "already-used";
  if (isOff(draft, "card")) return "list-too-old";
  const { list } = draft.state;
  if (list?.revokedCards.has(card) === true) return "card-revoked";
  const known = list?.cards.get(card);
  if (known === undefined) return "unknown-card";
  if (list?.revokedMembers.has(known.member) === true) return "member-revoked";
  if (known.until !== undefined && known.until < timeOf(draft).nowMs) return "expired";
  return { by: "card", member: known.member, role: known.role };
}

function byCode(draft: Draft, { text, digest }: CodeRead, door: DoorConfig): Admission | AccessRefusal {
  if (visitorText.test(text)) return byVisitorCode(draft, digest, door);
  return byToken(draft, text, door);
}

function cameInJustNow(draft: Draft, member: string | undefined): boolean {
  const { antiPassbackMs } = draft.context.config;
  const last = member === undefined ? undefined : draft.state.durable.cameIn[member];
  if (antiPassbackMs === 0 || last === undefined) return false;
  const agoMs = timeOf(draft).nowMs - last;
  return agoMs >= 0 && agoMs < antiPassbackMs;
}

export function decide(draft: Draft, shown: CodeRead | CardRead, door: DoorConfig): Admission | AccessRefusal {
  const judged = shown.type === "code" ? byCode(draft, shown, door) : byCard(draft, shown);
  if (typeof judged === "string") return judged;
  const mode = modeOfDoor(draft.state, door, draft.context);
  if (mode === "closed" && judged.role !== "staff") return "staff-only";
  return cameInJustNow(draft, judged.member) ? "came-in-already" : judged;
}
