/** Thieves and smugglers at a station whose every wire is simulated: found within ten seconds, told, and kept from riders. */
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { loadConfig } from "../../firmware/config/load.ts";
import type { LedgerPayload } from "../../services/contract/ledger-payload.ts";
import type { JournalRecord } from "../../services/journal/records.ts";
import { createSimulation, type Simulation } from "../../simulator/simulation.ts";

const found = new Set(["pack-seen", "pack-gone", "pack-changed"]);

interface Night {
  readonly simulation: Simulation;
  /** What was found since the first count, with when. */
  readonly finds: { readonly atMs: number; readonly record: JournalRecord }[];
  pass(seconds: number): void;
  /** Runs until something is found and says how long that took. */
  secondsUntilFound(): number;
  ledger(): LedgerPayload;
}

function night(seed: string): Night {
  const loaded = loadConfig(fileURLToPath(new URL("../../examples/starter-cabinet.yaml", import.meta.url)));
  if (!loaded.ok) throw new Error("the starter cabinet is not valid");
  const finds: Night["finds"] = [];
  const simulation = createSimulation({
    config: loaded.config,
    seed,
    fromMs: Date.UTC(2026, 0, 15, 14, 0),
    world: { arrivalsPerDay: 0, faultless: true, initialSoc: 0.99, emptyBaysPerCabinet: 1 },
    onRecord: (record) => {
      if (found.has(record.kind)) finds.push({ atMs: simulation.clock.nowMs, record });
    },
  });
  const { clock } = simulation;
  clock.runUntil(60_000);
  finds.length = 0;
  return {
    simulation,
    finds,
    pass: (seconds) => void clock.runUntil(clock.nowMs + seconds * 1_000),
    secondsUntilFound() {
      const [fromMs, before] = [clock.nowMs, finds.length];
      while (finds.length === before && clock.nowMs - fromMs < 60_000) clock.runUntil(clock.nowMs + 100);
      return (clock.nowMs - fromMs) / 1_000;
    },
    ledger: () => JSON.parse(simulation.broker?.retained("yizhan/1/starter-1/ledger") ?? "{}") as LedgerPayload,
  };
}

const bayThat = ({ world }: Simulation, holds: "a pack" | "nothing"): number =>
  world.truth.bays.find(({ pack }) => (pack === undefined) === (holds === "nothing"))?.bay ?? 0;
const lockOutOf = ({ station }: Simulation, bay: number) => station.loop.state().durable.lockOuts[String(bay)]?.reason;

describe("a shut and empty night", () => {
  test("a pack carried off is missed within ten seconds and stands on the ledger's topic", () => {
    const story = night("thief");
    const bay = bayThat(story.simulation, "a pack");
    const packId = story.simulation.world.carryOff(bay);
    expect(story.secondsUntilFound()).toBeLessThanOrEqual(10);
    expect(story.finds.map(({ record }) => record)).toEqual([{ kind: "pack-gone", bay, packId, how: "vanished" }]);
    expect(lockOutOf(story.simulation, bay)).toBe("pack-missing");
    story.pass(20);
    expect(story.ledger().findings).toMatchObject([{ is: "unknown", packId, bay }]);
    expect(story.simulation.broker?.retained(`yizhan/1/starter-1/fault/pack-missing/${bay}`)).toBeDefined();
  });

  test("a pack smuggled in is found within ten seconds, is not charged and not handed out", () => {
    const story = night("smuggler");
    const { world } = story.simulation;
    const bay = bayThat(story.simulation, "nothing");
    const packId = world.smuggle(bay, "pack");
    expect(story.secondsUntilFound()).toBeLessThanOrEqual(10);
    expect(story.finds.map(({ record }) => record)).toEqual([{ kind: "pack-seen", bay, packId, how: "unasked" }]);
    story.pass(600);
    expect(world.truth.bay(bay).chargeMa).toBe(0);
    expect(story.ledger().counts).toMatchObject({ quarantine: 1, bays: 3 });
  });

  test("a pack exchanged behind the door in one instant is found by its name within ten seconds", () => {
    const story = night("cuckoo");
    const { world } = story.simulation;
    const bay = bayThat(story.simulation, "a pack");
    const wasPackId = world.carryOff(bay);
    const packId = world.smuggle(bay, "pack");
    expect(story.secondsUntilFound()).toBeLessThanOrEqual(10);
    expect(story.finds.map(({ record }) => record)).toEqual([{ kind: "pack-changed", bay, wasPackId, packId }]);
    expect(lockOutOf(story.simulation, bay)).toBe("pack-changed");
  });

  test("a thing left in an empty bay is kept apart, and gone again when the technician has been there", () => {
    const story = night("bag");
    const bay = bayThat(story.simulation, "nothing");
    story.simulation.world.smuggle(bay, "thing");
    expect(story.secondsUntilFound()).toBeLessThanOrEqual(15);
    story.pass(5);
    expect(story.ledger().findings).toMatchObject([{ is: "unread", packId: null, bay }]);
    story.pass(1_900);
    expect(story.ledger().findings).toEqual([]);
    expect(lockOutOf(story.simulation, bay)).toBeUndefined();
    expect(story.simulation.station.loop.state().faults).toEqual({});
  });

  test("a dead board, a silent pack and a mains cut are no thieves", () => {
    const story = night("power");
    const { world } = story.simulation;
    const bay = bayThat(story.simulation, "a pack");
    const faults = () => Object.keys(story.simulation.station.loop.state().faults);
    world.bayFaults(bay).bmsSilent = true;
    story.pass(120);
    expect(faults()).toContain(`bay-pack-silent/${bay}`);
    world.bayFaults(bay).bmsSilent = false;
    world.setMains(false);
    story.pass(120);
    expect(faults()).toContain("smoke-lost/a");
    world.setMains(true);
    story.pass(120);
    expect(faults()).toEqual([]);
    for (const path of world.linePaths) world.line(path).unplug();
    story.pass(60);
    expect(faults()).toContain(`bay-contacts-lost/${bay}`);
    for (const path of world.linePaths) world.line(path).replug();
    story.pass(120);
    expect(faults()).toEqual([]);
    expect(story.finds).toEqual([]);
    expect(story.simulation.invariants.violations()).toEqual([]);
  });
});

describe("the judges of the ledger", () => {
  test("notice a book that is wrong", () => {
    const story = night("judge");
    const { world, invariants } = story.simulation;
    const bay = bayThat(story.simulation, "a pack");
    const packId = world.truth.bay(bay).pack?.id;
    invariants.recorded({ kind: "pack-gone", bay, packId, how: "vanished" });
    expect(invariants.violations()).toMatchObject([{ invariant: "I5-finds" }]);
  });
});
