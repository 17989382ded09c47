/** What the processes of a swarm tell each other: seeds one way, results the other. Types, and how one seed becomes a result. */
import { type DrawOptions, drawScenario } from "./draw.ts";
import { runScenario, type SoakResult } from "./run.ts";

export interface SoakOrder {
  readonly seed: string;
  readonly draw: DrawOptions;
}

/** A result as it crosses between threads. */
export interface SeedDone {
  readonly seed: string;
  readonly options: string;
  readonly result: Omit<SoakResult, "hits"> & { readonly hits: readonly (readonly [string, number])[] };
  /** Processor time of the thread. */
  readonly cpuMs: number;
}

export function describeOptions({ options, scenario }: ReturnType<typeof drawScenario>): string {
  const { station, weather, disk, latencyMs, turnaroundMs, lockFailure } = scenario;
  const classes = Object.entries(options.classes).map(([kind, rate]) => `${kind}×${rate}`);
  const parts = [
    station.room ? "room, 4 bays" : `${station.bays.join("+")} bays`,
    `${station.siteLimitW} W`,
    `${weather.meanC} °C${station.outdoors ? " in the street" : ""}`,
    `${options.visitsPerDay} visits a day`,
    `mistakes ×${options.clumsiness}`,
    `${options.requestsPerDay} requests a day`,
    `${options.storiesPerDay} stories a day`,
    `disk ${disk.syncMsMin}-${disk.syncMsMax} ms`,
    `network ${latencyMs} ms`,
    `answers after ${turnaroundMs} ms`,
    ...(lockFailure > 0 ? [`locks fail ${lockFailure * 100} %`] : []),
    classes.length === 0 ? "no faults" : classes.join(" "),
  ];
  return parts.join(", ");
}

export function runSeed({ seed, draw }: SoakOrder, cpuMs: () => number): SeedDone {
  const before = cpuMs();
  const drawn = drawScenario(seed, draw);
  const result = runScenario(drawn.scenario);
  return {
    seed,
    options: describeOptions(drawn),
    result: { ...result, hits: [...result.hits] },
    cpuMs: cpuMs() - before,
  };
}
