/**
 * A simulated station that is struck by faults of the catalogue: the starter cabinet (four bays, one of them free) or the station
 * with a room, some minutes after its start. What it hands out is the world's truth; the controller's opinion is only for naming
 * what it tells. Nobody comes unless the test lets somebody come.
 */
import { fileURLToPath } from "node:url";
import { type LoadedConfig, loadConfig } from "../../firmware/config/load.ts";
import { faultNamed } from "../../simulator/faults/catalogue.ts";
import type { WorldOptions } from "../../simulator/option-types.ts";
import { createRandom } from "../../simulator/random.ts";
import { createSimulation, type Simulation, type SimulationOptions } from "../../simulator/simulation.ts";
import type { BayTruth, TruthEvent } from "../../simulator/truth-types.ts";
import type { ArrangedVisit, Ending } from "../../simulator/visit-types.ts";

export interface StruckOptions {
  /** Default: the starter cabinet. */
  readonly example?: "starter-cabinet" | "room-station" | "reference-station";
  readonly seed?: string;
  readonly world?: Partial<WorldOptions>;
  readonly more?: Partial<SimulationOptions>;
  /** How long it runs before the test begins. Default: two minutes. */
  readonly beforeS?: number;
}

/** A strike of the test's own. */
export interface Struck {
  readonly where: string;
  /** When it has landed: at once, but for a fault that waits for its moment. */
  readonly landedMs: number | undefined;
  /** Mends it, as the director does at the end of its time. */
  end(): void;
}

export interface StruckStation {
  readonly simulation: Simulation;
  /** Everything that really happened, in order. */
  readonly events: TruthEvent[];
  seconds(count: number): void;
  minutes(count: number): void;
  bay(bay: number): BayTruth;
  /** Undefined where the station has nothing to strike. */
  tryStrike(fault: string, where?: string): Struck | undefined;
  /** The same; a station that has nothing to strike is a failed test. */
  strike(fault: string, where?: string): Struck;
  /** Seconds from now until the condition holds; a condition that never comes is a failed test. */
  secondsUntil(condition: () => boolean, what: string, limitS?: number): number;
  /** Somebody comes now; how their visit ends, within so many minutes. */
  visit(visit?: ArrangedVisit, limitMinutes?: number): Ending | undefined;
  /** What stands, as the controller tells it: "code/subject". */
  faults(): string[];
  /** What judges have found, as "invariant what". */
  violations(): string[];
}

const configs = new Map<string, LoadedConfig>();

function exampleNamed(name: string): LoadedConfig {
  const known = configs.get(name);
  if (known !== undefined) return known;
  const loaded = loadConfig(fileURLToPath(new URL(`../../examples/${name}.yaml`, import.meta.url)));
  if (!loaded.ok) throw new Error(`examples/${name}.yaml is not valid`);
  configs.set(name, loaded.config);
  return loaded.config;
}

class Station implements StruckStation {
  readonly simulation: Simulation;
  readonly events: TruthEvent[] = [];
  private readonly seed: string;
  private strikes = 0;

  constructor({ example = "starter-cabinet", seed = "struck", world = {}, more = {}, beforeS = 120 }: StruckOptions) {
    this.seed = seed;
    this.simulation = createSimulation({
      config: exampleNamed(example),
      seed,
      fromMs: Date.UTC(2026, 0, 15, 6, 0),
      world: { arrivalsPerDay: 0, faultless: true, initialSoc: 0.99, emptyBaysPerCabinet: 1, ...world },
      onTruth: (event) => this.events.push(event),
      ...more,
    });
    this.seconds(beforeS);
  }

  seconds(count: number): void {
    const { clock } = this.simulation;
    clock.runUntil(clock.nowMs + count * 1_000);
  }

  minutes(count: number): void {
    this.seconds(count * 60);
  }

  bay(bay: number): BayTruth {
    return this.simulation.world.truth.bay(bay);
  }

  tryStrike(name: string, where?: string): Struck | undefined {
    const { simulation } = this;
    const { clock, troubles, config } = simulation;
    const fault = faultNamed(name);
    if (fault === undefined) throw new RangeError(`there is no fault ${name}`);
    const random = createRandom(`${this.seed} ${name} ${++this.strikes}`);
    const note: { landedMs: number | undefined } = { landedMs: undefined };
    const landed = (): void => {
      note.landedMs ??= clock.nowMs;
    };
    const strike = fault.strike({ simulation, config, random, where, troubles, landed });
    if (strike === undefined) return undefined;
    if (strike.lurks !== true) landed();
    return {
      where: strike.where,
      get landedMs() {
        return note.landedMs;
      },
      end: () => strike.end?.(),
    };
  }

  strike(name: string, where?: string): Struck {
    const struck = this.tryStrike(name, where);
    if (struck === undefined) throw new Error(`${name} found nothing to strike`);
    return struck;
  }

  secondsUntil(condition: () => boolean, what: string, limitS = 3_600): number {
    const { clock } = this.simulation;
    const fromMs = clock.nowMs;
    while (!condition()) {
      if (clock.nowMs - fromMs > limitS * 1_000) throw new Error(`waited ${limitS} s in vain for ${what}`);
      this.seconds(0.25);
    }
    return (clock.nowMs - fromMs) / 1_000;
  }

  visit(visit: ArrangedVisit = {}, limitMinutes = 10): Ending | undefined {
    const made = this.simulation.world.arrive({ behaviour: "proper", socPct: 30, packC: 18, ...visit });
    for (let passed = 0; passed < limitMinutes * 60 && made?.ending === undefined; passed++) this.seconds(1);
    return made?.ending;
  }

  faults(): string[] {
    return Object.keys(this.simulation.station.loop.state().faults).sort();
  }

  violations(): string[] {
    return this.simulation.invariants.violations().map(({ invariant, what }) => `${invariant} ${what}`);
  }
}

export const struckStation = (options: StruckOptions = {}): StruckStation => new Station(options);
