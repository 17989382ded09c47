/** The form of what is signed, to the last character: a code's claims, a list's entries, a header that chooses nothing. */
import { describe, expect, test } from "vitest";
import { verifyEd25519 } from "../../../firmware/config/ed25519.ts";
import { bytesOfBase64url, textOfBase64url } from "../../../services/access/base64url.ts";
import { openJws } from "../../../services/access/jws.ts";
import { AccessList, isWayOff, judgeList, type ListContext, listAgeMs } from "../../../services/access/list.ts";
import { judgeToken, tokenCharsMax } from "../../../services/access/token.ts";
import {
  authority,
  base64url,
  configOf,
  issuer,
  jwsOf,
  listOf,
  makeSigner,
  NOW,
  sha256,
  station,
  tokenAt,
  withList,
} from "./at-the-door.ts";

const time = { floorMs: 0, nowMs: NOW, synchronised: true, behind: false };
const digest = "0123456789abcdef".repeat(4);

describe("the claims of a code", () => {
  const context = {
    audience: `${station}/front`,
    time,
    keyOf: (kid: string) => (kid === issuer.kid ? { kid, publicKey: issuer.publicKey } : undefined),
    isRevokedKey: () => false,
    verify: verifyEd25519,
    tokenLifeMsMax: 12_000,
    skewMs: 2_000,
    unsynchronisedLeapMs: 0,
  };
  const judged = (claims: object, more: Partial<typeof context> = {}) =>
    judgeToken(tokenAt(NOW, claims), { ...context, ...more });
  const nowS = Math.floor(NOW / 1_000);

  test("of a good one are what is known of it then", () => {
    expect(judged({ jti: "jti-0001", sub: "m-1" })).toEqual({
      kid: issuer.kid,
      jti: "jti-0001",
      member: "m-1",
      role: "member",
      fromMs: nowS * 1_000,
      untilMs: (nowS + 12) * 1_000,
    });
    expect(judged({ role: "staff" })).toMatchObject({ role: "staff" });
  });

  test.each<[string, object, boolean]>([
    ["a name of eight characters", { jti: "aZ09-_aa" }, true],
    ["one of 64", { jti: "j".repeat(64) }, true],
    ["one of seven", { jti: "j".repeat(7) }, false],
    ["one of 65", { jti: "j".repeat(65) }, false],
    ["one with a blank before it", { jti: " aaaaaaaa" }, false],
    ["one with a stop behind it", { jti: "aaaaaaaa." }, false],
    ["a member of one letter", { sub: "m" }, true],
    ["a member of 32 letters", { sub: "m".repeat(32) }, true],
    ["a member of 33", { sub: "m".repeat(33) }, false],
    ["a member with a dash before", { sub: "-m" }, false],
    ["a member with a dash behind", { sub: "m-" }, false],
    ["a member in capitals", { sub: "M" }, false],
    ["no member", { sub: "" }, false],
    ["a time that is no whole second", { nbf: nowS + 0.5 }, false],
    ["a time before all times", { nbf: -1 }, false],
    ["a time after all times", { exp: 100_000_000_001 }, false],
    ["a role of nobody's", { role: "guest" }, false],
    ["several doors", { aud: [`${station}/front`] }, false],
    ["an end at its beginning", { exp: nowS }, false],
  ])("with %s are readable: %s", (_says, claims, isReadable) => {
    const found = judged(claims);
    expect(found === "unreadable").toBe(!isReadable);
  });

  test("of a door whose name is too long are unreadable, and so is a text that is", () => {
    expect(judged({ aud: "a".repeat(80) })).toBe("wrong-door");
    expect(judged({ aud: "a".repeat(81) })).toBe("unreadable");
    expect(judgeToken("a".repeat(tokenCharsMax + 1), context)).toBe("unreadable");
  });

  test("live twelve seconds and no more, and are in time within the difference of two clocks", () => {
    expect(judged({ exp: nowS + 13 })).toBe("lives-too-long");
    const at = (nowMs: number) => judged({}, { time: { ...time, nowMs } });
    expect(at(nowS * 1_000 - 2_001)).toBe("not-yet-valid");
    expect(at(nowS * 1_000 - 2_000)).toMatchObject({ role: "member" });
    expect(at((nowS + 14) * 1_000)).toMatchObject({ role: "member" });
    expect(at((nowS + 14) * 1_000 + 1)).toBe("expired");
  });
});

describe("the header of a signed text", () => {
  const opened = (
    header: object,
    text = `${base64url(header)}.${base64url({ a: 1 })}.${"A".repeat(86)}`,
    most = 1_000,
  ) => openJws(text, "door+jwt", most);
  const good = { alg: "EdDSA", kid: "k", typ: "door+jwt" };

  test("names one algorithm, one type and a key, and nothing else", () => {
    expect(opened(good)).toMatchObject({ kid: "k", claims: { a: 1 }, signature: "A".repeat(86) });
    expect(opened({ ...good, kid: "k".repeat(32) })).toMatchObject({ kid: "k".repeat(32) });
    for (const bad of [
      { ...good, kid: "" },
      { ...good, kid: "k".repeat(33) },
      { ...good, alg: "none" },
      { ...good, alg: "HS256" },
      { ...good, typ: "access-list+jwt" },
      { ...good, typ: "d".repeat(33) },
      { ...good, crit: [] },
      { alg: "EdDSA", typ: "door+jwt" },
    ])
      expect(opened(bad)).toBe("wrong-algorithm");
  });

  test("stands before two more parts, the last of 64 bytes, in a text that is short enough", () => {
    const text = `${base64url(good)}.${base64url({})}.${"A".repeat(86)}`;
    expect(opened(good, text, text.length)).toMatchObject({ kid: "k" });
    expect(opened(good, text, text.length - 1)).toBe("unreadable");
    for (const bad of [
      `${text}.`,
      `${text}.${"A".repeat(86)}`,
      text.slice(0, -1),
      `${text}AA`,
      "",
      "..",
      "a.b",
      `${text}=`,
    ])
      expect(opened(good, bad)).toBe("unreadable");
    for (const claims of [[], null, 7, "x"])
      expect(opened(good, `${base64url(good)}.${base64url(claims)}.${"A".repeat(86)}`)).toBe("unreadable");
    const broken = Buffer.from("{").toString("base64url");
    expect(opened(good, `${base64url(good)}.${broken}.${"A".repeat(86)}`)).toBe("unreadable");
  });

  test("is spelt in one way only", () => {
    expect(["", "AA", "AAA", "AAAA", "-_8"].map((text) => bytesOfBase64url(text)?.length)).toEqual([0, 1, 2, 3, 2]);
    expect([...(bytesOfBase64url("-_8") ?? [])]).toEqual([0xfb, 0xff]);
    for (const bad of ["A", "AAAAA", "AB", "AAB", "AA=", "A+", "A/", "Ä", "A A"])
      expect(bytesOfBase64url(bad)).toBeUndefined();
    expect(textOfBase64url(Buffer.from("\ufeffä").toString("base64url"))).toBe("\ufeffä");
    expect(textOfBase64url(Buffer.from([0xff]).toString("base64url"))).toBeUndefined();
    expect(textOfBase64url("A")).toBeUndefined();
  });
});

describe("an entry of the list", () => {
  const list = (more: object) => AccessList.safeParse({ station, version: 1, issuedAt: NOW, ...more }).success;
  const card = (more: object = {}) => ({ cards: [{ card: digest, member: "m", ...more }] });
  const code = (more: object = {}) => ({ codes: [{ code: digest, member: "m", ...more }] });
  const visitor = (more: object = {}) => ({
    visitorCodes: [{ id: "v", code: digest, door: "front", from: 1, until: 2, ...more }],
  });
  const gift = (more: object = {}) => ({ entitlements: [{ name: "g", member: "m", until: 2, ...more }] });

  test("is none where the list says none, and a member's where it does not say whose", () => {
    expect(AccessList.parse({ station, version: 1, issuedAt: NOW })).toEqual({
      station,
      version: 1,
      issuedAt: NOW,
      revokedMembers: [],
      revokedKeys: [],
      revokedCards: [],
      cards: [],
      visitorCodes: [],
      codes: [],
      entitlements: [],
      issuers: [],
    });
    const { cards, codes } = AccessList.parse({ station, version: 1, issuedAt: NOW, ...card(), ...code() });
    expect([cards[0]?.role, codes[0]?.role]).toEqual(["member", "member"]);
  });

  test.each<[string, object]>([
    ["nothing at all", {}],
    ["a card", card()],
    ["a card of staff until some time", card({ role: "staff", until: 0 })],
    ["a member's code", code()],
    ["a member's code until the last of times", code({ role: "staff", until: 100_000_000_000_000 })],
    ["a visitor", visitor()],
    ["a package", gift({ from: 0 })],
    ["a name of 64 characters", { revokedMembers: ["aZ09-_".padEnd(64, "a")] }],
    ["revoked cards and keys", { revokedCards: [digest], revokedKeys: ["k-1"] }],
  ])("may be %s", (_says, more) => {
    expect(list(more)).toBe(true);
  });

  test.each<[string, object]>([
    ["a version of nothing", { version: 0 }],
    ["a version and a half", { version: 1.5 }],
    ["a moment before all times", { issuedAt: -1 }],
    ["a moment after all times", { issuedAt: 100_000_000_000_001 }],
    ["a name of 65 characters", { revokedMembers: ["a".repeat(65)] }],
    ["no name", { revokedMembers: [""] }],
    ["a name with a blank before", { revokedMembers: [" a"] }],
    ["a name with a stop behind", { revokedKeys: ["a."] }],
    ["a digest that is too short", { revokedCards: [digest.slice(1)] }],
    ["a digest that is too long", { revokedCards: [`${digest}0`] }],
    ["a digest with a letter before", { revokedCards: [`x${digest}`] }],
    ["a digest in capitals", { revokedCards: [digest.toUpperCase()] }],
    ["a card of a guest", card({ role: "guest" })],
    ["a card with more", card({ more: 1 })],
    ["a code with more", code({ more: 1 })],
    ["a code of a guest", code({ role: "guest" })],
    ["a visitor with more", visitor({ more: 1 })],
    ["a visitor who ends at the beginning", visitor({ until: 1 })],
    ["a package with more", gift({ more: 1 })],
    ["something unknown", { more: 1 }],
  ])("may not be %s", (_says, more) => {
    expect(list(more)).toBe(false);
  });

  test.each<readonly [string, number, object]>([
    ["issuers", 16, { kid: "k", publicKey: "A".repeat(43) }],
    ["revokedKeys", 100, "k"],
    ["visitorCodes", 500, visitor().visitorCodes[0] as object],
    ["cards", 5_000, card().cards[0] as object],
    ["entitlements", 5_000, gift().entitlements[0] as object],
    ["codes", 10_000, code().codes[0] as object],
    ["revokedMembers", 20_000, "m"],
    ["revokedCards", 20_000, digest],
  ] as readonly (readonly [string, number, object])[])("%s are at most %d", (name, most, one) => {
    const of = (count: number) => list({ [name]: new Array<unknown>(count).fill(one) });
    expect([of(most), of(most + 1)]).toEqual([true, false]);
  });
});

describe("a list that is heard", () => {
  const context: ListContext = {
    station,
    config: configOf(withList),
    verify: verifyEd25519,
    time,
    monotonicMs: 77,
    known: { version: 3, digest: "d3" },
  };
  const judged = (more: object, of: Partial<ListContext> = {}, textDigest = "d") =>
    judgeList({ text: listOf({ version: 4, ...more }), digest: textDigest }, { ...context, ...of });

  test("is in force with all that it says", () => {
    const gifts = ["g-1", "g-2"].map((name) => ({ name, member: "m-1", until: NOW }));
    const one = judged({
      revokedMembers: ["m-9"],
      revokedKeys: ["k-9"],
      revokedCards: [sha256("9")],
      cards: [{ card: digest, member: "m-1" }],
      codes: [{ code: digest, member: "m-2", role: "staff" }],
      visitorCodes: [{ id: "v", code: digest, door: "front", from: 1, until: 2 }],
      entitlements: gifts,
      issuers: [{ kid: "k-2", publicKey: "A".repeat(43) }],
    });
    expect(one).toEqual({
      version: 4,
      issuedAt: NOW,
      heardMs: 77,
      revokedMembers: new Set(["m-9"]),
      revokedKeys: new Set(["k-9"]),
      revokedCards: new Set([sha256("9")]),
      cards: new Map([[digest, { card: digest, member: "m-1", role: "member" }]]),
      codes: new Map([[digest, { code: digest, member: "m-2", role: "staff" }]]),
      visitorCodes: new Map([[digest, { id: "v", code: digest, door: "front", from: 1, until: 2 }]]),
      entitlements: new Map([["m-1", gifts]]),
      issuers: new Map([["k-2", { kid: "k-2", publicKey: "A".repeat(43) }]]),
    });
  });

  test("is none of a stranger, of another station, an older one, or one of tomorrow", () => {
    expect(judged({ station: "elsewhere" })).toBe("wrong-station");
    expect(judged({ version: 2 })).toBe("list-not-newer");
    expect(judged({ version: 3 })).toBe("list-not-newer");
    expect(judged({ version: 3 }, {}, "d3")).toMatchObject({ version: 3 });
    expect(judged({ version: 2 }, {}, "d3")).toBe("list-not-newer");
    expect(judged({ version: 0 })).toBe("bad-list");
    const { skewMs } = context.config;
    expect(judged({ issuedAt: NOW + skewMs })).toMatchObject({ version: 4 });
    expect(judged({ issuedAt: NOW + skewMs + 1 })).toBe("list-from-future");
    expect(judged({ issuedAt: NOW + skewMs + 1 }, { time: { ...time, synchronised: false } })).toMatchObject({
      version: 4,
    });
    expect(judged({}, { config: configOf() })).toBe("unknown-key");
    const thief = { text: listOf({ version: 4 }, makeSigner(authority.kid)), digest: "d" };
    expect(judgeList(thief, context)).toBe("bad-signature");
    expect(judgeList({ text: "x", digest: "d" }, context)).toBe("unreadable");
    const codeInstead = jwsOf(authority, { alg: "EdDSA", kid: authority.kid, typ: "door+jwt" }, {});
    expect(judgeList({ text: codeInstead, digest: "d" }, context)).toBe("wrong-algorithm");
  });

  test("grows old by the time that is known and by the clock that nobody sets, way by way", () => {
    const list = judged({});
    if (typeof list === "string") throw new Error(list);
    expect(listAgeMs(list, { ...time, nowMs: NOW + 5 }, 77)).toBe(5);
    expect(listAgeMs(list, { ...time, nowMs: NOW - 5 }, 77 + 9)).toBe(9);
    const { config } = context;
    const ways = [
      ["visitor", config.visitorListMsMax],
      ["card", config.cardListMsMax],
      ["token", config.tokenListMsMax],
    ] as const;
    for (const [way, mostMs] of ways) {
      const isOff = (ms: number) =>
        isWayOff(way, list, { time: { ...time, nowMs: NOW + ms }, monotonicMs: 77 }, config);
      expect([isOff(mostMs), isOff(mostMs + 1)]).toEqual([false, true]);
      expect(isWayOff(way, undefined, { time, monotonicMs: 77 }, config)).toBe(true);
      expect(isWayOff(way, undefined, { time, monotonicMs: 77 }, configOf())).toBe(way !== "token");
    }
  });
});
