/** What a station does when its disk fails, told by doors, by what was acknowledged, and by what a broker was given. */
import { describe, expect, test } from "vitest";
import type { JournalRecord } from "../../../services/journal/records.ts";
import {
  expectNotCheated,
  expectServes,
  expectSound,
  liveOutputs,
  type StruckStation,
  struckStation,
} from "../../support/ailing-station.ts";
import { frontDoor } from "../../support/door-codes.ts";

/** Swaps that were begun and that were finished, by what the log was given. */
function withSwaps(seed: string, more: object = {}) {
  const records: JournalRecord[] = [];
  const story = struckStation(seed, { onRecord: (record) => records.push(record), ...more });
  return { story, records };
}

/** What is in the log on the disk now, by somebody who only looks: numbers of entries. */
const writtenN = ({ simulation }: StruckStation): number => simulation.station.journal.log.syncedN();

describe.each([
  ["D1", "disk-full"],
  ["D2", "disk-write-fails"],
  ["D6", "disk-read-only"],
] as const)("%s: %s", (_id, name) => {
  test("opens no door for a swap that it could not write down, says so, and serves again once it can", () => {
    const { story } = withSwaps(name);
    const { clock } = story.simulation;
    story.strike(name, { lastsS: 1_200 });
    // What was still in hand is written or refused.
    story.seconds(60);
    const fromMs = clock.nowMs;
    const synced = writtenN(story);
    const visit = story.visit();
    const opened = story.since(fromMs, "coil").length;
    expect(opened === 0 || writtenN(story) > synced, "a door opened and nothing was written").toBe(true);
    expect(story.told()).toContain("log-failed");
    if (name !== "disk-full") expect(visit?.depositedPack).toBeUndefined();
    story.seconds(600);
    expect(story.told()).not.toContain("log-failed");
    expectServes(story);
  });

  test("in the middle of a swap leaves nobody without a pack who had put one in", () => {
    const { story } = withSwaps(`${name} in a swap`);
    const visit = story.packIn();
    story.strike(name, { lastsS: 300 });
    story.seconds(60);
    expect(story.told()).toContain("log-failed");
    story.seconds(840);
    // It is recorded as theirs, and they were told to come again.
    if (visit?.ending === "owed") {
      expect(story.since(0, "prompt").map(({ prompt }) => prompt.promptId)).toContain("interrupted");
      story.simulation.world.arrive({ rider: visit.rider, behaviour: "proper" });
    }
    expectNotCheated(story, visit);
    story.seconds(300);
    expectServes(story);
  });

  test("at the door of the room a code lets in from memory, once, and another one later on", () => {
    const story = struckStation(`${name} at the door`, { station: "room-station" });
    const door = frontDoor(story, `${name} at the door`);
    story.strike(name, { lastsS: 600 });
    const { disk } = story.simulation;
    if (name === "disk-full") disk.setCapacity(disk.usedBytes());
    story.seconds(60);
    const code = door.code(0);
    expect(door.show(code)).toBe(true);
    expect(door.show(code)).toBe(false);
    story.seconds(60);
    expect(door.show(door.code(0))).toBe(true);
    expect(story.told()).toContain("log-failed");
    expect(door.show(door.code(120))).toBe(false);
    story.seconds(900);
    expect(story.told()).not.toContain("log-failed");
    expect(door.show(door.code(0))).toBe(true);
    expectSound(story);
  });

  test("a station that starts on such a disk warms the room and lets people in all the same", () => {
    const cold = { weather: { fixedC: -20 }, room: { visitsPerDay: 0, troublesPerDay: 0, startC: 12 } };
    const story = struckStation(`start, ${name}`, { station: "room-station", world: cold });
    const { computer, disk, world } = story.simulation;
    const door = frontDoor(story, `start, ${name}`);
    story.strike(name);
    if (name === "disk-full") disk.setCapacity(disk.usedBytes());
    computer.powerLost();
    story.seconds(5);
    expect(world.room?.room.heats).toBe(false);
    computer.powerBack();
    story.seconds(150);
    expect(world.room?.room.heats).toBe(true);
    expect(door.show(door.code(0))).toBe(true);
    expect(story.told()).toContain("log-failed");
    expectSound(story);
  });
});

test("D6: with a disk that is read-only the room is warm, the exit is free, and nothing is switched on for ever", () => {
  const cold = { weather: { fixedC: -20 }, room: { visitsPerDay: 0, troublesPerDay: 0, startC: 12 } };
  const story = struckStation("read-only room", { station: "room-station", world: cold });
  const { world } = story.simulation;
  story.strike("disk-read-only");
  story.seconds(600);
  expect(story.told()).toContain("log-failed");
  expect(world.room?.room.heats).toBe(true);
  const door = world.room?.room.doors.get("front");
  expect(door?.turnHandle()).toBe(true);
  story.seconds(30);
  expectSound(story);
});

test("D3: after a sync that failed nothing more goes into that file, and what had been acknowledged is read back", () => {
  const { story } = withSwaps("sync");
  const { disk, station } = story.simulation;
  const before = disk.names();
  story.strike("disk-sync-fails-once");
  expect(["swapped", "refused", "returned"]).toContain(story.visit()?.ending);
  expect(story.since(0, "computer")).toEqual([]);
  const after = disk.names();
  expect(after.length).toBeGreaterThan(before.length);
  expect(station.journal.log.failure()).toBeUndefined();
  const sizes = before.map((name) => disk.read(name).length);
  story.seconds(600);
  expect(before.map((name) => disk.read(name).length)).toEqual(sizes);
  expectServes(story);
});

test.each([
  ["D4: a record that was half on the disk when the power went is cut off", "disk-torn-record", "torn-tail"],
  ["D7: what was not synced when the power went is gone", "disk-unsynced-lost", "none"],
] as const)("%s, and everything that had been acknowledged is there", (_says, name, damage) => {
  const { story } = withSwaps(name);
  const { simulation } = story;
  story.strike(name);
  const visit = simulation.world.arrive({ behaviour: "proper" });
  for (let second = 0; second < 300 && story.landed().length === 0; second++) story.seconds(1);
  expect(story.landed()).toHaveLength(1);
  const acknowledged = writtenN(story);
  const dead = simulation.station;
  story.seconds(900);
  expect(simulation.station).not.toBe(dead);
  const { recovered } = simulation.station.journal;
  expect(recovered.damage.kind).toBe(damage);
  expect(recovered.lastN).toBeGreaterThanOrEqual(acknowledged);
  expect(visit?.ending).toBeDefined();
  expectNotCheated(story, visit);
  story.seconds(300);
  expectServes(story);
});

test("D5: a bit that flipped in the log is told of at the next start, and nobody's pack is lost by it", () => {
  const { story } = withSwaps("rot");
  story.visit();
  story.strike("disk-bit-rot");
  story.seconds(60);
  expect(story.told()).toContain("log-corrupt");
  expect(story.simulation.station.journal.recovered.damage.kind).toBe("corrupt");
  expectServes(story);
});

test("D8: a new file whose name was not on the disk when the power went is there or not, and the log goes on either way", () => {
  const { story } = withSwaps("name");
  const { simulation } = story;
  story.strike("disk-name-not-durable");
  // A sync that fails has the log begin a new file.
  story.strike("disk-sync-fails-once");
  story.visit();
  expect(story.landed().map(({ planned }) => planned.fault)).toContain("disk-name-not-durable");
  expect(simulation.computer.isAlive).toBe(true);
  expect(simulation.station.journal.recovered.damage.kind).not.toBe("corrupt");
  story.seconds(1_200);
  expectServes(story);
});

test("D9: while every write takes five seconds the loop stays on time, outputs stay on, and no door opens before its record", () => {
  const story = struckStation("stall", { world: { initialSoc: 0.5 } });
  const { simulation } = story;
  const before = liveOutputs(simulation.world);
  simulation.station.loop.lateness();
  story.strike("disk-stalls", { lastsS: 120 });
  story.seconds(100);
  expect(simulation.station.loop.lateness().maxMs).toBeLessThan(100);
  expect(liveOutputs(simulation.world)).toEqual(before);
  const swap = struckStation("stall in a swap");
  swap.strike("disk-stalls", { lastsS: 600 });
  expect(["swapped", "collected", "returned", "cancelled", "refused"]).toContain(swap.visit()?.ending);
  expectServes(swap);
});

test("D9: a code at the door of the room waits for its record, and the door opens for it or says why not", () => {
  const story = struckStation("stall at the door", { station: "room-station" });
  const door = frontDoor(story, "stall at the door");
  story.strike("disk-stalls");
  story.seconds(10);
  const atMs = story.simulation.clock.nowMs;
  const opens = door.show(door.code(0));
  const said = story.since(atMs, "room-said").map(({ sentence }) => sentence);
  expect(said).toEqual([opens ? "door-welcome" : "not-written"]);
  expect(story.simulation.station.journal.log.stats().lastSyncMs).toBeGreaterThan(4_000);
  expectSound(story);
});
