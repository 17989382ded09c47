import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chargePowerW } from "../../services/charging/plan.ts";
import type { StationConfig } from "../../services/config.ts";
import { interlock, type Removal } from "../../services/interlocks.ts";
import { type BayLevels, type Levels, restingSafety } from "../../services/levels.ts";
import type { Quality, Reading } from "../../services/reading.ts";
import {
  type BayReadings,
  emptyCabinetReadings,
  type PackReading,
  type StationReadings,
} from "../../services/readings.ts";
import { calmAlerts } from "../../services/safety/alerts.ts";
import { benchConfig, deepFreeze, pack } from "../support/bench-config.ts";
import { hotBeside, whyNotPowered } from "../support/charge-rules.ts";
import { propertyRuns } from "./station/histories.ts";

const nowMs = 100_000;
const calm = { alerts: calmAlerts, latches: {} } as const;

const quality = fc.constantFrom<Quality>("good", "good", "good", "stale", "invalid");
const read = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<Reading<T> | undefined> =>
  fc.option(
    fc.record({ value, atMs: fc.constantFrom(nowMs, nowMs, nowMs - 1_999, nowMs - 5_001, 0, nowMs + 1), quality }),
    { nil: undefined, freq: 8 },
  );
const temps = fc.array(fc.constantFrom(-273, -0.001, 0, 10, 10, 10, 30, 30.1, 45, 45.001, 60, 500), { maxLength: 3 });
const anyPack = fc.record({
  cellTempsC: temps,
  packMv: fc.constantFrom(0, 25_999, 30_000, 48_000, 48_000, 55_251, 65_535_0),
  cellsMv: fc.array(fc.constantFrom(0, 1_999, 2_000, 3_600, 3_600, 4_250, 4_251), { maxLength: 3 }),
  protectionBits: fc.oneof(fc.constant(0), fc.constant(0), fc.integer({ min: 0, max: 0xffff })),
});
const anyBay: fc.Arbitrary<BayReadings> = fc.record({
  doorShut: read(fc.constantFrom(true, true, true, false)),
  latched: read(fc.constantFrom(true, true, true, false)),
  present: read(fc.constantFrom(true, true, true, false)),
  pack: read(
    fc.option(
      anyPack.map((more): PackReading => pack("yz-1", more)),
      { nil: undefined, freq: 8 },
    ),
  ),
  charger: read(fc.record({ outMv: fc.integer({ min: 0, max: 60_000 }), outMa: fc.integer({ min: 0, max: 30_000 }) })),
});
const anyLevels: fc.Arbitrary<BayLevels> = fc.record({
  chargeMa: fc.constantFrom(0, 1, 4_800, 12_000, 1_000_000),
  chargeMv: fc.constant(54_600),
  heater: fc.boolean(),
  attended: fc.boolean(),
  watchPack: fc.boolean(),
});
const world = fc.record({
  bays: fc.array(anyBay, { minLength: 4, maxLength: 4 }),
  levels: fc.array(anyLevels, { minLength: 4, maxLength: 4 }),
  smoke: read(fc.constantFrom(false, false, false, true)),
  lockBay: fc.constantFrom(undefined, 1, 2),
  masterEnabled: fc.constantFrom(true, true, true, false),
  siteLimitW: fc.constantFrom(0, 100, 800, 2_000, 25_000),
});

function totalW(levels: Levels, readings: StationReadings, limited: StationConfig): number {
  let sumW = 0;
  for (const [bay, level] of levels.bays.entries()) {
    if (level === undefined) continue;
    const packMv = readings.bays[bay]?.pack?.value?.packMv ?? limited.packs.chargeMv;
    sumW += chargePowerW(level.chargeMa, packMv, limited) + (level.heater ? limited.charging.heaterW : 0);
  }
  return sumW;
}

describe("whatever is wanted and whatever is read", () => {
  test("the interlocks only ever take away, name each removal, leave nothing that the rules forbid, and keep the site limit", () => {
    fc.assert(
      fc.property(world, ({ bays, levels, smoke, lockBay, masterEnabled, siteLimitW }) => {
        const limited = { ...benchConfig({ baysEach: 4 }), siteLimitW };
        const readings = deepFreeze({
          bays: [undefined, ...bays],
          cabinets: { "c-1": { ...emptyCabinetReadings(), smoke } },
          station: { emergencyStop: undefined },
        });
        const asked = deepFreeze({ bays: [undefined, ...levels], fans: {}, safety: restingSafety });
        const { levels: granted, removed } = interlock(
          asked,
          readings,
          { nowMs, lockBay, masterEnabled, ...calm },
          limited,
        );
        for (let bay = 1; bay <= 4; bay++) {
          const was = levels[bay - 1];
          const now = granted.bays[bay];
          if (was === undefined || now === undefined) throw new Error("a bay is missing");
          expect(now).toEqual({ ...was, chargeMa: now.chargeMa, heater: now.heater });
          expect(now.chargeMa === was.chargeMa || now.chargeMa === 0).toBe(true);
          expect(now.heater && !was.heater).toBe(false);
          const lost = (what: Removal["what"]) =>
            removed.some((removal) => removal.bay === bay && removal.what === what);
          expect(lost("charge")).toBe(was.chargeMa > 0 && now.chargeMa === 0);
          expect(lost("heat")).toBe(was.heater && !now.heater);
          if (now.chargeMa === 0 && !now.heater) continue;
          expect(whyNotPowered(now, readings.bays[bay], nowMs)).toBeUndefined();
          expect(hotBeside(readings.bays, [bay - 1, bay + 1], nowMs)).toBe(false);
          expect([masterEnabled, lockBay === bay, smoke?.value]).toEqual([true, false, false]);
        }
        expect(totalW(granted, readings, limited)).toBeLessThanOrEqual(siteLimitW);
      }),
      { numRuns: propertyRuns * 20 },
    );
  });
});
