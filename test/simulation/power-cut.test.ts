import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { loadConfig } from "../../firmware/config/load.ts";
import { createSimulation } from "../../simulator/simulation.ts";

function roomStation() {
  const loaded = loadConfig(fileURLToPath(new URL("../../examples/room-station.yaml", import.meta.url)));
  if (!loaded.ok) throw new Error("the example station with a room is not valid");
  return createSimulation({
    config: loaded.config,
    seed: "power",
    fromMs: Date.parse("2026-01-15T12:00:00+08:00"),
    world: { arrivalsPerDay: 0, weather: { fixedC: -20 }, room: { visitsPerDay: 0, troublesPerDay: 0, startC: 12 } },
  });
}

test("a controller that loses its power under a running heater leaves nothing on after its lease, and heats again afterwards", () => {
  const simulation = roomStation();
  const { clock, world, computer } = simulation;
  clock.runUntil(120_000);
  const room = world.room?.room;
  expect(room?.heats).toBe(true);
  const before = simulation.station;
  computer.powerLost();
  expect(world.truth.masterEnable).toBe(false);
  clock.runUntil(clock.nowMs + 2_000);
  expect(room?.circuits.closedNow).toEqual([]);
  clock.runUntil(clock.nowMs + 60_000);
  expect(room?.circuits.closedNow).toEqual([]);
  computer.powerBack();
  clock.runUntil(clock.nowMs + 120_000);
  expect(simulation.station).not.toBe(before);
  expect(computer.isAlive).toBe(true);
  expect(room?.heats).toBe(true);
  expect(simulation.invariants.violations()).toEqual([]);
});

test("what was written before the cut is known after it without a broker: the drinks inside, the access list", () => {
  const simulation = roomStation();
  const { clock, computer, world } = simulation;
  clock.runUntil(120_000);
  const left = () => simulation.station.loop.state().durable.room.fridge.left;
  const list = () => simulation.station.loop.state().room?.access.list?.version;
  expect(left()).toBe(world.room?.room.fridge?.cans);
  // The office has sent its second list by now.
  expect(list()).toBe(2);
  simulation.broker?.takeDown();
  computer.powerLost();
  clock.runUntil(clock.nowMs + 5_000);
  computer.powerBack();
  clock.runUntil(clock.nowMs + 60_000);
  expect(left()).toBe(world.room?.room.fridge?.cans);
  expect(list()).toBe(2);
});

test("mains that fails takes boards, readers and controller with it, and all of them come back", () => {
  const simulation = roomStation();
  const { clock, computer, world } = simulation;
  clock.runUntil(60_000);
  world.setMains(false);
  computer.powerLost();
  expect(world.room?.room.circuits.closedNow).toEqual([]);
  clock.runUntil(clock.nowMs + 600_000);
  world.setMains(true);
  computer.powerBack();
  clock.runUntil(clock.nowMs + 120_000);
  expect(simulation.station.hardware.image.room?.air.every((reading) => reading?.quality === "good")).toBe(true);
  expect(world.truth.masterEnable).toBe(true);
  expect(simulation.invariants.violations()).toEqual([]);
});
