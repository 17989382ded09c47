/** What a station does when its own process fails, told by doors, contactors, heaters and packs. */
import { describe, expect, test } from "vitest";
import { swapSteps } from "../../../simulator/faults/lurking.ts";
import {
  expectNotCheated,
  expectServes,
  expectSound,
  liveOutputs,
  struckStation,
} from "../../support/ailing-station.ts";

const busy = { initialSoc: 0.4 };
const coldRoom = {
  station: "room-station",
  world: { ...busy, weather: { fixedC: -20 }, room: { visitsPerDay: 0, troublesPerDay: 0, startC: 12 } },
} as const;

describe.each([
  ["M1", "heap-exhausted", 9],
  ["M2", "loop-blocked", 2],
  ["M3", "unexpected-error", 2.5],
] as const)("%s: %s", (_id, name, offWithinS) => {
  test("leaves nothing switched on, in the room neither, and the station comes back to what it did", () => {
    const story = struckStation(name, coldRoom);
    const { world, computer } = story.simulation;
    expect(liveOutputs(world).length).toBeGreaterThan(4);
    story.strike(name, { lastsS: 10 });
    story.seconds(offWithinS);
    expect(liveOutputs(world)).toEqual([]);
    story.seconds(90);
    expect(computer.isAlive).toBe(true);
    expect(liveOutputs(world).length).toBeGreaterThan(4);
    expectSound(story);
  });

  test("in the middle of a swap ends it or makes it good", () => {
    const story = struckStation(`${name} in a swap`);
    const visit = story.packIn();
    story.strike(name, { lastsS: 10 });
    story.seconds(900);
    expect(story.landed()).toHaveLength(1);
    expectNotCheated(story, visit);
    story.seconds(300);
    expectServes(story);
  });
});

test("M3: an error nobody expected ends the process in the same instant, and the contactors' supply with it", () => {
  const story = struckStation("error", { world: busy });
  const { world, computer } = story.simulation;
  story.strike("unexpected-error");
  for (let step = 0; computer.isAlive && step < 1_000; step++) story.simulation.clock.step();
  expect(computer.isAlive).toBe(false);
  expect(world.truth.masterEnable).toBe(false);
});

test.each(Object.keys(swapSteps))(
  "M4: a process killed after %s is started again within seconds, and the swap goes on or is made good",
  (step) => {
    const story = struckStation(`killed after ${step}`);
    story.strike("process-killed", { where: `after ${step}` });
    const visit = story.visit();
    expect(story.landed()).toHaveLength(1);
    expect(story.simulation.computer.isAlive).toBe(true);
    expect(visit?.ending).toBeDefined();
    expectNotCheated(story, visit);
    story.seconds(300);
    expectServes(story);
  },
);

test("M6: a configuration that is spoilt at a start leaves everything off until it is mended, and then the station serves", () => {
  const story = struckStation("no config", { world: busy });
  const { world, computer } = story.simulation;
  story.strike("config-spoilt", { where: "none kept", lastsS: 120 });
  story.seconds(2);
  expect(liveOutputs(world)).toEqual([]);
  story.seconds(110);
  expect(computer.isAlive).toBe(false);
  expect(liveOutputs(world)).toEqual([]);
  story.seconds(90);
  expect(computer.isAlive).toBe(true);
  expect(liveOutputs(world).length).toBeGreaterThan(1);
  expectSound(story);
});

test("M6: where the last good configuration was kept the station serves by it, and says so until somebody mends the file", () => {
  const story = struckStation("old config");
  story.strike("config-spoilt", { where: "last good one kept", lastsS: 1_000 });
  story.seconds(60);
  expect(story.told()).toContain("config-refused");
  expect(story.visit()?.ending).toBe("swapped");
  story.seconds(120);
  expect(story.told()).not.toContain("config-refused");
  expectSound(story);
});
