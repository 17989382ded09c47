/** What is no finding although no swap says it: late and refused deposits, the first count, operators at work. */
import { describe, expect, test } from "vitest";
import { fullPack, memberName, pack } from "../../support/bench-config.ts";
import { restock } from "../../support/restock.ts";
import { StationBench } from "../../support/station-bench.ts";
import { exchange, findings, foundWithinMs, placeOf } from "./shown.ts";

const rider = memberName(1);
const other = memberName(2);

describe("what a rider left behind", () => {
  test("put in late is kept for its rider, and the next scan credits it (E7)", () => {
    const bench = new StationBench();
    bench.scan(rider);
    const bay = bench.untilOpen();
    bench.until(() => bench.ends.includes("suspended-open"), "the window to end");
    bench.put(bay, pack("yz-own-1"));
    bench.pass(8_000);
    expect(findings(bench)).toEqual([]);
    bench.shut(bay);
    bench.pass(foundWithinMs);
    expect(findings(bench)).toEqual([
      { kind: "pack-seen", bay, packId: "yz-own-1", how: "late-deposit", member: rider },
    ]);
    expect(placeOf(bench, "yz-own-1")).toMatchObject({ at: "quarantine", why: "late-deposit", member: rider });
    expect(bench.faults).not.toContain(`deposit-unasked/${bay}`);
    bench.scan(rider);
    bench.collect();
    bench.until(() => bench.ends.length === 2, "the end");
    expect(bench.ends.at(-1)).toBe("completed");
    expect(placeOf(bench, "yz-own-1")).toMatchObject({ at: "bay", bay });
    expect(bench.lockOutOf(bay)).toBeUndefined();
  });

  test("was refused and not taken back is kept apart under its name; taken back late, it is with the rider", () => {
    const bench = new StationBench();
    bench.scan(rider);
    const bay = bench.deposit(pack("acme-77"));
    bench.untilOpen();
    bench.until(() => bench.ends.includes("left-behind"), "the end", 200_000);
    expect(placeOf(bench, "acme-77")).toMatchObject({ at: "quarantine", bay, why: "foreign-pack", member: rider });
    bench.take(bay);
    bench.pass(foundWithinMs);
    expect(findings(bench)).toEqual([{ kind: "pack-gone", bay, packId: "acme-77", how: "late-take", member: rider }]);
    expect(placeOf(bench, "acme-77")).toMatchObject({ at: "rider", member: rider });
  });

  test("was cut off by a fire before it was accepted is no unasked deposit: it is owed for", () => {
    const bench = new StationBench();
    bench.scan(rider);
    const bay = bench.untilOpen();
    bench.put(bay, pack("yz-own-1"));
    bench.smoke["c-1"] = true;
    bench.step({ type: "noticed" });
    bench.pass(foundWithinMs);
    expect(bench.ends).toEqual(["interrupted"]);
    expect(findings(bench)).toEqual([
      { kind: "pack-seen", bay, packId: "yz-own-1", how: "left-behind", member: rider },
    ]);
    bench.take(bay);
    bench.pass(foundWithinMs);
    expect(bench.debts).toEqual([]);
    expect(placeOf(bench, "yz-own-1")).toMatchObject({ at: "rider", member: rider });
  });
});

describe("a pack that is accepted and set aside", () => {
  test("is quarantined and its bay out of service, and the rider is served (E13)", () => {
    const bench = new StationBench();
    bench.scan(rider);
    const bay = bench.deposit(pack("yz-own-1", { cellTempsC: [30, 64] }));
    bench.collect();
    bench.until(() => bench.ends.length === 1, "the end");
    bench.pass(3_000);
    expect(placeOf(bench, "yz-own-1")).toMatchObject({ at: "quarantine", bay, why: "hot", member: rider });
    expect(bench.lockOutOf(bay)).toEqual({ lockOut: "pending-check", reason: "hot" });
    expect(findings(bench)).toEqual([]);
  });
});

describe("stocktaking", () => {
  const uncounted = () => {
    const bench = new StationBench();
    const { ledger: _none, ...durable } = bench.state.durable;
    const fresh = new StationBench({ durable: { ...durable, ledger: { packs: {}, bays: {} } } });
    fresh.pass(15_000);
    return fresh;
  };

  test("counts every bay once, raises nothing and locks nothing", () => {
    const bench = uncounted();
    bench.pass(60_000, 1_000);
    expect(findings(bench)).toEqual([
      { kind: "pack-seen", bay: 2, packId: "yz-full-2", how: "stocktaking" },
      { kind: "pack-seen", bay: 3, packId: "yz-full-3", how: "stocktaking" },
      { kind: "bay-counted", bay: 1 },
      { kind: "bay-counted", bay: 4 },
    ]);
    expect(bench.faults).toEqual([]);
    expect(bench.state.durable.lockOuts).toEqual({});
  });

  test("is not repeated after a restart", () => {
    const bench = uncounted();
    const counted = findings(bench).length;
    bench.restart();
    bench.pass(15_000);
    // The bench begins its log at the restart with what it wrote down before.
    expect(findings(bench)).toHaveLength(counted);
  });
});

describe("an operator at an opened bay", () => {
  test("puts in, takes out and exchanges without a finding", () => {
    const bench = new StationBench();
    restock(bench, 1, fullPack("yz-new"));
    restock(bench, 2, undefined);
    restock(bench, 3, fullPack("yz-other"));
    bench.pass(foundWithinMs);
    expect(findings(bench)).toEqual([
      { kind: "pack-seen", bay: 1, packId: "yz-new", how: "operator" },
      { kind: "pack-gone", bay: 2, packId: "yz-full-2", how: "operator" },
      { kind: "pack-gone", bay: 3, packId: "yz-full-3", how: "operator" },
      { kind: "pack-seen", bay: 3, packId: "yz-other", how: "operator" },
    ]);
    expect(placeOf(bench, "yz-full-2")).toMatchObject({ at: "rider", member: undefined });
    expect(placeOf(bench, "yz-new")).toMatchObject({ at: "bay", bay: 1 });
    expect(bench.faults).toEqual([]);
    expect(bench.state.durable.lockOuts).toEqual({});
  });

  test("is not there any more once the door was shut for a while", () => {
    const bench = new StationBench();
    restock(bench, 1, fullPack("yz-new"));
    bench.pass(20_000);
    exchange(bench, 1, undefined);
    bench.pass(foundWithinMs);
    expect(findings(bench).at(-1)).toMatchObject({ kind: "pack-gone", how: "vanished" });
  });
});

describe("another rider", () => {
  test("who swaps meanwhile is not mixed up with a find", () => {
    const bench = new StationBench({ cabinets: 2, stock: { 2: fullPack("yz-full-2"), 6: fullPack("yz-full-6") } });
    exchange(bench, 6, undefined);
    bench.swapProperly(other, pack("yz-own-2"));
    bench.pass(foundWithinMs);
    expect(findings(bench)).toEqual([{ kind: "pack-gone", bay: 6, packId: "yz-full-6", how: "vanished" }]);
    expect(placeOf(bench, "yz-own-2")).toMatchObject({ at: "bay" });
    expect(placeOf(bench, "yz-full-2")).toMatchObject({ at: "rider", member: other });
  });
});
