/**
 * What both ways of `yizhan simulate` share, beside the clock on the wall and as fast as the machine can: what its words ask of the world,
 * what breaks in it, and the report at the end. It starts nothing by itself.
 */
import type { Clock } from "../../hal/ports/clock.ts";
import { faultNamed } from "../faults/catalogue.ts";
import { FaultDirector } from "../faults/director.ts";
import { makeReport, reportPage, type Tally } from "../report.ts";
import type { Simulation } from "../simulation.ts";
import { plannedFault } from "../soak/planned.ts";
import type { SimulateOptions } from "./options.ts";

export interface CommandIo {
  out(text: string): void;
  err(text: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Scenarios are about people in a room, so their station has one. */
export const bundledName = ({ scenario }: SimulateOptions): string =>
  scenario === undefined ? "reference-station.yaml" : "room-station.yaml";

const configName = (options: SimulateOptions): string => options.config ?? `examples/${bundledName(options)}`;

export function worldOptions(options: SimulateOptions) {
  const { arrivalsPerDay, outdoorC, scenario } = options;
  return { ...scenario?.world, arrivalsPerDay, ...(outdoorC === undefined ? {} : { weather: { fixedC: outdoorC } }) };
}

export function tell(
  simulation: Simulation,
  tally: Tally,
  run: { options: SimulateOptions; clock: Clock; startedMs: number; io: CommandIo },
): number {
  const { options, startedMs, io } = run;
  simulation.invariants.finish();
  const wallSeconds = (run.clock.monotonicMs() - startedMs) / 1_000;
  const report = makeReport(simulation, { seed: options.seed, configPath: configName(options), wallSeconds, tally });
  io.out(options.json ? JSON.stringify(report) : reportPage(report, options.language));
  return report.invariants.violated.length === 0 ? 0 : 1;
}

/** So far ahead faults are drawn where no end is said. */
const faultsAheadMs = 30 * 86_400_000;

/** What `--faults` asks for, and nothing where it is not said; each strike is told in the words of the catalogue. */
export function letBreak(
  simulation: Simulation,
  { seed, faults, untilMs, language }: SimulateOptions,
  say: (text: string) => void,
): FaultDirector {
  const steps = faults?.(untilMs ?? faultsAheadMs) ?? [];
  const director = new FaultDirector(
    simulation,
    simulation.config,
    steps.map((step) => plannedFault(seed, step)),
  );
  director.onLanded = ({ planned, where }) =>
    say(`    ⚡ ${faultNamed(planned.fault)?.says[language] ?? planned.fault} (${where})`);
  return director;
}
