/** The judges of openings and orders: what opens was decided, written, asked for and owed, or is found. */
import { describe, expect, test } from "vitest";
import { emptyDurable, type OpenSwap } from "../../../services/journal/durable.ts";
import type { JournalRecord } from "../../../services/journal/records.ts";
import { decidedBeforeOpened, strikesWaitForTheDisk } from "../../../simulator/checkers/openings.ts";
import { onlyStricter, ordersOnce } from "../../../simulator/checkers/requests.ts";
import { oneSwapACabinet } from "../../../simulator/checkers/sessions.ts";
import { type JudgeBench, judgeBench } from "../../support/judge-bench.ts";

const coil = (bay: number) => ({ type: "coil", bay, on: true, released: true });

function swap(id: string, inBay: number, outBay: number): OpenSwap {
  return {
    id,
    cabinet: "a",
    member: "m-0001",
    inBay,
    outBay,
    spares: [],
    stage: "reserved",
    packIn: undefined,
    pays: undefined,
    because: undefined,
    startedAt: 0,
  };
}

/** Something is written and synced. */
function sync(bench: JudgeBench): void {
  bench.disk.open("log", (opened) => {
    if ("file" in opened) opened.file.append(Uint8Array.of(1), () => undefined);
  });
  bench.seconds(0.1);
}

describe("swaps and locks (I4)", () => {
  test("a lock fires in the bays of the swap at work, and in no other", () => {
    const bench = judgeBench();
    bench.judge(oneSwapACabinet);
    bench.record({ kind: "swap-reserved", swap: swap("s-1", 1, 2) });
    bench.tell(coil(1));
    bench.tell(coil(2));
    expect(bench.found).toEqual([]);
    bench.tell(coil(3));
    expect(bench.found).toEqual(["I4: the lock of bay 3 fires, and nobody is served there"]);
  });

  test("a pulse on its way when the swap ended is its own, a later one is not", () => {
    const bench = judgeBench();
    bench.judge(oneSwapACabinet);
    bench.record({ kind: "swap-reserved", swap: swap("s-1", 1, 2) });
    bench.record({ kind: "swap-ended", swap: "s-1", outcome: "completed" });
    bench.seconds(1);
    bench.tell(coil(2));
    expect(bench.found).toEqual([]);
    bench.seconds(10);
    bench.tell(coil(2));
    expect(bench.found).toHaveLength(1);
  });

  test("two swaps at work in one cabinet are found, one after the other are not", () => {
    const bench = judgeBench();
    bench.judge(oneSwapACabinet);
    bench.record({ kind: "swap-reserved", swap: swap("s-1", 1, 2) });
    bench.record({ kind: "swap-ended", swap: "s-1", outcome: "completed" });
    bench.record({ kind: "swap-reserved", swap: swap("s-2", 1, 2) });
    expect(bench.found).toEqual([]);
    bench.record({ kind: "swap-reserved", swap: swap("s-3", 3, 4) });
    expect(bench.found).toEqual(["I4: swap s-3 begins in cabinet a while swap s-2 is at work"]);
  });

  test("a start goes on with what the log kept, and forgets what it did not", () => {
    const bench = judgeBench();
    bench.judge(oneSwapACabinet);
    bench.record({ kind: "swap-reserved", swap: swap("s-1", 1, 2) });
    bench.tell({ type: "computer", on: true });
    bench.record({ kind: "swap-reserved", swap: swap("s-2", 3, 4) });
    expect(bench.found).toEqual([]);
    bench.controller.durable = { ...emptyDurable, swaps: { "s-7": swap("s-7", 1, 2) } };
    bench.tell({ type: "computer", on: true });
    bench.tell(coil(1));
    expect(bench.found).toEqual([]);
  });

  test("an operator's order opens what no swap does", () => {
    const bench = judgeBench();
    bench.judge(oneSwapACabinet);
    bench.record({ kind: "operator-opening", bay: 4, request: "r-1", all: false });
    bench.seconds(10);
    bench.tell(coil(4));
    expect(bench.found).toEqual([]);
  });
});

describe("decisions before acts (I15)", () => {
  function pulsed(how: { readonly decided: boolean; readonly synced: boolean; readonly told: boolean }): string[] {
    const bench = judgeBench();
    bench.judge(decidedBeforeOpened);
    bench.seconds(1);
    if (how.decided) bench.record({ kind: "bay-pulsed", bay: 1, pulse: 1 });
    if (how.synced) sync(bench);
    if (how.told) bench.ears.asks("locks", Uint8Array.of(0x8a));
    bench.tell(coil(1));
    return bench.found;
  }

  test("a lock fires after its decision was synced", () => {
    expect(pulsed({ decided: true, synced: true, told: true })).toEqual([]);
    expect(pulsed({ decided: true, synced: false, told: true })).toEqual([
      "I15: the lock of bay 1 fires before its decision is on the disk",
    ]);
    expect(pulsed({ decided: false, synced: true, told: true })).toEqual(["I15: the lock of bay 1 fires undecided"]);
  });

  test("a lock that was driven at its board, and not over its line, is not the controller's", () => {
    expect(pulsed({ decided: false, synced: false, told: false })).toEqual([]);
  });

  const granted: JournalRecord = {
    kind: "door-granted",
    door: "front",
    decision: 1,
    by: "token",
    uses: { name: "jti-1", untilMs: 0 },
    knownMs: 0,
  };

  test("a code that opens a door twice is found", () => {
    const bench = judgeBench("room-station");
    bench.judge(decidedBeforeOpened);
    bench.record(granted);
    bench.record({ ...granted, decision: 2, uses: { name: "jti-2", untilMs: 0 } });
    expect(bench.found).toEqual([]);
    bench.record({ ...granted, decision: 3 });
    expect(bench.found).toEqual(["I15: a code opened door front twice"]);
  });

  test.each([
    ["token", true],
    ["card", true],
    ["visitor", false],
    ["operator", false],
  ] as const)("a strike waits for no disk that fails what is written: by %s %s", (by, isRight) => {
    const bench = judgeBench("room-station");
    bench.judge(strikesWaitForTheDisk);
    bench.disk.setFailing(true);
    sync(bench);
    bench.record({ ...granted, by });
    bench.tell({ type: "room-output", output: "door/front/strike", on: true });
    expect([bench.found.length, bench.looks()]).toEqual([isRight ? 0 : 1, 1]);
    // Nor does it wait for one that takes it again.
    bench.disk.setFailing(false);
    sync(bench);
    bench.record({ ...granted, by, decision: 2 });
    bench.tell({ type: "room-output", output: "door/front/strike", on: true });
    expect(bench.found).toHaveLength(isRight ? 1 : 2);
  });

  test("a strike waits for the disk, unless somebody leaves", () => {
    const strike = { type: "room-output", output: "door/front/strike", on: true };
    const hasty = judgeBench("room-station");
    hasty.judge(strikesWaitForTheDisk);
    hasty.record(granted);
    hasty.tell(strike);
    expect(hasty.found).toEqual(["I15: door front opens before its decision is on the disk"]);
    const patient = judgeBench("room-station");
    patient.judge(strikesWaitForTheDisk);
    patient.record(granted);
    sync(patient);
    patient.tell(strike);
    expect([patient.found, patient.looks()]).toEqual([[], 1]);
    const leaving = judgeBench("room-station");
    leaving.judge(strikesWaitForTheDisk);
    leaving.record(granted);
    leaving.tell({ type: "room-handle", door: "front", opens: true });
    leaving.tell(strike);
    expect(leaving.found).toEqual([]);
    const freed = judgeBench("room-station");
    freed.judge(strikesWaitForTheDisk);
    freed.record(granted);
    freed.smoke();
    freed.tell(strike);
    expect(freed.found).toEqual([]);
  });
});

describe("orders (I16)", () => {
  const topic = "yizhan/1/starter-1/request/open";

  function ordered(): JudgeBench {
    const bench = judgeBench();
    bench.judge(ordersOnce);
    return bench;
  }
  const taken = (bench: JudgeBench, id: string, seq = 1, aheadMs = 5_000): void =>
    bench.record({
      kind: "request-taken",
      id,
      verb: "open",
      expiresAt: bench.clock.wallMs() + aheadMs,
      bay: 1,
      key: "k",
      seq,
    });

  test("one that was sent, is new and in time is right", () => {
    const bench = ordered();
    for (const [at, id] of ["r-1", "r-2"].entries()) {
      bench.broker.inject(topic, JSON.stringify({ id }));
      taken(bench, id, at + 1);
      bench.record({ kind: "operator-opening", bay: 1, request: id, all: false });
    }
    expect(bench.found).toEqual([]);
  });

  test.each<[string, (bench: JudgeBench) => void, string]>([
    ["nobody sent", (bench) => taken(bench, "r-9", 2), "request r-9 is taken, and nobody sent it"],
    ["comes too late", (bench) => taken(bench, "r-2", 2, -250), "request r-2 is taken 250 ms too late"],
    ["is taken again", (bench) => taken(bench, "r-1", 2), "request r-1 is taken a second time"],
    ["has an old number", (bench) => taken(bench, "r-2", 1), "request r-2 has an old number"],
    [
      "opens and was never taken",
      (bench) => bench.record({ kind: "operator-opening", bay: 1, request: "r-2", all: false }),
      "bay 1 is opened for request r-2, which was never taken",
    ],
    [
      "opens four times",
      (bench) => {
        for (let times = 0; times < 4; times++)
          bench.record({ kind: "operator-opening", bay: 1, request: "r-1", all: false });
      },
      "bay 1 is opened 4 times for request r-1",
    ],
  ])("one that %s is found", (_story, happen, told) => {
    const bench = ordered();
    for (const id of ["r-1", "r-2"]) bench.broker.inject(topic, JSON.stringify({ id }));
    taken(bench, "r-1");
    happen(bench);
    expect(bench.found).toEqual([`I16: ${told}`]);
  });

  test("one of an earlier life is not carried on; a clock that was set wrong is the station's only clock", () => {
    const bench = ordered();
    bench.broker.inject(topic, JSON.stringify({ id: "r-1" }));
    taken(bench, "r-1");
    bench.record({ kind: "started", version: "1", detail: "" });
    bench.record({ kind: "operator-opening", bay: 1, request: "r-1", all: false });
    expect(bench.found).toEqual(["I16: bay 1 is opened for request r-1, which was never taken"]);
    const behind = ordered();
    behind.broker.inject(topic, JSON.stringify({ id: "r-1" }));
    behind.controller.aheadMs = -60_000;
    taken(behind, "r-1", 1, -10_000);
    expect(behind.found).toEqual([]);
  });
});

describe("limits in force (I17)", () => {
  test("may be stricter than the file, and never looser", () => {
    const bench = judgeBench();
    bench.judge(onlyStricter);
    const config = bench.config.station;
    const operators = { ...emptyDurable.operators, parameters: { "station.siteLimitW": config.siteLimitW - 500 } };
    bench.controller.durable = { ...emptyDurable, operators };
    bench.seconds(60);
    expect([bench.found, bench.looks()]).toEqual([[], 1]);
    // A controller that decides by other limits than the file's.
    bench.controller.durable = emptyDurable;
    bench.controller.context = { config: { ...config, siteLimitW: config.siteLimitW + 500 } };
    bench.seconds(60);
    expect(bench.found[0]).toBe(
      `I17: station.siteLimitW is ${config.siteLimitW + 500}, and the file says ${config.siteLimitW}`,
    );
    bench.controller.context = { config: { ...config, safety: { ...config.safety, runawayC: 99 } } };
    bench.seconds(60);
    expect(bench.found.at(-1)).toBe("I17: safety.runawayC is 99");
  });
});
