/** Whatever a state wants and whatever is read: what passed the interlocks is never asserted against. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type BayLevels, type Levels, restingBay, restingSafety } from "../../../services/levels.ts";
import type { Reading } from "../../../services/reading.ts";
import type { BayReadings, StationReadings } from "../../../services/readings.ts";
import { breachOf } from "../../../services/safety/assertions.ts";
import { grantLevels } from "../../../services/station/grant.ts";
import { pack } from "../../support/bench-config.ts";
import { StationBench } from "../../support/station-bench.ts";
import { propertyRuns } from "../station/histories.ts";

const bench = new StationBench({ stock: { 1: pack("yz-1") }, allSafety: true });
const { nowMs } = bench;
const good = <T>(value: T): Reading<T> => ({ value, atMs: nowMs, quality: "good" });
const on = (levels: Partial<BayLevels>): BayLevels => ({ ...restingBay(), chargeMv: 54_600, ...levels });

describe("whatever a state wants", () => {
  const reading = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<Reading<T> | undefined> =>
    fc.option(
      fc.record({
        value,
        atMs: fc.constantFrom(nowMs, nowMs, nowMs, nowMs - 1_999, nowMs - 4_999, nowMs - 5_001, nowMs - 10_001, 0),
        quality: fc.constantFrom(
          "good" as const,
          "good" as const,
          "good" as const,
          "stale" as const,
          "invalid" as const,
        ),
      }),
      { nil: undefined, freq: 10 },
    );
  const temps = fc.array(fc.constantFrom(-0.1, 0, 10, 30, 45, 45.1, 60, 70.5, 500, Number.NaN), { maxLength: 3 });
  const bay: fc.Arbitrary<BayReadings> = fc.record({
    doorShut: reading(fc.boolean()),
    latched: reading(fc.boolean()),
    present: reading(fc.boolean()),
    pack: reading(temps.map((cellTempsC) => pack("yz-1", { cellTempsC }))),
    charger: fc.constant(undefined),
  });
  const wanted = fc.record({ chargeMa: fc.constantFrom(0, 4_800, 12_000, 1_000_000), heater: fc.boolean() }).map(on);
  const smoke = reading(fc.constantFrom(false, false, false, true));
  const turn = fc.option(
    fc.record({
      bay: fc.constantFrom(1, 2, 3, 4),
      sinceMs: fc.constantFrom(nowMs, nowMs - 999, nowMs - 2_999),
      freeMs: fc.constantFrom(undefined, nowMs - 1, nowMs + 400),
    }),
    { nil: undefined },
  );

  test("nothing is asserted over it once it passed the interlocks", () => {
    const four = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: 4, maxLength: 4 });
    const siteLimitW = fc.constantFrom(100, 800, 25_000);
    const everything = fc.record({ seen: four(bay), wants: four(wanted), told: smoke, lockTurn: turn, siteLimitW });
    fc.assert(
      fc.property(everything, ({ seen, wants, told, lockTurn, siteLimitW }) => {
        const cabinets = { "c-1": { smoke: told, conductor: good(false), water: good(false), airTempC: undefined } };
        const station = { emergencyStop: good(false) };
        const all: StationReadings = { bays: [undefined, ...seen], cabinets, station };
        const limited = { ...bench.config, siteLimitW };
        const state = { ...bench.state, lockTurn };
        const wish: Levels = { bays: [undefined, ...wants], fans: {}, safety: restingSafety };
        const input = { nowMs, readings: all, masterEnabled: true };
        const granted = grantLevels(state, input, { ...bench.context, config: limited }, wish).levels;
        const judged = { levels: granted, state, readings: all, config: limited, nowMs, untilMs: nowMs + 1_900 };
        expect(breachOf(judged)).toBeUndefined();
      }),
      { numRuns: propertyRuns * 20 },
    );
  });
});
