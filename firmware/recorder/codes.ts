/**
 * Codes and access lists as a recording may hold them: the same claims under pseudonyms, with a signature that is none. What a code
 * was good for comes out alike, because whether the real signature was good stands beside it; the code itself is gone. What cannot
 * be read is written as something else that cannot be read for the same reason.
 */

import { openJws } from "../../services/access/jws.ts";
import { AccessList, type ListedCode, type ListInForce, listCharsMax, listType } from "../../services/access/list.ts";
import { tokenCharsMax, tokenType } from "../../services/access/token.ts";
import { type MemberList, makeMemberList } from "../../services/members/members.ts";
import type { Pseudonyms, Spoken } from "./pseudonyms.ts";

const unreadable = "?";
/** 64 bytes of zero. */
const noSignature = "A".repeat(86);
/** 32 bytes of zero. */
export const noKey = "A".repeat(43);
const visitorText = /^\d{8,12}$/;
const subject = /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/;
const tokenName = /^[A-Za-z0-9_-]{8,64}$/;
const audience = /^[a-z0-9/-]{0,80}$/;
const audienceCharsMax = 80;

type Claims = Readonly<Record<string, unknown>>;

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

function jws(kid: string, typ: string, claims: Claims): string {
  return `${part({ alg: "EdDSA", kid, typ })}.${part(claims)}.${noSignature}`;
}

/** A pseudonym for what has the right form; otherwise something that has the wrong form as well. */
const named = (value: unknown, form: RegExp, name: (text: string) => string): unknown =>
  typeof value === "string" && form.test(value) ? name(value) : null;

function audienceIn(value: unknown): unknown {
  if (typeof value !== "string") return null;
  if (value.length > audienceCharsMax) return "?".repeat(audienceCharsMax + 1);
  return audience.test(value) ? value : unreadable;
}

const secondsIn = (value: unknown): unknown => (typeof value === "number" ? value : null);

function roleIn(value: unknown): unknown {
  return value === undefined || value === "member" || value === "staff" ? value : null;
}

function tokenClaims(claims: Claims, names: Pseudonyms): Claims {
  const { jti, sub, aud, nbf, exp, role } = claims;
  return {
    jti: named(jti, tokenName, (text) => names.name("once", text)),
    sub: named(sub, subject, (text) => names.name("member", text)),
    aud: audienceIn(aud),
    nbf: secondsIn(nbf),
    exp: secondsIn(exp),
    role: roleIn(role),
  };
}

/** The same refusal before anything is read of it: of the wrong kind, or not to be read at all. */
const refused = (reason: string, typ: string): string =>
  reason === "wrong-algorithm" ? jws("-", `not-${typ}`, {}) : unreadable;

export function hiddenCode(text: string, names: Pseudonyms): string {
  if (visitorText.test(text)) return "0".repeat(text.length);
  const opened = openJws(text, tokenType, tokenCharsMax);
  if (typeof opened === "string") return refused(opened, tokenType);
  return jws(opened.kid, tokenType, tokenClaims(opened.claims, names));
}

/** Who is spoken of in a recording, through digests as well: nobody else of a list needs to be in it. */
export function spokenMembers(spoken: Spoken, members: MemberList, list: ListInForce | undefined): Set<string> {
  const found = new Set(spoken.members);
  for (const digest of spoken.digests) {
    const entries = [members.byDigest.get(digest), list?.codes.get(digest), list?.cards.get(digest)];
    for (const entry of entries) if (entry !== undefined) found.add(entry.member);
  }
  return found;
}

/** The part of the allow-list that a recording needs, under pseudonyms. */
export function hiddenMembers(members: MemberList, spoken: Spoken, names: Pseudonyms): [string, unknown][] {
  const who = spokenMembers(spoken, members, undefined);
  return [...members.byDigest]
    .filter(([digest, { member }]) => spoken.digests.has(digest) || who.has(member))
    .map(([digest, { member, role, active }]) => [
      names.digest(digest),
      { member: names.name("member", member), role, active },
    ]);
}

export const noMembers = makeMemberList([]);

function hideEntries(list: AccessList, spoken: Spoken, names: Pseudonyms): Claims {
  const who = new Set(spoken.members);
  for (const { code, member } of list.codes) if (spoken.digests.has(code)) who.add(member);
  for (const { card, member } of list.cards) if (spoken.digests.has(card)) who.add(member);
  const member = (real: string): string => names.name("member", real);
  const { codes, cards, visitorCodes, entitlements } = list;
  return {
    ...list,
    revokedMembers: list.revokedMembers.filter((real) => who.has(real)).map(member),
    revokedCards: list.revokedCards.filter((card) => spoken.digests.has(card)).map((card) => names.digest(card)),
    cards: cards
      .filter(({ card }) => spoken.digests.has(card))
      .map((one) => ({ ...one, card: names.digest(one.card), member: member(one.member) })),
    visitorCodes: visitorCodes
      .filter(({ code }) => spoken.digests.has(code))
      .map((one) => ({ ...one, id: names.name("visitor", one.id), code: names.digest(one.code) })),
    codes: codes
      .filter(({ code }) => spoken.digests.has(code))
      .map((one) => ({ ...one, code: names.digest(one.code), member: member(one.member) })),
    entitlements: entitlements
      .filter((one) => who.has(one.member))
      .map((one) => ({ ...one, name: names.name("entitlement", one.name), member: member(one.member) })),
    issuers: list.issuers.map((key) => ({ ...key, publicKey: noKey })),
  };
}

/** A signed access list as it was heard. */
export function hiddenListText(text: string, spoken: Spoken, names: Pseudonyms): string {
  const opened = openJws(text, listType, listCharsMax);
  if (typeof opened === "string") return refused(opened, listType);
  const parsed = AccessList.safeParse(opened.claims);
  // An empty list has no station and no version: it is a bad one, too.
  return jws(opened.kid, listType, parsed.success ? hideEntries(parsed.data, spoken, names) : {});
}

const byDigest = <T>(entries: readonly T[], digest: (entry: T) => string): ReadonlyMap<string, T> =>
  new Map(entries.map((entry) => [digest(entry), entry]));

/** The list in force, out of a state. */
export function hiddenList(list: ListInForce, spoken: Spoken, names: Pseudonyms): ListInForce {
  const flat: AccessList = {
    station: "-",
    version: list.version,
    issuedAt: list.issuedAt,
    revokedMembers: [...list.revokedMembers],
    revokedKeys: [...list.revokedKeys],
    revokedCards: [...list.revokedCards],
    cards: [...list.cards.values()],
    visitorCodes: [...list.visitorCodes.values()],
    codes: [...list.codes.values()],
    entitlements: [...list.entitlements.values()].flat(),
    issuers: [...list.issuers.values()],
  };
  const hidden = hideEntries(flat, spoken, names) as unknown as AccessList;
  const entitlements = new Map<string, AccessList["entitlements"]>();
  for (const one of hidden.entitlements) entitlements.set(one.member, [...(entitlements.get(one.member) ?? []), one]);
  return {
    ...list,
    revokedMembers: new Set(hidden.revokedMembers),
    revokedCards: new Set(hidden.revokedCards),
    cards: byDigest(hidden.cards, ({ card }) => card),
    visitorCodes: byDigest(hidden.visitorCodes, ({ code }) => code),
    codes: byDigest<ListedCode>(hidden.codes, ({ code }) => code),
    entitlements,
    issuers: byDigest(hidden.issuers, ({ kid }) => kid),
  };
}
