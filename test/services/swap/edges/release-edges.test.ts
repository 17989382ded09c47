/** The edges around the pack that goes out, and around doors and stock, each as a story on the small station. */
import { describe, expect, test } from "vitest";
import { fullPack, memberName, pack, usualStock } from "../../../support/bench-config.ts";
import { StationBench } from "../../../support/station-bench.ts";
import { edgeStory } from "./edge-story.ts";

const rider = memberName(1);
const own = pack("yz-own-1");

function deposited(prepare: (bench: StationBench) => void = () => undefined, stock = {}): StationBench {
  const bench = new StationBench({ stock: { ...usualStock, ...stock } });
  bench.pass(5_000);
  prepare(bench);
  bench.scan(rider);
  bench.deposit(own);
  return bench;
}

const ended = (bench: StationBench, count = 1) => bench.until(() => bench.ends.length >= count, `end ${count}`);

function stick(...bays: readonly number[]) {
  return (bench: StationBench): void => {
    for (const bay of bays) bench.bay(bay).lock = "stuck";
  };
}

describe("edges of the release", () => {
  edgeStory("E19", () => {
    const bench = deposited((prepared) => {
      prepared.bay(2).stuckMa = 5_000;
    });
    expect(bench.untilOpen()).toBe(3);
    bench.take(3);
    bench.pass(1_500);
    bench.shut(3);
    ended(bench);
    bench.pass(3_000);
    expect(bench.pulses.map(({ bay }) => bay)).not.toContain(2);
    expect(bench.ends).toEqual(["completed"]);
    return bench;
  });

  edgeStory("E20", () => {
    const spared = deposited(stick(2));
    expect(spared.collect()).toBe(3);
    ended(spared);
    expect(spared.ends).toEqual(["completed"]);
    const bench = deposited(stick(2, 3));
    expect(bench.untilOpen()).toBe(1);
    bench.take(1);
    bench.pass(1_500);
    bench.shut(1);
    ended(bench);
    expect(bench.debts).toEqual([]);
    expect(bench.pulses.map(({ bay }) => bay)).toEqual([1, 2, 2, 2, 3, 3, 3, 1]);
    return bench;
  });

  edgeStory("E21", () => {
    const bench = deposited(stick(2, 3));
    bench.bay(1).lock = "stuck";
    ended(bench);
    bench.pass(2_000);
    expect(bench.debts).toMatchObject([{ member: rider, packIn: "yz-own-1" }]);
    expect(bench.faults).toContain("bay-lock-failed/1");
    return bench;
  });

  edgeStory("E22", () => {
    const bench = deposited();
    for (let shutting = 0; shutting < 4; shutting++) bench.shut(bench.untilOpen());
    ended(bench);
    bench.pass(40_000);
    bench.scan(rider);
    bench.collect();
    ended(bench, 2);
    expect(bench.ends).toEqual(["not-taken", "completed"]);
    expect(bench.debts).toEqual([]);
    expect(bench.points.filter((point) => point === "IN_OPEN")).toHaveLength(1);
    return bench;
  });

  edgeStory("E23", () => {
    const bench = deposited();
    const out = bench.untilOpen();
    let chargedMa = 0;
    bench.watch = () => {
      chargedMa = Math.max(chargedMa, bench.granted.bays[out]?.chargeMa ?? 0);
    };
    bench.pass(63_000);
    expect(bench.faults).toContain(`bay-door-left-open/${out}`);
    expect(chargedMa).toBe(0);
    bench.scan(memberName(2));
    expect(Object.values(bench.state.swaps)[0]?.outBay).not.toBe(out);
    return bench;
  });

  test("E23: the rider who scans again takes the pack through the door that stands open, without a pulse", () => {
    const bench = deposited(undefined, { 3: pack("yz-low-3") });
    const out = bench.untilOpen();
    bench.pass(63_000);
    const pulses = bench.pulses.length;
    bench.scan(rider);
    bench.pass(1_000);
    expect(bench.said.at(-1)).toBe("take-pack");
    bench.take(out);
    bench.pass(1_500);
    bench.shut(out);
    ended(bench, 2);
    expect(bench.ends).toEqual(["not-taken-open", "completed"]);
    expect(bench.debts).toEqual([]);
    expect(bench.pulses).toHaveLength(pulses);
    expect(bench.state.durable.holders).toMatchObject({ [`yz-full-${out}`]: rider });
  });

  edgeStory("E24", () => {
    const bench = deposited();
    const out = bench.collectOpen();
    bench.pass(63_000);
    expect(bench.debts).toEqual([]);
    expect(bench.lockOutOf(out)).toEqual({ lockOut: "pending-check", reason: "door-open" });
    bench.shut(out);
    bench.pass(5_000);
    expect(bench.lockOutOf(out)).toBeUndefined();
    return bench;
  });

  edgeStory("E25", () => {
    const bench = deposited();
    const out = bench.collectOpen();
    bench.put(out, pack("yz-whose"));
    bench.shut(out);
    ended(bench);
    bench.pass(12_000);
    expect(bench.debts).toEqual([]);
    expect(bench.lockOutOf(out)).toMatchObject({ lockOut: "pending-check", reason: "deposit-unasked" });
    expect(bench.granted.bays[out]?.chargeMa).toBe(0);
    expect(bench.records.filter(({ kind }) => kind === "swap-ended")).toHaveLength(1);
    return bench;
  });

  edgeStory("E26", () => {
    const bench = deposited((prepared) => {
      prepared.bay(2).stuckMa = 5_000; // Its current takes a while to go away.
    });
    bench.until(() => bench.points.includes("IN_ACCEPTED"), "acceptance");
    bench.open(1);
    bench.bay(2).stuckMa = undefined;
    bench.pass(10_000);
    expect(bench.pulses.map(({ bay }) => bay)).toEqual([1]);
    bench.shut(1);
    bench.collect();
    ended(bench);
    expect(bench.ends).toEqual(["completed"]);
    return bench;
  });
});

describe("edges of doors and stock", () => {
  edgeStory("E18", () => {
    const bench = new StationBench({ stock: { 2: pack("yz-2"), 3: fullPack("yz-3") } });
    bench.pass(5_000);
    expect(bench.granted.bays[2]?.chargeMa).toBeGreaterThan(0);
    bench.bay(2).silent = true;
    bench.pass(2_500);
    expect(bench.granted.bays[2]?.chargeMa).toBe(0);
    bench.pass(90_000);
    expect(bench.lockOutOf(2)).toMatchObject({ lockOut: "system", reason: "pack-silent" });
    bench.bay(2).silent = false;
    bench.pass(10_000);
    expect(bench.lockOutOf(2)).toBeUndefined();
    return bench;
  });

  edgeStory("E27", () => {
    const bench = new StationBench({ stock: { 2: pack("yz-2"), 3: fullPack("yz-3") } });
    bench.pass(5_000);
    expect(bench.granted.bays[2]?.chargeMa).toBeGreaterThan(0);
    bench.open(2);
    expect(bench.granted.bays[2]?.chargeMa).toBe(0);
    bench.pass(3_000);
    expect(bench.lockOutOf(2)).toEqual({ lockOut: "pending-check", reason: "door-forced" });
    return bench;
  });

  edgeStory("E28", () => {
    const bench = new StationBench({ stock: { 2: pack("yz-2"), 3: fullPack("yz-3") } });
    bench.pass(16_000);
    bench.bay(2).doorSwitchSays = false;
    bench.pass(8_000);
    expect(bench.granted.bays[2]?.chargeMa).toBe(0);
    bench.bay(1).doorSwitchSays = false;
    bench.scan(rider);
    expect(bench.records.at(-1)).toMatchObject({ swap: { inBay: 4 } });
    return bench;
  });

  edgeStory("E29", () => {
    const bench = new StationBench();
    bench.pass(16_000);
    bench.take(2);
    bench.pass(10_000);
    expect(bench.state.durable.ledger.packs["yz-full-2"]).toMatchObject({ at: "unknown", lastBay: 2 });
    expect(bench.lockOutOf(2)?.lockOut).toBe("pending-check");
    bench.pass(3_000);
    return bench;
  });

  edgeStory("E30", () => {
    const bench = new StationBench({ stock: { 2: fullPack("yz-full-2", 92), 3: fullPack("yz-full-3", 91) } });
    const better = pack("yz-own-1", { socPct: 95, packMv: 53_500 });
    bench.scan(rider);
    const bay = bench.deposit(better);
    expect(bench.untilOpen()).toBe(bay);
    bench.take(bay);
    bench.pass(1_500);
    bench.shut(bay);
    ended(bench);
    bench.pass(40_000);
    bench.swapProperly(rider, better);
    expect(bench.ends).toEqual(["better-than-stock", "completed"]);
    return bench;
  });

  edgeStory("E31", () => {
    const bench = new StationBench();
    bench.scan(rider);
    const bay = bench.deposit(fullPack("yz-own-1", 100));
    expect(bench.untilOpen()).toBe(bay);
    bench.take(bay);
    bench.pass(1_500);
    bench.shut(bay);
    ended(bench);
    return bench;
  });
});
