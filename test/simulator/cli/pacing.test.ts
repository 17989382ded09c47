import { expect, test } from "vitest";
import type { Clock } from "../../../hal/ports/clock.ts";
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

const settled = async (promise: Promise<unknown>): Promise<boolean> =>
  Promise.race([promise.then(() => true), Promise.resolve().then(() => Promise.resolve(false))]);

test("so many virtual seconds pass in a second, up to the end and not beyond", async () => {
  const { wall, virtual, simulation } = beside();
  const paced = pace(simulation, { clock: wall, speed: { times: 60 }, untilMs: 90_000, isStopped: () => false });
  wall.runUntil(1_000);
  expect(virtual.nowMs).toBe(60_000);
  wall.runUntil(2_000);
  expect(virtual.nowMs).toBe(90_000);
  await paced;
});

test("the speed may change meanwhile: at 0 time stands still, and what stood still is not caught up with", async () => {
  const { wall, virtual, simulation } = beside();
  const speed = { times: 60 };
  const paced = pace(simulation, { clock: wall, speed, untilMs: 90_000, isStopped: () => false });
  wall.runUntil(500);
  speed.times = 0;
  const stoodMs = virtual.nowMs;
  const looksBefore = wall.eventsRun();
  wall.runUntil(10_500);
  expect(virtual.nowMs).toBe(stoodMs);
  // Ten seconds of standing still are no reason to be busy.
  expect(wall.eventsRun() - looksBefore).toBeLessThan(110);
  speed.times = 10;
  wall.runUntil(11_500);
  expect(virtual.nowMs).toBeGreaterThan(stoodMs + 8_500);
  expect(virtual.nowMs).toBeLessThanOrEqual(stoodMs + 11_000);
  speed.times = 600;
  wall.runUntil(12_500);
  await paced;
  expect(virtual.nowMs).toBe(90_000);
});

test("a machine that is too slow leaves others their turn after each piece, and does not catch up", async () => {
  const { wall, virtual, simulation } = beside();
  // Each virtual second costs half a second of the wall.
  let spentMs = 0;
  const runUntil = (untilMs: number): boolean => {
    spentMs += (untilMs - virtual.nowMs) / 2;
    return virtual.runUntil(untilMs);
  };
  const slow = {
    ...simulation,
    clock: {
      get nowMs() {
        return virtual.nowMs;
      },
      runUntil,
    },
  } as unknown as Simulation;
  const clock = { monotonicMs: () => wall.nowMs + spentMs, after: wall.after.bind(wall) } as unknown as Clock;
  const after: number[] = [];
  const isStopped = () => after.push(virtual.nowMs) === 5;
  const paced = pace(slow, { clock, speed: { times: 60 }, untilMs: 9e9, isStopped });
  wall.runUntil(1_000);
  await paced;
  expect(after).toEqual([1_000, 2_000, 3_000, 4_000, 5_000]);
});

test("stops when it is told to", async () => {
  const { wall, virtual, simulation } = beside();
  let stopped = false;
  const paced = pace(simulation, { clock: wall, speed: { times: 1 }, untilMs: 90_000, isStopped: () => stopped });
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
  expect(await said).toBe(true);
  const unheard = sayGoodbye(simulation, wall);
  wall.runUntil(3_200);
  expect(await settled(unheard)).toBe(false);
  wall.runUntil(3_400);
  expect(await unheard).toBe(false);
});
