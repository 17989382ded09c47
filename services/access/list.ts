/**
 * The access list: who and what is revoked, which cards, members' codes and visitor codes are good, who may fetch a care package,
 * which keys sign codes. It is signed by an authority of the configuration, its version only rises, and it grows old: the riskier
 * a way in is without news of revocations, the sooner it is off. The list is kept as its signed text by whoever heard it; the log
 * only holds its version.
 */
import { z } from "zod";
import type { VerifySignature } from "../requests/asker.ts";
import { type AccessConfig, DoorKey } from "./config.ts";
import { isSigned, openJws } from "./jws.ts";
import type { AccessRefusal } from "./refusals.ts";
import type { KnownTime } from "./time.ts";

export const listType = "access-list+jwt";
export const listCharsMax = 2_000_000;

const name = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);
const digest = z.string().regex(/^[0-9a-f]{64}$/);
const wallMs = z.int().min(0).max(100_000_000_000_000);

const Card = z.strictObject({
  card: digest,
  member: name,
  role: z.literal(["member", "staff"]).default("member"),
  until: wallMs.optional(),
});

/** A member of another station, or one who joined since this one's file was written. */
const MemberCode = z.strictObject({
  /** SHA-256 of the text of the member's code. */
  code: digest,
  member: name,
  role: z.literal(["member", "staff"]).default("member"),
  until: wallMs.optional(),
});

/** One care package for one member. Its name is good for one package wherever it stands, so no two may share it. */
const Entitlement = z.strictObject({ name, member: name, from: wallMs.optional(), until: wallMs });

const VisitorCode = z
  .strictObject({ id: name, code: digest, door: name, from: wallMs, until: wallMs })
  .refine(({ from, until }) => from < until);

export const AccessList = z.strictObject({
  station: name,
  version: z.int().min(1),
  /** Wall ms. */
  issuedAt: wallMs,
  revokedMembers: z.array(name).max(20_000).default([]),
  revokedKeys: z.array(name).max(100).default([]),
  revokedCards: z.array(digest).max(20_000).default([]),
  cards: z.array(Card).max(5_000).default([]),
  visitorCodes: z.array(VisitorCode).max(500).default([]),
  /** The codes that members show inside, at fridge, lockers and appliances; doors take signed ones. */
  codes: z.array(MemberCode).max(10_000).default([]),
  entitlements: z.array(Entitlement).max(5_000).default([]),
  issuers: z.array(DoorKey).max(16).default([]),
});
export type AccessList = z.output<typeof AccessList>;
export type ListedCard = AccessList["cards"][number];
export type VisitorCode = AccessList["visitorCodes"][number];
export type ListedCode = AccessList["codes"][number];
export type Entitlement = AccessList["entitlements"][number];

/** The list that is in force, with what is asked of it at every scan. */
export interface ListInForce {
  readonly version: number;
  readonly issuedAt: number;
  /** Monotonic ms of this run. */
  readonly heardMs: number;
  readonly revokedMembers: ReadonlySet<string>;
  readonly revokedKeys: ReadonlySet<string>;
  readonly revokedCards: ReadonlySet<string>;
  readonly cards: ReadonlyMap<string, ListedCard>;
  readonly visitorCodes: ReadonlyMap<string, VisitorCode>;
  readonly codes: ReadonlyMap<string, ListedCode>;
  /** By member. */
  readonly entitlements: ReadonlyMap<string, readonly Entitlement[]>;
  readonly issuers: ReadonlyMap<string, DoorKey>;
}

function byMember(entitlements: readonly Entitlement[]): ReadonlyMap<string, readonly Entitlement[]> {
  const found = new Map<string, Entitlement[]>();
  for (const one of entitlements) found.set(one.member, [...(found.get(one.member) ?? []), one]);
  return found;
}

function inForce(list: AccessList, heardMs: number): ListInForce {
  return {
    version: list.version,
    issuedAt: list.issuedAt,
    heardMs,
    revokedMembers: new Set(list.revokedMembers),
    revokedKeys: new Set(list.revokedKeys),
    revokedCards: new Set(list.revokedCards),
    cards: new Map(list.cards.map((card) => [card.card, card])),
    visitorCodes: new Map(list.visitorCodes.map((code) => [code.code, code])),
    codes: new Map(list.codes.map((code) => [code.code, code])),
    entitlements: byMember(list.entitlements),
    issuers: new Map(list.issuers.map((key) => [key.kid, key])),
  };
}

export interface ListContext {
  readonly station: string;
  readonly config: AccessConfig;
  readonly verify: VerifySignature;
  readonly time: KnownTime;
  readonly monotonicMs: number;
  /** The last one that was accepted, by version and digest of its text. */
  readonly known: { readonly version: number; readonly digest: string };
}

export function judgeList(heard: { text: string; digest: string }, context: ListContext): ListInForce | AccessRefusal {
  const jws = openJws(heard.text, listType, listCharsMax);
  if (typeof jws === "string") return jws;
  const key = context.config.authorities.find(({ kid }) => kid === jws.kid);
  if (key === undefined) return "unknown-key";
  if (!isSigned(jws, key.publicKey, context.verify)) return "bad-signature";
  const parsed = AccessList.safeParse(jws.claims);
  if (!parsed.success) return "bad-list";
  const { station, version, issuedAt } = parsed.data;
  if (station !== context.station) return "wrong-station";
  const { known, time } = context;
  if (version < known.version || (version === known.version && heard.digest !== known.digest)) return "list-not-newer";
  if (time.synchronised && issuedAt > time.nowMs + context.config.skewMs) return "list-from-future";
  return inForce(parsed.data, context.monotonicMs);
}

export type WayIn = "token" | "card" | "visitor";

/** How old the list is at least: by the time that is known, and by the clock that nobody can set. */
export const listAgeMs = (list: ListInForce, time: KnownTime, monotonicMs: number): number =>
  Math.max(time.nowMs - list.issuedAt, monotonicMs - list.heardMs);

export function isWayOff(
  way: WayIn,
  list: ListInForce | undefined,
  now: { readonly time: KnownTime; readonly monotonicMs: number },
  config: AccessConfig,
): boolean {
  // A station without an authority never has a list: its codes are all that it knows of members.
  if (list === undefined) return way !== "token" || config.authorities.length > 0;
  const ageMs = listAgeMs(list, now.time, now.monotonicMs);
  switch (way) {
    case "visitor":
      return ageMs > config.visitorListMsMax;
    case "card":
      return ageMs > config.cardListMsMax;
    case "token":
      return ageMs > config.tokenListMsMax;
  }
}
