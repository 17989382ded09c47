import { expect, test } from "vitest";
import { pace, sayGoodbye } from "../../../simulator/cli/pacing.ts";
import { createVirtualClock } from "../../../simulator/clock.ts";
import type { Simulation } from "../../../simulator/simulation.ts";

/** A wall that can be moved by hand, and a simulation of nothing but a clock and a station that says goodbye when told. */
function beside() {
  const wall = createVirtualClock({ wallStartMs: 0 });
  const virtual = createVirtualClock({ wallStartMs: 0 });
  let goodbye: (() => void) | undefined;
  const station = {
    stop: (_why: string, done: () => void) => {
      goodbye = done;
    },
  };
  const simulation = { clock: virtual, station } as unknown as Simulation;
  return { wall, virtual, simulation, sayIt: () => goodbye?.() };
}

const settled = async (promise: Promise<void>): Promise<boolean> =>
  Promise.race([promise.then(() => true), Promise.resolve().then(() => Promise.resolve(false))]);

test("so many virtual seconds pass in a second, up to the end and not beyond", async () => {
  const { wall, virtual, simulation } = beside();
  const paced = pace(simulation, { clock: wall, speed: 60, untilMs: 90_000, isStopped: () => false });
  wall.runUntil(1_000);
  expect(virtual.nowMs).toBe(60_000);
  wall.runUntil(2_000);
  expect(virtual.nowMs).toBe(90_000);
  await paced;
});

test("stops when it is told to", async () => {
  const { wall, virtual, simulation } = beside();
  let stopped = false;
  const paced = pace(simulation, { clock: wall, speed: 1, untilMs: 90_000, isStopped: () => stopped });
  wall.runUntil(500);
  stopped = true;
  wall.runUntil(10_000);
  await paced;
  expect(virtual.nowMs).toBeLessThan(600);
});

test("a goodbye that is said ends at once, and one that nobody hears after three seconds", async () => {
  const { wall, simulation, sayIt } = beside();
  const said = sayGoodbye(simulation, wall);
  wall.runUntil(200);
  expect(await settled(said)).toBe(false);
  sayIt();
  wall.runUntil(300);
  await said;
  const unheard = sayGoodbye(simulation, wall);
  wall.runUntil(3_200);
  expect(await settled(unheard)).toBe(false);
  wall.runUntil(3_400);
  await unheard;
});
