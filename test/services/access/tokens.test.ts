import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  atTheDoor,
  base64url,
  configOf,
  issuer,
  listOf,
  makeSigner,
  NOW,
  station,
  tokenAt,
  withList,
} from "./at-the-door.ts";

const stranger = makeSigner(issuer.kid);
const other = makeSigner("issuer-2");
const nowS = NOW / 1_000;

describe("a signed code", () => {
  test("of this door, in its time, opens it once", () => {
    const door = atTheDoor();
    const code = tokenAt(NOW);
    expect(door.show(code)).toBe("welcome");
    expect(door.levels()).toEqual({ strike: true, magnet: false });
    door.wait(6_000);
    expect(door.show(code)).toBe("already-used");
    expect(door.levels()).toEqual({ strike: false, magnet: false });
  });

  test("is written down before the strike moves, without its text", () => {
    const door = atTheDoor();
    door.setDisk("hangs");
    const code = tokenAt(NOW);
    expect(door.show(code)).toBeUndefined();
    expect(door.levels()?.strike).toBe(false);
    const order = door.heard.map((effect) => effect.do);
    expect(order).toEqual(["record", "grant"]);
    expect(JSON.stringify(door.heard)).not.toContain(code.split(".")[2]);
  });

  test("opens from memory when its record cannot be written, once and no second time", () => {
    const door = atTheDoor();
    door.setDisk("fails");
    const code = tokenAt(NOW);
    expect(door.show(code)).toBe("welcome");
    expect(door.levels()?.strike).toBe(true);
    door.wait(6_000);
    expect(door.show(code)).toBe("already-used");
    expect(door.levels()?.strike).toBe(false);
  });

  test("that is not good opens nothing from memory either", () => {
    const door = atTheDoor();
    door.setDisk("fails");
    expect(door.show(tokenAt(NOW - 60_000))).toBe("expired");
    expect(door.show("hello")).toBe("unreadable");
    expect(door.levels()?.strike).toBe(false);
  });

  test("opens nothing when the disk answers after the rider has gone", () => {
    const door = atTheDoor();
    door.setDisk("hangs");
    door.show(tokenAt(NOW));
    door.wait(5_001);
    door.send({ type: "grant-due", door: "front", decision: 1 });
    expect(door.levels()?.strike).toBe(false);
    expect(door.heard).toContainEqual(
      expect.objectContaining({ do: "answer", answer: { is: "refused", reason: "not-written" } }),
    );
  });

  test.each<[string, () => string, string]>([
    ["is no code at all", () => "hello", "unreadable"],
    ["is empty", () => "", "unreadable"],
    ["is longer than any code", () => "a".repeat(5_000), "unreadable"],
    ["has four parts", () => `${tokenAt(NOW)}.x`, "unreadable"],
    ["is cut short", () => tokenAt(NOW).slice(0, -1), "unreadable"],
    [
      "has another spelling of its signature",
      () => tokenAt(NOW).replace(/.$/, (last) => ({ A: "B", Q: "R", g: "h", w: "x" })[last] ?? "!"),
      "unreadable",
    ],
    ["has padding", () => tokenAt(NOW).replace(".", "=."), "unreadable"],
    ["names no algorithm", () => tokenAt(NOW, {}, issuer, { alg: "none" }), "wrong-algorithm"],
    ["names another algorithm", () => tokenAt(NOW, {}, issuer, { alg: "HS256" }), "wrong-algorithm"],
    ["brings its own key", () => tokenAt(NOW, {}, issuer, { jwk: { kty: "OKP" } }), "wrong-algorithm"],
    ["brings a rule of its own", () => tokenAt(NOW, {}, issuer, { crit: ["exp"] }), "wrong-algorithm"],
    ["is of another type", () => tokenAt(NOW, {}, issuer, { typ: "access-list+jwt" }), "wrong-algorithm"],
    ["is signed by nobody known", () => tokenAt(NOW, {}, other), "unknown-key"],
    ["is signed under a known name", () => tokenAt(NOW, {}, stranger), "bad-signature"],
    ["is for the back door", () => tokenAt(NOW, { aud: `${station}/back` }), "wrong-door"],
    ["is for another station's front door", () => tokenAt(NOW, { aud: "jilin/front" }), "wrong-door"],
    ["is for the door, but not the station", () => tokenAt(NOW, { aud: "front" }), "wrong-door"],
    ["is for several doors", () => tokenAt(NOW, { aud: [`${station}/front`] }), "unreadable"],
    ["lives 16 s", () => tokenAt(NOW, { exp: nowS + 16 }), "lives-too-long"],
    ["ends before it begins", () => tokenAt(NOW, { exp: nowS - 1 }), "unreadable"],
    ["has a time in words", () => tokenAt(NOW, { exp: "tomorrow" }), "unreadable"],
    ["has no end", () => tokenAt(NOW, { exp: undefined }), "unreadable"],
    ["has no number", () => tokenAt(NOW, { jti: "" }), "unreadable"],
    ["is 3 s over", () => tokenAt(NOW - 15_000), "expired"],
    ["begins in 3 s", () => tokenAt(NOW + 3_000), "not-yet-valid"],
  ])("that %s is refused", (_name, make, reason) => {
    const door = atTheDoor();
    expect(door.show(make())).toBe(reason);
    expect(door.levels()?.strike).toBe(false);
    expect(door.kinds()).not.toContain("door-granted");
  });

  test.each([-14_000, -12_000, 0, 2_000])("is good %d ms from its first second, as far as clocks may differ", (ms) => {
    expect(atTheDoor().show(tokenAt(NOW + ms))).toBe("welcome");
  });

  test("of a revoked member, or by a revoked key, is refused offline", () => {
    const door = atTheDoor({ config: configOf(withList) });
    door.list(listOf({ revokedMembers: ["m-0042"] }));
    expect(door.show(tokenAt(NOW))).toBe("member-revoked");
    expect(door.show(tokenAt(NOW, { sub: "m-0043" }))).toBe("welcome");
    door.wait(6_000);
    door.list(listOf({ version: 2, issuedAt: NOW + 1, revokedKeys: [issuer.kid] }));
    expect(door.show(tokenAt(NOW + 6_000, { sub: "m-0043" }))).toBe("key-revoked");
  });

  test("by a key that came with the list is good", () => {
    const door = atTheDoor({ config: configOf(withList) });
    door.list(listOf({ issuers: [{ kid: other.kid, publicKey: other.publicKey }] }));
    expect(door.show(tokenAt(NOW, {}, other))).toBe("welcome");
  });
});

const count = Number(process.env.YIZHAN_CREDENTIALS ?? 600);

/** A bad code for this moment, by a way of cheating and two numbers that say where. */
const cheats: Readonly<Record<string, (now: number, at: number, by: number) => string>> = {
  forged: (now, at) => tokenAt(now, { sub: `m-${at % 9_999}` }, stranger),
  "of an unknown key": (now) => tokenAt(now, {}, other),
  expired: (now, at) => tokenAt(now - 15_000 - at * 1_000),
  future: (now, at) => tokenAt(now + 3_000 + at * 1_000),
  "wrong door": (now, at) => tokenAt(now, { aud: `${station}/door-${at}` }),
  "long-lived": (now, at) => tokenAt(now, { exp: Math.floor(now / 1_000) + 16 + at }),
  "changed by a bit": (now, at, by) => {
    const bytes = Buffer.from(tokenAt(now), "latin1");
    const index = at % bytes.length;
    bytes[index] = (bytes[index] ?? 0) ^ (1 << by);
    return bytes.toString("latin1");
  },
  truncated: (now, at) => {
    const text = tokenAt(now);
    return text.slice(0, at % text.length);
  },
  "signed over other words": (now, at) => {
    const [head, body, signature] = tokenAt(now).split(".");
    const claims = JSON.parse(Buffer.from(body ?? "", "base64url").toString());
    return `${head}.${base64url({ ...claims, jti: `jti-made-${at}` })}.${signature}`;
  },
  "of another algorithm": (now, at) =>
    tokenAt(now, {}, issuer, { alg: ["none", "HS256", "ES256", "RS256"][at % 4] ?? "none" }),
};

test(`${count} forged, replayed, expired, wrong-door, future and truncated codes: none is accepted`, () => {
  const door = atTheDoor();
  const tally = { good: 0, bad: 0, accepted: 0 };
  const reasons = new Set<string>();
  /** A good code, and 6 s later the same again. */
  const replay = (): string | undefined => {
    const code = tokenAt(door.clock.wallMs);
    if (door.show(code) === "welcome") tally.good += 1;
    door.wait(6_000);
    return door.show(code);
  };
  const cheat = fc.tuple(
    fc.constantFrom("replayed", ...Object.keys(cheats)),
    fc.nat({ max: 1_000_000 }),
    fc.nat({ max: 6 }),
  );
  fc.assert(
    fc.property(cheat, ([name, at, by]) => {
      // More than a minute apart, so that the reader's pauses are not what refuses.
      door.wait(61_000);
      const said = (name === "replayed" ? replay() : door.show(cheats[name]?.(door.clock.wallMs, at, by) ?? "")) ?? "";
      tally.bad += 1;
      reasons.add(said);
      if (door.levels()?.strike === true || said === "welcome") tally.accepted += 1;
      door.log.length = 0;
      door.heard.length = 0;
    }),
    { numRuns: count },
  );
  expect({ ...tally, good: tally.good > 0 }).toEqual({ good: true, bad: count, accepted: 0 });
  const expected = ["already-used", "bad-signature", "expired", "lives-too-long", "not-yet-valid", "unreadable"];
  expect([...reasons]).toEqual(expect.arrayContaining([...expected, "unknown-key", "wrong-algorithm", "wrong-door"]));
  expect([...reasons]).not.toContain("too-many-tries");
});
