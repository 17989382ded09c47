import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { type LoadedConfig, loadConfig } from "../../firmware/config/load.ts";
import type { WorldOptions } from "../../simulator/option-types.ts";
import { count, makeReport, newTally, type SimulationReport } from "../../simulator/report.ts";
import { createSimulation } from "../../simulator/simulation.ts";

const hourMs = 3_600_000;
/** The lunch peak and what follows; `npm run nightly` runs whole days. */
const hours = Number(process.env.YIZHAN_SIM_DAYS ?? "0") * 24 || 3;
const fromMs = Date.UTC(2026, 0, 15, 3, 0);

function reference(): LoadedConfig {
  const loaded = loadConfig(fileURLToPath(new URL("../../examples/reference-station.yaml", import.meta.url)));
  if (!loaded.ok) throw new Error("the reference station is not valid");
  return loaded.config;
}

function run(seed: string, options: { world?: Partial<WorldOptions>; hours?: number } = {}): SimulationReport {
  const tally = newTally();
  const simulation = createSimulation({
    config: reference(),
    seed,
    fromMs,
    ...(options.world === undefined ? {} : { world: options.world }),
    onRecord: (record) => count(tally, record),
  });
  simulation.clock.runUntil((options.hours ?? hours) * hourMs);
  simulation.invariants.finish();
  return makeReport(simulation, { seed, configPath: "reference", wallSeconds: 1, tally });
}

describe("the reference station, byte for byte", () => {
  const first = run("7");

  test("serves everybody who found a ready pack and played their part to the end", () => {
    expect(first.swaps.completed).toBeGreaterThan(20);
    expect(first.riders.served.sharePct).toBeGreaterThanOrEqual(99.5);
  });

  test("sends nobody away without a word", () => {
    expect(first.riders.unnamed).toBe(0);
  });

  test("breaks no invariant", () => {
    expect(first.invariants.violated).toEqual([]);
    expect(first.invariants.checked).toBeGreaterThan(1_000);
  });

  test("has every exchange on the wire and no collision on it", () => {
    expect(first.wire.transactions / first.simulatedSeconds).toBeGreaterThan(50);
    expect(first.wire.collisions).toBe(0);
  });

  test("the same seed gives the same history", () => {
    const [one, again] = ["7", "7"].map((seed) => run(seed, { hours: 1 }).digest);
    expect(again).toBe(one);
  });

  test("another seed gives another history", () => {
    const [one, other] = ["7", "8"].map((seed) => run(seed, { hours: 0.25 }).digest);
    expect(other).not.toBe(one);
  });
});

describe("a cold night", () => {
  test("packs from -32 °C are warmed before a single coulomb goes in", () => {
    const cold = run("3", { hours: 2, world: { weather: { fixedC: -32 } } });
    expect(cold.invariants.violated).toEqual([]);
    expect(cold.energy.heatKwh).toBeGreaterThan(0);
    expect(cold.riders.served.sharePct).toBeGreaterThanOrEqual(99.5);
  });
});

describe("locks that fail", () => {
  test("two pulses in a hundred do nothing, and still everybody with a ready pack is served", () => {
    const failing = run("5", { world: { lockFailure: 0.02 } });
    expect(failing.invariants.violated).toEqual([]);
    expect(failing.riders.served.sharePct).toBeGreaterThanOrEqual(99.5);
  });

  test("every third pulse does nothing: whoever is not served hears why", () => {
    const failing = run("5", { world: { lockFailure: 0.33 } });
    expect(failing.invariants.violated).toEqual([]);
    expect(failing.riders.unnamed).toBe(0);
  });
});

describe("riders at their worst", () => {
  test("every visit a mistake: no invariant breaks and nobody leaves without a word", () => {
    const rate = 0.08;
    const mistakes = {
      "shut-on-nothing": rate,
      "forgets-plug": rate,
      "foreign-object": rate,
      "leaves-door-open": rate,
      "takes-nothing": rate,
      "abandons-before-insert": rate,
      "abandons-after-deposit": rate,
      "scans-twice": rate,
      "scans-out-of-turn": rate,
      "unknown-code": rate,
      "full-pack": rate,
      "other-pack": rate,
    };
    const worst = run("11", { world: { mistakes } });
    expect(worst.invariants.violated).toEqual([]);
    expect(worst.riders.unnamed).toBe(0);
    expect(worst.riders.served.sharePct).toBeGreaterThanOrEqual(99.5);
  });
});
