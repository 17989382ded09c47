/**
 * One long run of the simulated reference station, piece by piece, so that whoever started it can show how far it is. It
 * reports what happened and judges nothing; the campaigns do.
 */
import type { LoadedConfig } from "../../firmware/config/load.ts";
import type { WorldOptions } from "../option-types.ts";
import { count, makeReport, newTally, type SimulationReport } from "../report.ts";
import { createSimulation, type Simulation } from "../simulation.ts";
import type { TruthEvent } from "../truth-types.ts";
import type { RiderVisit } from "../visit-types.ts";
import { createGauge, type Gauged } from "./gauge.ts";

export const dayMs = 86_400_000;
/** Virtual time between two signs of life. */
const pieceMs = 1_800_000;

export interface LongRunOptions {
  readonly config: LoadedConfig;
  readonly configPath: string;
  readonly seed: string;
  readonly days: number;
  readonly fromMs: number;
  readonly world: Partial<WorldOptions>;
  readonly onTruth?: (event: TruthEvent) => void;
  /** Monotonic milliseconds of the machine, for the speed in the report. */
  readonly wallNowMs: () => number;
  readonly progress?: Progress;
}

/** Told after each piece; the run goes on when it is answered, and ends early when the answer is "enough". */
export type Progress = (share: number, report: () => SimulationReport) => Promise<"enough" | undefined>;

export interface LongRun {
  readonly report: SimulationReport;
  readonly visits: readonly RiderVisit[];
  readonly gauged: Gauged;
}

function gaugeOf({ clock, world }: Simulation, { config }: LongRunOptions) {
  const { siteLimitW, packs, charging, safety } = config.station;
  const startW = (packs.chargeMa * packs.chargeMv) / 1e6 / charging.chargerEfficiency;
  return createGauge({ world, clock, siteLimitW, startW, chargeMinC: safety.chargeMinC });
}

export async function longRun(options: LongRunOptions): Promise<LongRun> {
  const { config, configPath, seed, fromMs, world, wallNowMs, onTruth } = options;
  const tally = newTally();
  const startedMs = wallNowMs();
  const simulation = createSimulation({
    config,
    seed,
    fromMs,
    world,
    onRecord: (record) => count(tally, record),
    ...(onTruth === undefined ? {} : { onTruth }),
  });
  const gauge = gaugeOf(simulation, options);
  const { clock, invariants } = simulation;
  const report = (): SimulationReport =>
    makeReport(simulation, { seed, configPath, wallSeconds: (wallNowMs() - startedMs) / 1_000, tally });
  const untilMs = Math.round(options.days * dayMs);
  while (clock.nowMs < untilMs) {
    clock.runUntil(Math.min(untilMs, clock.nowMs + pieceMs));
    if ((await options.progress?.(clock.nowMs / untilMs, report)) === "enough") break;
  }
  invariants.finish();
  return { report: report(), visits: simulation.world.stats.visits, gauged: gauge.read() };
}
