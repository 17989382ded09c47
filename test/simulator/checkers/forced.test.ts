/** The judges of doors that are forced or held open: told and so is right, either without the other is found. */
import { describe, expect, test } from "vitest";
import type { JournalRecord } from "../../../services/journal/records.ts";
import { forcedIsTold, roomDoorsAreTold } from "../../../simulator/checkers/forced.ts";
import { type JudgeBench, judgeBench } from "../../support/judge-bench.ts";

describe("forced doors (I18)", () => {
  const forced: JournalRecord = {
    kind: "lock-out",
    bay: 1,
    lockOut: "pending-check",
    reason: "door-forced",
    by: "station",
  };
  function opens(bench: JudgeBench): void {
    Object.assign(bench.bay(1), { doorOpen: true, doorChangedMs: bench.clock.nowMs });
    bench.tell({ type: "door", bay: 1, open: true });
  }
  function awake(): JudgeBench {
    const bench = judgeBench();
    bench.judge(forcedIsTold);
    bench.seconds(120);
    return bench;
  }

  test("a crowbar that nobody tells of is found, one that is told is not", () => {
    const silent = awake();
    opens(silent);
    silent.seconds(10);
    expect(silent.found).toEqual(["I18: bay 1 was forced open, and nobody is told"]);
    const told = awake();
    opens(told);
    told.seconds(1);
    told.record(forced);
    told.seconds(30);
    expect([told.found, told.looks()]).toEqual([[], 2]);
  });

  test.each([
    ["still stands open, and its board was not heard until then", true, 9, 0],
    ["still stands open, and its board was heard all the while", true, 11, 1],
    ["was shut again while its board was not heard", false, 9, 1],
  ] as const)("one that is told late and %s", (_, stillOpen, heardForS, found) => {
    const late = awake();
    late.bay(1).doorOpen = stillOpen;
    const heardAgain = late.troubles.begin("slave-silent", "device relay board 1");
    late.seconds(5);
    heardAgain();
    late.seconds(heardForS);
    late.record(forced);
    expect(late.found).toHaveLength(found);
  });

  test.each([
    ["whose contact stuck until then", "bay 1", true, 0],
    ["whose contact stuck until then, and that was shut again", "bay 1", false, 1],
    ["when another's contact stuck", "bay 2", true, 1],
  ])("one that is told late of a bay %s", (_, where, stillOpen, found) => {
    const late = awake();
    late.bay(1).doorOpen = stillOpen;
    const freed = late.troubles.begin("door-switch-stuck-shut", where);
    late.seconds(100);
    freed();
    late.seconds(3);
    late.record(forced);
    expect(late.found).toHaveLength(found);
  });

  const unpaid = { packIn: undefined, pays: undefined, because: undefined };
  const reserved = (inBay: number, outBay: number): JournalRecord => ({
    kind: "swap-reserved",
    swap: { id: "s-1", cabinet: "a", member: "m-0001", inBay, outBay, spares: [], startedAt: 0, ...unpaid },
  });
  function riderStands(bench: JudgeBench, inBay: number, outBay: number): void {
    Object.assign(bench.cabinet, { people: 1 });
    bench.record(reserved(inBay, outBay));
  }

  test("a crowbar beside a rider whose swap has other bays is found", () => {
    const bench = awake();
    riderStands(bench, 2, 3);
    opens(bench);
    bench.seconds(10);
    expect(bench.found).toEqual(["I18: bay 1 was forced open, and nobody is told"]);
  });

  test("a door that was pulsed, one of a rider's swap and one whose contacts stick need not be told", () => {
    for (const prepare of [
      (bench: JudgeBench) => bench.tell({ type: "coil", bay: 1, on: true, released: true }),
      (bench: JudgeBench) => riderStands(bench, 1, 2),
      (bench: JudgeBench) => {
        riderStands(bench, 2, 3);
        bench.record({ kind: "swap-bay-chosen", swap: "s-1", outBay: 1, spares: [] });
      },
      (bench: JudgeBench) => Object.assign(bench.faults(1), { doorSwitchStuckAt: true }),
    ]) {
      const bench = awake();
      prepare(bench);
      opens(bench);
      bench.seconds(30);
      expect(bench.found).toEqual([]);
    }
  });

  test("a door that is told and did not move is found", () => {
    const bench = awake();
    bench.record(forced);
    expect(bench.found).toEqual(["I18: bay 1 is told as forced, and its door did not move"]);
  });

  test("the room's door as well: forced and told, forced and not told, told and not forced", () => {
    const door = (open: boolean, by: string) => ({ type: "room-door", door: "front", open, by });
    const room = (): JudgeBench => {
      const bench = judgeBench("room-station");
      bench.judge(roomDoorsAreTold);
      bench.seconds(120);
      return bench;
    };
    const silent = room();
    silent.tell(door(true, "force"));
    silent.seconds(10);
    expect(silent.found).toEqual(["I18: door front was forced, and nobody is told"]);
    const told = room();
    told.tell(door(true, "force"));
    told.seconds(1);
    told.record({ kind: "door-forced", door: "front" });
    told.seconds(10);
    expect(told.found).toEqual([]);
    const invented = room();
    invented.tell(door(true, "handle"));
    invented.record({ kind: "door-forced", door: "front" });
    expect(invented.found).toEqual(["I18: door front is told as forced, and was not"]);
  });

  test.each([
    ["a slow board", "device-slow", "device room-2", 0],
    ["a line that loses what is said", "line-dead", "line room", 0],
    ["nobody", undefined, undefined, 1],
  ])("a handle that %s kept from being heard makes a door look forced", (_, trouble, where, found) => {
    const bench = judgeBench("room-station");
    bench.judge(roomDoorsAreTold);
    bench.seconds(120);
    if (trouble !== undefined) bench.troubles.begin(trouble, where);
    bench.tell({ type: "room-handle", door: "front", opens: true });
    bench.tell({ type: "room-door", door: "front", open: true, by: "handle" });
    bench.record({ kind: "door-forced", door: "front" });
    expect(bench.found).toHaveLength(found);
  });

  test("a door of the room that stands open is told as held", () => {
    const held = (isTold: boolean): string[] => {
      const bench = judgeBench("room-station");
      bench.judge(roomDoorsAreTold);
      bench.seconds(120);
      bench.doors.set("front", { isOpen: true });
      bench.tell({ type: "room-door", door: "front", open: true, by: "outside" });
      if (isTold) bench.record({ kind: "fault-raised", code: "door-held", subject: "front" });
      bench.seconds(120);
      return bench.found;
    };
    expect(held(true)).toEqual([]);
    expect(held(false)).toEqual(["I18: door front is held open, and nobody is told"]);
  });
});
