/** What one look at the room leaves to the next: how long things last, what a rise is measured from, and what failed. */
import { describe, expect, test } from "vitest";
import { ClimateConfig } from "../../../services/climate/config.ts";
import type { ClimateLook } from "../../../services/climate/readings.ts";
import { type ClimateDurable, emptyClimate } from "../../../services/climate/records.ts";
import type { ClimateState } from "../../../services/climate/state.ts";
import { stepClimate } from "../../../services/climate/step.ts";
import { believed, calm, config, look, nowMs, sample, seen } from "./cold-room.ts";

describe("what the next look remembers", () => {
  const heating = { at: "heat", sinceMs: nowMs - 90_000, rise: { fromC: [10, 10], fromMs: nowMs - 5_000 } } as const;
  const past = { heatedMs: 1, cooledMs: 2, coolerOffMs: 3 };

  test("is when heater and cooler ran last, and since when it is so", () => {
    const kept = (was: Partial<ClimateState>, more: Partial<ClimateLook> = {}) => {
      const { at, sinceMs, heatedMs, cooledMs, coolerOffMs } = look({ ...past, ...was }, more).state;
      return { at, sinceMs, heatedMs, cooledMs, coolerOffMs };
    };
    expect(kept(heating)).toEqual({ ...past, at: "heat", sinceMs: nowMs - 90_000, heatedMs: nowMs });
    expect(kept(heating, { powered: false })).toEqual({ ...past, at: "rest", sinceMs: nowMs, heatedMs: nowMs });
    expect(kept({ at: "cool", sinceMs: 4 })).toEqual({
      at: "rest",
      sinceMs: nowMs,
      heatedMs: 1,
      cooledMs: nowMs,
      coolerOffMs: nowMs,
    });
    expect(kept({ at: "rest", sinceMs: 4 }, { powered: false })).toEqual({ ...past, at: "rest", sinceMs: 4 });
  });

  test("is no missing rise of a time without the master enable, however long", () => {
    const old = { ...heating, rise: { fromC: [10, 10], fromMs: nowMs - config.noRiseMs } } as const;
    expect([look(old).state.noRise?.times, look(old, { powered: false }).state.noRise]).toEqual([1, undefined]);
  });

  test("is a rise that begins now where a heater ran unwatched, and nothing against it", () => {
    const noRise = { untilMs: nowMs, times: 2 };
    expect(look({ ...heating, rise: undefined, noRise }).state).toMatchObject({
      rise: { fromC: [10, 10], fromMs: nowMs },
      noRise,
    });
  });
});

describe("a proportional heater that holds", () => {
  const pi = ClimateConfig.parse({ proportional: {} });
  const targets = { heatC: 18, coolC: undefined, why: "occupied" } as const;
  const riseMs = (tempC: number, was: Partial<ClimateState> = {}, of = pi) => {
    const rise = { fromC: [tempC, tempC], fromMs: nowMs - 5_000 };
    const probes = [believed(tempC), believed(tempC)];
    const state = {
      ...calm,
      at: "heat",
      sinceMs: nowMs - 5_000,
      integralPct: 50,
      targets,
      rise,
      probes,
      ...was,
    } as const;
    const sensors = [sample(tempC), sample(tempC)];
    return stepClimate(state, { ...seen, sensors }, emptyClimate, of).state.rise?.fromMs;
  };

  test("near its setpoint need not rise; further off it must, and so must one that is on or off", () => {
    expect(riseMs(18 - pi.holdBandC)).toBe(nowMs);
    expect(riseMs(18 - pi.holdBandC - 0.1)).toBe(nowMs - 5_000);
    expect(riseMs(18 - pi.holdBandC, { targets: undefined })).toBe(nowMs - 5_000);
    expect(riseMs(18 - config.holdBandC, {}, config)).toBe(nowMs - 5_000);
  });
});

describe("a room whose sensors fail", () => {
  const frozen = { ...believed(10), isFrozen: true, frozenMs: nowMs - config.frozenLatchMs };
  const silent = { ...believed(10), goodMs: nowMs - config.staleMs, sampledMs: nowMs - config.staleMs };
  const failed = (probes: ClimateState["probes"], durable?: ClimateDurable) => {
    const { state, records } = look({ probes }, { sensors: [] }, durable);
    return [state.stop, records.map(({ kind }) => kind)];
  };

  test("is heated by the one that is left, and latched when none is and one is frozen for good", () => {
    expect(failed([frozen, believed(10)])).toEqual([undefined, []]);
    expect(failed([frozen, silent])).toEqual(["latched", ["climate-latched"]]);
    expect(failed([{ ...frozen, frozenMs: nowMs }, silent])).toEqual(["frozen", []]);
    expect(failed([{ ...silent, isFrozen: true, frozenMs: 0 }, silent])).toEqual(["no-sensor", []]);
    expect(failed([silent, silent])).toEqual(["no-sensor", []]);
  });

  test("is not latched again while it is latched in the log", () => {
    const durable: ClimateDurable = { mode: "auto", latch: { why: "welded", since: 0 } };
    expect(failed([frozen, silent], durable)).toEqual(["latched", []]);
    expect(look({ probes: [frozen, silent] }, { sensors: [] }, durable).state.latching).toBeUndefined();
  });
});
