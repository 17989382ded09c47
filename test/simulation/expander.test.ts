import { expect, test } from "vitest";
import { createSimulation } from "../../simulator/simulation.ts";
import { loadText, patched, room } from "../firmware/config/memory-files.ts";

const AIR = "- { id: fridge-air, kind: w1-thermometer, path: /sys/bus/w1/devices/28-0000000000b2/w1_slave }";
const BOARD = "- { id: board, kind: firmata, path: /dev/board, inputs: [{ id: air, pin: 0, kind: thermistor }] }";

test("a simulated fridge that sees its air through an expander board's thermistor is kept cold", () => {
  const text = patched(
    patched(room, AIR, BOARD),
    "air: { device: fridge-air }",
    "air: { device: board, channel: air }",
  );
  const loaded = loadText(text);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const { clock, world, station, invariants } = createSimulation({
    config: loaded.config,
    seed: "expander",
    fromMs: Date.UTC(2026, 6, 15, 4, 0),
    world: { room: { startC: 38 } },
  });
  let ranMinutes = 0;
  for (let minute = 0; minute < 20; minute++) {
    clock.runUntil(clock.nowMs + 60_000);
    const reading = station.hardware.image.room?.fridge.airC;
    expect(reading?.quality).toBe("good");
    // One step of the converter, and what a minute does not change between sample and look.
    expect(Math.abs((reading?.value ?? Number.NaN) - (world.room?.room.fridge?.airC ?? 0))).toBeLessThan(0.2);
    if (world.room?.room.fridge?.compressorRuns) ranMinutes++;
  }
  expect(ranMinutes).toBeGreaterThan(0);
  expect(ranMinutes).toBeLessThan(20);
  expect(Object.keys(station.loop.state().faults).filter((fault) => fault.startsWith("fridge-sensor"))).toEqual([]);
  invariants.finish();
  expect(invariants.violations()).toEqual([]);
});
