/** The starter cabinet in the simulator, its packs as a story wants them, and nobody coming: what happens between riders. */
import { fileURLToPath } from "node:url";
import { type LoadedConfig, loadConfig } from "../../firmware/config/load.ts";
import type { JournalRecord } from "../../services/journal/records.ts";
import type { WorldOptions } from "../../simulator/option-types.ts";
import { createSimulation, type Simulation } from "../../simulator/simulation.ts";
import type { BayTruth } from "../../simulator/truth-types.ts";

function starter(): LoadedConfig {
  const loaded = loadConfig(fileURLToPath(new URL("../../examples/starter-cabinet.yaml", import.meta.url)));
  if (!loaded.ok) throw new Error("the starter cabinet is not valid");
  return loaded.config;
}

export interface ChargingCabinet {
  readonly simulation: Simulation;
  readonly records: JournalRecord[];
  seconds(count: number): void;
  minutes(count: number): void;
  bay(bay: number): BayTruth;
  /** Codes of the faults that stand, with their subjects. */
  faults(): string[];
  /** Seconds from now until the condition holds; a condition that never comes is a failed test. */
  secondsUntil(condition: () => boolean, what: string, limitS?: number): number;
}

export function chargingCabinet(seed: string, world: Partial<WorldOptions> = {}): ChargingCabinet {
  const records: JournalRecord[] = [];
  const simulation = createSimulation({
    config: starter(),
    seed,
    fromMs: Date.UTC(2026, 0, 15, 14, 0),
    world: { arrivalsPerDay: 0, initialSoc: 0.4, emptyBaysPerCabinet: 0, ...world },
    onRecord: (record) => records.push(record),
  });
  const { clock } = simulation;
  const cabinet: ChargingCabinet = {
    simulation,
    records,
    seconds: (count) => void clock.runUntil(clock.nowMs + count * 1_000),
    minutes: (count) => cabinet.seconds(count * 60),
    bay: (bay) => simulation.world.truth.bay(bay),
    faults: () => Object.keys(simulation.station.loop.state().faults).sort(),
    secondsUntil(condition, what, limitS = 3_600) {
      const fromMs = clock.nowMs;
      while (!condition()) {
        if (clock.nowMs - fromMs > limitS * 1_000) throw new Error(`waited ${limitS} s in vain for ${what}`);
        cabinet.seconds(0.25);
      }
      return (clock.nowMs - fromMs) / 1_000;
    },
  };
  cabinet.minutes(2);
  return cabinet;
}
