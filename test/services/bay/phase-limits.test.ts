/** The limits of every judgement about a bay: one step this side, one step that side. */
import { describe, expect, test } from "vitest";
import { type BayPhase, type BaySight, phaseOf, readyInMinutes } from "../../../services/bay/phase.ts";
import { emptyDurable } from "../../../services/journal/durable.ts";
import type { Reading } from "../../../services/reading.ts";
import { type BayReadings, emptyBayReadings, type PackReading } from "../../../services/readings.ts";
import { newHeat } from "../../../services/safety/heater-watch.ts";
import { type BayState, bootState } from "../../../services/station/state.ts";
import { benchConfig, benchContext, pack } from "../../support/bench-config.ts";

const config = benchConfig();
const { charging, packs, safety } = config;
const nowMs = 1_000_000;
const good = <T>(value: T, ageMs = 0): Reading<T> => ({ value, atMs: nowMs - ageMs, quality: "good" });
const heater = newHeat(nowMs, pack("yz-1"), nowMs);
const first = bootState(benchContext(config), emptyDurable, 0).bays[1];

function sight(state: Partial<BayState>, readings: Partial<BayReadings>): BaySight {
  const layout = config.bays[1];
  if (first === undefined || layout === undefined) throw new Error("the bench has no bay 1");
  const shut = { doorShut: good(true), latched: good(true) };
  return { state: { ...first, ...state }, layout, readings: { ...emptyBayReadings(), ...shut, ...readings } };
}

const occupied = (more: Partial<PackReading>, state: Partial<BayState> = {}, ageMs = 0): BaySight =>
  sight(state, { present: good(true), pack: good<PackReading | undefined>(pack("yz-1", more), ageMs) });

const full = { socPct: 100 };

describe("a bay with a pack", () => {
  const rows: readonly (readonly [string, BayPhase, Partial<PackReading>, Partial<BayState>])[] = [
    ["latched, whatever stands in it", "quarantined", full, { latch: "over-temperature" }],
    ["stopped", "quarantined", full, { stop: "leakage" }],
    ["charged to the target", "ready", { socPct: charging.targetSocPct }, {}],
    ["a percent below the target", "waiting", { socPct: charging.targetSocPct - 1 }, {}],
    ["a percent below the target, charging", "charging", { socPct: charging.targetSocPct - 1 }, { chargeMa: 2_000 }],
    ["at the lowest temperature for charging", "ready", { ...full, cellTempsC: [safety.chargeMinC] }, {}],
    ["below it", "waiting", { ...full, cellTempsC: [safety.chargeMinC - 0.1] }, {}],
    ["without a temperature", "waiting", { ...full, cellTempsC: [] }, {}],
    ["without a temperature under its heater", "warming", { ...full, cellTempsC: [] }, { heater }],
    [
      "kept warm half a degree below full current",
      "ready",
      { ...full, cellTempsC: [safety.fullCurrentMinC - 0.5] },
      { heater },
    ],
    ["well below that", "warming", { ...full, cellTempsC: [safety.fullCurrentMinC - 0.6] }, { heater }],
    [
      "well below that, and charging already",
      "charging",
      { socPct: 50, cellTempsC: [safety.fullCurrentMinC - 0.6] },
      { heater, chargeMa: 500 },
    ],
    [
      "with a flaw that is not proven yet",
      "waiting",
      full,
      { watch: { ...(first as BayState).watch, flaw: { flaw: "unbalanced", sinceMs: 0 } as never } },
    ],
  ];
  test.each(rows)("%s: %s", (_says, phase, more, state) => {
    expect(phaseOf(occupied(more, state), nowMs, config)).toBe(phase);
  });

  test("is judged by a pack heard twelve seconds ago, not by one heard before that", () => {
    expect(phaseOf(occupied(full, {}, 12_000), nowMs, config)).toBe("ready");
    expect(phaseOf(occupied(full, {}, 12_001), nowMs, config)).toBe("occupied-unknown");
  });

  test("is quarantined by its latch even when nothing stands in it", () => {
    expect(phaseOf(sight({ latch: "heater-welded" }, { present: good(false) }), nowMs, config)).toBe("quarantined");
  });
});

describe("a bay whose presence contact says nothing", () => {
  const emptied = (state: Partial<BayState>, readings: Partial<BayReadings>): BayPhase =>
    phaseOf(sight(state, { present: good(false), ...readings }), nowMs, config);
  const live = (outMv: number) => good({ outMv, outMa: 0 });
  const heard = (atMs: number) => ({ value: pack("yz-1") as PackReading | undefined, atMs, quality: "good" as const });

  test("is empty when nothing was ever heard of it", () => {
    expect(emptied({ absentSinceMs: nowMs - 60_000 }, {})).toBe("empty");
    expect(emptied({ absentSinceMs: undefined }, {})).toBe("empty");
  });

  test("waits a second and a half for an answer that may be on its way", () => {
    const absentFor = (ms: number) => emptied({ absentSinceMs: nowMs - ms }, { pack: heard(nowMs - ms - 1_000) });
    expect([absentFor(1_499), absentFor(1_500)]).toEqual(["occupied-unknown", "empty"]);
  });

  test("forgives an answer half a second after the contact opened, and none later", () => {
    const answered = (afterMs: number) =>
      emptied({ absentSinceMs: nowMs - 5_000 }, { pack: heard(nowMs - 5_000 + afterMs) });
    expect([answered(-400), answered(500), answered(501)]).toEqual(["empty", "empty", "occupied-unknown"]);
  });

  test("holds something when its dead connector has more than 10 V, told after the charger was asked again", () => {
    const old = { absentSinceMs: nowMs - 15_001 };
    expect(emptied(old, { charger: live(10_000) })).toBe("empty");
    expect(emptied(old, { charger: live(10_001) })).toBe("occupied-unknown");
    expect(emptied({ absentSinceMs: nowMs - 15_000 }, { charger: live(48_000) })).toBe("empty");
    expect(emptied({ absentSinceMs: undefined }, { charger: live(48_000) })).toBe("occupied-unknown");
  });

  test("may have its own charger's voltage on it while that is on", () => {
    expect(emptied({ absentSinceMs: undefined, chargeMa: 2_000 }, { charger: live(54_600) })).toBe("empty");
  });
});

describe("the minutes until a pack is ready", () => {
  const minutes = (more: Partial<PackReading>, state: Partial<BayState> = {}) =>
    readyInMinutes(occupied(more, state), nowMs, config);

  test("are what is missing at full current, for a pack that waits as for one that charges", () => {
    const hour = (packs.chargeMa / packs.capacityMah) * 100;
    const socPct = charging.targetSocPct - hour;
    expect(minutes({ socPct })).toBe(60);
    expect(minutes({ socPct }, { chargeMa: 500 })).toBe(60);
  });

  test("are at least one for a pack that is not ready, and none is promised without a pack", () => {
    expect(minutes({ socPct: 100, cellTempsC: [-1] }, { heater })).toBe(2 * (charging.warmToC + 1));
    expect(minutes({ socPct: 100, cellTempsC: [] })).toBe(1);
    expect(minutes({ socPct: 100, protectionBits: 1 << 9, cellTempsC: [45] })).toBe(1);
    expect(readyInMinutes(sight({}, { present: good(true) }), nowMs, config)).toBeUndefined();
    expect(minutes(full, { stop: "hot" })).toBeUndefined();
    expect(minutes(full)).toBe(0);
  });
});
