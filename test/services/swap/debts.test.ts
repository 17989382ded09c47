import { describe, expect, test } from "vitest";
import { digestOf, memberName, pack } from "../../support/bench-config.ts";
import { order } from "../../support/operator.ts";
import { restock } from "../../support/restock.ts";
import { StationBench } from "../../support/station-bench.ts";
import { expectWrittenBeforeDone } from "./written-before-done.ts";

const rider = memberName(1);
const other = memberName(2);

const ended = (bench: StationBench, ends: number) => bench.until(() => bench.ends.length >= ends, "the end");

/** The rider's pack was accepted and nothing was taken. */
function owing(): StationBench {
  const bench = new StationBench();
  bench.scan(rider);
  bench.deposit(pack("yz-own-1"));
  for (let shutting = 0; shutting < 4; shutting++) bench.shut(bench.untilOpen());
  ended(bench, 1);
  expect(bench.ends).toEqual(["not-taken"]);
  return bench;
}

/** The rider's own pack stands in bay 1, unread, behind a door that would not open. */
function swallowed(): StationBench {
  const bench = new StationBench();
  bench.scan(rider);
  const bay = bench.untilOpen();
  bench.bay(bay).silent = true;
  bench.put(bay, pack("yz-own-1"));
  bench.bay(bay).lock = "stuck";
  bench.shut(bay);
  ended(bench, 1);
  expect(bench.ends).toEqual(["own-door-stuck"]);
  return bench;
}

describe("a debt is paid by the next scan", () => {
  test("with a full pack and without a second deposit", () => {
    const bench = owing();
    const before = bench.points.length;
    bench.scan(rider);
    expect(bench.collect()).toBe(2);
    ended(bench, 2);
    expect(bench.points.slice(before)).toEqual(["RESERVED", "IN_ACCEPTED", "OUT_OPEN", "TAKEN", "completed"]);
    expect(bench.debts).toEqual([]);
    expect(bench.state.durable.holders).toEqual({ "yz-full-2": rider });
    expectWrittenBeforeDone(bench);
  });

  test("at another cabinet of the station as well", () => {
    const bench = new StationBench({ cabinets: 2 });
    bench.scan(rider);
    bench.deposit(pack("yz-own-1"));
    for (let shutting = 0; shutting < 4; shutting++) bench.shut(bench.untilOpen());
    ended(bench, 1);
    restock(bench, 6, { ...pack("yz-full-6"), socPct: 95 });
    bench.pass(3_000);
    bench.scan(rider, "c-2");
    expect(bench.collect()).toBe(6);
    ended(bench, 2);
    expect(bench.debts).toEqual([]);
  });

  test("but not while there is nothing to pay it with, and it stays open meanwhile", () => {
    const bench = owing();
    for (const bay of [2, 3]) restock(bench, bay, pack(`yz-low-${bay}`));
    bench.pass(3_000);
    bench.scan(rider);
    expect(bench.ends.at(-1)).toBe("no-full-pack");
    expect(bench.debts).toHaveLength(1);
  });

  test("and a payment that fails leaves the same debt, with its first age, not a second one", () => {
    const bench = owing();
    const [first] = bench.debts;
    bench.pass(3_600_000);
    bench.scan(rider);
    for (let shutting = 0; shutting < 4; shutting++) bench.shut(bench.untilOpen());
    ended(bench, 2);
    expect(bench.ends).toEqual(["not-taken", "not-taken"]);
    expect(bench.debts).toEqual([first]);
  });

  test("and where every full door fails, the failed doors are out of service and the debt stays", () => {
    const bench = owing();
    for (const bay of [2, 3]) bench.bay(bay).lock = "stuck";
    bench.pass(31_000);
    bench.scan(rider);
    ended(bench, 2);
    expect(bench.ends).toEqual(["not-taken", "not-taken"]);
    expect([bench.lockOutOf(2)?.reason, bench.lockOutOf(3)?.reason]).toEqual(["lock-failed", "lock-failed"]);
    expect(bench.debts).toHaveLength(1);
  });

  test("of this rider only: another rider's scan is an ordinary swap", () => {
    const bench = owing();
    bench.swapProperly(other, pack("yz-own-2"));
    expect(bench.debts).toMatchObject([{ member: rider }]);
  });

  test("leaves the deposited pack to whoever holds it by then", () => {
    const bench = owing();
    bench.bay(1).pack = { ...pack("yz-own-1"), socPct: 99 };
    bench.pass(3_000);
    bench.swapProperly(other, pack("yz-own-2"));
    expect(bench.state.durable.holders).toEqual({ "yz-own-1": other });
    bench.scan(rider);
    bench.collect();
    ended(bench, 3);
    expect(bench.state.durable.holders).toEqual({ "yz-own-1": other, "yz-full-2": rider });
  });

  test("is reported as overdue after a day, and never dropped (E41)", () => {
    const bench = owing();
    bench.wallMs += 86_400_000;
    bench.pass(2_000);
    expect(bench.faults).toEqual(["debt-overdue/s-000001"]);
    expect(bench.debts).toHaveLength(1);
    bench.scan(rider);
    bench.collect();
    ended(bench, 2);
    bench.pass(23_000);
    expect(bench.faults).toEqual([]);
  });
});

describe("a swallowed pack (E21)", () => {
  test("is a debt and an alarm at once, and its bay is not offered", () => {
    const bench = swallowed();
    bench.pass(2_000);
    expect(bench.debts).toMatchObject([{ member: rider, packIn: undefined, inBay: 1 }]);
    expect(bench.faults).toContain("bay-lock-failed/1");
    expect(bench.lockOutOf(1)?.lockOut).toBe("pending-check");
  });

  test("is given back by the rider's next scan, and then nothing is owed any more", () => {
    const bench = swallowed();
    bench.bay(1).lock = "works";
    bench.pass(31_000);
    bench.scan(rider);
    expect(bench.collect()).toBe(1);
    ended(bench, 2);
    expect(bench.ends).toEqual(["own-door-stuck", "own-pack-returned"]);
    expect(bench.debts).toEqual([]);
    bench.pass(31_000);
    bench.swapProperly(rider, pack("yz-own-1"));
    expect(bench.ends.at(-1)).toBe("completed");
    expectWrittenBeforeDone(bench);
  });

  test("is not given back by a scan that comes before the bay was seen after a start: no lock is driven blindly", () => {
    const bench = swallowed();
    bench.bay(1).lock = "works";
    bench.restart();
    const before = bench.pulses.length;
    const unread = { bays: bench.bays.map(() => undefined), cabinets: {}, station: { emergencyStop: undefined } };
    bench.step({ type: "scan", cabinet: "c-1", digest: digestOf(rider) }, unread);
    expect(bench.pulses.length).toBe(before);
    expect(bench.ends.at(-1)).toBe("cabinet-unavailable");
    bench.pass(1_000);
    bench.scan(rider);
    expect(bench.collect()).toBe(1);
    expect(bench.debts).toEqual([]);
  });

  test("whose door still does not open stays one debt", () => {
    const bench = swallowed();
    bench.pass(31_000);
    bench.scan(rider);
    ended(bench, 2);
    expect(bench.ends).toEqual(["own-door-stuck", "own-door-stuck"]);
    expect(bench.debts).toHaveLength(1);
  });

  test("that a person took out by hand is settled when that person gives the bay back to the rules", () => {
    const bench = swallowed();
    bench.bay(1).lock = "works";
    bench.take(1);
    order(bench, { verb: "lock-out", bay: 1, lockOut: "none", reason: "pack handed over" });
    expect(bench.debts).toEqual([]);
    bench.bay(1).silent = false;
    // Its lock had three pulses and rests; until then another bay would be offered first.
    bench.pass(31_000);
    bench.swapProperly(other, pack("yz-own-2"));
    expect(bench.bay(1).pack?.packId).toBe("yz-own-2");
    bench.scan(rider);
    expect(bench.untilOpen()).not.toBe(1);
  });

  test("is not looked for at another cabinet", () => {
    const bench = new StationBench({ cabinets: 2 });
    bench.scan(rider);
    const bay = bench.untilOpen();
    bench.bay(bay).silent = true;
    bench.put(bay, pack("yz-own-1"));
    bench.bay(bay).lock = "stuck";
    bench.shut(bay);
    ended(bench, 1);
    bench.scan(rider, "c-2");
    expect(bench.ends.at(-1)).toBe("cabinet-busy");
    expect(bench.debts).toHaveLength(1);
  });
});
