import { describe, expect, test } from "vitest";
import { emptyAccess, foldAccess } from "../../../services/access/durable.ts";
import { doorModes } from "../../../services/access/schedule.ts";
import { atTheDoor, configOf, NOW, tokenAt } from "./at-the-door.ts";

describe("a reader", () => {
  test("takes 5 wrong tries a minute, then pauses, each pause twice as long, and tells it", () => {
    const door = atTheDoor();
    const guess = (at: number) => door.show(`guess-${at}`);
    const pauses: number[] = [];
    for (let round = 0; round < 4; round++) {
      for (let at = 0; at < 5; at++) expect(guess(round * 10 + at)).toBe("unreadable");
      expect(door.show(tokenAt(door.clock.wallMs))).toBe("too-many-tries");
      expect(door.faults()).toEqual(["door-reader-blocked/outside"]);
      let waited = 0;
      for (; door.faults().length > 0; waited += 1_000) door.wait(1_000);
      pauses.push(waited);
    }
    expect(pauses).toEqual([30_000, 60_000, 120_000, 240_000]);
    expect(door.show(tokenAt(door.clock.wallMs))).toBe("welcome");
  });

  test("is not closed by one wrong code stuck in front of it", () => {
    const door = atTheDoor();
    for (let at = 0; at < 60; at++) {
      door.show("a sticker");
      door.wait(4_000);
    }
    expect(door.show(tokenAt(door.clock.wallMs))).toBe("welcome");
  });

  test("answers a code that is held in front of it once", () => {
    const door = atTheDoor();
    const code = tokenAt(NOW);
    const said = Array.from({ length: 20 }, () => {
      door.wait(200);
      return door.show(code);
    });
    expect(said.filter((word) => word !== undefined)).toEqual(["welcome"]);
  });

  test("that nobody configured opens nothing", () => {
    expect(atTheDoor().show(tokenAt(NOW), "elsewhere")).toBeUndefined();
  });

  test("fills no log: a thousand refusals in ten minutes leave few records", () => {
    const door = atTheDoor();
    door.order({ verb: "door-mode", request: "op-1", door: "front", mode: "lockdown", until: undefined });
    for (let at = 0; at < 1_000; at++) {
      door.show(`code-${at}`);
      door.wait(600);
    }
    expect(door.kinds().filter((kind) => kind === "door-refused").length).toBeLessThanOrEqual(60);
  });
});

describe("modes", () => {
  const said = { open: "free", "members-only": "welcome", closed: "staff-only", lockdown: "lockdown" } as const;
  test.each(doorModes)("%s answers a member as it should, and staff only where they may", (mode) => {
    const door = atTheDoor();
    expect(door.order({ verb: "door-mode", request: "op-1", door: "front", mode, until: undefined })).toBe("ok");
    expect(door.show(tokenAt(NOW))).toBe(said[mode]);
    const staff = atTheDoor({ durable: door.state().durable });
    expect(staff.show(tokenAt(NOW, { role: "staff" }))).toBe(mode === "closed" ? "welcome" : said[mode]);
  });

  test("a lockdown outlives a restart, and withdraws what was granted", () => {
    const door = atTheDoor();
    door.show(tokenAt(NOW));
    expect(door.levels()?.strike).toBe(true);
    door.order({ verb: "door-mode", request: "op-1", door: "front", mode: "lockdown", until: undefined });
    door.tick();
    expect(door.levels()?.strike).toBe(false);
    door.restart();
    expect(door.show(tokenAt(NOW))).toBe("lockdown");
    door.order({ verb: "door-mode", request: "op-2", door: "front", mode: undefined, until: undefined });
    door.wait(4_000);
    expect(door.show(tokenAt(door.clock.wallMs))).toBe("welcome");
  });
});

describe("an operator", () => {
  const opening = { verb: "open-door", request: "op-1", door: "front", untilMs: 2_000_000 } as const;
  test("opens the door from afar, after the record, once", () => {
    const door = atTheDoor();
    expect(door.order(opening)).toBe("ok");
    expect(door.levels()?.strike).toBe(true);
    expect(door.log[0]?.record).toMatchObject({ kind: "door-granted", by: "operator", request: "op-1" });
    door.wait(5_001);
    expect(door.levels()?.strike).toBe(false);
  });

  test.each([
    ["too late", { untilMs: 1 }, "expired"],
    ["for a door that is not there", { door: "cellar" }, "no-such-door"],
  ])("who asks %s opens nothing", (_name, more, reason) => {
    const door = atTheDoor();
    expect(door.order({ ...opening, ...more })).toBe(reason);
    expect(door.levels()?.strike).toBe(false);
  });

  test("opens nothing in a fire, in lockdown, or when it cannot be written", () => {
    const burning = atTheDoor();
    burning.setFire(true);
    expect(burning.order(opening)).toBe("fire");
    const locked = atTheDoor();
    locked.order({ verb: "door-mode", request: "op-0", door: "front", mode: "lockdown", until: undefined });
    expect(locked.order(opening)).toBe("lockdown");
    const blind = atTheDoor();
    blind.setDisk("fails");
    expect(blind.order(opening)).toBe("not-written");
  });
});

test("anti-passback, where it is on: the same member comes in again only after its time, another one at once", () => {
  const door = atTheDoor({ config: configOf({ antiPassbackMs: 600_000 }) });
  expect(door.show(tokenAt(NOW))).toBe("welcome");
  door.wait(60_000);
  expect(door.show(tokenAt(door.clock.wallMs))).toBe("came-in-already");
  door.wait(6_000);
  expect(door.show(tokenAt(door.clock.wallMs, { sub: "m-0043" }))).toBe("welcome");
  door.restart();
  door.wait(6_000);
  expect(door.show(tokenAt(door.clock.wallMs))).toBe("came-in-already");
  door.wait(600_000);
  expect(door.show(tokenAt(door.clock.wallMs))).toBe("welcome");
});

test("who came in longest ago is forgotten first, also where a member is called by a number", () => {
  const record = (member: string, knownMs: number) =>
    ({ kind: "door-granted", door: "front", decision: 1, by: "token", member, knownMs }) as const;
  let durable = foldAccess(emptyAccess, record("m-first", 1), 1);
  durable = foldAccess(durable, record("7", 2), 2);
  for (let n = 3; n < 502; n++) durable = foldAccess(durable, record(`m-${n}`, n), n);
  expect(Object.keys(durable.cameIn)).not.toContain("m-first");
  expect(durable.cameIn["7"]).toBe(2);
});
