import { describe, expect, test } from "vitest";
import { GridMeter } from "../../../simulator/models/grid.ts";
import { createRoom } from "../../../simulator/models/room.ts";
import { createWeather } from "../../../simulator/models/weather.ts";
import { createRandom } from "../../../simulator/random.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const JANUARY = Date.UTC(2026, 0, 1);
const JULY = Date.UTC(2026, 6, 1);

function month(startMs: number, seed = "sky"): number[] {
  const weather = createWeather({}, startMs, createRandom(seed));
  return Array.from({ length: 30 * 24 }, (_unused, hour) => weather.outdoorC(hour * HOUR));
}
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("the weather", () => {
  test("has winters and summers as the north-east of China has", () => {
    expect(mean(month(JANUARY))).toBeGreaterThan(-20);
    expect(mean(month(JANUARY))).toBeLessThan(-6);
    expect(mean(month(JULY))).toBeGreaterThan(18);
    expect(mean(month(JULY))).toBeLessThan(31);
  });

  test("is warmer in the afternoon than before dawn", () => {
    const hours = month(JANUARY);
    const at = (hour: number) => mean(hours.filter((_value, index) => index % 24 === hour));
    expect(at(15) - at(4)).toBeGreaterThan(7);
  });

  test("says the same whoever asks, in whatever order and however often", () => {
    const forwards = createWeather({}, JANUARY, createRandom("sky"));
    const backwards = createWeather({}, JANUARY, createRandom("sky"));
    const times = Array.from({ length: 200 }, (_unused, at) => at * 1_234_567);
    const one = times.map((atMs) => forwards.outdoorC(atMs));
    const other = times.toReversed().map((atMs) => backwards.outdoorC(atMs));
    expect(other.toReversed()).toEqual(one);
    expect(month(JANUARY, "another")).not.toEqual(month(JANUARY));
  });

  test("changes slowly: never by more than three degrees in ten minutes", () => {
    const weather = createWeather({}, JANUARY, createRandom("slow"));
    for (let atMs = 0; atMs < 30 * DAY; atMs += 600_000) {
      expect(Math.abs(weather.outdoorC(atMs + 600_000) - weather.outdoorC(atMs))).toBeLessThan(3);
    }
  });

  test("can be nailed down", () => {
    const weather = createWeather({ fixedC: -32 }, JANUARY, createRandom("any"));
    expect([0, HOUR, DAY].map((atMs) => weather.outdoorC(atMs))).toEqual([-32, -32, -32]);
  });
});

describe("the room", () => {
  const fixed = (fixedC: number) => createWeather({ fixedC }, JANUARY, createRandom("any"));
  test("stays near what it is kept at, a little cold at -32 °C and warm in the heat", () => {
    const roomAt = (fixedC: number) => createRoom({ keptC: 18, outdoors: false }, fixed(fixedC)).tempC(0);
    expect(roomAt(-32)).toBeCloseTo(15);
    expect(roomAt(18)).toBe(18);
    expect(roomAt(34)).toBeCloseTo(26);
    expect(createRoom({ keptC: 18, outdoors: true }, fixed(-32)).tempC(0)).toBe(-32);
  });
});

describe("the mains meter", () => {
  test("adds up power over time, keeps the peak, and prices each hour", () => {
    const meter = new GridMeter(2, JANUARY);
    meter.report(0, 1_000, 0);
    meter.report(1, 500, HOUR / 2);
    meter.report(0, 0, HOUR);
    meter.settle(2 * HOUR);
    expect(meter.energyJ / HOUR).toBeCloseTo(1 + 0.25 + 0.5, 9);
    expect(meter.peakW).toBe(1_500);
    expect(meter.cost).toBeCloseTo(1.75 * 0.35, 9);
  });

  test("splits a long constant load at the hours' edges", () => {
    const meter = new GridMeter(1, JANUARY);
    meter.report(0, 1_000, 0);
    meter.settle(DAY);
    // Seven night hours and the last one at 0.35, seven peak hours at 1.00, nine others at 0.65.
    expect(meter.cost).toBeCloseTo(8 * 0.35 + 7 * 1 + 9 * 0.65, 9);
  });
});
