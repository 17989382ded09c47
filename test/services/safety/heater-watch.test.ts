import { describe, expect, test } from "vitest";
import type { HeaterStop } from "../../../services/bay/stops.ts";
import { heaterStop, newHeat, watchHeat } from "../../../services/safety/heater-watch.ts";
import { findHeaterStop, lookAt, type Shown } from "../../support/bay-looks.ts";
import { pack } from "../../support/bench-config.ts";

/** As a BMS tells them: tenths of a degree, cut off. */
const tenths = (tempC: number): number => Math.floor(tempC * 10) / 10;
/** A pack of three sensors that warms by so many degrees a minute. */
const warming = (fromC: number, perMinute: number) => (second: number) => {
  const tempC = fromC + (perMinute * second) / 60;
  return [tenths(tempC), tenths(tempC + 0.4), tenths(tempC + 0.8)];
};
/** It lives and gets nowhere. */
const restless = (tempC: number) => (second: number) => [tempC + (second % 2) / 10];

type Row = readonly [
  says: string,
  tempsAt: (second: number) => readonly number[],
  stop: HeaterStop | undefined,
  /** The second it must be found in, or, where nothing may be found, how long to look. */
  seconds: number,
];

const rows: readonly Row[] = [
  ["a pack that warms by 0.6 °C a minute", warming(-30, 0.6), undefined, 3_600],
  ["a pack that warms by 0.2 °C a minute, as slow as an honest one gets", warming(-30, 0.2), undefined, 7_000],
  ["a pack that warms by a degree in 16 min", warming(-30, 1 / 16), "frozen", 300],
  ["sensors that live but get nowhere for a quarter of an hour", restless(-10), "no-rise", 901],
  [
    "a pack that stops warming half way",
    (s) => (s < 1_200 ? warming(-30, 0.5)(s) : restless(-20)(s)),
    "no-rise",
    2_100,
  ],
  ["a reading frozen from the start", () => [-10, -9.6], "frozen", 181],
  ["a reading frozen later", (s) => (s < 600 ? warming(-10, 0.5)(s) : [-5, -4.6]), "frozen", 661],
  ["a reading frozen for 59 s again and again", (s) => [tenths(-30 + Math.floor(s / 60) * 0.5)], undefined, 3_600],
  ["one sensor frozen of two", (s) => [-10.3, tenths(-10 + s / 120)], "no-rise", 901],
  [
    "a pack that cools by 2 °C under its heater",
    (s) => [tenths(s < 600 ? -20 + s / 100 : -14 - (s - 600) / 60)],
    "fell",
    721,
  ],
  [
    "a pack that dips by 1.9 °C and goes on",
    (s) => [tenths(-20 + s / 100 - (s % 300 < 30 ? 1.9 : 0))],
    undefined,
    3_000,
  ],
  ["one odd sample far below", (s) => [s === 100 ? -40 : tenths(-20 + s / 100)], undefined, 600],
  [
    "one odd sample far above, and no rise expected from it",
    (s) => [s === 100 ? 25 : tenths(-20 + s / 100)],
    undefined,
    2_000,
  ],
  ["one side above 30 °C in two samples", (s) => [tenths(2 + s / 200), s >= 50 ? 30.1 : 20], "overrun", 51],
  ["one side at 30 °C", (s) => [tenths(2 + s / 200), s % 2 === 0 ? 30 : 29.9], undefined, 800],
  ["a pack that warms well and never gets there", (s) => [tenths(-90 + s / 100)], "too-long", 7_201],
];

describe("under a heater that is on:", () => {
  for (const [says, tempsAt, stop, seconds] of rows) {
    test(`${says} ${stop === undefined ? "is left alone" : `trips as ${stop}`}`, () => {
      const found = findHeaterStop(stop === undefined ? seconds : seconds + 300, tempsAt);
      expect(found?.what).toBe(stop);
      if (found === undefined) return;
      expect(found.atS).toBeGreaterThanOrEqual(stop === "frozen" && seconds === 300 ? 181 : seconds);
      expect(found.atS).toBeLessThanOrEqual(seconds + 2);
    });
  }

  test("a heater without master enable is not blamed for what it cannot do", () => {
    expect(findHeaterStop(4_000, () => [-10], { powered: false })).toBeUndefined();
  });

  test("a sample that is seen twice counts once: a spike that stands for five looks trips nothing", () => {
    const shown = (s: number): Shown => {
      const sampledMs = Math.floor(s / 5) * 5_000;
      return { sampledMs, pack: { cellTempsC: [sampledMs === 50_000 ? 90 : tenths(-20 + sampledMs / 100_000)] } };
    };
    let watch = newHeat(0, lookAt(0, shown(0)).pack, 0);
    for (let s = 1; s < 120; s++) {
      const look = lookAt(s * 1_000, shown(s));
      const next = watchHeat(watch, look);
      expect(heaterStop(watch, next, look)).toBeUndefined();
      watch = next;
    }
  });
});

test("a pack that tells no temperature begins anew: nothing is held against a heater that nobody can judge", () => {
  const blind = pack("yz-1", { cellTempsC: [] });
  expect(newHeat(7_000, blind, 6_500)).toEqual({
    sinceMs: 7_000,
    fromC: 0,
    fromMs: 7_000,
    peakC: 0,
    temps: [],
    changedMs: 7_000,
    sampledMs: 6_500,
    lastMinC: 0,
    lastMaxC: 0,
  });
});
