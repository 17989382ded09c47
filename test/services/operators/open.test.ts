import { describe, expect, test } from "vitest";
import { operatorHasOpened } from "../../../services/operators/opened.ts";
import { fullPack, memberName, pack, usualStock } from "../../support/bench-config.ts";
import { answersTo, order } from "../../support/operator.ts";
import { StationBench } from "../../support/station-bench.ts";

const rider = memberName(1);

const kinds = (bench: StationBench): string[] =>
  bench.told.flatMap(({ effect }) => (effect.do === "record" ? [effect.record.kind] : [effect.do]));

/** Asked, and given all the time it could want. */
function asked(bench: StationBench, bay: number, passMs = 12_000): string {
  const id = order(bench, { verb: "open", bay });
  bench.pass(passMs);
  return id;
}

describe("an operator opens one bay", () => {
  test("and hears ok when the door is seen open, not before; everything is written down before it is done", () => {
    const bench = new StationBench();
    const from = bench.told.length;
    const id = order(bench, { verb: "open", bay: 2, by: "Wang, night desk" });
    expect(answersTo(bench, id)).toEqual([]);
    bench.pass(2_000);
    expect(answersTo(bench, id)).toEqual([{ status: "ok", data: { bay: 2 } }]);
    expect(bench.pulses).toMatchObject([{ bay: 2, swap: undefined, request: id }]);
    expect(bench.openBays()).toEqual([2]);
    const done = kinds(bench).slice(from);
    expect(done.slice(0, 6)).toEqual([
      "request-taken",
      "operator-opening",
      "bay-pulsed",
      "unlock",
      "operator-opened",
      "request-answered",
    ]);
    expect(bench.records.find(({ kind }) => kind === "request-taken")).toMatchObject({
      verb: "open",
      bay: 2,
      by: "Wang, night desk",
    });
    // Whoever reads the log later finds the request of every door.
    const doors = bench.records.filter(({ kind }) => kind === "operator-opening" || kind === "operator-opened");
    expect(doors).toMatchObject([
      { bay: 2, request: id },
      { bay: 2, request: id },
    ]);
  });

  test("after the charger was switched off and the current was gone", () => {
    const bench = new StationBench({ stock: { 2: pack("yz-low-2") } });
    bench.pass(3_000);
    expect(bench.granted.bays[2]?.chargeMa).toBeGreaterThan(0);
    bench.bay(2).stuckMa = 4_000;
    const id = order(bench, { verb: "open", bay: 2 });
    bench.pass(2_000);
    expect(bench.granted.bays[2]?.chargeMa).toBe(0);
    expect(bench.pulses).toEqual([]);
    bench.bay(2).stuckMa = 99;
    bench.pass(1_500);
    expect(bench.pulses).toHaveLength(1);
    expect(answersTo(bench, id)).toMatchObject([{ status: "ok" }]);
  });

  test("with a pack that does not speak, once its charger was heard to give nothing for long enough", () => {
    const bench = new StationBench();
    bench.bay(2).silent = true;
    bench.pass(20_000);
    expect(answersTo(bench, asked(bench, 2))).toMatchObject([{ status: "ok" }]);
  });

  test("that stands open already: no lock moves", () => {
    const bench = new StationBench();
    bench.open(2);
    expect(answersTo(bench, asked(bench, 2))).toMatchObject([{ status: "ok" }]);
    expect(bench.pulses).toEqual([]);
  });

  test("with three pulses at most, and hears an error when none of them opened it; the bay is out of service then", () => {
    const bench = new StationBench();
    bench.bay(2).lock = "stuck";
    const id = asked(bench, 2);
    expect(bench.pulses.map(({ bay }) => bay)).toEqual([2, 2, 2]);
    expect(answersTo(bench, id)).toEqual([{ status: "error", reason: "lock-failed" }]);
    expect(bench.lockOutOf(2)).toEqual({ lockOut: "system", reason: "lock-failed" });
    // The three-pulse rule holds for operators too.
    const again = asked(bench, 2);
    expect(answersTo(bench, again)).toEqual([{ status: "refused", reason: "lock-busy" }]);
    expect(bench.pulses).toHaveLength(3);
  });

  test("whose own lock-out stays the operator's when the lock fails", () => {
    const bench = new StationBench();
    order(bench, { verb: "lock-out", bay: 2, lockOut: "operator", reason: "connector worn" });
    bench.bay(2).lock = "stuck";
    asked(bench, 2);
    expect(bench.lockOutOf(2)).toEqual({ lockOut: "operator", reason: "connector worn" });
  });

  test("is neither a forced door nor anybody else's bay until it is shut and looked at", () => {
    const bench = new StationBench();
    asked(bench, 2, 20_000);
    bench.take(2);
    bench.pass(20_000);
    expect(bench.lockOutOf(2)).toBeUndefined();
    expect(operatorHasOpened(bench.state, 2)).toBe(true);
    bench.put(2, fullPack("yz-new-2"));
    bench.pass(100_000);
    expect(operatorHasOpened(bench.state, 2)).toBe(true);
    bench.shut(2);
    expect(operatorHasOpened(bench.state, 2)).toBe(true);
    bench.pass(4_000);
    expect(operatorHasOpened(bench.state, 2)).toBe(false);
    expect(bench.records.at(-1)).toMatchObject({ kind: "operator-settled", bay: 2 });
    bench.scan(rider);
    expect(bench.points).toContain("RESERVED");
  });

  test("keeps the operator's bay over a power cut, and opens nothing after it", () => {
    const bench = new StationBench();
    asked(bench, 2);
    bench.restart();
    bench.pass(30_000);
    expect(operatorHasOpened(bench.state, 2)).toBe(true);
    expect(bench.pulses).toHaveLength(1);
    bench.shut(2);
    bench.pass(5_000);
    expect(operatorHasOpened(bench.state, 2)).toBe(false);
    expect(bench.remembered()).toEqual(bench.state.durable);
  });

  test("a bay without anybody who says what stands in it is the rules' again after ten seconds", () => {
    const bench = new StationBench();
    asked(bench, 2);
    bench.bay(2).silent = true;
    bench.shut(2);
    bench.pass(9_000);
    expect(operatorHasOpened(bench.state, 2)).toBe(true);
    bench.pass(4_000);
    expect(operatorHasOpened(bench.state, 2)).toBe(false);
  });
});

describe("the same id", () => {
  test("delivered again, at any moment, moves no lock again", () => {
    const bench = new StationBench();
    const again = () => order(bench, { verb: "open", bay: 2, id: "op-once" });
    again();
    again();
    bench.pass(500);
    again();
    bench.pass(5_000);
    again();
    bench.shut(2);
    bench.pass(5_000);
    again();
    bench.restart();
    bench.pass(5_000);
    again();
    bench.pass(5_000);
    expect(bench.pulses).toHaveLength(1);
    expect(answersTo(bench, "op-once")).toEqual([{ status: "ok", data: { bay: 2 } }]);
  });

  test.each(["__proto__", "constructor", "toString"])("may be %s", (id) => {
    const bench = new StationBench();
    order(bench, { verb: "open", bay: 2, id });
    bench.pass(5_000);
    expect(answersTo(bench, id)).toHaveLength(1);
    bench.restart();
    bench.pass(2_000);
    expect(Object.keys(bench.state.durable.operators.taken)).toEqual([]);
  });
});

describe("riders and operators at one cabinet", () => {
  test("a rider is asked to wait while a door is being opened, and for a minute while it stands open", () => {
    const bench = new StationBench({ stock: { ...usualStock } });
    order(bench, { verb: "open", bay: 2 });
    bench.scan(rider);
    bench.pass(10_000);
    bench.scan(rider);
    expect(bench.ends).toEqual(["operator-at-work", "operator-at-work"]);
    expect(bench.said.at(-1)).toBe("refused-operator");
    bench.pass(60_000);
    bench.scan(rider);
    expect(bench.points).toContain("RESERVED");
    expect(Object.values(bench.state.swaps)[0]?.outBay).toBe(3);
  });

  test("the other cabinet goes on, one coil at a time", () => {
    const bench = new StationBench({ cabinets: 2, stock: { 2: fullPack("yz-2"), 6: fullPack("yz-6") } });
    bench.scan(rider, "c-2");
    const id = order(bench, { verb: "open", bay: 1 });
    expect(bench.pulses.map(({ bay }) => bay)).toEqual([5]);
    bench.pass(2_000);
    expect(bench.pulses.map(({ bay }) => bay)).toEqual([5, 1]);
    expect(answersTo(bench, id)).toMatchObject([{ status: "ok" }]);
  });
});
