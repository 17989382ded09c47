import { describe, expect, test } from "vitest";
import {
  atTheDoor,
  configOf,
  issuer,
  jwsOf,
  listOf,
  makeSigner,
  NOW,
  sha256,
  tokenAt,
  withList,
} from "./at-the-door.ts";

const hour = 3_600_000;
const cards = [{ card: sha256("04a1"), member: "m-0042" }];
const visitorCodes = [{ id: "v1", code: sha256("12345678"), door: "front", from: NOW, until: NOW + 400 * hour }];

/** A station that heard a list and has been offline since. */
function offlineFor(ms: number) {
  const door = atTheDoor({ config: configOf(withList) });
  door.list(listOf({ cards, visitorCodes }));
  door.wait(ms);
  return door;
}

describe("offline, the riskier ways in go off first", () => {
  test.each([
    [0, "welcome", "welcome", "welcome"],
    [24 * hour, "welcome", "welcome", "welcome"],
    [24 * hour + 1_000, "list-too-old", "welcome", "welcome"],
    [72 * hour, "list-too-old", "welcome", "welcome"],
    [72 * hour + 1_000, "list-too-old", "list-too-old", "welcome"],
    [168 * hour, "list-too-old", "list-too-old", "welcome"],
    [192 * hour + 1_000, "list-too-old", "list-too-old", "list-too-old"],
  ])("after %d ms: visitor %s, card %s, signed code %s", (ms, visitor, card, token) => {
    expect(offlineFor(ms).show("12345678")).toBe(visitor);
    expect(offlineFor(ms).card("04a1")).toBe(card);
    expect(offlineFor(ms).show(tokenAt(NOW + ms))).toBe(token);
    expect(offlineFor(ms).faults()).toEqual(ms > 24 * hour ? ["access-list-old/access"] : []);
  });

  test("a wall clock set back makes no list young", () => {
    const door = offlineFor(72 * hour + 1_000);
    door.clock.wallMs = NOW;
    expect(door.card("04a1")).toBe("list-too-old");
  });

  test("a plug pulled once a day makes no list young: the hours are in the log", () => {
    const door = offlineFor(0);
    const text = listOf({ version: 2, cards });
    door.list(text);
    for (let day = 0; day < 4; day++) {
      for (let at = 0; at < 24; at++) door.wait(hour);
      door.restart({ wallMs: 0, synchronised: false });
      door.list(text);
    }
    expect(door.card("04a1")).toBe("list-too-old");
  });

  test("without any list a station that has an authority lets nobody in, and one that has none knows its codes", () => {
    expect(atTheDoor({ config: configOf(withList) }).show(tokenAt(NOW))).toBe("list-too-old");
    expect(atTheDoor().show(tokenAt(NOW))).toBe("welcome");
    expect(atTheDoor().card("04a1")).toBe("list-too-old");
  });
});

describe("a card", () => {
  test.each([
    ["none", "challenge-required"],
    ["failed", "challenge-failed"],
    ["answered", "welcome"],
  ] as const)("whose challenge was %s: %s", (challenge, said) => {
    expect(offlineFor(0).card("04a1", challenge)).toBe(said);
  });

  test.each([
    ["is not listed", {}, "unknown-card"],
    ["was reported lost", { cards, revokedCards: [sha256("04a1")] }, "card-revoked"],
    ["is a revoked member's", { cards, revokedMembers: ["m-0042"] }, "member-revoked"],
    ["has run out", { cards: [{ ...cards[0], until: NOW - 1 }] }, "expired"],
  ])("that %s is refused offline", (_name, list, reason) => {
    const door = atTheDoor({ config: configOf(withList) });
    door.list(listOf(list));
    door.wait(48 * hour);
    expect(door.card("04a1")).toBe(reason);
  });
});

describe("the access list", () => {
  const forger = makeSigner("authority-1");
  test.each<[string, () => string, string]>([
    ["older than the known one", () => listOf({ version: 4 }), "list-not-newer"],
    ["other words under the same version", () => listOf({ version: 5, revokedMembers: ["x"] }), "list-not-newer"],
    ["signed by a stranger", () => listOf({ version: 6 }, forger), "bad-signature"],
    ["signed by an issuer of codes", () => listOf({ version: 6 }, issuer), "unknown-key"],
    ["for another station", () => listOf({ version: 6, station: "jilin" }), "wrong-station"],
    ["signed tomorrow", () => listOf({ version: 6, issuedAt: NOW + 86_400_000 }), "list-from-future"],
    ["with words that nobody knows", () => listOf({ version: 6, more: 1 }), "bad-list"],
    ["that is a code", () => tokenAt(NOW), "wrong-algorithm"],
    ["that is nothing", () => "", "unreadable"],
  ])("%s changes nothing", (_name, make, reason) => {
    const door = atTheDoor({ config: configOf(withList) });
    door.list(listOf({ version: 5, cards }));
    door.list(make());
    expect(door.log.at(-1)?.record).toEqual({ kind: "access-list-refused", reason });
    expect(door.state().list?.version).toBe(5);
    expect(door.card("04a1")).toBe("welcome");
  });

  test("an older one stays refused over a restart", () => {
    const door = atTheDoor({ config: configOf(withList) });
    door.list(listOf({ version: 5 }));
    door.restart();
    door.list(listOf({ version: 4 }));
    expect(door.state().list).toBeUndefined();
  });

  test("cannot be used as a code for the door, whoever signs it", () => {
    const text = jwsOf(issuer, { alg: "EdDSA", kid: issuer.kid, typ: "access-list+jwt" }, { jti: "jti-00000001" });
    expect(atTheDoor().show(text)).toBe("wrong-algorithm");
  });
});

describe("the clock", () => {
  test("at 1970 and unconfirmed: a code is refused with the reason, and cards go on", () => {
    const door = atTheDoor({ config: configOf(withList), wallMs: 5_000, synchronised: false });
    door.list(listOf({ cards }));
    door.wait(600_000);
    expect(door.show(tokenAt(NOW + 600_000))).toBe("clock-unsynchronised");
    expect(door.show(tokenAt(NOW - 60_000))).toBe("expired");
    expect(door.card("04a1")).toBe("welcome");
  });

  test("unconfirmed but right: a code is judged by it", () => {
    expect(atTheDoor({ synchronised: false }).show(tokenAt(NOW))).toBe("welcome");
  });

  test("set two weeks back is a fault, and revives no code", () => {
    const door = atTheDoor();
    const unused = tokenAt(NOW - 14 * 86_400_000);
    door.show(tokenAt(NOW));
    door.clock.wallMs -= 14 * 86_400_000;
    door.wait(6_000);
    expect(door.show(unused)).toBe("expired");
    expect(door.faults()).toEqual(["clock-behind-signed/access"]);
  });

  test("jumping six hours ends no grant and opens no door", () => {
    const door = atTheDoor();
    door.show(tokenAt(NOW));
    door.clock.wallMs += 6 * hour;
    door.tick();
    expect(door.levels()?.strike).toBe(true);
    door.clock.monotonicMs += 5_001;
    door.tick();
    expect(door.levels()?.strike).toBe(false);
  });
});
