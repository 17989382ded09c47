/** The site limit as the interlocks keep it: everything that draws power counts, whoever wanted it. */
import { describe, expect, test } from "vitest";
import { chargePowerW } from "../../services/charging/plan.ts";
import { interlock } from "../../services/interlocks.ts";
import { type BayLevels, restingBay, restingSafety } from "../../services/levels.ts";
import { calmAlerts } from "../../services/safety/alerts.ts";
import { pack } from "../support/bench-config.ts";
import { StationBench } from "../support/station-bench.ts";

const bench = new StationBench({ stock: { 1: pack("yz-1"), 2: pack("yz-2") } });
const facts = { nowMs: bench.nowMs, lockBay: undefined, masterEnabled: true, alerts: calmAlerts, latches: {} };

function granted(levels: Partial<BayLevels>, siteLimitW: number): number[] {
  const on = { ...restingBay(), chargeMv: 54_600, ...levels };
  const asked = { bays: [undefined, on, on], fans: {}, safety: restingSafety };
  const { bays } = interlock(asked, bench.readings(), facts, { ...bench.config, siteLimitW }).levels;
  return bays.flatMap((bay, number) => (bay !== undefined && (bay.chargeMa > 0 || bay.heater) ? [number] : []));
}

describe("the site limit", () => {
  test("counts a bay's heater on top of its charger", () => {
    const both = { chargeMa: 12_000, heater: true };
    // Two chargers draw 2 × 626 W, two heaters 2 × 100 W.
    expect(granted(both, 1_460)).toEqual([1, 2]);
    expect(granted(both, 1_400)).toEqual([1]);
    expect(granted({ chargeMa: 12_000 }, 1_400)).toEqual([1, 2]);
  });

  test("may be reached to the last watt, and not be passed by one", () => {
    const powerW = chargePowerW(12_000, 48_000, bench.config);
    expect(granted({ chargeMa: 12_000 }, 2 * powerW)).toEqual([1, 2]);
    expect(granted({ chargeMa: 12_000 }, 2 * powerW - 0.001)).toEqual([1]);
  });
});
