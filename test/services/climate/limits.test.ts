/** The room's warmth at the edge of each number: what proves a heater, what takes its power away, what people may ask. */
import { describe, expect, test } from "vitest";
import { ClimateConfig } from "../../../services/climate/config.ts";
import { climateFaults } from "../../../services/climate/faults.ts";
import {
  newWatch,
  risesNot,
  type Watch,
  warmsAtRest,
  watchRest,
  watchRise,
} from "../../../services/climate/heat-watch.ts";
import {
  type ClimateLevels,
  climateLevels,
  interlockClimate,
  restingClimate,
} from "../../../services/climate/levels.ts";
import { type ClimateOrder, judgeClimateOrder } from "../../../services/climate/orders.ts";
import { newProbe, type Probe } from "../../../services/climate/probe.ts";
import type { ClimateLook } from "../../../services/climate/readings.ts";
import { type ClimateDurable, emptyClimate, foldClimate } from "../../../services/climate/records.ts";
import { type ClimateState, newClimate } from "../../../services/climate/state.ts";

const config = ClimateConfig.parse({});
const nowMs = 100_000_000;
const calm: ClimateState = { ...newClimate(0, 2), lookedMs: nowMs - 1_000 };
const { frostC } = config;
describe("a heater that is watched", () => {
  const from: Watch = newWatch([10, undefined], 0);

  test("is proven by a rise of any sensor, each against itself", () => {
    expect(watchRise(from, [10 + config.riseC - 0.1, undefined], 5, config)).toEqual({
      fromC: [10, undefined],
      fromMs: 0,
    });
    expect(watchRise(from, [10 + config.riseC, undefined], 5, config)).toEqual({ fromC: [11, undefined], fromMs: 5 });
    expect(watchRise(from, [10, 40], 5, config)).toEqual({ fromC: [10, 40], fromMs: 0 });
    expect(watchRise(from, [undefined, 40], 5, config)).toEqual({ fromC: [10, 40], fromMs: 0 });
    expect([config.noRiseMs - 1, config.noRiseMs].map((ms) => risesNot(from, ms, config))).toEqual([false, true]);
  });

  test("at rest is measured from the lowest of its window", () => {
    const rest = newWatch([10, 12, undefined], 0);
    expect(watchRest(rest, [10, 13, undefined], 5, config)).toEqual({ fromC: [10, 12, undefined], fromMs: 0 });
    expect(watchRest(rest, [9, undefined, undefined], 5, config)).toMatchObject({ fromMs: 5 });
    expect(watchRest(rest, [9, 13, undefined], 5, config)).toEqual({ fromC: [9, 12, undefined], fromMs: 5 });
    expect(watchRest(rest, [10, 12, 20], 5, config)).toEqual({ fromC: [10, 12, 20], fromMs: 0 });
    const { weldedWindowMs } = config;
    expect(watchRest(rest, [11, 13, 7], weldedWindowMs, config).fromMs).toBe(0);
    expect(watchRest(rest, [11, 13, 7], weldedWindowMs + 1, config)).toEqual({
      fromC: [11, 13, 7],
      fromMs: weldedWindowMs + 1,
    });
  });

  test("warms at rest when all that are heard agree on it; one heard for the first time does not", () => {
    const rest = newWatch([10, 12], 0);
    const rise = config.weldedRiseC;
    expect(warmsAtRest(rest, [10 + rise, 12 + rise], config)).toBe(true);
    expect(warmsAtRest(rest, [10 + rise, 12 + rise - 0.1], config)).toBe(false);
    expect(warmsAtRest(rest, [10 + rise, undefined], config)).toBe(true);
    expect(warmsAtRest(rest, [undefined, undefined], config)).toBe(false);
    expect(warmsAtRest(newWatch([10, undefined], 0), [10 + rise, 40], config)).toBe(false);
  });
});

describe("the last word over the room's outputs", () => {
  const latched: ClimateDurable = { mode: "auto", latch: { why: "welded", since: 0 } };
  const sample = (tempC: number, ageMs = 0, quality: "good" | "stale" = "good") => ({
    value: { tempC },
    atMs: nowMs - ageMs,
    quality,
  });
  const look = (...sensors: ClimateLook["sensors"]): ClimateLook => ({
    nowMs,
    minuteOfDay: 720,
    sensors,
    occupied: undefined,
    doorShut: undefined,
    outsideC: undefined,
    powered: true,
  });
  const heats: ClimateLevels = { heaterPct: 40, heaterFeed: true, cooler: false };
  const cools: ClimateLevels = { heaterPct: 0, heaterFeed: true, cooler: true };
  const feeds: ClimateLevels = { heaterPct: 0, heaterFeed: true, cooler: false };
  const good = look(sample(20));

  type Row = readonly [string, ClimateLevels, ClimateLook, ClimateDurable, ClimateLevels, readonly string[]];
  test.each<Row>([
    ["a latch takes the feed", heats, good, latched, restingClimate, ["latched"]],
    ["a latch takes the feed of a heater that is off", feeds, good, latched, restingClimate, ["latched"]],
    ["a latch leaves the cooler", { ...cools, heaterFeed: false }, good, latched, { ...cools, heaterFeed: false }, []],
    [
      "a hot room takes the feed",
      heats,
      look(sample(20), sample(config.hardLimitC + 0.1)),
      emptyClimate,
      restingClimate,
      ["too-hot"],
    ],
    [
      "a room at the end of the sensor's range is hot",
      heats,
      look(sample(config.rangeMaxC)),
      emptyClimate,
      restingClimate,
      ["too-hot"],
    ],
    ["a hot room cools on", cools, look(sample(46)), emptyClimate, { ...cools, heaterFeed: false }, ["too-hot"]],
    [
      "a heater without a feed is taken in a hot room",
      { ...heats, heaterFeed: false },
      look(sample(46)),
      emptyClimate,
      restingClimate,
      ["too-hot"],
    ],
    ["no sample takes heat, and leaves the feed", heats, look(undefined), emptyClimate, feeds, ["no-sample"]],
    ["an old sample is none", heats, look(sample(20, config.staleMs)), emptyClimate, feeds, ["no-sample"]],
    ["a stale sample is none", heats, look(sample(20, 0, "stale")), emptyClimate, feeds, ["no-sample"]],
    [
      "a sample below its range is none",
      cools,
      look(sample(config.rangeMinC - 0.1)),
      emptyClimate,
      feeds,
      ["no-sample"],
    ],
    [
      "a sample above its range is none",
      cools,
      look(sample(config.rangeMaxC + 0.1)),
      emptyClimate,
      feeds,
      ["no-sample"],
    ],
    [
      "without the master enable nothing heats",
      heats,
      { ...good, powered: false },
      emptyClimate,
      feeds,
      ["master-enable-off"],
    ],
    ["never both", { ...heats, cooler: true }, good, emptyClimate, feeds, ["both"]],
  ])("%s", (...[, wanted, seen, durable, levels, removed]) => {
    expect(interlockClimate(wanted, seen, durable, config)).toEqual({ levels, removed });
  });

  test.each<[string, ClimateLevels, ClimateLook]>([
    ["at the hard limit itself", heats, look(sample(config.hardLimitC))],
    ["with a sample in its last moment", heats, look(sample(20, config.staleMs - 1))],
    ["at both ends of the range", cools, look(sample(config.rangeMinC))],
    ["resting without the master enable and without a sample", feeds, { ...look(), powered: false }],
    ["resting in a hot room with its feed off", restingClimate, look(sample(46))],
    ["cooling without the master enable", cools, { ...good, powered: false }],
  ])("takes nothing away %s", (_says, wanted, seen) => {
    const { levels, removed } = interlockClimate(wanted, seen, emptyClimate, config);
    expect([levels, removed]).toEqual([wanted, []]);
  });

  test("what the state wants has no feed behind a latch, in the log or on its way there, nor in a hot room", () => {
    const state = { ...calm, at: "heat", heaterPct: 40, roomC: 15 } as const;
    expect(climateLevels(state, emptyClimate)).toEqual(heats);
    expect(climateLevels({ ...calm, at: "cool", heaterPct: 40, roomC: 15 }, emptyClimate)).toEqual(cools);
    for (const off of [
      climateLevels(state, latched),
      climateLevels({ ...state, latching: "frozen" }, emptyClimate),
      climateLevels({ ...state, stop: "too-hot" }, emptyClimate),
    ])
      expect(off).toEqual(restingClimate);
  });
});

describe("what people may ask", () => {
  const latched: ClimateDurable = { mode: "auto", latch: { why: "frozen", since: 0 } };
  const reset: ClimateOrder = { do: "reset", by: "tech", onSite: true };
  const probe = (rawC: number | undefined): Probe => ({ ...newProbe, rawC });
  const judge = (order: ClimateOrder, durable: ClimateDurable, ...rawC: readonly (number | undefined)[]) =>
    judgeClimateOrder(order, { ...calm, probes: rawC.map(probe) }, durable, config);

  test("a reset on site, of a latched heater, in a room that is not hot, as far as anything is heard", () => {
    const record = { record: { kind: "climate-reset", by: "tech" } };
    expect(judge(reset, latched, 20, undefined)).toEqual(record);
    expect(judge(reset, latched, config.hardLimitC)).toEqual(record);
    expect(judge(reset, latched, 20, config.hardLimitC + 0.1)).toEqual({ refused: "still-too-hot" });
    expect(judge({ ...reset, onSite: false }, latched, 20)).toEqual({ refused: "not-on-site" });
    expect(judge(reset, emptyClimate, 20)).toEqual({ refused: "not-latched" });
  });

  test("another mode, and not the same one again", () => {
    const mode: ClimateOrder = { do: "mode", mode: "frost-only", by: "desk" };
    expect(judge(mode, emptyClimate)).toEqual({ record: { kind: "climate-mode", mode: "frost-only", by: "desk" } });
    expect(judge(mode, { mode: "frost-only" })).toEqual({ refused: "mode-unchanged" });
  });

  test("is folded: the first cause stands, a reset takes it away, a strange record changes nothing", () => {
    const once = foldClimate(emptyClimate, { kind: "climate-latched", why: "welded" } as never, 7);
    expect(once).toEqual({ mode: "auto", latch: { why: "welded", since: 7 } });
    expect(foldClimate(once, { kind: "climate-latched", why: "frozen" } as never, 8)).toBe(once);
    expect(foldClimate(once, { kind: "climate-mode", mode: "frost-only" } as never, 8)).toEqual({
      ...once,
      mode: "frost-only",
    });
    expect(foldClimate(once, { kind: "climate-reset" }, 9)).toEqual(emptyClimate);
    expect(foldClimate(once, { kind: "door-left" }, 9)).toBe(once);
  });
});

describe("the faults of the climate", () => {
  const heard: Probe = { ...newProbe, goodMs: nowMs, tempC: 20 };
  const of = (more: Partial<ClimateState>, durable: ClimateDurable = emptyClimate) =>
    climateFaults({ ...calm, probes: [heard, heard], ...more }, durable, nowMs, config).map(
      ({ code, subject }) => `${code}/${subject}`,
    );

  test.each<[string, Partial<ClimateState>, readonly string[]]>([
    ["none in a room that is well", { roomC: 20 }, []],
    ["a latch on its way to the log", { latching: "frozen" }, ["room-heater-latched/room"]],
    ["a hot room", { stop: "too-hot" }, ["room-too-hot/room"]],
    ["a sensor that was not heard", { probes: [heard, newProbe] }, ["room-sensor-lost/room-2"]],
    [
      "a sensor that is too old",
      { probes: [{ ...heard, goodMs: nowMs - config.staleMs, isFrozen: true }] },
      ["room-sensor-lost/room-1"],
    ],
    ["a frozen sensor", { probes: [{ ...heard, isFrozen: true }, heard] }, ["room-sensor-frozen/room-1"]],
    [
      "sensors that disagree long enough",
      { disagreeSinceMs: nowMs - config.disagreeMs },
      ["room-sensors-disagree/room"],
    ],
    ["sensors that disagree for a moment", { disagreeSinceMs: nowMs - config.disagreeMs + 1 }, []],
    ["a heater that does not heat", { noRise: { untilMs: 0, times: 1 } }, ["room-heater-no-rise/room"]],
    ["a room below the floor", { roomC: frostC - 0.1 }, ["room-frost/room"]],
    ["a room at the floor", { roomC: frostC }, []],
  ])("%s", (_says, more, faults) => {
    expect(of(more)).toEqual(faults);
  });

  test("a latch in the log", () => {
    expect(of({}, { mode: "auto", latch: { why: "welded", since: 0 } })).toEqual(["room-heater-latched/room"]);
  });
});
