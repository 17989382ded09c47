/** The judges of the room's doors: who may be let in, and that whoever leaves is never held. */
import { describe, expect, test } from "vitest";
import { exitNeverHeld, letsInTheEntitled } from "../../../simulator/checkers/room-doors.ts";
import { DoorBody } from "../../../simulator/room/door-body.ts";
import { roomBench } from "../room/room-bench.ts";

describe("doors", () => {
  test("a strike that opens for a forger is found, one that opens for a member is not", () => {
    const bench = roomBench();
    bench.judge(letsInTheEntitled);
    bench.shown("front-codes", "m-0001");
    bench.load("door/front/strike", true);
    bench.pass(3);
    bench.load("door/front/strike", false);
    expect(bench.found).toEqual([]);
    bench.pass(60);
    bench.shown("front-codes", "m-0001", false);
    bench.load("door/front/strike", true);
    expect(bench.found).toEqual(["R-door: door front was unlocked for nobody"]);
  });

  test("a strike that stays on is found", () => {
    const bench = roomBench();
    bench.judge(letsInTheEntitled);
    bench.shown("front-codes", "m-0001");
    bench.load("door/front/strike", true);
    bench.pass(40);
    expect(bench.found).toContain("R-door: door front stays unlocked");
  });

  test("a door that stood open for the holidays may be so at the stroke of their end, and not ten seconds later", () => {
    const bench = roomBench(0, Date.parse("2026-02-22T23:59:50+08:00"));
    bench.judge(letsInTheEntitled);
    bench.load("door/front/strike", true);
    bench.pass(19);
    expect(bench.found).toEqual([]);
    bench.pass(1);
    expect(bench.found).toEqual(["R-door: door front stays unlocked"]);
  });

  test("a strike may stay on after a runaway until the cabinet is reset, however clear the air is; after smoke alone it may not", () => {
    for (const hot of [true, false]) {
      const bench = roomBench();
      bench.judge(letsInTheEntitled);
      bench.world.setSmoke("a", true);
      if (hot) bench.world.setConductor("a", true);
      bench.load("door/front/strike", true);
      bench.pass(60);
      bench.world.setSmoke("a", false);
      bench.world.setConductor("a", false);
      bench.pass(120);
      expect(bench.found.length > 0).toBe(!hot);
      bench.records({ kind: "latch-reset", cabinet: "a", by: "t-0001" });
      bench.pass(120);
      expect(bench.found).toContain("R-door: door front stays unlocked");
    }
  });

  test("a second board on one address may tell of smoke, and the door is free until that is over; no longer", () => {
    const bench = roomBench();
    bench.judge(letsInTheEntitled);
    const over = bench.troubles.begin("two-on-one-address", "device relay-2");
    bench.load("door/front/strike", true);
    bench.pass(60);
    over();
    bench.pass(20);
    expect(bench.found).toEqual([]);
    bench.pass(120);
    expect(bench.found).toContain("R-door: door front stays unlocked");
  });

  test("a process that stood still while the smoke went may free the door when it goes on, and for no longer than after smoke", () => {
    const bench = roomBench();
    bench.judge(letsInTheEntitled);
    bench.world.setSmoke("a", true);
    bench.pass(10);
    bench.world.tellComputer(false);
    bench.world.setSmoke("a", false);
    bench.pass(120);
    bench.world.tellComputer(true);
    bench.load("door/front/strike", true);
    bench.pass(20);
    expect(bench.found).toEqual([]);
    bench.pass(120);
    expect(bench.found).toContain("R-door: door front stays unlocked");
  });

  test("a strike for somebody who leaves is nobody's concern", () => {
    const bench = roomBench();
    bench.judge(letsInTheEntitled);
    bench.room.doors.get("front")?.turnHandle();
    bench.load("door/front/strike", true);
    bench.pass(4);
    bench.load("door/front/strike", false);
    bench.pass(20);
    expect(bench.found).toEqual([]);
  });

  test.each([
    ["that loses answers", "answers-cut-short", 0],
    ["that is well", undefined, 1],
  ])("a strike for somebody who leaves may come a few seconds late on a line %s", (_, trouble, found) => {
    const bench = roomBench();
    bench.judge(letsInTheEntitled);
    if (trouble !== undefined) bench.troubles.begin(trouble, "line room-relays");
    bench.room.doors.get("front")?.turnHandle();
    bench.pass(8);
    bench.load("door/front/strike", true);
    expect(bench.found).toHaveLength(found);
  });

  test.each([
    ["because the station did not know the time", "clock-unsynchronised", false, 0],
    ["because it had been used", "already-used", false, 1],
    ["because the station did not know the time, and accepted since", "clock-unsynchronised", true, 1],
  ])("a code that was refused %s, and is shown again", (_, reason, isUsed, found) => {
    const bench = roomBench();
    bench.judge(letsInTheEntitled);
    const refused = { kind: "door-refused", door: "front", reader: "front-codes", reason };
    bench.records(refused as never);
    if (isUsed) bench.records({ kind: "door-granted", door: "front", reader: "front-codes" } as never);
    bench.shown("front-codes", "m-0001", false, "replayed");
    bench.load("door/front/strike", true);
    expect(bench.found).toHaveLength(found);
  });

  test("a magnet whose button does not break its supply holds people, and that is found", () => {
    const bench = roomBench();
    bench.judge(exitNeverHeld);
    const { circuits } = bench.room;
    const { site } = bench.room;
    const door = new DoorBody({
      id: "back",
      lock: "magnet",
      exitBreaksPower: false,
      circuits,
      site,
      clock: bench.clock,
    });
    bench.load("door/back/magnet", true);
    door.turnHandle();
    expect(bench.found).toEqual(["R-exit: door back held somebody who turned its handle"]);
  });
});
