/** Codes and lists under pseudonyms: what they say of people is gone, what follows from them is the same. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hiddenCode, hiddenListText } from "../../../firmware/recorder/codes.ts";
import { createPseudonyms, nothingSpoken } from "../../../firmware/recorder/pseudonyms.ts";
import { judgeList, type ListContext } from "../../../services/access/list.ts";
import { judgeToken, type TokenContext } from "../../../services/access/token.ts";
import {
  authority,
  configOf,
  issuer,
  jwsOf,
  listOf,
  NOW,
  sha256,
  station,
  tokenAt,
  withList,
} from "../../services/access/at-the-door.ts";

const names = createPseudonyms(new Uint8Array(32));
const time = { nowMs: NOW, synchronised: true, behind: false, floorMs: 0 };
const tokenContext = (good: boolean): TokenContext => ({
  audience: `${station}/front`,
  time,
  keyOf: (kid) => (kid === issuer.kid ? { kid, publicKey: issuer.publicKey } : undefined),
  isRevokedKey: () => false,
  verify: () => good,
  tokenLifeMsMax: 15_000,
  skewMs: 2_000,
  unsynchronisedLeapMs: 0,
});

const words = fc.oneof(
  fc.string({ maxLength: 100 }),
  fc.constantFrom("m-0042", "jti-00000001", `${station}/front`, "staff", "x".repeat(81)),
);
const claim = fc.oneof(words, fc.integer(), fc.constant(null), fc.constant(undefined));
const codes = fc.oneof(
  fc.string(),
  fc.stringMatching(/^\d{6,14}$/),
  fc
    .record(
      { jti: claim, sub: claim, aud: claim, role: claim, exp: fc.oneof(claim, fc.constant(NOW / 1_000 + 9)) },
      { requiredKeys: [] },
    )
    .map((claims) => tokenAt(NOW, claims as object)),
  fc
    .record({ typ: words, kid: words, crit: claim }, { requiredKeys: [] })
    .map((head) => tokenAt(NOW, {}, issuer, head)),
  fc.tuple(fc.nat({ max: 400 }), fc.string()).map(([at, text]) => tokenAt(NOW).slice(0, at) + text),
);

const outcome = (text: string, good: boolean) => {
  const judged = judgeToken(text, tokenContext(good));
  return typeof judged === "string" ? judged : { ...judged, member: "-", jti: "-" };
};

describe("a code that was shown at the door", () => {
  test("comes to the same under pseudonyms, whatever it was and whatever its signature was worth", () => {
    fc.assert(
      fc.property(codes, fc.boolean(), (text, good) => {
        expect(outcome(hiddenCode(text, names), good)).toEqual(outcome(text, good));
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ["too long a name for a door", { aud: "x".repeat(81) }, "unreadable"],
    ["another station's door", { aud: "elsewhere/front" }, "wrong-door"],
    ["a name that no member can have", { sub: "Wang Xiaoming" }, "unreadable"],
    ["a name that no code can have", { jti: "short" }, "unreadable"],
    ["an unknown role", { role: "guest" }, "unreadable"],
    ["a life that is too long", { exp: NOW / 1_000 + 16 }, "lives-too-long"],
    ["nothing wrong", {}, { kid: issuer.kid }],
  ])("with %s is judged as the real one was", (_what, claims, wanted) => {
    for (const text of [tokenAt(NOW, claims), hiddenCode(tokenAt(NOW, claims), names)]) {
      if (typeof wanted === "string") expect(outcome(text, true)).toBe(wanted);
      else expect(outcome(text, true)).toMatchObject(wanted);
    }
  });

  test("has the same pseudonym each time, and neither number nor signature", () => {
    const [one, other] = [tokenAt(NOW, { jti: "jti-once-only" }), tokenAt(NOW, { jti: "jti-once-only" })];
    expect(hiddenCode(one, names)).toBe(hiddenCode(other, names));
    const plain = hiddenCode(one, names)
      .split(".")
      .map((part) => Buffer.from(part, "base64url").toString("utf8"))
      .join("");
    for (const word of ["m-0042", "jti-once-only", one.split(".")[2] ?? ""]) expect(plain).not.toContain(word);
    expect(hiddenCode(one, createPseudonyms())).not.toBe(hiddenCode(one, names));
  });

  test("stays a visitor's code of the same length, and becomes another one", () => {
    expect(hiddenCode("73519264", names)).toBe("00000000");
  });
});

const card = sha256("card");
const list = {
  revokedMembers: ["m-0001", "m-0002"],
  cards: [
    { card, member: "m-0003" },
    { card: sha256("another"), member: "m-0004" },
  ],
  visitorCodes: [{ id: "mrs-zhang", code: sha256("12345678"), door: "front", from: NOW, until: NOW + 1 }],
  entitlements: [{ name: "gift-1", member: "m-0003", until: NOW + 1 }],
};
const listContext = (good: boolean): ListContext => ({
  station,
  config: configOf(withList),
  verify: () => good,
  time,
  monotonicMs: 5,
  known: { version: 1, digest: "-" },
});

describe("an access list that was heard", () => {
  test("holds those who are spoken of, under pseudonyms, and nobody else", () => {
    const spoken = { ...nothingSpoken(), members: new Set(["m-0002"]), digests: new Set([card]) };
    const hidden = hiddenListText(listOf({ version: 2, ...list }), spoken, names);
    const judged = judgeList({ text: hidden, digest: "x" }, listContext(true));
    if (typeof judged === "string") throw new Error(judged);
    const member = (real: string) => names.name("member", real);
    expect([...judged.revokedMembers]).toEqual([member("m-0002")]);
    expect([...judged.cards.values()].map((one) => one.member)).toEqual([member("m-0003")]);
    expect([...judged.entitlements.keys()]).toEqual([member("m-0003")]);
    expect(judged.visitorCodes.size).toBe(0);
    expect(Buffer.from(hidden.split(".")[1] ?? "", "base64url").toString("utf8")).not.toMatch(/m-0|mrs-zhang|gift-1/);
  });

  test("is refused for the same reason as the real one", () => {
    const versions = [0, 1, 2].map((version) => listOf({ version, ...list }));
    const bad = [listOf({ surprise: 1 }), listOf({ station: "other" }), "no list", `${listOf(list)}x`, tokenAt(NOW)];
    const wrong = [listOf({ version: 3 }, { ...authority, kid: "nobody" }), jwsOf(authority, { alg: "none" }, {})];
    const reason = (text: string, good: boolean) => {
      const judged = judgeList({ text, digest: "x" }, listContext(good));
      return typeof judged === "string" ? judged : judged.version;
    };
    for (const text of [...versions, ...bad, ...wrong])
      for (const good of [true, false])
        expect(reason(hiddenListText(text, nothingSpoken(), names), good)).toBe(reason(text, good));
  });
});
