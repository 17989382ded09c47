import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { loadConfig } from "../../firmware/config/load.ts";
import { createSimulation } from "../../simulator/simulation.ts";

test("a boiler that leaked is latched off, and a technician who was called gives it back on site", () => {
  const loaded = loadConfig(fileURLToPath(new URL("../../examples/room-station.yaml", import.meta.url)));
  if (!loaded.ok) throw new Error("the example station with a room is not valid");
  const simulation = createSimulation({
    config: loaded.config,
    seed: "staff",
    fromMs: Date.parse("2026-01-15T12:00:00+08:00"),
    world: { arrivalsPerDay: 0, room: { visitsPerDay: 0, troublesPerDay: 0 } },
  });
  const { clock, world } = simulation;
  const room = world.room?.room;
  const boiler = room?.boilers.get("hot-water");
  if (room === undefined || boiler === undefined) throw new Error("the example has no boiler");
  const isFed = () => room.circuits.isClosed("amenity/hot-water/feed");
  clock.runUntil(60_000);
  expect(isFed()).toBe(true);
  boiler.leaks = true;
  clock.runUntil(90_000);
  expect(isFed()).toBe(false);
  boiler.leaks = false;
  clock.runUntil(400_000);
  expect(isFed()).toBe(false);
  clock.runUntil(3_600_000);
  expect(isFed()).toBe(true);
  expect(world.room?.book.resets).toBe(1);
  expect(simulation.invariants.violations()).toEqual([]);
});
