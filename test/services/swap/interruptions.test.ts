import { describe, expect, test } from "vitest";
import { emptyCabinetReadings } from "../../../services/readings.ts";
import { fullPack, memberName, pack, usualStock } from "../../support/bench-config.ts";
import { order } from "../../support/operator.ts";
import { StationBench } from "../../support/station-bench.ts";

const rider = memberName(1);
const other = memberName(2);

const ended = (bench: StationBench, ends = 1) => bench.until(() => bench.ends.length >= ends, "the end");

function smokeIn(bench: StationBench, cabinet: string): void {
  bench.smoke[cabinet] = true;
  bench.step({ type: "noticed" });
}

describe("smoke (E36)", () => {
  test("refuses every new swap in the cabinet and tells people to leave, and leaves the other cabinet alone", () => {
    const bench = new StationBench({ cabinets: 2, stock: { 2: fullPack("yz-2"), 6: fullPack("yz-6") } });
    smokeIn(bench, "c-1");
    bench.scan(rider, "c-1");
    expect(bench.ends).toEqual(["fire"]);
    expect(bench.said).toEqual(["evacuate", "refused-fire"]);
    bench.swapProperly(other, pack("yz-own-2"), "c-2");
    expect(bench.ends).toEqual(["fire", "completed"]);
  });

  test("takes every charger and heater of the cabinet off in the same step, and runs its fan", () => {
    const bench = new StationBench({ stock: { 1: pack("yz-1"), 2: pack("yz-2", { cellTempsC: [-5] }) } });
    bench.pass(5_000);
    expect(bench.granted.bays[1]?.chargeMa).toBeGreaterThan(0);
    expect(bench.granted.bays[2]?.heater).toBe(true);
    smokeIn(bench, "c-1");
    expect(bench.granted.bays[1]?.chargeMa).toBe(0);
    expect(bench.granted.bays[2]?.heater).toBe(false);
    expect(bench.granted.fans["c-1"]).toBe(true);
  });

  test("before anything was put in calls the swap off", () => {
    const bench = new StationBench();
    bench.scan(rider);
    bench.untilOpen();
    smokeIn(bench, "c-1");
    expect(bench.ends).toEqual(["cancelled-fire"]);
    expect(bench.debts).toEqual([]);
  });

  test("with the empty door open calls it off, and a pack put in there afterwards is the rider's at the next scan", () => {
    const bench = new StationBench();
    bench.scan(rider);
    const bay = bench.untilOpen();
    smokeIn(bench, "c-1");
    expect(bench.lockOutOf(bay)).toMatchObject({ lockOut: "pending-check", reason: "suspended-open", member: rider });
    bench.smoke["c-1"] = false;
    bench.put(bay, pack("yz-own-1"));
    bench.shut(bay);
    bench.pass(90_000);
    bench.scan(rider);
    bench.collect();
    bench.until(() => bench.ends.length > 1, "the end");
    expect(bench.ends).toEqual(["cancelled-fire", "completed"]);
    expect(bench.lockOutOf(bay)).toBeUndefined();
  });

  test("when the pack is in but not yet looked at interrupts the swap: what is in the bay is not forgotten", () => {
    const bench = new StationBench();
    bench.scan(rider);
    const bay = bench.deposit(pack("yz-own-1"));
    smokeIn(bench, "c-1");
    expect(bench.ends).toEqual(["interrupted"]);
    expect(bench.debts).toMatchObject([{ member: rider, inBay: bay, packIn: undefined }]);
    expect(bench.lockOutOf(bay)?.lockOut).toBe("pending-check");
  });

  test("after the deposit keeps the debt, opens no door any more, and the next scan after the fire pays it", () => {
    const bench = new StationBench();
    bench.scan(rider);
    bench.deposit(pack("yz-own-1"));
    bench.until(() => bench.points.includes("IN_ACCEPTED"), "acceptance");
    smokeIn(bench, "c-1");
    const pulses = bench.pulses.length;
    expect(bench.ends).toEqual(["interrupted"]);
    bench.pass(60_000);
    bench.scan(rider);
    expect(bench.ends).toEqual(["interrupted", "fire"]);
    expect(bench.pulses).toHaveLength(pulses);
    bench.smoke["c-1"] = false;
    bench.pass(30_000);
    bench.scan(rider);
    expect(bench.ends).toEqual(["interrupted", "fire", "fire"]);
    bench.pass(31_000);
    bench.scan(rider);
    bench.collect();
    ended(bench, 4);
    expect(bench.ends.at(-1)).toBe("completed");
    expect(bench.debts).toEqual([]);
  });

  test("while the full door is open lets the rider take the pack, and shutting it on the pack opens nothing again", () => {
    const taken = new StationBench();
    taken.scan(rider);
    taken.deposit(pack("yz-own-1"));
    const out = taken.untilOpen();
    taken.pass(500);
    smokeIn(taken, "c-1");
    taken.take(out);
    taken.pass(2_000);
    taken.shut(out);
    ended(taken);
    expect(taken.ends).toEqual(["completed"]);

    const left = new StationBench();
    left.scan(rider);
    left.deposit(pack("yz-own-1"));
    const stays = left.untilOpen();
    left.pass(500);
    smokeIn(left, "c-1");
    const pulses = left.pulses.length;
    left.shut(stays);
    ended(left);
    expect(left.ends).toEqual(["interrupted"]);
    expect(left.debts).toHaveLength(1);
    expect(left.pulses).toHaveLength(pulses);
  });

  test("heard once and then lost is still smoke", () => {
    const bench = new StationBench();
    smokeIn(bench, "c-1");
    bench.pass(2_000);
    expect(bench.faults).toEqual(["smoke/c-1"]);
    const readings = bench.readings();
    const smoke = { value: true, atMs: 0, quality: "stale" } as const;
    bench.step({ type: "tick" }, { ...readings, cabinets: { "c-1": { ...emptyCabinetReadings(), smoke } } });
    bench.scan(rider);
    expect(bench.ends).toEqual(["fire"]);
  });
});

describe("a disk that cannot be written", () => {
  test("before the deposit calls the swap off without a pulse", () => {
    const bench = new StationBench();
    bench.diskFails = true;
    bench.scan(rider);
    bench.pass(5_000);
    expect(bench.pulses).toEqual([]);
    expect(bench.state.swaps).toEqual({});
    expect(bench.debts).toEqual([]);
  });

  test("behind the deposit keeps the debt and opens no full door", () => {
    const bench = new StationBench();
    bench.scan(rider);
    const bay = bench.untilOpen();
    bench.pass(500);
    bench.put(bay, pack("yz-own-1"));
    bench.diskFails = true;
    bench.shut(bay);
    bench.pass(10_000);
    expect(bench.pulses.map((pulse) => pulse.bay)).toEqual([1]);
    expect(bench.debts).toMatchObject([{ member: rider, outcome: "interrupted" }]);
  });

  test("while the rider takes the pack gives nobody a second one: the pack that is gone counts", () => {
    const bench = new StationBench();
    bench.scan(rider);
    bench.deposit(pack("yz-own-1"));
    const out = bench.untilOpen();
    bench.pass(500);
    bench.diskFails = true;
    bench.take(out);
    bench.pass(2_000);
    bench.mendDisk();
    bench.shut(out);
    bench.pass(2_000);
    expect(bench.ends).toEqual(["completed"]);
    expect(bench.debts).toEqual([]);
    expect(Object.values(bench.remembered().debts)).toEqual([]);
  });

  test("as the full door opens keeps looking at what the rider does", () => {
    const bench = new StationBench();
    bench.scan(rider);
    bench.deposit(pack("yz-own-1"));
    bench.until(() => bench.pulses.length === 2, "the pulse of the full door");
    bench.diskFails = true;
    bench.pass(1_000);
    bench.mendDisk();
    bench.take(2);
    bench.pass(2_000);
    bench.shut(2);
    bench.pass(2_000);
    expect(bench.ends).toEqual(["completed"]);
    expect(bench.debts).toEqual([]);
  });
});

describe("an operator's lock-out in the middle of a swap (E38)", () => {
  const lockOut = (bay: number, wanted: "operator" | "none") =>
    ({
      verb: "lock-out",
      id: `op-${bay}-${wanted}`,
      bay,
      lockOut: wanted,
      reason: "connector worn",
    }) as const;

  test("is answered at once, does not disturb the swap, and holds afterwards", () => {
    const bench = new StationBench();
    bench.scan(rider);
    bench.deposit(pack("yz-own-1"));
    order(bench, lockOut(2, "operator"));
    expect(bench.told.at(-1)?.effect).toMatchObject({ do: "respond", status: "ok", id: "op-2-operator" });
    expect(bench.collect()).toBe(2);
    ended(bench);
    expect(bench.ends).toEqual(["completed"]);
    expect(bench.lockOutOf(2)).toEqual({ lockOut: "operator", reason: "connector worn" });
    bench.scan(other);
    expect(bench.records.at(-1)).toMatchObject({ swap: { inBay: 4 } });
  });

  test("outlives what the swap itself would have said about the bay", () => {
    const bench = new StationBench();
    bench.scan(rider);
    bench.deposit(pack("yz-own-1"));
    const out = bench.untilOpen();
    order(bench, lockOut(out, "operator"));
    bench.take(out);
    bench.pass(65_000);
    expect(bench.ends).toEqual(["completed-door-open"]);
    bench.shut(out);
    bench.pass(5_000);
    expect(bench.lockOutOf(out)).toEqual({ lockOut: "operator", reason: "connector worn" });
  });

  test("ends only by an operator, and then the bay is offered again", () => {
    const bench = new StationBench({ stock: { ...usualStock, 4: pack("yz-4") } });
    order(bench, lockOut(1, "operator"));
    bench.scan(rider);
    expect(bench.ends).toEqual(["no-empty-bay"]);
    order(bench, lockOut(1, "none"));
    expect(bench.lockOutOf(1)).toBeUndefined();
    bench.scan(rider);
    expect(bench.points).toEqual(["RESERVED"]);
  });

  test("is refused for a bay that does not exist, and ending none is no event", () => {
    const bench = new StationBench();
    order(bench, lockOut(99, "operator"));
    expect(bench.told.at(-1)?.effect).toMatchObject({ status: "refused", reason: "no-such-bay" });
    order(bench, lockOut(1, "none"));
    expect(bench.told.at(-1)?.effect).toMatchObject({ status: "ok" });
    expect(bench.records.some((record) => record.kind === "lock-out")).toBe(false);
  });
});
