/** Stops, latches and lock-outs of bays as the whole station keeps them: how they begin, what they outlast, and who ends them. */
import { describe, expect, test } from "vitest";
import { deriveLevels } from "../../../services/station/levels.ts";
import { fullPack, memberName, pack, technician } from "../../support/bench-config.ts";
import { midnight } from "../../support/midnight.ts";
import { order } from "../../support/operator.ts";
import { restock } from "../../support/restock.ts";
import { StationBench } from "../../support/station-bench.ts";

const low = (n: number) => pack(`yz-low-${n}`);
const shortCircuit = (id: string) => pack(id, { protectionBits: 1 << 10 });

function stopped(bench: StationBench, bay: number): string | undefined {
  return bench.state.bays[bay]?.stop;
}

/** A pack in bay 2 whose cells are too far apart, found. */
function unbalanced(): StationBench {
  const bench = new StationBench({ stock: { 2: low(2), 3: low(3) } });
  bench.bay(2).pack = pack("yz-low-2", { cellsMv: [3_700, ...new Array<number>(12).fill(3_900)] });
  bench.pass(16_000);
  expect(stopped(bench, 2)).toBe("unbalanced");
  bench.bay(2).pack = low(2);
  bench.pass(2_000);
  return bench;
}

function hot(tempC: number): StationBench {
  const bench = new StationBench({ stock: { 2: pack("yz-low-2", { cellTempsC: [tempC] }), 3: low(3), 4: low(4) } });
  bench.pass(4_000);
  bench.bay(2).pack = low(2);
  bench.pass(3_000);
  expect(stopped(bench, 2)).toBe("hot");
  return bench;
}

describe("a stop (rule 10)", () => {
  test("stays when the reading looks good again, and when the controller starts anew", () => {
    const bench = unbalanced();
    bench.pass(3_600_000, 1_000);
    bench.restart();
    bench.pass(10_000);
    expect(stopped(bench, 2)).toBe("unbalanced");
    expect(bench.granted.bays[2]?.chargeMa).toBe(0);
    expect(bench.faults).toContain("bay-unbalanced/2");
  });

  test("ends when the door was opened, and its end is written down", () => {
    const bench = unbalanced();
    bench.open(2);
    bench.pass(2_000);
    bench.shut(2);
    bench.pass(2_000);
    expect(stopped(bench, 2)).toBeUndefined();
    expect(bench.records).toContainEqual({ kind: "bay-released", bay: 2, because: "door-opened" });
  });

  test("ends when another pack stands there, also one that was put there while the controller was off", () => {
    for (const off of [false, true]) {
      const bench = unbalanced();
      restock(bench, 2, low(9));
      if (off) bench.restart();
      bench.pass(8_000);
      expect(stopped(bench, 2)).toBeUndefined();
      expect(bench.granted.bays[2]?.chargeMa).toBe(12_000);
    }
  });

  test("for heat does not end at an opened door: the pack must have left", () => {
    const bench = hot(65);
    bench.open(2);
    bench.pass(2_000);
    bench.shut(2);
    bench.pass(30_000);
    expect(stopped(bench, 2)).toBe("hot");
    bench.open(2);
    bench.take(2);
    bench.pass(4_000);
    expect(stopped(bench, 2)).toBeUndefined();
  });

  test("is charged no further while it is only suspected", () => {
    const bench = new StationBench({ stock: { 2: low(2) } });
    bench.pass(3_000);
    expect(bench.granted.bays[2]?.chargeMa).toBe(12_000);
    bench.bay(2).pack = pack("yz-low-2", { cellsMv: [3_700, ...new Array<number>(12).fill(3_900)] });
    bench.pass(2_000);
    expect([stopped(bench, 2), bench.granted.bays[2]?.chargeMa]).toEqual([undefined, 0]);
  });

  test("keeps a suspected pack from being handed out", () => {
    const bench = new StationBench({
      stock: { 2: { ...fullPack("yz-full-2"), cellsMv: [4_000, ...new Array<number>(12).fill(4_150)] } },
    });
    bench.pass(3_000);
    bench.scan(memberName(1));
    expect(bench.ends.at(-1)).toBe("no-full-pack");
  });
});

describe("a hot pack (E13)", () => {
  test("stops charging beside it until it is gone, and nowhere else", () => {
    const bench = hot(65);
    const chargeMa = () => [2, 3, 4].map((bay) => bench.granted.bays[bay]?.chargeMa);
    expect(chargeMa()).toEqual([0, 0, 12_000]);
    expect(bench.faults).toEqual(["bay-hot/2", "bay-neighbour-hot/1", "bay-neighbour-hot/3"]);
    bench.open(2);
    bench.take(2);
    bench.pass(30_000);
    expect(chargeMa()).toEqual([0, 12_000, 12_000]);
  });

  test("quiets the bays beside it in the levels already, before the next plan", () => {
    const bench = new StationBench({ stock: { 2: low(2), 3: low(3), 4: low(4) } });
    bench.pass(5_000);
    const bays = bench.state.bays.map((bay) => (bay?.bay === 2 ? ({ ...bay, stop: "hot" } as const) : bay));
    const levels = deriveLevels({ ...bench.state, bays }, bench.context);
    expect([2, 3, 4].map((bay) => levels.bays[bay]?.chargeMa)).toEqual([0, 0, 12_000]);
    expect(levels.fans["c-1"]).toBe(true);
  });

  test("is not given back to the rider whose full door fails: he is owed a pack", () => {
    const bench = new StationBench();
    for (const bay of [2, 3]) bench.bay(bay).lock = "stuck";
    bench.scan(memberName(1));
    const bay = bench.deposit(pack("yz-own-1", { cellTempsC: [66] }));
    bench.until(() => bench.ends.length > 0, "the end", 300_000);
    expect(bench.ends).toEqual(["not-taken"]);
    expect(bench.bay(bay).open).toBe(false);
    expect(bench.debts).toHaveLength(1);
  });
});

describe("a bay beyond the hard limit (I9)", () => {
  const latch = (bench: StationBench) => bench.state.durable.safety.bays.latches["2"]?.why;

  function latched(): StationBench {
    const bench = hot(70);
    expect(latch(bench)).toBe("over-temperature");
    bench.open(2);
    bench.take(2);
    bench.pass(1_000);
    bench.shut(2);
    bench.pass(30_000);
    return bench;
  }

  test("stays latched without its pack and through a restart: it is not offered, and beside it nothing charges", () => {
    const bench = latched();
    bench.restart();
    bench.pass(30_000);
    expect(latch(bench)).toBe("over-temperature");
    expect(bench.faults).toContain("bay-over-temperature/2");
    expect(bench.granted.bays[3]?.chargeMa).toBe(0);
    bench.scan(memberName(1));
    expect(bench.pulses).toEqual([]);
  });

  test("is not freed by an operator from afar", () => {
    const bench = latched();
    order(bench, { verb: "lock-out", bay: 2, lockOut: "none", reason: "please" });
    bench.pass(3_000);
    expect(latch(bench)).toBe("over-temperature");
  });

  test("is freed by a technician at the cabinet's reader once it is cool, and not before", () => {
    const early = hot(70);
    early.bay(2).pack = pack("yz-low-2", { cellTempsC: [62] });
    early.pass(2_000);
    early.scan(technician);
    early.pass(2_000);
    expect(latch(early)).toBe("over-temperature");
    const bench = latched();
    bench.scan(technician);
    bench.pass(3_000);
    expect(latch(bench)).toBeUndefined();
    expect(bench.state.bays[2]?.latch).toBeUndefined();
    expect(bench.granted.bays[3]?.chargeMa).toBe(12_000);
  });

  test("at one spike is not latched", () => {
    const bench = new StationBench({ stock: { 2: low(2) } });
    bench.bay(2).pack = pack("yz-low-2", { cellTempsC: [125] });
    bench.step({ type: "tick" });
    bench.bay(2).pack = low(2);
    bench.pass(5_000);
    expect([latch(bench), stopped(bench, 2)]).toEqual([undefined, undefined]);
  });
});

describe("electrical stops that repeat", () => {
  const twice = (between: (bench: StationBench) => void = () => undefined): StationBench => {
    const bench = new StationBench({ stock: {} });
    for (const n of [1, 2]) {
      restock(bench, 2, shortCircuit(`yz-short-${n}`));
      bench.pass(5_000);
      expect(stopped(bench, 2)).toBe("damaged");
      if (n === 1) between(bench);
    }
    return bench;
  };

  test("of two packs in one bay lock its charger out for a person, also when the controller started in between", () => {
    for (const between of [undefined, (bench: StationBench) => bench.restart()]) {
      const bench = twice(between);
      expect(bench.lockOutOf(2)).toEqual({ lockOut: "system", reason: "charger-suspect" });
      expect(bench.faults).toContain("bay-charger-suspect/2");
      restock(bench, 2, low(3));
      bench.pass(5_000);
      expect(bench.granted.bays[2]?.chargeMa).toBe(0);
      order(bench, { verb: "lock-out", bay: 2, lockOut: "none", reason: "charger exchanged" });
      bench.pass(3_000);
      expect(bench.granted.bays[2]?.chargeMa).toBe(12_000);
    }
  });

  test("on two days do not", () => {
    const bench = twice((first) => midnight(first));
    expect(bench.lockOutOf(2)).toBeUndefined();
  });

  test("of one bay do not speak against another, nor does a stop that is no electrical one", () => {
    const bench = new StationBench({ stock: { 1: shortCircuit("yz-a"), 2: shortCircuit("yz-b"), 3: low(3) } });
    bench.pass(5_000);
    restock(bench, 3, pack("acme-1"));
    bench.pass(5_000);
    restock(bench, 3, pack("acme-2"));
    bench.pass(5_000);
    expect([1, 2, 3].map((bay) => bench.lockOutOf(bay))).toEqual([undefined, undefined, undefined]);
  });
});

describe("a pack that falls silent while it charges (E18)", () => {
  const probes = (bench: StationBench) =>
    bench.told.flatMap(({ effect, nowMs }) => (effect.do === "reidentify" && effect.bay === 2 ? [nowMs] : []));

  function silenced(): { bench: StationBench; sinceMs: number } {
    const bench = new StationBench({ stock: { 2: low(2) } });
    bench.pass(5_000);
    bench.bay(2).silent = true;
    return { bench, sinceMs: bench.nowMs };
  }

  test("is asked three times, ten seconds apart at least, then given up; and taken back when it speaks", () => {
    const { bench, sinceMs } = silenced();
    bench.pass(35_000);
    const asked = probes(bench).map((atMs) => atMs - sinceMs);
    expect(asked).toHaveLength(3);
    expect((asked[1] ?? 0) - (asked[0] ?? 0)).toBeGreaterThanOrEqual(10_000);
    expect((asked[2] ?? 0) - (asked[1] ?? 0)).toBeGreaterThanOrEqual(10_000);
    expect(bench.lockOutOf(2)).toEqual({ lockOut: "system", reason: "pack-silent" });
    bench.restart();
    bench.bay(2).silent = false;
    bench.pass(5_000);
    expect(bench.lockOutOf(2)).toBeUndefined();
    expect(bench.granted.bays[2]?.chargeMa).toBe(12_000);
  });

  test("is off with its heater and charger before anybody asks", () => {
    const { bench } = silenced();
    bench.pass(250);
    expect(bench.granted.bays[2]?.chargeMa).toBe(0);
  });

  test("leaves no lock-out behind when it is taken out", () => {
    const { bench } = silenced();
    bench.pass(35_000);
    bench.open(2);
    bench.take(2);
    bench.pass(5_000);
    expect(bench.lockOutOf(2)?.reason).not.toBe("pack-silent");
  });

  test("keeps an operator's lock-out, and lifts none that is not its own", () => {
    const { bench } = silenced();
    order(bench, { verb: "lock-out", bay: 2, lockOut: "operator", reason: "pack-silent" });
    bench.pass(35_000);
    bench.bay(2).silent = false;
    bench.pass(5_000);
    expect(bench.lockOutOf(2)?.lockOut).toBe("operator");
  });

  test("while it rests is not asked in haste, nor given up", () => {
    const bench = new StationBench({ stock: { 2: fullPack("yz-full-2", 100) } });
    bench.pass(5_000);
    bench.bay(2).silent = true;
    bench.pass(60_000, 1_000);
    expect([probes(bench), bench.lockOutOf(2)]).toEqual([[], undefined]);
  });
});

describe("current that does not end (E19)", () => {
  test("gives its bay up until an operator has seen to it", () => {
    const bench = new StationBench({ stock: { 2: fullPack("yz-full-2", 100) } });
    bench.bay(2).stuckMa = 5_000;
    bench.pass(9_000);
    expect(bench.lockOutOf(2)).toEqual({ lockOut: "system", reason: "charger-stuck" });
    expect(bench.faults).toContain("bay-charger-stuck/2");
    bench.bay(2).stuckMa = undefined;
    bench.pass(60_000, 1_000);
    expect(bench.lockOutOf(2)?.reason).toBe("charger-stuck");
  });

  test("is told even where the bay was locked out before", () => {
    const bench = new StationBench({ stock: { 2: low(2) } });
    bench.pass(3_000);
    bench.bay(2).stuckMa = 5_000;
    order(bench, { verb: "lock-out", bay: 2, lockOut: "operator", reason: "worn" });
    bench.pass(10_000);
    expect(bench.faults).toContain("bay-charger-stuck/2");
    expect(bench.lockOutOf(2)?.lockOut).toBe("operator");
  });
});
