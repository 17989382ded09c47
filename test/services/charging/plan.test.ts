import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type ChargeAsk,
  chargePowerW,
  planCharging,
  reservedW,
  wantedChargeMa,
  wantsHeat,
} from "../../../services/charging/plan.ts";
import { emptyDurable } from "../../../services/journal/durable.ts";
import { newHeat } from "../../../services/safety/heater-watch.ts";
import type { BayState } from "../../../services/station/state.ts";
import { bootState } from "../../../services/station/state.ts";
import { benchConfig, benchContext, pack } from "../../support/bench-config.ts";
import { restock } from "../../support/restock.ts";
import { StationBench } from "../../support/station-bench.ts";
import { propertyRuns } from "../station/histories.ts";

const config = benchConfig({ siteLimitW: 1_500 });

function bayState(more: Partial<BayState> = {}): BayState {
  const state = bootState(benchContext(config), emptyDurable, 0).bays[1];
  if (state === undefined) throw new Error("the bench has no bay 1");
  return { ...state, ...more };
}

const at = (minC: number, maxC = minC) => pack("yz-1", { cellTempsC: [minC, maxC] });

describe("the current a pack is asked for", () => {
  const rows: readonly (readonly [string, number, number, number])[] = [
    // says, coldest, hottest, current wanted of a pack at rest
    ["nothing far below the gate", -20, -18, 0],
    ["nothing at the gate itself", 0, 4, 0],
    ["nothing within its margin", 0.9, 4, 0],
    ["a fifth of the capacity above it", 1, 4, 4_800],
    ["a fifth of the capacity just below 5 °C", 4.9, 20, 4_800],
    ["all of it from 5 °C", 5, 20, 12_000],
    ["all of it up to 45 °C", 20, 44.9, 12_000],
    ["nothing at 45 °C", 20, 45, 0],
  ];
  for (const [says, minC, maxC, wantMa] of rows) {
    test(`is ${says} (${minC}..${maxC} °C)`, () => {
      expect(wantedChargeMa(at(minC, maxC), bayState(), config)).toBe(wantMa);
    });
  }

  test("does not toggle in the noise around the gate: what charges goes on down to half the margin", () => {
    const charging = bayState({ chargeMa: 4_800 });
    expect(wantedChargeMa(at(0.5), charging, config)).toBe(4_800);
    expect(wantedChargeMa(at(0.4), charging, config)).toBe(0);
  });

  test("is nothing for a pack that is full, stopped, too low, without a thermometer, or that forbids it", () => {
    expect(wantedChargeMa(at(20), bayState({ full: true }), config)).toBe(0);
    for (const stop of ["hot", "damaged", "leakage", "foreign"] as const)
      expect(wantedChargeMa(at(20), bayState({ stop }), config)).toBe(0);
    expect(wantedChargeMa(pack("yz-1", { packMv: 25_999 }), bayState(), config)).toBe(0);
    expect(wantedChargeMa(pack("yz-1", { cellTempsC: [] }), bayState(), config)).toBe(0);
    expect(wantedChargeMa(pack("yz-1", { protectionBits: 1 << 2 }), bayState(), config)).toBe(0);
  });

  test("is nothing for a pack in a latched bay, or one whose flaw is not proven yet", () => {
    const latch = { cabinet: "c-1", why: "over-temperature", since: 0 } as unknown as BayState["latch"];
    expect(wantedChargeMa(at(20), bayState({ latch }), config)).toBe(0);
    expect(wantsHeat(at(-5), bayState({ latch }), config)).toBe(false);
    expect(wantsHeat(at(-5), bayState({ stop: "damaged" }), config)).toBe(false);
    const { watch } = bayState();
    const flawed = { ...watch, flaw: { flaw: "unbalanced", sinceMs: 0 } as unknown as BayState["watch"]["flaw"] };
    expect(wantedChargeMa(at(20), bayState({ watch: flawed }), config)).toBe(0);
  });

  test("is the same where the heater failed but the pack is warm enough by itself", () => {
    expect(wantedChargeMa(at(20), bayState({ heaterStop: "no-rise" }), config)).toBe(12_000);
  });

  test("never is anything below 0 °C, whatever else holds", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -60, max: 60, noNaN: true }), { minLength: 1, maxLength: 6 }),
        fc.constantFrom(0, 4_800, 12_000),
        (cellTempsC, chargeMa) => {
          const wantMa = wantedChargeMa(pack("yz-1", { cellTempsC }), bayState({ chargeMa }), config);
          if (Math.min(...cellTempsC) < 0.5) expect(wantMa).toBe(0);
          if (Math.min(...cellTempsC) < 5) expect(wantMa).toBeLessThanOrEqual(4_800);
          if (Math.max(...cellTempsC) >= 45) expect(wantMa).toBe(0);
        },
      ),
      { numRuns: propertyRuns * 5 },
    );
  });
});

describe("warmth is asked for", () => {
  const heater = newHeat(0, at(-10), 0);
  test("below 5 °C, and then until the warm mark is reached", () => {
    expect(wantsHeat(at(5), bayState(), config)).toBe(false);
    expect(wantsHeat(at(4.9), bayState(), config)).toBe(true);
    expect(wantsHeat(at(5.9), bayState({ heater }), config)).toBe(true);
    expect(wantsHeat(at(6), bayState({ heater }), config)).toBe(false);
  });

  test("by the coldest cell, never for a stopped pack and never without a thermometer", () => {
    expect(wantsHeat(at(2, 25), bayState(), config)).toBe(true);
    expect(wantsHeat(at(-5), bayState({ heaterStop: "no-rise" }), config)).toBe(false);
    expect(wantsHeat(pack("yz-1", { cellTempsC: [] }), bayState(), config)).toBe(false);
  });
});

const ask = (bay: number, more: Partial<ChargeAsk> = {}): ChargeAsk => ({
  bay,
  sinceMs: bay,
  wantMa: 12_000,
  wantHeat: false,
  packMv: 48_000,
  wasMa: 12_000,
  ...more,
});

const grantedMa = (asks: readonly ChargeAsk[]) => {
  const grants = planCharging(asks, config);
  return asks.map(({ bay }) => grants.get(bay)?.chargeMa);
};

describe("the plan under the site limit", () => {
  test("serves first who came first, whatever order the asks stand in", () => {
    expect(grantedMa([ask(1, { sinceMs: 30 }), ask(2, { sinceMs: 20 }), ask(3, { sinceMs: 10 })])).toEqual([
      0, 12_000, 12_000,
    ]);
  });

  test("breaks a tie by the bay number", () => {
    expect(grantedMa([ask(3, { sinceMs: 5 }), ask(2, { sinceMs: 5 }), ask(1, { sinceMs: 5 })])).toEqual([
      0, 12_000, 12_000,
    ]);
  });

  test("lets a small ask use what is left over", () => {
    expect(grantedMa([ask(1), ask(2), ask(3), ask(4, { wantMa: 1_000 })])).toEqual([12_000, 12_000, 0, 1_000]);
  });

  test("leaves room for fans and resting chargers, which nobody grants", () => {
    const two = [ask(1), ask(2)];
    const bothW = 2 * chargePowerW(12_000, 48_000 * 1.03, config);
    const limited = { ...config, siteLimitW: bothW + 1 };
    expect(planCharging(two, limited).get(2)?.chargeMa).toBe(12_000);
    expect(planCharging(two, limited, reservedW(limited)).get(2)?.chargeMa).toBe(0);
    const bays = config.cabinets.reduce((sum, cabinet) => sum + cabinet.bays.length, 0);
    const fans = config.cabinets.filter(({ hasFan }) => hasFan).length;
    expect(reservedW(config)).toBe(fans * 30 + bays * 3);
  });

  test("starts one charger at a time, and the first come first", () => {
    const idle = { wasMa: 0, wantMa: 1_000 };
    expect(grantedMa([ask(1, idle), ask(2, idle), ask(3, idle)])).toEqual([1_000, 0, 0]);
    expect(grantedMa([ask(1, { wantMa: 1_000 }), ask(2, idle), ask(3, idle)])).toEqual([1_000, 1_000, 0]);
  });

  test("counts what the charger loses, and gives the very last watt", () => {
    const wholeW = (12 * 48 * 1.03) / config.charging.chargerEfficiency;
    expect(chargePowerW(12_000, 48_000 * 1.03, config)).toBeCloseTo(wholeW, 9);
    const first = (siteLimitW: number) => planCharging([ask(1)], { ...config, siteLimitW }).get(1)?.chargeMa;
    const exactW = chargePowerW(12_000, 48_000 * 1.03, config);
    expect([first(exactW), first(exactW - 0.001)]).toEqual([12_000, 0]);
    const { heaterW } = config.charging;
    const warm = (siteLimitW: number) =>
      planCharging([ask(1, { wantHeat: true, wantMa: 0 })], { ...config, siteLimitW }).get(1)?.heat;
    expect([warm(heaterW), warm(heaterW - 0.001)]).toEqual([true, false]);
  });

  test("is not held up by a bay that wants nothing", () => {
    expect(grantedMa([ask(1, { wantMa: 0, wasMa: 0 }), ask(2, { wantMa: 1_000, wasMa: 0 })])).toEqual([0, 1_000]);
  });

  test("sets warmth aside before current, and gives it only whole", () => {
    const grants = planCharging([ask(1, { wantHeat: true, wantMa: 0 })], { ...config, siteLimitW: 99 });
    expect(grants.get(1)).toEqual({ chargeMa: 0, heat: false });
    expect(planCharging([ask(1, { wantHeat: true, wantMa: 0 })], config).get(1)).toEqual({ chargeMa: 0, heat: true });
  });

  test("never grants more than was asked for, nor more than the site may draw", () => {
    const anyAsk = fc.record({
      sinceMs: fc.integer({ min: 0, max: 5 }),
      wantMa: fc.constantFrom(0, 1_000, 4_800, 12_000, 24_000),
      wantHeat: fc.boolean(),
      packMv: fc.constantFrom(0, 26_000, 48_000, 54_600),
      wasMa: fc.constantFrom(0, 4_800, 12_000),
    });
    fc.assert(
      fc.property(
        fc.array(anyAsk, { maxLength: 12 }),
        fc.constantFrom(0, 99, 700, 1_500, 25_000),
        (drafts, siteLimitW) => {
          const asks = drafts.map((draft, n) => ({ ...draft, bay: n + 1 }));
          const limited = { ...config, siteLimitW };
          const grants = planCharging(asks, limited);
          let sumW = 0;
          let starts = 0;
          for (const { bay, wantMa, wantHeat, packMv, wasMa } of asks) {
            const grant = grants.get(bay);
            expect([0, wantMa]).toContain(grant?.chargeMa);
            if (!wantHeat) expect(grant?.heat).toBe(false);
            if (wasMa === 0 && (grant?.chargeMa ?? 0) > 0) starts++;
            sumW += chargePowerW(grant?.chargeMa ?? 0, packMv, limited) + (grant?.heat ? limited.charging.heaterW : 0);
          }
          expect(starts).toBeLessThanOrEqual(1);
          expect(sumW).toBeLessThanOrEqual(siteLimitW);
        },
      ),
      { numRuns: propertyRuns * 5 },
    );
  });
});

describe("in a running station", () => {
  const low = (n: number) => pack(`yz-low-${n}`);

  test("packs that come back are charged in the order they came, and the next starts when one leaves", () => {
    const bench = new StationBench({ siteLimitW: 1_500, stock: {} });
    for (const bay of [3, 1, 2]) {
      restock(bench, bay, low(bay));
      bench.pass(3_000);
    }
    const charging = () => [1, 2, 3].filter((bay) => (bench.granted.bays[bay]?.chargeMa ?? 0) > 0);
    expect(charging()).toEqual([1, 3]);
    restock(bench, 3, undefined);
    bench.pass(3_000);
    expect(charging()).toEqual([1, 2]);
  });

  test("four chargers come on one second apart after a start, not together", () => {
    const bench = new StationBench({ stock: { 1: low(1), 2: low(2), 3: low(3), 4: low(4) } });
    const counts: number[] = [];
    for (let second = 0; second < 5; second++) {
      counts.push(bench.granted.bays.filter((levels) => (levels?.chargeMa ?? 0) > 0).length);
      bench.pass(1_000);
    }
    for (const [at, count] of counts.slice(1).entries()) expect(count - (counts[at] ?? 0)).toBeLessThanOrEqual(1);
    expect(counts.at(-1)).toBe(4);
  });

  test("a full pack rests until it has lost 5 %", () => {
    const bench = new StationBench({ stock: { 1: pack("yz-1", { socPct: 100 }) } });
    const ma = () => bench.granted.bays[1]?.chargeMa;
    const drainTo = (socPct: number) => {
      bench.bay(1).pack = pack("yz-1", { socPct });
      bench.pass(3_000);
    };
    bench.pass(3_000);
    expect(ma()).toBe(0);
    drainTo(96);
    expect(ma()).toBe(0);
    drainTo(95);
    expect(ma()).toBe(12_000);
    drainTo(99);
    expect(ma()).toBe(12_000);
    drainTo(100);
    expect(ma()).toBe(0);
  });

  test("a charger that gives far more than the pack takes is stopped after 15 s, until the pack changes", () => {
    const bench = new StationBench({ stock: { 1: low(1) } });
    bench.pass(3_000);
    bench.bay(1).leakMa = 801;
    bench.pass(18_000);
    expect(bench.state.bays[1]?.stop).toBe("leakage");
    expect(bench.granted.bays[1]?.chargeMa).toBe(0);
    expect(bench.faults).toContain("bay-leakage/1");
    bench.bay(1).leakMa = 0;
    restock(bench, 1, low(2));
    bench.pass(4_000);
    expect(bench.granted.bays[1]?.chargeMa).toBe(12_000);
  });

  test("a heater that does not warm its pack is given up after a quarter of an hour, and the bay may still charge later", () => {
    const bench = new StationBench({ stock: { 1: at(-10) } });
    bench.pass(5_000);
    expect(bench.granted.bays[1]?.heater).toBe(true);
    for (let second = 0; second < 910; second++) {
      bench.bay(1).pack = at(second % 2 === 0 ? -10 : -9.9); // It lives, and does not warm.
      bench.pass(1_000, 1_000);
    }
    expect(bench.granted.bays[1]?.heater).toBe(false);
    expect(bench.faults).toEqual(["bay-heater-no-rise/1"]);
    bench.bay(1).pack = at(15);
    bench.pass(5_000);
    expect(bench.granted.bays[1]?.chargeMa).toBe(12_000);
  });

  test("a heater that was never on, because the cabinet could not be watched, is not blamed for not warming", () => {
    const bench = new StationBench({ stock: { 1: at(-10) } });
    bench.smoke["c-1"] = "lost";
    bench.pass(1_200_000, 1_000);
    bench.smoke["c-1"] = false;
    bench.pass(5_000);
    expect(bench.granted.bays[1]?.heater).toBe(true);
  });

  test("a bay that stopped heating for good is still watched for damage", () => {
    const bench = new StationBench({ stock: { 1: at(-10) } });
    bench.pass(1_000_000, 1_000);
    expect(bench.state.bays[1]?.heaterStop).toBeDefined();
    bench.bay(1).pack = pack("yz-1", { protectionBits: 1 << 10 });
    bench.pass(3_000);
    expect(bench.state.bays[1]?.stop).toBe("damaged");
  });

  test("power is not set aside for a bay whose door stands open", () => {
    const bench = new StationBench({ siteLimitW: 800, stock: { 1: low(1) } });
    bench.pass(3_000);
    bench.open(1);
    restock(bench, 2, low(2));
    bench.pass(4_000);
    expect(bench.granted.bays[2]?.chargeMa).toBe(12_000);
  });
});

test("what is reserved beside the packs counts a fan only where a cabinet has one, and every charger at rest", () => {
  const { fanW, restingW } = config.charging;
  const bays = config.cabinets[0]?.bays.length ?? 0;
  const withFan = (hasFan: boolean) =>
    reservedW({ ...config, cabinets: config.cabinets.map((one) => ({ ...one, hasFan })) });
  expect([withFan(true), withFan(false)]).toEqual([fanW + bays * restingW, bays * restingW]);
});
