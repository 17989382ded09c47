import { describe, expect, test } from "vitest";
import { ChargingConfig, SafetyConfig } from "../../../services/config.ts";
import { bayLimits } from "../../../services/safety/bay-limits.ts";

type Limit = readonly [key: string, loosest: number, beyond: number];

/** The loosest value of each number that a configuration may ask for, and one beyond it. Written down a second time on purpose. */
const safety: readonly Limit[] = [
  ["chargeMinC", 0, -0.1],
  ["fullCurrentMinC", 5, 4.9],
  ["chargeMaxC", 45, 45.1],
  ["hotPackC", 70, 70.1],
  ["packHeardMs", 5_000, 5_001],
  ["contactHeardMs", 5_000, 5_001],
  ["smokeHeardMs", 10_000, 10_001],
  ["hardLimitC", 70, 70.1],
  ["temperatureSpreadC", 30, 30.1],
  ["cellMaxMv", 4_250, 4_251],
  ["cellMinMv", 2_000, 1_999],
  ["spreadMv", 100, 101],
  ["spreadAboveMv", 3_800, 3_801],
  ["cellFlawMs", 30_000, 30_001],
  ["leakageMa", 800, 801],
  ["leakageMs", 30_000, 30_001],
  ["overCurrentMa", 1_000, 1_001],
  ["overCurrentMs", 30_000, 30_001],
  ["deliversMa", 500, 501],
  ["deliversMs", 10_000, 10_001],
  ["strayMa", 500, 501],
  ["strayMs", 10_000, 10_001],
  ["noProgressMs", 1_800_000, 1_800_001],
  ["noCurrentMs", 3_600_000, 3_600_001],
  ["noCurrentMa", 10, 9],
  ["chargeMaxMs", 43_200_000, 43_200_001],
  ["repeatStops", 5, 6],
  ["silentProbeMs", 30_000, 30_001],
  ["silentProbes", 3, 4],
  ["lockHeldMs", 10_000, 10_001],
  ["heatMaxC", 30, 30.1],
  ["heaterFallC", 5, 5.1],
  ["heaterLagMs", 300_000, 300_001],
  ["heaterFrozenMs", 300_000, 300_001],
  ["weldedRiseC", 5, 5.1],
  ["weldedAboveAirC", 15, 15.1],
  ["weldedSettleMs", 900_000, 900_001],
];

const charging: readonly Limit[] = [
  ["heaterMaxOnMs", 14_400_000, 14_400_001],
  ["noRiseMs", 1_800_000, 1_800_001],
];

describe("a configuration that loosens a safety number", () => {
  for (const [key, loosest, beyond] of safety) {
    test(`is refused: safety.${key} may be ${loosest}, never ${beyond}`, () => {
      expect(SafetyConfig.safeParse({ [key]: loosest }).success).toBe(true);
      expect(SafetyConfig.safeParse({ [key]: beyond }).success).toBe(false);
    });
  }
  for (const [key, loosest, beyond] of charging) {
    test(`is refused: charging.${key} may be ${loosest}, never ${beyond}`, () => {
      expect(ChargingConfig.safeParse({ [key]: loosest }).success).toBe(true);
      expect(ChargingConfig.safeParse({ [key]: beyond }).success).toBe(false);
    });
  }

  test("is refused for what is no number as well", () => {
    for (const key of Object.keys(bayLimits)) {
      for (const value of [Number.NaN, Number.POSITIVE_INFINITY, null, "1"]) {
        expect(SafetyConfig.safeParse({ [key]: value }).success, `${key} = ${value}`).toBe(false);
      }
    }
  });

  test("is tried here for every number of bay safety there is", () => {
    const tried = new Set(safety.map(([key]) => key));
    expect(Object.keys(bayLimits).filter((key) => !tried.has(key))).toEqual([]);
  });
});
