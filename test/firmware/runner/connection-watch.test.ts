/** What an operator hears of the connection to the broker: nothing of a blip, and a fault when it is gone or never stays. */
import { expect, test } from "vitest";
import { createConnectionWatch } from "../../../firmware/runner/connection-watch.ts";
import { createVirtualClock } from "../../../simulator/clock.ts";

function rig() {
  const clock = createVirtualClock({ wallStartMs: 0 });
  const standing = new Set<string>();
  const watch = createConnectionWatch(clock, (fault, present) => {
    if (present) standing.add(fault);
    else standing.delete(fault);
  });
  const pass = (ms: number): void => void clock.runUntil(clock.monotonicMs() + ms);
  /** One connection of this length, and the pause behind it. */
  const live = (ms: number, pauseMs: number): void => {
    watch.changed(true);
    pass(ms);
    watch.changed(false);
    pass(pauseMs);
  };
  return { clock, standing, watch, pass, live, faults: () => [...standing] };
}

test("N1: a blip of three seconds is told to nobody", () => {
  const { live, watch, pass, faults } = rig();
  live(600_000, 3_000);
  watch.changed(true);
  pass(600_000);
  expect(faults()).toEqual([]);
});

test("a broker out of reach for a minute is a fault, which the next connection clears", () => {
  const { live, watch, faults } = rig();
  live(600_000, 59_000);
  expect(faults()).toEqual([]);
  live(600_000, 61_000);
  expect(faults()).toEqual(["broker-lost"]);
  watch.changed(true);
  expect(faults()).toEqual([]);
});

test("N13: connections that break soon, again and again, are a fault until one has stood for a while", () => {
  const { live, watch, pass, faults } = rig();
  for (let time = 0; time < 4; time++) live(45_000, 30_000);
  expect(faults()).toEqual([]);
  live(45_000, 30_000);
  expect(faults()).toEqual(["broker-unsteady"]);
  watch.changed(true);
  pass(89_000);
  expect(faults()).toEqual(["broker-unsteady"]);
  pass(2_000);
  expect(faults()).toEqual([]);
});

test("short connections between long ones are weather, and no fault", () => {
  const { live, faults } = rig();
  for (let time = 0; time < 20; time++) live(time % 4 === 3 ? 120_000 : 10_000, 5_000);
  expect(faults()).toEqual([]);
});

test("attempts that never become a connection are not counted as broken ones", () => {
  const { watch, pass, faults } = rig();
  for (let time = 0; time < 20; time++) {
    watch.changed(false);
    pass(10_000);
  }
  expect(faults()).toEqual(["broker-lost"]);
});

test("a closed watch leaves no timer behind", () => {
  const { clock, watch } = rig();
  watch.changed(true);
  watch.close();
  expect(clock.pending()).toBe(0);
});
