/**
 * The campaign of the failing locks: the same days twice, once with locks that obey and once with locks of which some pulses
 * do nothing. Everybody who found a ready pack and an empty bay and played their part must leave with a pack all the same;
 * what it costs is how much longer they stood there.
 */
import { percentile, type SimulationReport } from "../report.ts";
import type { TruthEvent } from "../truth-types.ts";
import type { RiderVisit } from "../visit-types.ts";
import { type LongRun, type LongRunOptions, longRun } from "./long-run.ts";

export interface LockFailureOptions extends Omit<LongRunOptions, "world" | "seed" | "onTruth"> {
  readonly seeds: readonly string[];
  /** Probability that a pulse does not release the latch. */
  readonly lockFailure: number;
  readonly arrivalsPerDay: number;
}

/** From the first scan to the pack in hand. */
export interface Waits {
  readonly visits: number;
  readonly p50Seconds: number;
  readonly p95Seconds: number;
}

/** Somebody for whom everything was there, and who left without. */
export interface Unserved {
  readonly seed: string;
  readonly visit: number;
  readonly ending: string;
  readonly refusal: string | undefined;
}

export interface LockFailureResult {
  readonly pulses: number;
  readonly failedPulses: number;
  readonly entitled: number;
  readonly served: number;
  readonly unserved: readonly Unserved[];
  readonly sound: Waits;
  readonly failing: Waits;
  /** Of the failing run, those at whose cabinet a pulse failed while they stood there. */
  readonly struck: Waits;
  readonly addedP95Seconds: number;
  readonly reports: readonly { readonly sound: SimulationReport; readonly failing: SimulationReport }[];
  readonly broken: readonly string[];
}

interface FailedPulse {
  readonly atMs: number;
  readonly bay: number;
}

const isEntitled = (visit: RiderVisit): boolean =>
  visit.behaviour === "proper" && visit.readyAtArrival && visit.endedMs !== undefined;

function waitMs({ firstScanMs, receivedMs }: RiderVisit): number | undefined {
  return firstScanMs === undefined || receivedMs === undefined ? undefined : receivedMs - firstScanMs;
}

function waitsOf(visits: readonly RiderVisit[]): Waits {
  const all = visits.map(waitMs).filter((ms) => ms !== undefined);
  return { visits: all.length, p50Seconds: percentile(all, 50) / 1_000, p95Seconds: percentile(all, 95) / 1_000 };
}

interface Watched extends LongRun {
  readonly pulses: number;
  readonly failed: readonly FailedPulse[];
  readonly cabinetOf: (bay: number) => string | undefined;
}

async function watched(
  options: LockFailureOptions,
  seed: string,
  lockFailure: number,
  share: readonly [number, number],
): Promise<Watched> {
  const { seeds: _seeds, lockFailure: _failure, arrivalsPerDay, progress, ...run } = options;
  const failed: FailedPulse[] = [];
  let pulses = 0;
  const onTruth = (event: TruthEvent): void => {
    if (event.type !== "coil" || !event.on) return;
    pulses++;
    if (!event.released) failed.push({ atMs: event.atMs, bay: event.bay });
  };
  const [from, to] = share;
  const done = await longRun({
    ...run,
    seed,
    world: { lockFailure, arrivalsPerDay },
    onTruth,
    progress: async (part, report) => progress?.(from + part * (to - from), report),
  });
  const cabinets = new Map(
    options.config.station.cabinets.flatMap(({ id, bays }) => bays.map((bay) => [bay, id] as const)),
  );
  return { ...done, pulses, failed, cabinetOf: (bay) => cabinets.get(bay) };
}

function isStruck(visit: RiderVisit, { failed, cabinetOf }: Watched): boolean {
  const { firstScanMs, receivedMs, cabinet } = visit;
  if (firstScanMs === undefined || receivedMs === undefined) return false;
  return failed.some(({ atMs, bay }) => atMs >= firstScanMs && atMs <= receivedMs && cabinetOf(bay) === cabinet);
}

function brokenIn(runs: readonly Watched[], unserved: readonly Unserved[]): string[] {
  const broken = unserved.map(
    ({ seed, visit, ending, refusal }) => `seed ${seed}, visit ${visit}: ${ending} (${refusal ?? "no reason"})`,
  );
  for (const { report } of runs) {
    for (const { invariant, what } of report.invariants.violated.slice(0, 5)) broken.push(`${invariant}: ${what}`);
    if (report.riders.unnamed > 0) broken.push(`seed ${report.seed}: ${report.riders.unnamed} without a word`);
  }
  return broken;
}

export async function lockFailure(options: LockFailureOptions): Promise<LockFailureResult> {
  const { seeds } = options;
  const parts = seeds.length * 2;
  const sound: Watched[] = [];
  const failing: Watched[] = [];
  // In turn, so that a run that is ended early has as much of the one as of the other.
  for (const [at, seed] of seeds.entries()) {
    sound.push(await watched(options, seed, 0, [(2 * at) / parts, (2 * at + 1) / parts]));
    failing.push(await watched(options, seed, options.lockFailure, [(2 * at + 1) / parts, (2 * at + 2) / parts]));
    if (sound[at]?.report.simulatedSeconds === failing[at]?.report.simulatedSeconds) continue;
    // Ended early between the two: half a comparison is none, unless there is no other.
    if (at > 0) for (const runs of [sound, failing]) runs.pop();
    break;
  }
  const entitled = failing.flatMap(({ report, visits }) =>
    visits.filter(isEntitled).map((visit) => ({ seed: report.seed, visit })),
  );
  const unserved = entitled
    .filter(({ visit }) => visit.receivedPack === undefined)
    .map(({ seed, visit: { visit, ending = "unknown", refusal } }) => ({ seed, visit, ending, refusal }));
  const soundWaits = waitsOf(sound.flatMap(({ visits }) => visits.filter(isEntitled)));
  const failingWaits = waitsOf(entitled.map(({ visit }) => visit));
  return {
    pulses: failing.reduce((sum, run) => sum + run.pulses, 0),
    failedPulses: failing.reduce((sum, run) => sum + run.failed.length, 0),
    entitled: entitled.length,
    served: entitled.length - unserved.length,
    unserved,
    sound: soundWaits,
    failing: failingWaits,
    struck: waitsOf(failing.flatMap((run) => run.visits.filter((visit) => isEntitled(visit) && isStruck(visit, run)))),
    addedP95Seconds: Number((failingWaits.p95Seconds - soundWaits.p95Seconds).toFixed(3)),
    reports: sound.map(({ report }, at) => ({ sound: report, failing: (failing[at] as Watched).report })),
    broken: brokenIn([...sound, ...failing], unserved),
  };
}
