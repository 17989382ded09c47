/** What a station does when its clock is wrong or its process stands still, told by doors, strikes, contactors and heaters. */
import { describe, expect, test } from "vitest";
import {
  expectNotCheated,
  expectServes,
  expectSound,
  liveOutputs,
  struckStation,
} from "../../support/ailing-station.ts";
import { frontDoor } from "../../support/door-codes.ts";

const roomOfOurs = { station: "room-station" } as const;
const dayS = 86_400;

describe("C6: a controller that stands still for a minute", () => {
  test("holds nothing switched on after two seconds of it, neither in the cabinet nor in the room", () => {
    const cold = {
      weather: { fixedC: -20 },
      room: { visitsPerDay: 0, troublesPerDay: 0, startC: 12 },
      initialSoc: 0.4,
    };
    const story = struckStation("paused", { ...roomOfOurs, world: cold });
    const { world } = story.simulation;
    expect(liveOutputs(world).length).toBeGreaterThan(4);
    story.strike("process-paused-a-minute", { lastsS: 60 });
    story.seconds(2);
    expect(liveOutputs(world)).toEqual([]);
    story.seconds(57);
    expect(liveOutputs(world)).toEqual([]);
    story.seconds(120);
    expect(liveOutputs(world).length).toBeGreaterThan(4);
    expectSound(story);
  });

  test("sees the bays again before it gives the contactors their supply: at least a second after it went on", () => {
    const story = struckStation("paused, then on", { world: { initialSoc: 0.4 } });
    const { clock, world } = story.simulation;
    story.strike("process-paused-a-minute", { lastsS: 60 });
    story.seconds(60);
    const onMs = clock.nowMs;
    story.seconds(60);
    const supplied = story.since(onMs, "master").filter(({ high }) => high);
    expect(supplied[0]?.atMs).toBeGreaterThan(onMs + 1_000);
    expect(world.truth.masterEnable).toBe(true);
    expectSound(story);
  });

  test("in the middle of a swap ends it or makes it good", () => {
    const story = struckStation("paused in a swap");
    const visit = story.packIn();
    story.strike("process-paused-a-minute", { lastsS: 60 });
    story.seconds(30);
    expect(story.simulation.computer.standsStill).toBe(true);
    story.seconds(870);
    expectNotCheated(story, visit);
    story.seconds(300);
    expectServes(story);
  });
});

describe.each([
  ["C2", "clock-ahead-six-hours"],
  ["C3", "clock-back-two-weeks"],
  ["C5", "clock-off-by-an-hour"],
] as const)("%s: %s", (_id, name) => {
  test("moves nothing: the same minutes with and without it are the same, to the last contactor and heater", () => {
    const outputs = (strikes: boolean) => {
      const story = struckStation(name, { world: { initialSoc: 0.4, outdoors: true, weather: { fixedC: 2 } } });
      story.seconds(60);
      const fromMs = story.simulation.clock.nowMs;
      if (strikes) story.strike(name, { lastsS: 100 });
      const { computer, clock } = story.simulation;
      expect(Math.abs(computer.wall.wallMs() - clock.wallMs()) > 60_000).toBe(strikes);
      story.seconds(240);
      expect(story.landed()).toHaveLength(strikes ? 1 : 0);
      expectSound(story);
      const kinds = ["coil", "contactor", "master", "heater", "charger", "current", "fan"];
      return story.truth.filter(({ type, atMs }) => atMs > fromMs && kinds.includes(type));
    };
    const undisturbed = outputs(false);
    expect(undisturbed.length).toBeGreaterThan(2);
    expect(outputs(true)).toEqual(undisturbed);
  });

  test("in the middle of a swap changes nothing for whoever came", () => {
    const story = struckStation(`${name}, in a swap`);
    const visit = story.packIn();
    story.strike(name, { lastsS: 300 });
    const { computer, clock } = story.simulation;
    expect(Math.abs(computer.wall.wallMs() - clock.wallMs())).toBeGreaterThan(60_000);
    story.seconds(900);
    expect(visit?.ending).toBe("swapped");
    expectSound(story);
  });
});

test("C3: a code of two weeks ago opens nothing when the clock stands where it held", () => {
  const story = struckStation("old code", roomOfOurs);
  const door = frontDoor(story, "old code");
  expect(door.show(door.code(0))).toBe(true);
  story.strike("clock-back-two-weeks");
  story.seconds(30);
  const { computer, clock } = story.simulation;
  expect(clock.wallMs() - computer.wall.wallMs()).toBeGreaterThan(13 * dayS * 1_000);
  expect(door.show(door.code(14 * dayS))).toBe(false);
  expect(story.since(0, "room-said").map(({ sentence }) => sentence)).toEqual(["door-welcome", "expired"]);
  expectSound(story);
});

test("C1: after a start at 1970 an old code opens nothing, somebody is told why, and the cabinet runs", () => {
  const story = struckStation("epoch", { ...roomOfOurs, world: { initialSoc: 0.4 } });
  const { computer, clock, world } = story.simulation;
  const door = frontDoor(story, "epoch");
  expect(door.show(door.code(0))).toBe(true);
  const old = door.code(3_600);
  story.strike("boot-at-1970", { lastsS: 300 });
  story.seconds(90);
  expect(computer.isAlive).toBe(true);
  expect(new Date(computer.wall.wallMs()).getUTCFullYear()).toBe(1970);
  expect(door.show(old)).toBe(false);
  expect(story.since(0, "room-said").map(({ sentence }) => sentence)).toEqual(["door-welcome", "expired"]);
  expect(liveOutputs(world).some((output) => output.startsWith("current"))).toBe(true);
  story.seconds(300);
  expect(computer.wall.wallMs()).toBe(clock.wallMs());
  expectSound(story);
});

test("C4: by a clock that drifted for two hours a code that had expired longer ago than the allowed difference opens nothing", () => {
  const story = struckStation("drift");
  const { computer, clock } = story.simulation;
  story.strike("clock-drifts", { lastsS: 1_800 });
  story.seconds(1_500);
  expect(Math.abs(computer.wall.wallMs() - clock.wallMs())).toBeGreaterThan(20_000);
  expect(story.visit()?.ending).toBe("swapped");
  expect(computer.wall.wallMs()).toBe(clock.wallMs());
  const room = struckStation("drift in a room", roomOfOurs);
  const door = frontDoor(room, "drift in a room");
  expect(door.show(door.code(0))).toBe(true);
  room.strike("clock-drifts");
  room.seconds(600);
  expect(door.show(door.code(120))).toBe(false);
  expectSound(room);
});

test("C5: a clock set back over midnight and forward again closes the day once", () => {
  const closed: string[] = [];
  const story = struckStation("midnight", {
    fromMs: Date.parse("2026-01-15T23:40:00+08:00"),
    onRecord: (record) => {
      if (record.kind === "day-closed") closed.push(record.kind);
    },
  });
  story.seconds(1_080);
  for (let time = 0; time < 4; time++) {
    story.strike("clock-off-by-an-hour", { lastsS: 200 });
    story.seconds(300);
  }
  expect(closed).toHaveLength(1);
  expectSound(story);
});
