/** One room sensor and what the room looks like by all of them, at the edge of each number. */
import { describe, expect, test } from "vitest";
import { ClimateConfig } from "../../../services/climate/config.ts";
import { isHeard, ledBy, newProbe, type Probe, watchProbe } from "../../../services/climate/probe.ts";
import type { ClimateLook, RoomSample } from "../../../services/climate/readings.ts";
import { sightOf } from "../../../services/climate/sight.ts";
import { type ClimateState, newClimate } from "../../../services/climate/state.ts";
import type { Quality, Reading } from "../../../services/reading.ts";

const config = ClimateConfig.parse({});
const nowMs = 100_000_000;
const { rangeMinC, rangeMaxC, hardLimitC, frozenMs, staleMs } = config;

/** Believed a second ago at 20 °C, and doubted and over since. */
const was: Probe = {
  ...newProbe,
  sampledMs: nowMs - 1_000,
  goodMs: nowMs - 1_000,
  tempC: 20,
  rawC: 20,
  rawPct: 40,
  changedMs: nowMs - 1_000,
  doubtC: 26,
  overs: 1,
};
const sample = (tempC: number, humidityPct = 40, quality: Quality = "good"): Reading<RoomSample> => ({
  value: { tempC, humidityPct },
  atMs: nowMs,
  quality,
});
const watched = (reading: Reading<RoomSample> | undefined, heatingSinceMs?: number, from = was): Probe =>
  watchProbe(from, reading, { nowMs, heatingSinceMs }, config);

describe("a sample", () => {
  test.each<[string, Reading<RoomSample>]>([
    ["below its range", sample(rangeMinC - 0.1)],
    ["above its range", sample(rangeMaxC + 0.1)],
    ["that is no number", sample(Number.NaN)],
    ["that is infinite", sample(Number.POSITIVE_INFINITY)],
    ["that is stale", sample(21, 41, "stale")],
    ["that is nonsense", sample(21, 41, "invalid")],
  ])("%s is none: nothing but its time is kept, and doubt and overs are over", (_what, reading) => {
    expect(watched(reading)).toEqual({ ...was, sampledMs: nowMs, doubtC: undefined, overs: 0 });
  });

  test("at both ends of its range is one", () => {
    expect([rangeMinC, rangeMaxC].map((tempC) => watched(sample(tempC)).rawC)).toEqual([rangeMinC, rangeMaxC]);
  });

  test("counts as over the hard limit above it, not at it, and not more than twice in a row", () => {
    const overs = (tempC: number, before: number) => watched(sample(tempC), undefined, { ...was, overs: before }).overs;
    expect([overs(hardLimitC, 1), overs(hardLimitC + 0.1, 0), overs(46, 1), overs(46, 2)]).toEqual([0, 1, 2, 2]);
  });

  test("is taken once, and not before its time", () => {
    expect(watched(undefined)).toBe(was);
    expect(watched({ ...sample(21), atMs: nowMs + 1 })).toBe(was);
    expect(watched({ ...sample(21), atMs: nowMs - 1_000 })).toBe(was);
    expect(watched({ ...sample(21), atMs: nowMs - 999 }).tempC).toBe(21);
    expect(watched(sample(20), undefined, newProbe)).toMatchObject({ sampledMs: nowMs, doubtC: 20, goodMs: undefined });
    expect(watched({ ...sample(20), atMs: nowMs + 1 }, undefined, newProbe)).toBe(newProbe);
  });
});

describe("a frozen sensor", () => {
  const still: Probe = { ...was, changedMs: nowMs - frozenMs };
  const frozen: Probe = { ...still, isFrozen: true, frozenMs: nowMs - 5 };

  test("is one whose sample stays the same to the last digit, for long, under the heater", () => {
    expect(watched(sample(20), nowMs - frozenMs, still)).toMatchObject({ isFrozen: true, frozenMs: nowMs });
    expect(watched(undefined, nowMs - frozenMs, still)).toMatchObject({ isFrozen: true, frozenMs: nowMs });
    expect(watched(undefined, nowMs - frozenMs + 1, still)).toBe(still);
    expect(watched(undefined, nowMs - frozenMs, { ...still, changedMs: still.changedMs + 1 }).isFrozen).toBe(false);
    expect(watched(undefined, undefined, still)).toBe(still);
  });

  test("moves when its warmth or its humidity does, and is frozen no more", () => {
    const moves = (reading: Reading<RoomSample>) => {
      const { changedMs, isFrozen, frozenMs: sinceMs } = watched(reading, undefined, frozen);
      return [changedMs, isFrozen, sinceMs];
    };
    expect(moves(sample(20.1))).toEqual([nowMs, false, undefined]);
    expect(moves(sample(20, 41))).toEqual([nowMs, false, undefined]);
    expect(moves(sample(20))).toEqual([frozen.changedMs, true, nowMs - 5]);
  });

  test("stays frozen since it froze, and leads nothing though it is heard", () => {
    expect(watched(undefined, 0, frozen)).toBe(frozen);
    expect([ledBy(frozen, nowMs, config), ledBy(still, nowMs, config)]).toEqual([undefined, 20]);
  });

  test("and any other is heard for as long as its last good sample is young", () => {
    const heard = (goodMs: number | undefined) => isHeard({ ...was, goodMs }, nowMs, config);
    expect([nowMs - staleMs, nowMs - staleMs + 1, undefined].map(heard)).toEqual([false, true, false]);
  });
});

describe("what the room looks like", () => {
  const good = (tempC: number, more: Partial<Probe> = {}): Probe => ({
    ...was,
    tempC,
    rawC: tempC,
    doubtC: undefined,
    overs: 0,
    ...more,
  });
  const calm: ClimateState = { ...newClimate(0, 2), probes: [good(20), good(20)], seenMs: nowMs - 7 };
  const contact = (value: boolean, agoMs = 0): Reading<boolean> => ({ value, atMs: nowMs - agoMs, quality: "good" });
  const quiet: ClimateLook = {
    nowMs,
    minuteOfDay: 720,
    sensors: [],
    occupied: contact(false),
    doorShut: contact(true),
    outsideC: 0,
    powered: true,
  };
  const seen = (more: Partial<ClimateState> = {}, look: Partial<ClimateLook> = {}) =>
    sightOf({ ...calm, ...more }, { ...quiet, ...look }, config);

  test("has one probe a sensor from the start", () => {
    expect(newClimate(0, 3).probes).toEqual([newProbe, newProbe, newProbe]);
  });

  test("is frozen only by a heater that is on, since it is on", () => {
    const still = good(20, { changedMs: 0 });
    const isFrozen = (more: Partial<ClimateState>) => seen({ probes: [still], ...more }).probes[0]?.isFrozen;
    expect(isFrozen({ at: "heat", sinceMs: nowMs - frozenMs })).toBe(true);
    expect(isFrozen({ at: "heat", sinceMs: nowMs - frozenMs + 1 })).toBe(false);
    expect(isFrozen({ at: "rest", sinceMs: 0 })).toBe(false);
    expect(isFrozen({ at: "cool", sinceMs: 0 })).toBe(false);
  });

  test("is the coldest, the hottest and the mean of the sensors that lead", () => {
    expect(seen({ probes: [good(18), newProbe, good(21)] })).toMatchObject({
      temps: [18, undefined, 21],
      room: { coldC: 18, hotC: 21, meanC: 19.5 },
    });
    expect(seen({ probes: [newProbe] }).room).toBeUndefined();
  });

  test("disagrees when sensors stay further apart than they may, for long enough", () => {
    const apart = (byC: number, since?: number) => {
      const { disagreeSinceMs, disagrees } = seen({ probes: [good(0), good(byC)], disagreeSinceMs: since });
      return [disagreeSinceMs, disagrees];
    };
    const { disagreeC, disagreeMs } = config;
    expect(apart(disagreeC)).toEqual([undefined, false]);
    expect(apart(disagreeC, nowMs - disagreeMs)).toEqual([undefined, false]);
    expect(apart(disagreeC + 0.1)).toEqual([nowMs, false]);
    expect(apart(disagreeC + 0.1, nowMs - disagreeMs + 1)).toEqual([nowMs - disagreeMs + 1, false]);
    expect(apart(disagreeC + 0.1, nowMs - disagreeMs)).toEqual([nowMs - disagreeMs, true]);
    const high = seen({ probes: [good(20), good(20)] });
    expect(high.disagreeSinceMs).toBeUndefined();
    expect(seen({ probes: [newProbe, newProbe] }).disagreeSinceMs).toBeUndefined();
  });

  test("is too hot by a sample that was heard, or taken a moment ago though it was not believed", () => {
    const overs = (more: Partial<Probe>) => seen({ probes: [good(20), good(44, more)] }).overs;
    expect(overs({ overs: 1 })).toBe(1);
    expect(overs({ overs: 2 })).toBe(2);
    expect(overs({ overs: 2, goodMs: undefined, sampledMs: nowMs - staleMs + 1 })).toBe(2);
    expect(overs({ overs: 2, goodMs: undefined, sampledMs: nowMs - staleMs })).toBe(0);
    expect(overs({ overs: 2, goodMs: nowMs - 1, sampledMs: nowMs - staleMs })).toBe(2);
    expect(overs({ overs: 2, goodMs: undefined, sampledMs: undefined })).toBe(0);
    expect(seen({ probes: [] }).overs).toBe(0);
  });

  test("is empty when nobody was seen for long; what is not heard may be people", () => {
    const { emptyAfterMs, presenceHeardMs } = config;
    const people = (occupied: Reading<boolean> | undefined, seenMs: number) => {
      const found = seen({ seenMs }, { occupied });
      return [found.seenMs, found.isEmpty];
    };
    expect(people(contact(false), nowMs - emptyAfterMs + 1)).toEqual([nowMs - emptyAfterMs + 1, false]);
    expect(people(contact(false), nowMs - emptyAfterMs)).toEqual([nowMs - emptyAfterMs, true]);
    expect(people(contact(true), 0)).toEqual([nowMs, false]);
    expect(people(undefined, 0)).toEqual([nowMs, false]);
    expect(people(contact(false, presenceHeardMs + 1), 0)).toEqual([nowMs, false]);
  });

  test("has its door open when it is heard to be, for long enough", () => {
    const { doorOpenMs } = config;
    const door = (doorShut: Reading<boolean> | undefined, sinceMs?: number) => {
      const found = seen({ doorOpenSinceMs: sinceMs }, { doorShut });
      return [found.doorOpenSinceMs, found.isDoorOpen];
    };
    expect(door(contact(true), 0)).toEqual([undefined, false]);
    expect(door(undefined, 0)).toEqual([undefined, false]);
    expect(door(contact(false))).toEqual([nowMs, false]);
    expect(door(contact(false), nowMs - doorOpenMs + 1)).toEqual([nowMs - doorOpenMs + 1, false]);
    expect(door(contact(false), nowMs - doorOpenMs)).toEqual([nowMs - doorOpenMs, true]);
  });
});
