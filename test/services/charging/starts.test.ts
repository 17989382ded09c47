import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chargePowerW, planCharging } from "../../../services/charging/plan.ts";
import { benchConfig } from "../../support/bench-config.ts";
import { propertyRuns } from "../station/histories.ts";

const config = benchConfig({ siteLimitW: 1_500 });

/** What one bay with an empty pack is granted where nobody else asks. */
function grantedMa(siteLimitW: number, { wasMa = 0, packMv = 48_000 }): number {
  const ask = { bay: 1, sinceMs: 1, wantMa: 12_000, wantHeat: false, packMv, wasMa };
  return planCharging([ask], { ...config, siteLimitW }).get(1)?.chargeMa ?? 0;
}

describe("a charger under a site limit that is nearly used up", () => {
  test("starts only what fits with the voltage at which charging ends, and lets what runs go on", () => {
    const { chargeMv } = config.packs;
    const endW = chargePowerW(12_000, chargeMv, config);
    for (const wasMa of [0, 4_800])
      expect([grantedMa(endW, { wasMa }), grantedMa(endW - 1, { wasMa })]).toEqual([12_000, 0]);
    expect(grantedMa(endW - 1, { wasMa: 12_000 })).toBe(12_000);
  });

  test("never cuts again what it started a moment ago, whatever the pack's voltage rises to", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 600, max: 760, noNaN: true }),
        fc.integer({ min: 40_000, max: 53_000 }),
        fc.integer({ min: 0, max: 1_600 }),
        (siteLimitW, restingMv, riseMv) => {
          const started = grantedMa(siteLimitW, { packMv: restingMv });
          if (started === 0) return;
          // Within what the charger's own voltage allows, less what is kept for the next rise.
          const packMv = Math.min(restingMv + riseMv, config.packs.chargeMv / 1.03);
          expect(grantedMa(siteLimitW, { wasMa: started, packMv })).toBe(started);
        },
      ),
      { numRuns: propertyRuns * 5 },
    );
  });
});
