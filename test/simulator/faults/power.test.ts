/** What a station does when its power fails, told by doors, coils, contactors and packs. */
import { expect, test } from "vitest";
import { swapSteps } from "../../../simulator/faults/lurking.ts";
import {
  expectNotCheated,
  expectServes,
  expectSound,
  liveOutputs,
  struckStation,
} from "../../support/ailing-station.ts";

test("P5: a computer that resets while the boards stay up leaves nothing switched on two seconds later, in the room neither", () => {
  const cold = { weather: { fixedC: -20 }, room: { visitsPerDay: 0, troublesPerDay: 0, startC: 12 }, initialSoc: 0.4 };
  const story = struckStation("brown-out", { station: "room-station", world: cold });
  const { world } = story.simulation;
  expect(liveOutputs(world).length).toBeGreaterThan(4);
  story.strike("brown-out");
  story.seconds(2);
  expect(liveOutputs(world)).toEqual([]);
  story.seconds(118);
  expect(story.simulation.computer.isAlive).toBe(true);
  expectSound(story);
});

test("P1: mains that fails while nobody is there leaves everything off, and the station starts again with the same packs", () => {
  const story = struckStation("idle cut", { world: { initialSoc: 0.5 } });
  const { world } = story.simulation;
  const before = world.truth.bays.map(({ pack }) => pack?.id);
  expect(liveOutputs(world).length).toBeGreaterThan(1);
  story.strike("mains-cut-idle", { lastsS: 300 });
  story.seconds(1);
  expect(liveOutputs(world)).toEqual([]);
  story.seconds(480);
  expect(world.truth.bays.map(({ pack }) => pack?.id)).toEqual(before);
  expect(liveOutputs(world).length).toBeGreaterThan(1);
  expectSound(story);
});

test.each(Object.keys(swapSteps))(
  "P2: mains that fails after %s leaves every pack in one place, and whoever came gets one",
  (step) => {
    const story = struckStation(`cut after ${step}`);
    story.strike("mains-cut-mid-swap", { where: `after ${step}` });
    const visit = story.visit();
    expect(story.landed()).toHaveLength(1);
    expect(story.since(0, "mains").length).toBeGreaterThan(0);
    expect(visit?.ending).toBeDefined();
    expectNotCheated(story, visit);
    story.seconds(300);
    expectServes(story);
  },
);

test("P3: a second cut while the station recovers from one in a swap ends as one recovery would have", () => {
  const story = struckStation("cut again");
  story.strike("mains-cut-while-recovering", { where: "after pack in" });
  const visit = story.visit();
  expect(story.since(0, "mains").filter(({ on }) => !on)).toHaveLength(2);
  expectNotCheated(story, visit);
  story.seconds(300);
  expectServes(story);
});

test("P4: while mains flutters ten times in a minute no coil and no contactor moves, nor in ten seconds of steady supply", () => {
  const story = struckStation("flutter", { world: { initialSoc: 0.5 } });
  const { clock, world } = story.simulation;
  story.strike("mains-flutters", { lastsS: 60 });
  story.seconds(1);
  const fromMs = clock.nowMs;
  story.seconds(69);
  expect(story.since(0, "mains").filter(({ on }) => !on)).toHaveLength(10);
  expect(story.since(fromMs, "coil")).toEqual([]);
  expect(story.since(fromMs, "contactor").filter(({ closed }) => closed)).toEqual([]);
  story.seconds(120);
  expect(liveOutputs(world).length).toBeGreaterThan(1);
  expectSound(story);
});

test("P6: a cabinet whose locks have no supply gives no door away, takes no pack that it could not replace, and serves when it is back", () => {
  const story = struckStation("no lock supply");
  const { world } = story.simulation;
  story.strike("actuator-supply-lost", { where: "locks of cabinet a", lastsS: 600 });
  const visit = story.visit();
  expect(visit?.depositedPack).toBeUndefined();
  expect(visit?.ending).not.toBe("owed");
  expect(story.since(0, "door")).toEqual([]);
  expect(world.truth.bays.every(({ pulses }) => pulses === 0)).toBe(true);
  // The technician comes by and lifts what was locked out.
  story.seconds(3_600);
  expectServes(story);
});

test("P6: chargers without supply are told of one by one, and deliver again once it is back", () => {
  const story = struckStation("no charger supply", { world: { initialSoc: 0.5 } });
  const { world } = story.simulation;
  expect(world.truth.bays.some(({ chargeMa }) => chargeMa > 1_000)).toBe(true);
  story.strike("actuator-supply-lost", { where: "chargers of cabinet a", lastsS: 300 });
  story.seconds(120);
  expect(world.truth.bays.every(({ chargeMa }) => chargeMa === 0)).toBe(true);
  expect(story.told()).toContain("bay-charger-silent");
  story.seconds(600);
  expect(world.truth.bays.some(({ chargeMa }) => chargeMa > 1_000)).toBe(true);
  expect(story.told()).not.toContain("bay-charger-silent");
  expectSound(story);
});

test("P7: a UPS that runs low has the controller stop by itself; what it wrote is all there when it starts again", () => {
  const story = struckStation("ups");
  const { simulation } = story;
  story.strike("ups-low", { lastsS: 300 });
  story.seconds(120);
  expect(simulation.computer.isAlive).toBe(false);
  expect(liveOutputs(simulation.world)).toEqual([]);
  const { lastN } = simulation.station.journal.recovered;
  expect(simulation.station.journal.log.syncedN()).toBeGreaterThan(lastN);
  story.seconds(300);
  expect(simulation.computer.isAlive).toBe(true);
  expect(simulation.station.journal.recovered.damage).toEqual({ kind: "none" });
  expectServes(story);
});

test("P8: chargers that all could begin in one instant begin one after the other, and stay within the site's limit", () => {
  const story = struckStation("all at once", { world: { initialSoc: 0.3 } });
  const { simulation } = story;
  story.strike("all-chargers-at-once", { lastsS: 5 });
  story.seconds(4);
  expect(simulation.world.truth.bays.every(({ chargeMa }) => chargeMa === 0)).toBe(true);
  const darkMs = simulation.clock.nowMs;
  story.seconds(60);
  const begun = story.since(darkMs, "current").filter(({ flows }) => flows);
  expect(begun.length).toBeGreaterThan(1);
  const gapsMs = begun.slice(1).map(({ atMs }, at) => atMs - (begun[at]?.atMs ?? 0));
  expect(Math.min(...gapsMs)).toBeGreaterThan(200);
  expect(simulation.world.truth.mainsW).toBeLessThanOrEqual(simulation.config.station.siteLimitW);
  expectSound(story);
});

test("a fridge whose compressor ran when its controller stood still (M2) or mains blinked (P8) lets it rest before it goes on", () => {
  const hot = { weather: { fixedC: 38 }, room: { visitsPerDay: 0, troublesPerDay: 0, startC: 38 }, initialSoc: 0.4 };
  const story = struckStation("compressor", { station: "room-station", world: hot });
  const { circuits } = story.simulation.world.room?.room ?? {};
  const runs = () => circuits?.closedNow.includes("fridge/compressor");
  for (let minute = 0; minute < 60 && !runs(); minute++) story.seconds(60);
  for (const [name, lastsS] of [["loop-blocked", 10] as const, ["all-chargers-at-once", 5] as const]) {
    expect(runs()).toBe(true);
    story.strike(name, { lastsS });
    story.seconds(170);
    expect(runs(), name).toBe(false);
    story.seconds(60);
  }
  expect(runs()).toBe(true);
  expectSound(story);
});
