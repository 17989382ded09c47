/** The judges of what packs are owed: no more current and warmth than they may have, and some of both where nothing is amiss. */
import { describe, expect, test } from "vitest";
import type { JournalRecord } from "../../../services/journal/records.ts";
import { currentFitsThePack, heatersStopWhenWarm, untouchedStationCharges } from "../../../simulator/checkers/duty.ts";
import { type JudgeBench, judgeBench } from "../../support/judge-bench.ts";

const packOf = (bench: JudgeBench, bay: number) => {
  const { pack } = bench.bay(bay);
  if (pack === undefined) throw new Error(`bay ${bay} is empty`);
  return pack;
};

describe("the current into a pack (I8-rate)", () => {
  function charged(ma: number, cellTempC: number, prepare: (bench: JudgeBench) => void = () => undefined): JudgeBench {
    const bench = judgeBench();
    bench.judge(currentFitsThePack);
    bench.bay(1).chargeMa = ma;
    packOf(bench, 1).cellTempC = cellTempC;
    prepare(bench);
    bench.seconds(60);
    return bench;
  }

  test.each([
    ["full current into warm cells is right", 12_000, 15, 0],
    ["the small one into cold cells as well", 4_800, 2, 0],
    ["more than the class takes is found", 13_000, 15, 1],
    ["full current into cold cells is found", 12_000, 2, 1],
  ])("%s", (_story, ma, cellTempC, findings) => {
    const bench = charged(ma, cellTempC);
    expect([Math.min(1, bench.found.length), bench.looks() > 0]).toEqual([findings, true]);
    if (findings > 0) expect(bench.found[0]).toMatch(/^I8-rate: \d+ mA into bay 1, whose pack may have \d+ mA$/);
  });

  test("a charger that ignores what it is told, and a probe that wanders, are nobody's fault", () => {
    const stuck = charged(12_000, 2, (bench) => Object.assign(bench.faults(1), { chargerStuck: true }));
    const wandering = charged(12_000, 2, (bench) => void bench.troubles.begin("probe-drifts", "bay 1"));
    expect([...stuck.found, ...wandering.found]).toEqual([]);
  });

  test("what lasts a few seconds is a charger that follows", () => {
    const bench = charged(4_800, 2);
    bench.bay(1).chargeMa = 12_000;
    bench.seconds(15);
    bench.bay(1).chargeMa = 4_800;
    bench.seconds(60);
    expect(bench.found).toEqual([]);
  });
});

describe("a heater over a pack that is warm (I7-warm)", () => {
  test.each([
    ["is found", 9, undefined, 1],
    ["is right while the pack is cold", 5, undefined, 0],
    ["is nobody's fault where the probe froze", 9, "probe-frozen", 0],
  ])("%s", (_story, cellTempC, trouble, findings) => {
    const bench = judgeBench();
    bench.judge(heatersStopWhenWarm);
    bench.bay(1).heaterRelayOn = true;
    packOf(bench, 1).cellTempC = cellTempC;
    if (trouble !== undefined) bench.troubles.begin(trouble, "bay 1");
    bench.seconds(90);
    expect([Math.min(1, bench.found.length), bench.looks() > 0]).toEqual([findings, true]);
  });
});

describe("a station that nothing has happened to (I30-charge)", () => {
  const taken: JournalRecord = { kind: "request-taken", id: "o-1", verb: "parameters", expiresAt: 0 };
  const lockOut: JournalRecord = {
    kind: "lock-out",
    bay: 1,
    lockOut: "system",
    reason: "charger-stuck",
    by: "station",
  };

  function lacking(socPct: number, cellTempC: number): JudgeBench {
    const bench = judgeBench();
    bench.judge(untouchedStationCharges);
    Object.assign(packOf(bench, 1), { socPct, cellTempC });
    return bench;
  }

  test("owes an empty pack current, and a cold one heat", () => {
    const empty = lacking(30, 15);
    empty.seconds(25 * 60);
    expect(empty.found).toEqual(["I30-charge: nothing gets current, and the pack in bay 1 has lacked it for 15 min"]);
    const cold = lacking(30, -10);
    cold.seconds(25 * 60);
    expect(cold.found).toEqual(["I30-charge: nothing gets heat, and the pack in bay 1 has lacked it for 15 min"]);
  });

  test("owes nothing to a pack that is charged, one that is not plugged, and one whose protection has spoken", () => {
    for (const change of [
      (bench: JudgeBench) => Object.assign(packOf(bench, 1), { socPct: 95 }),
      (bench: JudgeBench) => Object.assign(bench.bay(1), { plugged: false }),
      (bench: JudgeBench) => Object.assign(packOf(bench, 1), { protectionBits: 1 << 10 }),
      (bench: JudgeBench) => Object.assign(packOf(bench, 1), { id: "foreign-1" }),
      (bench: JudgeBench) => Object.assign(bench.bay(2), { chargeMa: 12_000 }),
    ]) {
      const bench = lacking(30, 15);
      change(bench);
      bench.seconds(40 * 60);
      expect(bench.found).toEqual([]);
    }
  });

  test("owes nothing once somebody has asked for something, broken something, or the log holds a stop", () => {
    for (const touch of [
      (bench: JudgeBench) => bench.record(taken),
      (bench: JudgeBench) => bench.record(lockOut),
      (bench: JudgeBench) => bench.tell({ type: "smoke", cabinet: "a", on: true }),
      (bench: JudgeBench) => bench.tell({ type: "computer", on: false }),
      (bench: JudgeBench) => bench.troubles.begin("line-dead", "line relays")(),
    ]) {
      const bench = lacking(30, 15);
      bench.seconds(60);
      touch(bench);
      bench.seconds(60 * 60);
      expect(bench.found).toEqual([]);
    }
    const started = lacking(30, 15);
    started.tell({ type: "computer", on: true });
    started.seconds(25 * 60);
    expect(started.found).toHaveLength(1);
  });
});
