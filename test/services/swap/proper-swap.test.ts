import { describe, expect, test } from "vitest";
import { nobody } from "../../../services/people/counts.ts";
import { fullPack, memberName, pack, usualStock } from "../../support/bench-config.ts";
import { midnight } from "../../support/midnight.ts";
import { StationBench } from "../../support/station-bench.ts";
import { expectWrittenBeforeDone } from "./written-before-done.ts";

const rider = memberName(1);

describe("a proper swap", () => {
  test("writes exactly the journal points of the design, in their order, and hands out the fullest pack", () => {
    const bench = new StationBench();
    bench.swapProperly(rider, pack("yz-own-1"));
    expect(bench.points).toEqual(["RESERVED", "IN_OPEN", "IN_CLOSED", "IN_ACCEPTED", "OUT_OPEN", "TAKEN", "completed"]);
    expect(bench.bay(1).pack?.packId).toBe("yz-own-1");
    expect(bench.bay(2).pack).toBeUndefined();
    expect(bench.state.durable.holders).toEqual({ "yz-full-2": rider });
    expect(bench.debts).toEqual([]);
    expect(bench.state.durable.swaps).toEqual({});
  });

  test("pulses two locks once each and says what to do, in that order", () => {
    const bench = new StationBench();
    bench.swapProperly(rider, pack("yz-own-1"));
    expect(bench.pulses.map(({ bay }) => bay)).toEqual([1, 2]);
    expect(bench.said).toEqual(["insert-pack", "inspecting", "take-pack", "completed"]);
  });

  test("is written down before each lock is pulsed", () => {
    const bench = new StationBench();
    bench.swapProperly(rider, pack("yz-own-1"));
    expectWrittenBeforeDone(bench);
  });

  test("reserves the empty bay, the full bay and a spare in one record, and each has one owner until the end", () => {
    const bench = new StationBench();
    bench.scan(rider);
    const [first] = bench.records;
    expect(first).toMatchObject({ kind: "swap-reserved", swap: { inBay: 1, outBay: 2, spares: [3], member: rider } });
    expect(bench.records).toHaveLength(1);
  });

  test("is a success only when the pack is gone: an open door with the pack in it is none", () => {
    const bench = new StationBench();
    bench.scan(rider);
    bench.deposit(pack("yz-own-1"));
    const out = bench.untilOpen();
    bench.pass(30_000);
    expect(bench.points).not.toContain("TAKEN");
    expect(bench.points).not.toContain("completed");
    bench.take(out);
    bench.pass(2_000);
    expect(bench.points.at(-1)).toBe("TAKEN");
    bench.shut(out);
    bench.pass(1_000);
    expect(bench.points.at(-1)).toBe("completed");
  });

  test("does not believe a presence switch alone: a pack that still answers has not been taken", () => {
    const bench = new StationBench();
    bench.scan(rider);
    bench.deposit(pack("yz-own-1"));
    const out = bench.untilOpen();
    bench.bay(out).presenceSays = false;
    bench.pass(20_000);
    expect(bench.points).not.toContain("TAKEN");
    bench.take(out);
    bench.pass(2_000);
    expect(bench.points.at(-1)).toBe("TAKEN");
  });

  test("does not believe a pack's silence alone: what is present has not been taken", () => {
    const bench = new StationBench();
    bench.scan(rider);
    bench.deposit(pack("yz-own-1"));
    bench.bay(bench.untilOpen()).silent = true;
    bench.pass(30_000);
    expect(bench.points).not.toContain("TAKEN");
  });

  test("leaves the deposited pack charging and the emptied bay free for the next rider", () => {
    const bench = new StationBench();
    bench.swapProperly(rider, pack("yz-own-1"));
    bench.pass(3_000);
    expect(bench.granted.bays[1]?.chargeMa).toBe(12_000);
    bench.swapProperly(memberName(2), pack("yz-own-2"));
    expect(bench.ends).toEqual(["completed", "completed"]);
    expect(bench.bay(2).pack?.packId).toBe("yz-own-2");
  });

  test("asks for the identity of what was put in anew, as soon as the door is shut", () => {
    const bench = new StationBench();
    bench.scan(rider);
    const bay = bench.deposit(pack("yz-own-1"));
    expect(bench.told.at(-1)?.effect).toEqual({ do: "reidentify", bay });
  });

  test("holds the full bay and the spare off the charger while it runs, so that no door opens on a live connector", () => {
    const stock = { 2: fullPack("yz-full-2", 94), 3: fullPack("yz-full-3", 93) };
    const bench = new StationBench({ stock });
    bench.pass(3_000);
    expect(bench.granted.bays[2]?.chargeMa).toBeGreaterThan(0);
    bench.scan(rider);
    expect([bench.granted.bays[2]?.chargeMa, bench.granted.bays[3]?.chargeMa]).toEqual([0, 0]);
    bench.deposit(pack("yz-own-1"));
    bench.collect();
    bench.until(() => bench.ends.length > 0, "the end");
    bench.pass(3_000);
    expect(bench.granted.bays[3]?.chargeMa).toBeGreaterThan(0);
  });

  test("works in a bay without a door switch, from the lock's own contact", () => {
    const bench = new StationBench({ doorSwitches: false, stock: usualStock });
    bench.swapProperly(rider, pack("yz-own-1"));
    expect(bench.ends).toEqual(["completed"]);
  });

  test("is counted for the day it ended on, and the day starts again at nothing", () => {
    const bench = new StationBench();
    bench.swapProperly(rider, pack("yz-own-1"));
    bench.scan("nobody");
    midnight(bench);
    expect(bench.records.at(-1)).toEqual({
      kind: "day-closed",
      counts: { date: "2026-01-31", scans: 2, completed: 1, refused: 1, cancelled: 0, owed: 0 },
      people: { ...nobody, swap: 1 },
      alarms: {},
      next: "2026-02-01",
    });
    expect(bench.state.durable.today.scans).toBe(0);
  });
});

describe("a wall clock that jumps (E39)", () => {
  test("changes no window of a running swap: only monotonic time counts", () => {
    const bench = new StationBench();
    bench.scan(rider);
    const bay = bench.untilOpen();
    bench.wallMs -= 14 * 86_400_000;
    bench.pass(30_000);
    bench.wallMs += 365 * 86_400_000;
    bench.pass(25_000);
    expect(bench.ends).toEqual([]);
    bench.put(bay, pack("yz-own-1"));
    bench.shut(bay);
    bench.collect();
    bench.until(() => bench.ends.length > 0, "the end");
    expect(bench.ends).toEqual(["completed"]);
  });
});
