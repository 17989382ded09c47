/** Fire, water and the emergency stop in a whole simulated station: every byte on the wire, every second counted. */
import { describe, expect, test } from "vitest";
import type { LoadedConfig } from "../../firmware/config/load.ts";
import type { JournalRecord } from "../../services/journal/records.ts";
import { technicianCredential } from "../../simulator/members.ts";
import { createRandom } from "../../simulator/random.ts";
import { createSimulation, type Simulation } from "../../simulator/simulation.ts";
import type { TruthEvent } from "../../simulator/truth-types.ts";
import { loadText, starter } from "../firmware/config/memory-files.ts";
import { guardedYaml } from "../support/guarded-yaml.ts";

const minuteMs = 60_000;

function guarded(): LoadedConfig {
  const loaded = loadText(guardedYaml(starter));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.config;
}

interface Story {
  readonly simulation: Simulation;
  readonly truth: TruthEvent[];
  readonly records: JournalRecord[];
  readonly said: string[];
  seconds(count: number): void;
  outcomes(): string[];
  /** When this was first true after `fromMs`, in ms; Infinity for never. */
  afterMs(fromMs: number, is: (event: TruthEvent) => boolean): number;
}

function story(seed: string, soc = 0.99): Story {
  const truth: TruthEvent[] = [];
  const records: JournalRecord[] = [];
  const said: string[] = [];
  const simulation = createSimulation({
    config: guarded(),
    seed,
    fromMs: Date.UTC(2026, 0, 15, 4, 0),
    world: { arrivalsPerDay: 0, faultless: true, initialSoc: soc, emptyBaysPerCabinet: 1 },
    onRecord: (record) => records.push(record),
    onTruth: (event) => truth.push(event),
    onPrompt: (_cabinet, { id }) => said.push(id),
  });
  const { clock } = simulation;
  clock.runUntil(minuteMs);
  return {
    simulation,
    truth,
    records,
    said,
    seconds: (count) => void clock.runUntil(clock.nowMs + count * 1_000),
    outcomes: () =>
      records.flatMap((record) =>
        record.kind === "swap-ended" ? [record.outcome] : record.kind === "scan-refused" ? [record.reason] : [],
      ),
    afterMs(fromMs, is) {
      const event = truth.find((candidate) => candidate.atMs >= fromMs && is(candidate));
      return event === undefined ? Number.POSITIVE_INFINITY : event.atMs - fromMs;
    },
  };
}

const fullBay = ({ simulation }: Story): number =>
  simulation.world.truth.bays.find(({ pack }) => pack !== undefined)?.bay ?? 0;
const cabinetOf = ({ simulation }: Story) =>
  simulation.world.truth.cabinets[0] as (typeof simulation.world.truth.cabinets)[number];

describe("a controller that is told to stop in smoke", () => {
  test("keeps the alarm on and the exit free until the smoke is gone, and only then lets go", () => {
    const told = story("stopped in smoke");
    const { simulation } = told;
    const { world } = simulation;
    world.setSmoke("a", true);
    told.seconds(2);
    let isGone = false;
    simulation.station.stop("an update", () => {
      isGone = true;
    });
    told.seconds(90);
    expect(isGone).toBe(false);
    expect(world.truth).toMatchObject({ alarmOn: true, exitFreed: true });
    world.setSmoke("a", false);
    for (let waitedS = 0; !isGone && waitedS < 400; waitedS++) told.seconds(1);
    expect(isGone).toBe(true);
    expect(world.truth).toMatchObject({ alarmOn: false, exitFreed: false });
    expect(simulation.invariants.violations()).toEqual([]);
  });
});

describe("a pack that burns", () => {
  test("stops the cabinet and calls out within a second of the smoke, and is put out once, when its cells confirm it", () => {
    const told = story("burning", 0.5);
    const { world } = told.simulation;
    told.seconds(20);
    expect(world.truth.bays.some(({ chargeMa }) => chargeMa > 1_000)).toBe(true);
    world.burnPack(fullBay(told), true);
    told.seconds(400);
    const smokeMs = told.truth.find((event) => event.type === "smoke" && event.on)?.atMs ?? 0;
    expect(smokeMs).toBeGreaterThan(0);
    expect(told.afterMs(smokeMs, (event) => event.type === "alarm" && event.cabinet === "a" && event.on)).toBeLessThan(
      1_000,
    );
    expect(
      told.afterMs(smokeMs, (event) => event.type === "alarm" && event.cabinet === undefined && event.on),
    ).toBeLessThan(1_000);
    expect(told.afterMs(smokeMs, (event) => event.type === "exit" && event.free)).toBeLessThan(1_000);
    const currentsMs = told.truth.filter((event) => event.type === "current" && !event.flows && event.atMs >= smokeMs);
    expect(currentsMs.every(({ atMs }) => atMs - smokeMs < 1_000)).toBe(true);
    expect(world.truth.bays.every(({ chargeMa, heaterOn }) => chargeMa === 0 && !heaterOn)).toBe(true);
    const releaseMs = told.afterMs(smokeMs, (event) => event.type === "aerosol" && event.on);
    expect(releaseMs).toBeGreaterThan(3_000);
    expect(releaseMs).toBeLessThan(30_000);
    const heldMs = told.afterMs(smokeMs + releaseMs, (event) => event.type === "aerosol" && !event.on);
    expect(heldMs).toBeGreaterThan(9_000);
    expect(heldMs).toBeLessThan(12_500);
    expect(cabinetOf(told)).toMatchObject({ aerosolReleases: 1, fanOn: false, alarmOn: true });
    expect(told.records.filter(({ kind }) => kind === "runaway-latched")).toHaveLength(1);
    expect(told.said).toContain("evacuate");
    expect(told.truth.some((event) => event.type === "coil")).toBe(false);
    expect(told.simulation.invariants.violations()).toEqual([]);
  });

  test("is given back by a technician's code at the reader, not before it is cold, and the cabinet serves again", () => {
    const told = story("burnt-out");
    const { world } = told.simulation;
    const bay = fullBay(told);
    world.burnPack(bay, true);
    told.seconds(300);
    world.showCode("a", technicianCredential);
    told.seconds(30);
    expect(told.outcomes()).toEqual(["reset-too-early"]);
    // The brigade has been: what burnt lies in water outside, and the cord is a new one.
    told.seconds(400);
    world.setConductor("a", false);
    world.bayFaults(bay).bmsSilent = false;
    world.setPackTemp(bay, 20);
    told.seconds(120);
    world.arrive({ behaviour: "proper", socPct: 30, packC: 10 });
    told.seconds(60);
    expect(told.outcomes().at(-1)).toBe("fire");
    world.showCode("a", technicianCredential);
    told.seconds(120);
    expect(told.records.some(({ kind }) => kind === "latch-reset")).toBe(true);
    expect(cabinetOf(told)).toMatchObject({ alarmOn: false, aerosolReleases: 1 });
    expect(world.truth.exitFreed).toBe(false);
    world.arrive({ behaviour: "proper", socPct: 30, packC: 10 });
    told.seconds(180);
    expect(told.outcomes().at(-1)).toBe("completed");
    expect(told.simulation.invariants.violations()).toEqual([]);
  });
});

describe("one noisy sensor", () => {
  test("a smoke head that chatters for a day beside warm packs releases nothing", () => {
    const told = story("noisy-head");
    const { world, clock } = told.simulation;
    const chance = createRandom("noise");
    const dayEndsMs = clock.nowMs + 86_400_000;
    let alarms = 0;
    while (clock.nowMs < dayEndsMs) {
      world.setSmoke("a", !cabinetOf(told).smoke);
      if (cabinetOf(told).smoke) alarms++;
      if (chance.chance(0.02)) world.setPackTemp(fullBay(told), chance.between(30, 75));
      told.seconds(chance.chance(0.3) ? chance.between(0.05, 5) : chance.between(5, 600));
    }
    expect(alarms).toBeGreaterThan(100);
    expect(cabinetOf(told).aerosolReleases).toBe(0);
    expect(told.records.some(({ kind }) => kind === "runaway-latched")).toBe(false);
    expect(told.simulation.invariants.violations()).toEqual([]);
  }, 600_000);
});

describe("the emergency stop", () => {
  test("in the middle of a swap ends it with the debt kept, and the rider's next scan opens the own pack's door", () => {
    const told = story("pressed", 0.92);
    const { world } = told.simulation;
    world.arrive({ behaviour: "proper", socPct: 30, packC: 10 });
    while (!told.records.some((record) => record.kind === "swap-stage" && record.stage === "in-closed"))
      told.seconds(0.5);
    world.pressEmergencyStop(true);
    const coils = told.truth.filter(({ type }) => type === "coil").length;
    told.seconds(30);
    expect(told.outcomes()).toEqual(["interrupted-emergency"]);
    expect(told.truth.filter(({ type }) => type === "coil")).toHaveLength(coils);
    expect(world.truth.bays.every(({ chargeMa, heaterOn }) => chargeMa === 0 && !heaterOn)).toBe(true);
    world.pressEmergencyStop(false);
    told.seconds(60);
    const visit = world.stats.visits[0];
    world.showCode("a", visit?.credential ?? "");
    told.seconds(5);
    const own = world.truth.bays.find(({ pack }) => pack?.id === visit?.depositedPack);
    expect(own?.doorOpen).toBe(true);
    told.seconds(300);
    expect(world.truth.bays.some(({ chargeMa }) => chargeMa > 0)).toBe(true);
    expect(told.simulation.invariants.violations()).toEqual([]);
  });
});
