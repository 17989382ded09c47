/**
 * A small station that runs for a while, is struck by one fault of the catalogue, and runs on: for stories about what it then does, told
 * by what really happened. It gives no opinion of the controller.
 */
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { loadConfig } from "../../firmware/config/load.ts";
import { FaultDirector, type Landed } from "../../simulator/faults/director.ts";
import { createSimulation, type Simulation, type SimulationOptions } from "../../simulator/simulation.ts";
import type { TruthEvent } from "../../simulator/truth-types.ts";
import type { RiderVisit } from "../../simulator/visit-types.ts";
import type { World } from "../../simulator/world-types.ts";

export type StationName = "starter-cabinet" | "room-station" | "reference-station";

export interface StruckStation {
  readonly simulation: Simulation;
  /** Everything that really happened, oldest first. */
  readonly truth: TruthEvent[];
  /** Lets a fault strike in so many seconds (default: now) and stay for so many (default: until the end of the story). */
  strike(fault: string, how?: { readonly inS?: number; readonly lastsS?: number; readonly where?: string }): void;
  /** Strikes that happened. */
  readonly landed: () => readonly Landed[];
  seconds(count: number): void;
  /** Somebody comes, and a quarter of an hour goes by. */
  visit(): RiderVisit | undefined;
  /** Somebody comes, and has just put their pack into a bay: the middle of a swap. */
  packIn(): RiderVisit | undefined;
  /** What really happened since then, of one kind. */
  since<T extends TruthEvent["type"]>(atMs: number, type: T): Extract<TruthEvent, { type: T }>[];
  /** Codes of the faults that the station tells its operators of now, as the broker keeps them. */
  told(): string[];
}

const noonMs = Date.parse("2026-01-15T12:00:00+08:00");
const quiet = { arrivalsPerDay: 0, faultless: true, initialSoc: 0.99, emptyBaysPerCabinet: 2 };
const quietRoom = { visitsPerDay: 0, troublesPerDay: 0 };

export interface StoryOptions extends Partial<SimulationOptions> {
  readonly station?: StationName;
  /** Minutes before the story begins. */
  readonly afterMinutes?: number;
}

export function struckStation(seed: string, options: StoryOptions = {}): StruckStation {
  const { station = "starter-cabinet", afterMinutes = 2, world = {}, ...more } = options;
  const loaded = loadConfig(fileURLToPath(new URL(`../../examples/${station}.yaml`, import.meta.url)));
  if (!loaded.ok) throw new Error(`examples/${station}.yaml is not valid`);
  const truth: TruthEvent[] = [];
  const simulation = createSimulation({
    config: loaded.config,
    seed,
    fromMs: noonMs,
    world: { ...quiet, ...(station === "starter-cabinet" ? {} : { room: quietRoom }), ...world },
    onTruth: (event) => truth.push(event),
    ...more,
  });
  const { clock, config, broker } = simulation;
  const seconds = (count: number): void => void clock.runUntil(clock.nowMs + count * 1_000);
  const directors: FaultDirector[] = [];
  const since: StruckStation["since"] = (atMs, type) =>
    truth.filter((event) => event.type === type && event.atMs >= atMs) as Extract<TruthEvent, { type: typeof type }>[];
  seconds(afterMinutes * 60);
  return {
    simulation,
    truth,
    strike(fault, { inS = 0, lastsS = 1e9, where } = {}) {
      const draw = `${seed} ${fault} ${directors.length}`;
      const planned = { atMs: clock.nowMs + inS * 1_000, fault, lastsMs: lastsS * 1_000, where, draw };
      directors.push(new FaultDirector(simulation, config, [planned]));
      if (inS === 0) clock.runUntil(clock.nowMs);
    },
    landed: () => directors.flatMap(({ landed }) => landed),
    seconds,
    visit() {
      const visit = simulation.world.arrive({ behaviour: "proper" });
      seconds(900);
      return visit;
    },
    packIn() {
      const fromMs = clock.nowMs;
      const visit = simulation.world.arrive({ behaviour: "proper" });
      while (!since(fromMs, "pack").some((event) => event.in)) {
        if (clock.nowMs - fromMs > 120_000) throw new Error("nobody put a pack in");
        seconds(0.25);
      }
      return visit;
    },
    since,
    told() {
      const root = `yizhan/1/${config.station.stationId}/fault/`;
      const topics = broker?.retainedTopics().filter((topic) => topic.startsWith(root)) ?? [];
      return topics.map((topic) => topic.slice(root.length).split("/")[0] ?? "");
    },
  };
}

/** It serves: somebody who comes now leaves with another pack, and nothing that must never happen has happened. */
export function expectServes(station: StruckStation): void {
  expect(station.visit()?.ending).toBe("swapped");
  expectSound(station);
}

export function expectSound({ simulation }: StruckStation): void {
  expect(simulation.invariants.violations()).toEqual([]);
}

/** What conducts, heats, charges or is energised now, by the world's truth. */
export function liveOutputs({ truth, room }: World): string[] {
  const bays = truth.bays.flatMap(({ bay, contactorClosed, heaterOn, chargeMa, coilSinceMs }) => [
    ...(contactorClosed ? [`contactor ${bay}`] : []),
    ...(heaterOn ? [`heater ${bay}`] : []),
    ...(chargeMa > 50 ? [`current ${bay}`] : []),
    ...(coilSinceMs !== undefined ? [`coil ${bay}`] : []),
  ]);
  return [...bays, ...(room?.room.circuits.closedNow ?? [])];
}

/** Whoever came has a pack of their own an hour later at the latest, whatever became of the visit: nobody is cheated of one. */
export function expectNotCheated({ simulation, seconds }: StruckStation, visit: RiderVisit | undefined): void {
  const has = () =>
    simulation.world.truth.packs.some(({ place }) => place.at === "rider" && place.rider === visit?.rider);
  for (let minute = 0; minute < 60 && !has(); minute++) seconds(60);
  expect(has(), `rider ${visit?.rider}, ${visit?.ending}, has a pack`).toBe(true);
}
