/** What a swap may look at: how old a look is, whose turn the locks are, whose pack came late. */
import { describe, expect, test } from "vitest";
import type { BayReadings, StationReadings } from "../../../services/readings.ts";
import { newDraft } from "../../../services/station/draft.ts";
import { coilMs, lockTurnMsMax } from "../../../services/station/lock-turn.ts";
import { lateDepositOf, sightOf } from "../../../services/station/sight.ts";
import type { LockTurn, StationState } from "../../../services/station/state.ts";
import { memberName, pack } from "../../support/bench-config.ts";
import { StationBench } from "../../support/station-bench.ts";

const rider = memberName(1);

function draftOf(bench: StationBench, state: Partial<StationState> = {}, readings: StationReadings = bench.readings()) {
  const { nowMs, wallMs } = bench;
  return newDraft({ ...bench.state, ...state }, { event: { type: "tick" }, readings, nowMs, wallMs }, bench.context);
}

describe("a look at a door", () => {
  const agesMs = { doorShut: 0, latched: 0, present: 0 };
  const rows = [
    ["the door switch", { ...agesMs, doorShut: 4_000 }],
    ["the lock's contact", { ...agesMs, latched: 4_000 }],
    ["the presence contact", { ...agesMs, present: 4_000 }],
  ] as const;

  test.each(rows)("is as old as the oldest contact: %s", (_which, ages) => {
    const bench = new StationBench();
    const { nowMs } = bench;
    const contact = (value: boolean, ageMs: number) => ({ value, atMs: nowMs - ageMs, quality: "good" }) as const;
    const readings = bench.readings();
    const bays = readings.bays.map((bay): BayReadings | undefined =>
      bay === undefined
        ? undefined
        : {
            ...bay,
            doorShut: contact(true, ages.doorShut),
            latched: contact(true, ages.latched),
            present: contact(false, ages.present),
          },
    );
    const sight = sightOf(draftOf(bench, {}, { ...readings, bays }), "c-1");
    expect(sight.contactsMs(1)).toBe(nowMs - 4_000);
  });
});

describe("the locks' one turn", () => {
  const bench = new StationBench();
  const free = (bay: number, turn: Omit<LockTurn, "bay"> | undefined): boolean => {
    const lockTurn = turn === undefined ? undefined : { bay: 1, ...turn };
    return sightOf(draftOf(bench, { lockTurn }), "c-1").lockFree(bay);
  };

  test("is free while nobody has it", () => {
    expect(free(1, undefined)).toBe(true);
  });

  test("is taken for every lock of the station until the board answered and the coil must be off", () => {
    const sinceMs = bench.nowMs - 1_000;
    for (const bay of [1, 2]) {
      expect(free(bay, { sinceMs, freeMs: bench.nowMs + 1 })).toBe(false);
      expect(free(bay, { sinceMs, freeMs: bench.nowMs })).toBe(true);
    }
  });

  test("is taken for three seconds when the board never answers, because the coil may have been driven late", () => {
    expect(free(2, { sinceMs: bench.nowMs - coilMs - 1, freeMs: undefined })).toBe(false);
    expect(free(2, { sinceMs: bench.nowMs - lockTurnMsMax + 1, freeMs: undefined })).toBe(false);
    expect(free(2, { sinceMs: bench.nowMs - lockTurnMsMax, freeMs: undefined })).toBe(true);
  });
});

describe("a pack put in after the window was over (E7)", () => {
  /** The window passed with the door open; then something was put in and the door was shut. */
  function late(): StationBench {
    const bench = new StationBench();
    bench.scan(rider);
    const bay = bench.untilOpen();
    bench.until(() => bench.ends.length === 1, "the end of the window");
    expect([bay, ...bench.ends]).toEqual([1, "suspended-open"]);
    bench.put(1, pack("yz-own-1"));
    bench.shut(1);
    bench.pass(2_000);
    return bench;
  }

  test("is the late rider's, and nobody else's", () => {
    const bench = late();
    expect(lateDepositOf(draftOf(bench), "c-1", rider)).toBe(1);
    expect(lateDepositOf(draftOf(bench), "c-1", memberName(2))).toBeUndefined();
  });

  test("is no deposit while the door stands open, or when the bay is empty", () => {
    const open = late();
    open.open(1);
    expect(lateDepositOf(draftOf(open), "c-1", rider)).toBeUndefined();
    const empty = late();
    empty.take(1);
    expect(lateDepositOf(draftOf(empty), "c-1", rider)).toBeUndefined();
  });

  test("is told from what stands in a bay that waits for a person: that is nobody's deposit", () => {
    const bench = new StationBench({ stock: { 1: pack("yz-left-1"), 2: pack("yz-2") } });
    const lockOuts = { 1: { lockOut: "pending-check", reason: "interrupted" } } as const;
    const durable = { ...bench.state.durable, lockOuts };
    expect(lateDepositOf(draftOf(bench, { durable }), "c-1", rider)).toBeUndefined();
  });
});

describe("a bay that an operator has open", () => {
  const bench = new StationBench();
  const opened = (bay: number) => ({ [bay]: { request: "op-1", at: bench.wallMs, all: false } });
  const offered = (bay: number, settling: StationState["settling"]) => {
    const { durable } = bench.state;
    const operators = { ...durable.operators, opened: opened(bay) };
    const sight = sightOf(draftOf(bench, { durable: { ...durable, operators }, settling }), "c-1");
    return { empty: sight.emptyBays(), ready: sight.readyBays() };
  };

  test("is offered to nobody, not even when it is shut again, before somebody knows what stands in it", () => {
    const sight = sightOf(draftOf(bench), "c-1");
    expect([sight.emptyBays(), sight.readyBays()]).toEqual([
      [1, 4],
      [2, 3],
    ]);
    expect(offered(1, {}).empty).toEqual([4]);
    expect(offered(1, { 1: bench.nowMs }).empty).toEqual([4]);
    expect(offered(2, { 2: bench.nowMs }).ready).toEqual([3]);
  });
});
