import { describe, expect, test } from "vitest";
import { memberName, pack } from "../../support/bench-config.ts";
import { restock } from "../../support/restock.ts";
import { StationBench } from "../../support/station-bench.ts";

/** A pack that was hot in bay 2 and has cooled down since. */
function cooledDown(): StationBench {
  const bench = new StationBench({ stock: { 2: pack("yz-2", { cellTempsC: [62] }), 3: pack("yz-3") } });
  bench.pass(3_000);
  bench.bay(2).pack = pack("yz-2");
  bench.pass(3_000);
  expect(bench.state.bays[2]?.stop).toBe("hot");
  return bench;
}

describe("a bay that was stopped", () => {
  test("stays stopped when the pack has cooled down", () => {
    const bench = cooledDown();
    bench.pass(3_600_000, 1_000);
    expect(bench.granted.bays[2]?.chargeMa).toBe(0);
  });

  test("stays stopped when its presence contact bounces: the pack did not leave", () => {
    const bench = cooledDown();
    bench.bay(2).silent = true;
    bench.bay(2).presenceSays = false;
    bench.pass(1_250);
    bench.bay(2).presenceSays = undefined;
    bench.bay(2).silent = false;
    bench.pass(5_000);
    expect(bench.state.bays[2]?.stop).toBe("hot");
  });

  test("stays stopped while its pack is silent, and for as long as the same one answers afterwards", () => {
    const bench = cooledDown();
    bench.bay(2).silent = true;
    bench.pass(60_000, 1_000);
    bench.bay(2).silent = false;
    bench.pass(3_000);
    expect(bench.state.bays[2]?.stop).toBe("hot");
  });

  test("stays stopped over a restart, and when its door is opened on a pack that was hot and still stands there", () => {
    const bench = cooledDown();
    bench.restart();
    expect(bench.state.bays[2]?.stop).toBe("hot");
    bench.pass(20_000, 1_000);
    expect([bench.state.bays[2]?.stop, bench.granted.bays[2]?.chargeMa]).toEqual(["hot", 0]);
    bench.open(2);
    bench.pass(5_000);
    bench.shut(2);
    bench.pass(5_000);
    expect(bench.state.bays[2]?.stop).toBe("hot");
  });

  test("is free again once the pack was taken out, or another one stands there", () => {
    const taken = cooledDown();
    taken.open(2);
    taken.take(2);
    taken.pass(5_000);
    expect(taken.state.bays[2]?.stop).toBeUndefined();
    const exchanged = cooledDown();
    restock(exchanged, 2, pack("yz-other"));
    exchanged.pass(3_000);
    expect(exchanged.state.bays[2]?.stop).toBeUndefined();
  });
});

describe("a bay that is locked out for another reason", () => {
  test("stays so when a pack in it falls silent and speaks again", () => {
    const bench = new StationBench({ stock: { 2: pack("yz-2") } });
    bench.pass(3_000);
    expect(bench.granted.bays[2]?.chargeMa).toBeGreaterThan(0);
    const lockOuts = { 2: { lockOut: "system", reason: "lock-failed" } } as const;
    bench.state = { ...bench.state, durable: { ...bench.state.durable, lockOuts } };
    bench.bay(2).silent = true;
    bench.pass(60_000, 1_000);
    bench.bay(2).silent = false;
    bench.pass(5_000);
    expect(bench.lockOutOf(2)).toEqual({ lockOut: "system", reason: "lock-failed" });
  });
});

describe("the order of first-come charging", () => {
  test("counts from when a pack was first seen here, and a moment of silence costs it nothing", () => {
    const bench = new StationBench({ siteLimitW: 800, stock: { 3: pack("yz-3") } });
    bench.pass(5_000);
    restock(bench, 1, pack("yz-1"));
    bench.pass(5_000);
    expect(bench.granted.bays[3]?.chargeMa).toBe(12_000);
    bench.bay(3).silent = true;
    bench.pass(20_000, 1_000);
    expect(bench.granted.bays[1]?.chargeMa).toBe(12_000);
    bench.bay(3).silent = false;
    bench.pass(5_000);
    expect([bench.granted.bays[1]?.chargeMa, bench.granted.bays[3]?.chargeMa]).toEqual([0, 12_000]);
  });

  test("gives a charger's power to the next one only when its output can have followed, never in the same breath", () => {
    const bench = new StationBench({ siteLimitW: 800, stock: { 3: pack("yz-3") } });
    bench.pass(5_000);
    restock(bench, 1, pack("yz-1"));
    bench.pass(5_000);
    bench.bay(3).silent = true;
    let loweredMs = Number.NaN;
    for (let scan = 0; scan < 200 && bench.granted.bays[1]?.chargeMa !== 12_000; scan++) {
      bench.pass(250);
      if (bench.state.bays[3]?.chargeMa === 0 && Number.isNaN(loweredMs)) loweredMs = bench.nowMs;
    }
    expect(bench.granted.bays[1]?.chargeMa).toBe(12_000);
    expect(bench.nowMs - loweredMs).toBeGreaterThanOrEqual(2_000);
  });

  test("starts anew for a pack that came in a swap", () => {
    const bench = new StationBench();
    bench.swapProperly(memberName(1), pack("yz-own-1"));
    bench.pass(3_000);
    expect(bench.state.bays[1]?.sinceMs).toBeGreaterThan(bench.state.startedMs);
  });
});
