/** What a configuration of the climate may say: each kind of bound, the hours, and how far cooling stays from heating. */
import { describe, expect, test } from "vitest";
import { ClimateConfig } from "../../../services/climate/config.ts";

const taken = (settings: object): boolean => ClimateConfig.safeParse(settings).success;

describe("the bounds of the climate's settings", () => {
  type Row = readonly [name: string, bounds: readonly [number, number, step: number], set: (value: number) => object];
  test.each<Row>([
    ["a time", [60_000, 3_600_000, 1], (changeoverMs) => ({ changeoverMs })],
    ["a temperature", [0.3, 3, 0.01], (hysteresisC) => ({ hysteresisC })],
    ["minutes of preheating", [0, 240, 1], (preheatMinutesMax) => ({ preheatMinutesMax })],
    ["sensors", [1, 4, 1], (sensors) => ({ sensors })],
    ["power for a degree", [1, 100, 0.1], (gainPctPerC) => ({ proportional: { gainPctPerC } })],
    ["power for a degree and minute", [0, 20, 0.1], (resetPctPerCMin) => ({ proportional: { resetPctPerCMin } })],
    ["the least power", [0, 50, 0.1], (minPct) => ({ proportional: { minPct } })],
  ])("%s within %j is taken, and nothing beyond", (_name, [least, most, step], set) => {
    const found = [least - step, least, (least + most) / 2, most, most + step].map((value) =>
      taken(set(Number.isInteger(step) ? Math.floor(value) : value)),
    );
    expect(found).toEqual([false, true, true, true, false]);
  });

  test("milliseconds and sensors are whole", () => {
    expect([taken({ changeoverMs: 60_000.5 }), taken({ sensors: 1.5 })]).toEqual([false, false]);
  });

  test("an unknown setting is refused, and so is one too many period", () => {
    const at = (n: number) => ({ from: `${String(n).padStart(2, "0")}:00` });
    const periods = (count: number) => Array.from({ length: count }, (_unused, n) => at(n));
    expect([taken({ warmth: 1 }), taken({ periods: periods(12) }), taken({ periods: periods(13) })]).toEqual([
      false,
      true,
      false,
    ]);
    expect([taken({ periods: [] }), taken({ proportional: { more: 1 } })]).toEqual([false, false]);
    expect(taken({ periods: [{ ...at(0), more: 1 }] })).toBe(false);
  });
});

describe("the hour of a period", () => {
  test.each(["00:00", "09:59", "19:30", "20:00", "23:59"])("%s is one", (from) => {
    expect(taken({ periods: [{ from }] })).toBe(true);
  });

  test.each(["24:00", "23:60", "6:00", "06:0", "06:00 ", "06:000", " 06:00", "106:00", "-6:00", "06-00", "aa:bb"])(
    "%j is none",
    (from) => {
      expect(taken({ periods: [{ from }] })).toBe(false);
    },
  );
});

describe("cooling and heating", () => {
  const period = (more: object = {}) => ({
    from: "00:00",
    heatC: 22,
    emptyHeatC: 20,
    coolC: 24,
    emptyCoolC: 26,
    ...more,
  });
  const issues = (settings: object) => ClimateConfig.safeParse(settings).error?.issues ?? [];

  test.each<[string, object, boolean]>([
    ["two degrees apart", { periods: [period()] }, true],
    ["closer than two degrees", { periods: [period({ heatC: 22.1 })] }, false],
    ["closer by a small hysteresis", { hysteresisC: 0.3, periods: [period({ heatC: 22.1 })] }, false],
    ["two degrees apart with a wide hysteresis", { hysteresisC: 1.5, periods: [period()] }, false],
    ["three degrees apart with that", { hysteresisC: 1.5, periods: [period({ heatC: 21 })] }, true],
    ["closer while the room is empty, by the cooler", { periods: [period({ emptyCoolC: 23.9 })] }, false],
    ["closer while the room is empty, by the heater", { periods: [period({ emptyHeatC: 22.1 })] }, false],
    ["closer in the second period", { periods: [period(), period({ from: "12:00", heatC: 23 })] }, false],
  ])("%s: %#", (_says, settings, isTaken) => {
    expect(taken(settings)).toBe(isTaken);
  });

  test("that come too close are told at the periods, and so are periods out of order, in both languages", () => {
    const close = { periods: [period({ heatC: 24 })] };
    const turned = { periods: [{ from: "12:00" }, { from: "06:00" }] };
    for (const settings of [close, turned]) {
      const [issue] = issues(settings);
      expect(issue?.path).toEqual(["periods"]);
      expect(issue?.message).toMatch(/^[a-z ]{20,}$/);
      expect((issue as { params?: { zh?: string } }).params?.zh).toMatch(/^\p{Script=Han}{8,}$/u);
    }
  });
});
