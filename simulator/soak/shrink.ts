/**
 * Makes a failing scenario short: it leaves things out as long as the same thing still goes wrong. It changes nothing else, so what
 * remains is a story that really happens, step by step.
 */
import { isoFromMs } from "../../services/contract/iso-time.ts";
import { runScenario, type SoakResult } from "./run.ts";
import type { Scenario, Step } from "./scenario.ts";
import { lengthMs, lengthText, momentMs, momentText } from "./time-text.ts";

export interface ShrinkOptions {
  /** Runs at most. */
  readonly runsMax: number;
  readonly onTry?: (tried: number, steps: number) => void;
  /** Somebody wants to stop; what was reached so far is given. */
  readonly enough?: () => boolean;
  /** How a scenario is run. */
  readonly run?: typeof runScenario;
}

export interface Shrunk {
  readonly scenario: Scenario;
  readonly result: SoakResult;
  readonly runs: number;
}

const MINUTE_MS = 60_000;
/** What happened long before rarely matters. */
const windows = [3, 10, 30, 90, 300].map((minutes) => minutes * MINUTE_MS);
/** Devices are heard and contactors armed before the first step. */
const leadMs = 30_000;

class Shrinker {
  best: Scenario;
  result: SoakResult;
  runs = 0;
  private readonly options: ShrinkOptions;
  private readonly invariant: string;

  constructor(scenario: Scenario, result: SoakResult, options: ShrinkOptions) {
    if (result.violation === undefined) throw new RangeError("nothing went wrong in this scenario");
    this.best = scenario;
    this.result = result;
    this.invariant = result.violation.invariant;
    this.options = options;
  }

  private get spent(): boolean {
    return this.runs >= this.options.runsMax || this.options.enough?.() === true;
  }

  /** Keeps the candidate when the same invariant breaks in it. */
  tries(candidate: Scenario): boolean {
    if (this.spent) return false;
    this.runs++;
    this.options.onTry?.(this.runs, this.best.steps.length);
    const run = this.options.run ?? runScenario;
    const result = run(candidate, { lookingFor: this.invariant });
    if (result.violation === undefined) return false;
    this.best = candidate;
    this.result = result;
    return true;
  }

  /** Nothing after the violation matters. */
  cutEnd(): void {
    const atMs = this.result.violation?.atMs ?? 0;
    const lastsMs = lengthMs(this.best.lasts) ?? 0;
    if (atMs > lastsMs) return;
    const steps = this.best.steps.filter(({ at }) => (momentMs(at) ?? 0) <= atMs);
    const lasts = lengthText(Math.ceil(atMs / 1_000) * 1_000 + 1_000);
    this.tries({ ...this.best, steps, lasts, mustServe: false });
  }

  /** Begins shortly before the end, at the same hour of the same day. */
  cutBeginning(): void {
    const atMs = Math.min(this.result.violation?.atMs ?? 0, lengthMs(this.best.lasts) ?? 0);
    for (const window of windows) {
      if (window + leadMs < atMs && this.tries(laterStart(this.best, atMs - window - leadMs))) return;
    }
  }

  /** Leaves out half of the steps, then quarters, down to single ones (delta debugging: Zeller and Hildebrandt, 2002). */
  dropSteps(): void {
    for (let size = Math.ceil(this.best.steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      let from = 0;
      while (from < this.best.steps.length && !this.spent) {
        const steps = [...this.best.steps.slice(0, from), ...this.best.steps.slice(from + size)];
        if (!this.tries({ ...this.best, steps })) from += size;
      }
    }
  }

  /** A calmer station, one thing after the other. */
  calm(): void {
    const { best } = this;
    const plain: Partial<Scenario>[] = [
      { roomTroublesPerDay: 0, roomVisitsPerDay: 0 },
      { lockFailure: 0 },
      { weather: { ...best.weather, dailySwingC: 0, noiseC: 0 } },
      { disk: { syncMsMin: 2, syncMsMax: 6 }, latencyMs: 20, turnaroundMs: 5 },
      { packs: { emptyBays: 1 } },
      { station: { ...best.station, outdoors: false } },
      { station: { ...best.station, bays: best.station.bays.slice(0, 1) } },
    ];
    for (const change of plain) {
      const candidate = { ...this.best, ...change };
      if (JSON.stringify(candidate) !== JSON.stringify(this.best)) this.tries(candidate);
    }
  }
}

/** Leaves out the first `ms` and what happened in it. A strike keeps its own randomness, whatever the time is now. */
export function laterStart(scenario: Scenario, ms: number): Scenario {
  const shiftMs = Math.floor(ms / 1_000) * 1_000;
  const steps = scenario.steps.flatMap((step): Step[] => {
    const atMs = (momentMs(step.at) ?? 0) - shiftMs;
    if (atMs < 0) return [];
    const at = momentText(atMs);
    if (!("fault" in step)) return [{ ...step, at }];
    return [{ ...step, at, draw: step.draw ?? `${scenario.seed}/${step.fault}/${step.at}` }];
  });
  const from = isoFromMs(Date.parse(scenario.from) + shiftMs);
  return { ...scenario, from, steps, lasts: lengthText((lengthMs(scenario.lasts) ?? 0) - shiftMs) };
}

export function shrink(scenario: Scenario, result: SoakResult, options: ShrinkOptions): Shrunk {
  const shrinker = new Shrinker(scenario, result, options);
  shrinker.cutEnd();
  shrinker.cutBeginning();
  for (let before = Number.POSITIVE_INFINITY; shrinker.best.steps.length < before; ) {
    before = shrinker.best.steps.length;
    shrinker.dropSteps();
    shrinker.cutEnd();
    shrinker.cutBeginning();
    shrinker.calm();
  }
  const { violation } = shrinker.result;
  const says = `${violation?.invariant}: ${violation?.what}`;
  return { scenario: { says, ...shrinker.best }, result: shrinker.result, runs: shrinker.runs };
}
