/**
 * Runs one scenario from its first second to its end: people come and faults strike as its steps say; then everything is mended
 * and the station must serve again. It reports the first thing that must not be, if there is one, and stops there.
 */

import type { Decision } from "../../firmware/runner/platform.ts";
import type { JournalRecord } from "../../services/journal/records.ts";
import type { Violation } from "../checkers/checker.ts";
import { FaultDirector } from "../faults/director.ts";
import { count, newTally, type Tally } from "../report.ts";
import { createSimulation, type Simulation } from "../simulation.ts";
import { layoutOf } from "./layout.ts";
import { mustServe } from "./liveness.ts";
import { Moments } from "./moments.ts";
import type { Scenario } from "./scenario.ts";
import { Hits } from "./sometimes.ts";
import { Steps } from "./steps.ts";
import { lengthMs } from "./time-text.ts";

export interface SoakResult {
  readonly seed: string;
  readonly digest: string;
  readonly simulatedMs: number;
  readonly violation: Violation | undefined;
  readonly tally: Tally;
  readonly visits: number;
  /** Strikes by name. */
  readonly struck: Readonly<Record<string, number>>;
  readonly hits: ReadonlyMap<string, number>;
  /** Looks that checkers took. */
  readonly checked: number;
  readonly transactions: number;
  readonly lives: number;
}

export interface RunOptions {
  /** Lets somebody watch, before anything happens. */
  readonly onSimulation?: (simulation: Simulation) => void;
  /** Stop at this violation only; others of the same run are let pass. For shrinking. */
  readonly lookingFor?: string | undefined;
  /** Called now and then with the simulated time; the run ends early when it answers true. */
  readonly onTime?: (nowMs: number) => boolean;
}

/** Between two looks at what the checkers found. */
const chunkMs = 30_000;
interface Watched {
  readonly simulation: Simulation;
  readonly director: FaultDirector;
  readonly steps: Steps;
  readonly tally: Tally;
  readonly hits: Hits;
}

function recordsOf({ effects }: Decision): JournalRecord[] {
  return effects.flatMap((effect) => (effect.do === "record" ? [effect.record] : []));
}

function begin(scenario: Scenario): Watched {
  const tally = newTally();
  const hits = new Hits();
  const { station, weather, packs, disk } = scenario;
  let running: { readonly simulation: Simulation; readonly moments: Moments } | undefined;
  const simulation = createSimulation({
    config: layoutOf(station),
    seed: scenario.seed,
    fromMs: Date.parse(scenario.from),
    disk,
    latencyMs: scenario.latencyMs,
    world: {
      arrivalsPerDay: 0,
      weather: { ...weather, yearlySwingC: 0 },
      outdoors: station.outdoors,
      emptyBaysPerCabinet: packs.emptyBays,
      ...(packs.socPct === undefined ? {} : { initialSoc: packs.socPct / 100 }),
      turnaroundMs: scenario.turnaroundMs,
      lockFailure: scenario.lockFailure,
      visitsKept: 1_000,
      room: { visitsPerDay: scenario.roomVisitsPerDay, troublesPerDay: scenario.roomTroublesPerDay },
    },
    onRecord: (record) => {
      count(tally, record);
      hits.recorded(record);
    },
    // Decisions of its first moments come before there is anything to ask.
    onDecision: (decision) => {
      if (running === undefined) return;
      const state = running.simulation.station.loop.state();
      hits.decided(state, recordsOf(decision));
      running.moments.decided(state.swaps);
    },
  });
  const moments = new Moments(simulation.clock);
  running = { simulation, moments };
  simulation.world.onTruth((event) => {
    if (event.type !== "computer") return;
    hits.restarted();
    if (event.on) moments.started();
  });
  const director = new FaultDirector(simulation, simulation.config, []);
  director.onLanded = (landed) => hits.landed(landed);
  const steps = new Steps({ simulation, director, moments }, scenario);
  return { simulation, director, steps, tally, hits };
}

type Advance = (untilMs: number) => Violation | "enough" | undefined;

/** Runs on to a moment unless something is found before; a failed assertion is found as well. */
function advancer(simulation: Simulation, { lookingFor, onTime }: RunOptions): Advance {
  const { clock, invariants } = simulation;
  let passed = 0;
  return (untilMs) => {
    while (clock.nowMs < untilMs) {
      try {
        clock.runUntil(Math.min(untilMs, clock.nowMs + chunkMs));
      } catch (error) {
        return { invariant: "assertion", atMs: clock.nowMs, what: sayError(error) };
      }
      const found = invariants.violations().slice(passed);
      passed += found.length;
      const wanted = found.find(({ invariant }) => lookingFor === undefined || invariant === lookingFor);
      if (wanted !== undefined) return wanted;
      if (onTime?.(clock.nowMs) === true) return "enough";
    }
    return undefined;
  };
}

const sayError = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);

export function runScenario(scenario: Scenario, options: RunOptions = {}): SoakResult {
  const watched = begin(scenario);
  const { simulation, director, steps } = watched;
  options.onSimulation?.(simulation);
  const advance = advancer(simulation, options);
  const lastsMs = lengthMs(scenario.lasts) ?? 0;
  let found = advance(lastsMs);
  if (found === undefined) {
    steps.end();
    director.end();
    simulation.world.stop();
    if (scenario.mustServe) found = mustServe(simulation, advance);
  }
  if (found === undefined) {
    simulation.invariants.finish();
    found = simulation.invariants
      .violations()
      .find(({ invariant }) => options.lookingFor === undefined || invariant === options.lookingFor);
  }
  return resultOf(scenario, watched, found === "enough" ? undefined : found);
}

function resultOf(scenario: Scenario, watched: Watched, violation: Violation | undefined): SoakResult {
  const { simulation, director, tally, hits } = watched;
  const struck: Record<string, number> = {};
  for (const { planned } of director.landed) struck[planned.fault] = (struck[planned.fault] ?? 0) + 1;
  return {
    seed: scenario.seed,
    digest: simulation.digest.hex(),
    simulatedMs: simulation.clock.nowMs,
    violation,
    tally,
    visits: simulation.world.stats.arrivals,
    struck,
    hits: hits.counts,
    checked: simulation.invariants.checked(),
    transactions: simulation.world.stats.transactions,
    lives: simulation.computer.lives + 1,
  };
}
