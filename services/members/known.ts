/**
 * Who a code or a card belongs to, and what is theirs, without any network: the members file, and the signed list beside it. The
 * file is good until it is replaced; what only the list knows is good while the list is young enough for a card. Whoever the list
 * revokes is refused in both. It opens nothing and counts nothing.
 */
import type { AccessConfig } from "../access/config.ts";
import { type Entitlement, isWayOff, type ListInForce } from "../access/list.ts";
import type { KnownTime } from "../access/time.ts";
import type { Words } from "../words.ts";
import { authorise, type MemberList } from "./members.ts";

/** What was shown: a digest, never the text. */
export type Shown =
  /** SHA-256 of the code's text. */
  | { readonly by: "code"; readonly digest: string }
  /** SHA-256 of the card's identity, and whether the card proved it. */
  | { readonly by: "card"; readonly digest: string; readonly challenge: "answered" | "failed" | "none" };

export interface MemberSources {
  readonly members: MemberList;
  readonly list: ListInForce | undefined;
  readonly config: AccessConfig;
  readonly time: KnownTime;
  readonly monotonicMs: number;
}

export type MemberRefusal =
  | "not-known-here"
  | "member-inactive"
  | "member-revoked"
  | "card-revoked"
  | "challenge-failed"
  | "expired"
  | "list-too-old";

export type Found =
  | {
      readonly ok: true;
      readonly member: string;
      readonly isTechnician: boolean;
      /** False for the bare number of a card, which is copied with a device of a few yuan. */
      readonly isProven: boolean;
    }
  | { readonly ok: false; readonly reason: MemberRefusal };

export const memberRefusals = {
  "not-known-here": {
    zh: "未识别的会员码，请在手机上重新打开会员码",
    en: "This code is not known here; open your member code again.",
  },
  "member-inactive": {
    zh: "会员已停用，请联系客服",
    en: "This membership is not active; please contact the operator.",
  },
} as const satisfies Record<string, Words>;

const refused = (reason: MemberRefusal): Found => ({ ok: false, reason });

const isListOff = ({ list, time, monotonicMs, config }: MemberSources): boolean =>
  isWayOff("card", list, { time, monotonicMs }, config);

function inList({ by, digest }: Shown, sources: MemberSources): Found {
  const { list, time } = sources;
  const entry = by === "code" ? list?.codes.get(digest) : list?.cards.get(digest);
  if (entry === undefined) return refused("not-known-here");
  if (list?.revokedMembers.has(entry.member) === true) return refused("member-revoked");
  if (isListOff(sources)) return refused("list-too-old");
  if (entry.until !== undefined && entry.until < time.nowMs) return refused("expired");
  return { ok: true, member: entry.member, isTechnician: entry.role === "staff", isProven: true };
}

/** A bare number is never a technician's, who gives back what danger latched; a card that was asked and failed is nobody's. */
function ofCard(shown: Extract<Shown, { by: "card" }>, sources: MemberSources): Found {
  if (shown.challenge === "failed") return refused("challenge-failed");
  if (sources.list?.revokedCards.has(shown.digest) === true) return refused("card-revoked");
  const found = inList(shown, sources);
  return found.ok && shown.challenge === "none" ? { ...found, isTechnician: false, isProven: false } : found;
}

/** A revocation is good however old the list is: nobody is given back what was taken from them by the mains going off. */
export function memberAt(shown: Shown, sources: MemberSources): Found {
  const { list, members } = sources;
  if (shown.by === "card") return ofCard(shown, sources);
  const known = authorise(members, shown.digest);
  if (!known.ok) return known.reason === "member-inactive" ? refused("member-inactive") : inList(shown, sources);
  const { member, role } = known.member;
  if (list?.revokedMembers.has(member) === true) return refused("member-revoked");
  return { ok: true, member, isTechnician: role === "technician", isProven: true };
}

/** The care packages that are a member's now; oldest end first, so that none is lost for want of order. */
export function entitlementsOf(list: ListInForce | undefined, member: string, nowMs: number): readonly Entitlement[] {
  if (list === undefined || list.revokedMembers.has(member)) return [];
  const mine = list.entitlements.get(member) ?? [];
  const good = mine.filter(({ from, until }) => (from ?? 0) <= nowMs && nowMs <= until);
  return good.length < 2 ? good : [...good].sort((one, other) => one.until - other.until);
}

export type GiftFound =
  | { readonly entitlement: string }
  | { readonly refused: "gift-offline" | "gift-not-entitled" | "gift-taken" };

/** Which of a member's care packages is next. An old list gives none: it may have been taken back, or fetched elsewhere. */
export function giftOf(member: string, given: readonly string[], sources: MemberSources): GiftFound {
  if (isListOff(sources)) return { refused: "gift-offline" };
  const mine = entitlementsOf(sources.list, member, sources.time.nowMs);
  if (mine.length === 0) return { refused: "gift-not-entitled" };
  const next = mine.find(({ name }) => !given.includes(name));
  return next === undefined ? { refused: "gift-taken" } : { entitlement: next.name };
}
