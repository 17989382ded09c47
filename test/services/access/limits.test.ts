/** Counted and timed to the last one: tries at a reader, credentials that were used, what holds a magnet. */
import { describe, expect, test } from "vitest";
import { DoorConfig } from "../../../services/access/config.ts";
import { bootDoor, type DoorState, stepDoor } from "../../../services/access/door.ts";
import { openJws } from "../../../services/access/jws.ts";
import { type DoorFacts, doorLevels } from "../../../services/access/levels.ts";
import { isBlocked, noTries, type Tries, wrongTry } from "../../../services/access/tries.ts";
import { hasRoom, stillAlive, usedMax } from "../../../services/access/used.ts";
import { base64url } from "./at-the-door.ts";

describe("wrong tries", () => {
  const rule = { triesPerMinute: 3, backOffMs: 1_000, backOffMsMax: 20_000 };
  const tried = (was: Tries, startMs: number, ...codes: readonly string[]): Tries =>
    codes.reduce((tries, code, at) => wrongTry(tries, code, startMs + at, rule), was);

  test("are counted within a minute, the same code once", () => {
    expect(tried(noTries, 0, "a", "b").blockedUntilMs).toBe(0);
    expect(tried(noTries, 0, "a", "b", "b", "a").wrong).toHaveLength(2);
    expect(tried(noTries, 0, "a", "b", "c")).toEqual({ wrong: [], blockedUntilMs: 2 + 1_000, pauses: 1 });
    const old = wrongTry(wrongTry(noTries, "a", 0, rule), "b", 59_999, rule);
    expect(wrongTry(old, "c", 59_999, rule).pauses).toBe(1);
    expect(wrongTry(old, "c", 60_000, rule).wrong.map(({ digest }) => digest)).toEqual(["b", "c"]);
    expect(wrongTry(old, "a", 60_000, rule).wrong.map(({ digest }) => digest)).toEqual(["b", "a"]);
  });

  test("make pauses that double up to the longest, and are short again an hour after the last", () => {
    const paused: Tries = { wrong: [], blockedUntilMs: 10_000, pauses: 3 };
    const pauseMs = (was: Tries, atMs: number) => tried(was, atMs, "a", "b", "c").blockedUntilMs - atMs - 2;
    expect(pauseMs(paused, 20_000)).toBe(8_000);
    expect(pauseMs({ ...paused, pauses: 5 }, 20_000)).toBe(20_000);
    expect(pauseMs({ ...paused, pauses: 40 }, 20_000)).toBe(20_000);
    expect(pauseMs(paused, 10_000 + 3_600_000 - 2)).toBe(8_000);
    expect(pauseMs(paused, 10_000 + 3_600_000 - 1)).toBe(1_000);
    expect(tried(paused, 20_000, "a", "b", "c").pauses).toBe(4);
  });

  test("block until the pause is over and not a moment longer", () => {
    expect([9_999, 10_000].map((nowMs) => isBlocked({ ...noTries, blockedUntilMs: 10_000 }, nowMs))).toEqual([
      true,
      false,
    ]);
  });
});

describe("used credentials", () => {
  test("are forgotten when the floor of time is past them, and the same object while none is", () => {
    const used = { a: 100, b: 101 };
    expect(stillAlive(used, 100)).toBe(used);
    expect(stillAlive(used, 101)).toEqual({ b: 101 });
  });

  test("leave room for one more until there are as many as may be, those not counted that the floor refuses", () => {
    const used = Object.fromEntries(Array.from({ length: usedMax }, (_unused, at) => [`n-${at}`, 100 + (at % 2)]));
    expect([hasRoom(used, 100), hasRoom(used, 101)]).toEqual([false, true]);
    const { "n-0": _gone, ...others } = used;
    expect(hasRoom(others, 100)).toBe(true);
    expect(hasRoom({}, 0)).toBe(true);
  });
});

describe("a signed text", () => {
  test("whose header is no object is none", () => {
    const opened = (header: unknown) =>
      openJws(`${base64url(header)}.${base64url({})}.${"A".repeat(86)}`, "door+jwt", 1_000);
    for (const header of [[], null, "x", 7]) expect(opened(header)).toBe("unreadable");
    expect(opened({ alg: "EdDSA", kid: "k", typ: "door+jwt" })).toMatchObject({ kid: "k" });
  });
});

describe("the contacts beside a door", () => {
  const config = DoorConfig.parse({ id: "front", hasTamper: true });
  const sight = { shut: true, exit: false, tamper: undefined, lockPower: undefined };
  const look = (was: DoorState, more: object, own = config) =>
    stepDoor(was, { type: "look", sight: { ...sight, ...more }, free: false }, 1_000, own).next;

  test("tell of tampering until they tell otherwise; silence changes nothing", () => {
    const opened = look(bootDoor, { tamper: true });
    expect(opened.tampered).toBe(true);
    expect(look(opened, {}).tampered).toBe(true);
    expect(look(opened, { tamper: false }).tampered).toBe(false);
    expect(look(bootDoor, {}).tampered).toBe(false);
    expect(look(bootDoor, { tamper: true }, DoorConfig.parse({ id: "front" })).tampered).toBe(false);
  });

  test("tell of the lock's power, which is unknown while they are silent", () => {
    const powers = [true, false, undefined].map((lockPower) => look(bootDoor, { lockPower }).lockPower);
    expect(powers).toEqual(["good", "lost", "unknown"]);
  });

  test("keep the way out free for a while after it was asked for", () => {
    const asked = look(bootDoor, { exit: true });
    expect(asked.exitUntilMs).toBe(1_000 + config.exitMs);
    expect(look(asked, {}).exitUntilMs).toBe(asked.exitUntilMs);
  });
});

describe("a lock", () => {
  const nowMs = 100_000;
  const magnet = DoorConfig.parse({ id: "front", lock: "magnet", exitBreaksPower: true });
  const strike = DoorConfig.parse({ id: "front" });
  const sight = { shut: true, exit: false, tamper: undefined, lockPower: undefined };
  const facts: DoorFacts = { nowMs, sight, free: false, fire: false, otherOpen: false };
  const closed: DoorState = { ...bootDoor, position: { at: "shut", allowedMs: 0 }, exitUntilMs: 0, lockPower: "good" };

  test.each<[string, Partial<DoorState>, Partial<DoorFacts>, boolean]>([
    ["a shut door that everything speaks for", {}, {}, true],
    ["the last moment of somebody's way out", { exitUntilMs: nowMs }, {}, false],
    ["a moment after it", { exitUntilMs: nowMs - 1 }, {}, true],
    ["a request to exit", {}, { sight: { ...sight, exit: true } }, false],
    ["an exit contact that is silent", {}, { sight: { ...sight, exit: undefined } }, false],
    ["fire", {}, { fire: true }, false],
    ["a door that is open to all", {}, { free: true }, false],
    ["a tampered box", { tampered: true }, {}, false],
    ["lost power", { lockPower: "lost" }, {}, false],
    ["power that nobody knows of", { lockPower: "unknown" }, {}, true],
    ["an open leaf", {}, { sight: { ...sight, shut: false } }, false],
    ["a leaf that is not seen", {}, { sight: { ...sight, shut: undefined } }, false],
    ["a door that was granted", { position: { at: "granted", decision: 1, untilMs: nowMs } }, {}, false],
  ])("with a magnet, given %s", (_says, state, more, holds) => {
    expect(doorLevels({ ...closed, ...state }, { ...facts, ...more }, magnet)).toEqual({
      strike: false,
      magnet: holds,
    });
  });

  test("with a magnet whose power the exit does not break never holds", () => {
    expect(doorLevels(closed, facts, { ...magnet, exitBreaksPower: false }).magnet).toBe(false);
  });

  test.each<[string, Partial<DoorState>, Partial<DoorFacts>, boolean]>([
    ["a shut door", {}, {}, false],
    ["a grant in its last moment", { position: { at: "granted", decision: 1, untilMs: nowMs } }, {}, true],
    ["a grant that is over", { position: { at: "granted", decision: 1, untilMs: nowMs - 1 } }, {}, false],
    ["a door that is open to all", {}, { free: true }, true],
    [
      "a grant while the other door of the chamber is open",
      { position: { at: "granted", decision: 1, untilMs: nowMs } },
      { otherOpen: true },
      false,
    ],
    ["a door that is open to all beside an open one", {}, { free: true, otherOpen: true }, false],
    ["fire, whatever the other door", {}, { fire: true, otherOpen: true }, true],
    ["a request to exit, whatever the other door", {}, { sight: { ...sight, exit: true }, otherOpen: true }, true],
    ["the last moment of a way out", { exitUntilMs: nowMs }, {}, true],
    ["a moment after it", { exitUntilMs: nowMs - 1 }, {}, false],
  ])("with a strike, given %s", (_says, state, more, on) => {
    expect(doorLevels({ ...closed, ...state }, { ...facts, ...more }, strike)).toEqual({ strike: on, magnet: false });
  });
});
