import { describe, expect, test } from "vitest";
import { verifyEd25519 } from "../../../firmware/config/ed25519.ts";
import { AccessConfig } from "../../../services/access/config.ts";
import { judgeList, type ListInForce } from "../../../services/access/list.ts";
import { knownTime } from "../../../services/access/time.ts";
import { entitlementsOf, giftOf, type MemberSources, memberAt } from "../../../services/members/known.ts";
import { makeMemberList } from "../../../services/members/members.ts";
import { authority, configOf, listOf, NOW, sha256, station, withList } from "../access/at-the-door.ts";

const hour = 3_600_000;
const config = AccessConfig.parse(configOf(withList));
const time = (nowMs = NOW) =>
  knownTime({ monotonicMs: 0, wallMs: nowMs, synchronised: true }, { floorMs: 0, atMs: 0 }, config.skewMs);

function heard(more: object): ListInForce {
  const text = listOf(more, authority);
  const known = { version: 0, digest: "" };
  const judged = judgeList(
    { text, digest: sha256(text) },
    { station, config, verify: verifyEd25519, time: time(), monotonicMs: 0, known },
  );
  if (typeof judged === "string") throw new Error(judged);
  return judged;
}

const digestOf = (code: string): string => sha256(code);
const members = makeMemberList([
  { member: "m-file", credentialSha256: digestOf("file"), role: "rider", active: true },
  { member: "m-off", credentialSha256: digestOf("off"), role: "rider", active: false },
  { member: "t-file", credentialSha256: digestOf("tech"), role: "technician", active: true },
  { member: "m-gone", credentialSha256: digestOf("gone"), role: "rider", active: true },
]);
const list = heard({
  revokedMembers: ["m-gone", "m-gone-too"],
  revokedCards: [digestOf("lost card")],
  codes: [
    { code: digestOf("guest"), member: "m-guest" },
    { code: digestOf("gone too"), member: "m-gone-too" },
    { code: digestOf("ended"), member: "m-ended", until: NOW - 1 },
    { code: digestOf("off"), member: "m-off" },
    { code: digestOf("staff"), member: "t-guest", role: "staff" },
  ],
  cards: [
    { card: digestOf("card"), member: "m-card" },
    { card: digestOf("lost card"), member: "m-card" },
  ],
  entitlements: [
    { name: "late", member: "m-guest", until: NOW + 2 * hour },
    { name: "soon", member: "m-guest", until: NOW + hour },
    { name: "over", member: "m-guest", until: NOW - 1 },
    { name: "not-yet", member: "m-guest", from: NOW + 1, until: NOW + hour },
    { name: "revoked", member: "m-gone-too", until: NOW + hour },
  ],
});

const sources = (more: Partial<MemberSources> = {}): MemberSources => ({
  members,
  list,
  config,
  time: time(),
  monotonicMs: 0,
  ...more,
});
const old = sources({ time: time(NOW + 73 * hour), monotonicMs: 73 * hour });
const never = sources({ list: undefined });

function says(by: "code" | "card", text: string, from = sources()): string {
  const digest = digestOf(text);
  const found = memberAt(by === "code" ? { by, digest } : { by, digest, challenge: "answered" }, from);
  return found.ok ? `${found.member}${found.isTechnician ? " (technician)" : ""}` : found.reason;
}

const rows: readonly (readonly [string, "code" | "card", string, string, string, string])[] = [
  // what, way, shown, with a young list, with an old one, with none
  ["a member of the file", "code", "file", "m-file", "m-file", "m-file"],
  ["a technician of the file", "code", "tech", "t-file (technician)", "t-file (technician)", "t-file (technician)"],
  ["a member of the list", "code", "guest", "m-guest", "list-too-old", "not-known-here"],
  ["a technician of the list", "code", "staff", "t-guest (technician)", "list-too-old", "not-known-here"],
  ["a card", "card", "card", "m-card", "list-too-old", "not-known-here"],
  ["a card that was lost", "card", "lost card", "card-revoked", "card-revoked", "not-known-here"],
  ["a revoked member of the file", "code", "gone", "member-revoked", "member-revoked", "m-gone"],
  ["a revoked member of the list", "code", "gone too", "member-revoked", "member-revoked", "not-known-here"],
  [
    "a member who was switched off here and stands in the list",
    "code",
    "off",
    "member-inactive",
    "member-inactive",
    "member-inactive",
  ],
  ["a membership that ended", "code", "ended", "expired", "list-too-old", "not-known-here"],
  ["a stranger", "code", "nobody", "not-known-here", "not-known-here", "not-known-here"],
  ["a code shown as a card", "card", "guest", "not-known-here", "not-known-here", "not-known-here"],
];

describe("whoever shows a code or a card inside", () => {
  test.each(rows.map(([what, ...rest]) => [what, rest] as const))("is known without any network: %s", (_what, row) => {
    const [by, text, young, aged, none] = row;
    expect([says(by, text), says(by, text, old), says(by, text, never)]).toEqual([young, aged, none]);
  });

  test("grows old by the monotonic clock too, so that a clock that was set back makes no list young", () => {
    expect(says("code", "guest", sources({ monotonicMs: 73 * hour }))).toBe("list-too-old");
  });
});

test("a card's bare number is known, but proves nothing; one that was asked and failed is nobody's", () => {
  const from = sources({ list: heard({ cards: [{ card: digestOf("staff card"), member: "t-card", role: "staff" }] }) });
  const shown = (challenge: "answered" | "failed" | "none") =>
    memberAt({ by: "card", digest: digestOf("staff card"), challenge }, from);
  const known = { ok: true, member: "t-card" };
  expect(shown("answered")).toEqual({ ...known, isTechnician: true, isProven: true });
  expect(shown("none")).toEqual({ ...known, isTechnician: false, isProven: false });
  expect(shown("failed")).toEqual({ ok: false, reason: "challenge-failed" });
});

describe("care packages", () => {
  test("are a member's from their first to their last moment, the one that ends first before the others", () => {
    const names = (nowMs: number) => entitlementsOf(list, "m-guest", nowMs).map(({ name }) => name);
    expect(names(NOW)).toEqual(["soon", "late"]);
    expect(names(NOW + hour)).toEqual(["soon", "not-yet", "late"]);
    expect(names(NOW + hour + 1)).toEqual(["late"]);
    expect(names(NOW + 3 * hour)).toEqual([]);
  });

  test("are nobody's without a list, and not a revoked member's", () => {
    expect(entitlementsOf(undefined, "m-guest", NOW)).toEqual([]);
    expect(entitlementsOf(list, "m-gone-too", NOW)).toEqual([]);
    expect(entitlementsOf(list, "constructor", NOW)).toEqual([]);
  });

  test("are handed out one for each name, and by a list that is young only", () => {
    expect(giftOf("m-guest", [], sources())).toEqual({ entitlement: "soon" });
    expect(giftOf("m-guest", ["soon"], sources())).toEqual({ entitlement: "late" });
    expect(giftOf("m-guest", ["late", "soon"], sources())).toEqual({ refused: "gift-taken" });
    expect(giftOf("m-file", [], sources())).toEqual({ refused: "gift-not-entitled" });
    expect(giftOf("m-guest", [], old)).toEqual({ refused: "gift-offline" });
    expect(giftOf("m-guest", [], never)).toEqual({ refused: "gift-offline" });
  });
});

test("a list of before there were members' codes and packages is as good as ever", () => {
  const { codes, entitlements, version } = heard({ cards: [] });
  expect([version, codes.size, entitlements.size]).toEqual([1, 0, 0]);
});

test("a list whose codes are no digests is refused whole", () => {
  expect(() => heard({ codes: [{ code: "yz-member-0001", member: "m-1" }] })).toThrow("bad-list");
});
