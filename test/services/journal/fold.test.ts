import { describe, expect, test } from "vitest";
import { type Debt, type Durable, emptyDurable, type OpenSwap } from "../../../services/journal/durable.ts";
import { applyRecord } from "../../../services/journal/fold.ts";
import type { JournalRecord } from "../../../services/journal/records.ts";
import { applyEntry } from "../../../services/publication.ts";
import { deepFreeze } from "../../support/bench-config.ts";

const reserved: Omit<OpenSwap, "stage"> = {
  id: "s-000001",
  cabinet: "c-1",
  member: "m-1",
  inBay: 1,
  outBay: 2,
  spares: [3],
  packIn: undefined,
  pays: undefined,
  because: undefined,
  startedAt: 1,
};

function fold(records: readonly JournalRecord[], from: Durable = emptyDurable): Durable {
  return records.reduce((durable, record, at) => applyRecord(deepFreeze(durable), record, at), from);
}

const begun: JournalRecord = { kind: "swap-reserved", swap: reserved };
const stage = (name: OpenSwap["stage"], more: object = {}): JournalRecord =>
  ({ kind: "swap-stage", swap: reserved.id, stage: name, bay: 1, ...more }) as JournalRecord;
const ended = (outcome: string, more: object = {}): JournalRecord =>
  ({ kind: "swap-ended", swap: reserved.id, outcome, ...more }) as JournalRecord;

const debt: Debt = {
  swap: "s-000000",
  cabinet: "c-1",
  member: "m-1",
  packIn: "yz-own",
  inBay: 1,
  outBay: 2,
  outcome: "not-taken",
  since: 7,
};

describe("the fold of swap records", () => {
  test("opens a swap, numbers the next one, and counts the scan", () => {
    const durable = fold([begun]);
    expect(durable.swaps).toEqual({ "s-000001": { ...reserved, stage: "reserved" } });
    expect(durable.nextSwap).toBe(2);
    expect(durable.today.scans).toBe(1);
  });

  test("follows the swap to other bays, and to the pack it accepted", () => {
    const durable = fold([
      begun,
      { kind: "swap-bay-chosen", swap: reserved.id, inBay: 4, spares: [3] },
      stage("in-accepted", { packId: "yz-own" }),
      { kind: "swap-bay-chosen", swap: reserved.id, outBay: 3, spares: [] },
    ]);
    expect(durable.swaps[reserved.id]).toMatchObject({
      inBay: 4,
      outBay: 3,
      spares: [],
      packIn: "yz-own",
      stage: "in-accepted",
    });
  });

  test("remembers why the own pack is given back", () => {
    const durable = fold([begun, stage("returning", { because: "foreign-pack" })]);
    expect(durable.swaps[reserved.id]?.because).toBe("foreign-pack");
  });

  test("knows who holds which pack: nobody after a deposit, the rider after a take", () => {
    const holders = { "yz-own": "m-9", "yz-other": "m-8" };
    const after = fold([begun, stage("in-accepted", { packId: "yz-own" })], { ...emptyDurable, holders });
    expect(after.holders).toEqual({ "yz-other": "m-8" });
    expect(fold([stage("taken", { packId: "yz-full" })], after).holders).toEqual({
      "yz-other": "m-8",
      "yz-full": "m-1",
    });
  });

  test("forgets the oldest holder first, at five thousand", () => {
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`yz-${n}`, "m-1"]));
    const after = fold([begun, stage("taken", { packId: "yz-new" })], { ...emptyDurable, holders: many });
    expect(Object.keys(after.holders)).toHaveLength(5_000);
    expect(after.holders["yz-0"]).toBeUndefined();
    expect(after.holders["yz-new"]).toBe("m-1");
  });
});

describe("the end of a swap", () => {
  const rows: readonly (readonly [string, "completed" | "cancelled" | "owed"])[] = [
    ["completed", "completed"],
    ["completed-door-open", "completed"],
    ["nothing-inserted", "cancelled"],
    ["full-door-failed", "cancelled"],
    ["not-taken", "owed"],
    ["not-taken-open", "owed"],
    ["completed-exchanged", "completed"],
    ["not-taken-open", "owed"],
    ["completed-exchanged", "completed"],
    ["interrupted", "owed"],
    ["own-door-stuck", "owed"],
    ["waiting-for-rescan", "owed"],
  ];
  for (const [outcome, counted] of rows) {
    test(`as ${outcome} is counted as ${counted}${counted === "owed" ? " and leaves a debt" : ""}`, () => {
      const durable = fold([begun, stage("in-accepted", { packId: "yz-own" }), ended(outcome)]);
      expect(durable.swaps).toEqual({});
      expect(durable.today[counted]).toBe(1);
      const { id, cabinet, member, inBay, outBay } = reserved;
      const owed = { swap: id, cabinet, member, packIn: "yz-own", inBay, outBay, outcome, since: 2 };
      expect(Object.values(durable.debts)).toEqual(counted === "owed" ? [owed] : []);
    });
  }

  test("that pays a debt closes it", () => {
    const paying: JournalRecord = { kind: "swap-reserved", swap: { ...reserved, pays: debt.swap } };
    const from = { ...emptyDurable, debts: { [debt.swap]: debt } };
    expect(fold([paying, ended("completed")], from).debts).toEqual({});
  });

  test("that was to pay a debt and did not leaves it as it was, with its first age", () => {
    const paying: JournalRecord = { kind: "swap-reserved", swap: { ...reserved, pays: debt.swap } };
    const from = { ...emptyDurable, debts: { [debt.swap]: debt } };
    for (const outcome of ["not-taken", "interrupted", "waiting-for-rescan", "own-door-stuck", "left-behind"])
      expect(fold([paying, stage("returning"), ended(outcome)], from).debts).toEqual({ [debt.swap]: debt });
  });

  test("that gave the own pack back closes the debt for it, and the rider holds that pack again", () => {
    const own = { ...debt, packIn: undefined };
    const paying: JournalRecord = { kind: "swap-reserved", swap: { ...reserved, pays: debt.swap } };
    const from = { ...emptyDurable, debts: { [debt.swap]: own } };
    const back = [stage("returning", { because: "pack-unreadable" }), ended("pack-unreadable")];
    expect(fold([paying, ...back], from).debts).toEqual({});
    const failed = [begun, stage("in-accepted", { packId: "yz-own" }), stage("returning"), ended("full-door-failed")];
    expect(fold(failed).holders).toEqual({ "yz-own": "m-1" });
  });

  test("that pays a debt the log has forgotten opens a debt of its own", () => {
    const paying: JournalRecord = { kind: "swap-reserved", swap: { ...reserved, pays: "s-forgotten" } };
    expect(Object.keys(fold([paying, ended("not-taken")]).debts)).toEqual(["s-000001"]);
  });
});

describe("everything else the log remembers", () => {
  const locked: JournalRecord = { kind: "lock-out", bay: 3, lockOut: "operator", reason: "worn", by: "operator" };

  test("lock-outs stand until they are ended, and keep whose late deposit they wait for", () => {
    expect(fold([locked]).lockOuts).toEqual({ "3": { lockOut: "operator", reason: "worn" } });
    const waiting = { ...locked, lockOut: "pending-check", reason: "suspended-open", member: "m-1" } as const;
    expect(fold([waiting]).lockOuts).toEqual({
      "3": { lockOut: "pending-check", reason: "suspended-open", member: "m-1" },
    });
    expect(fold([locked, { ...locked, lockOut: "none" }]).lockOuts).toEqual({});
  });

  test("an operator who gives a bay back settles what stood in it unaccepted, and nothing else", () => {
    const debts = {
      a: { ...debt, swap: "a", packIn: undefined, inBay: 3 },
      b: { ...debt, swap: "b", packIn: "yz-own", inBay: 3 },
      c: { ...debt, swap: "c", packIn: undefined, inBay: 4 },
    };
    const lifted = { ...locked, lockOut: "none" } as const;
    expect(Object.keys(fold([lifted], { ...emptyDurable, debts }).debts)).toEqual(["b", "c"]);
    expect(Object.keys(fold([{ ...lifted, by: "station" }], { ...emptyDurable, debts }).debts)).toEqual([
      "a",
      "b",
      "c",
    ]);
  });

  test("the outbox cursor never goes back", () => {
    const moves = [5, 9, 3].map((upTo): JournalRecord => ({ kind: "outbox-cursor", upTo }));
    expect(fold(moves).outboxCursor).toBe(9);
  });

  test("the last thousand answers are kept", () => {
    const answers = Array.from({ length: 1_005 }, (_, n): JournalRecord => {
      return { kind: "request-answered", id: `op-${n}`, verb: "lock-out", status: "ok" };
    });
    const durable = fold(answers);
    expect(durable.answers).toHaveLength(1_000);
    expect(durable.answers[0]).toEqual({ id: "op-5", verb: "lock-out", status: "ok" });
  });

  test("a refused scan is counted, and a closed day starts again at nothing", () => {
    const refused: JournalRecord = { kind: "scan-refused", cabinet: "c-1", reason: "fire" };
    const durable = fold([refused, refused]);
    expect(durable.today).toMatchObject({ scans: 2, refused: 2 });
    expect(fold([{ kind: "day-closed", counts: durable.today }], durable).today).toEqual(emptyDurable.today);
  });

  test("a checkpoint is the whole state", () => {
    const durable = fold([begun, locked]);
    expect(fold([{ kind: "checkpoint", durable }], { ...emptyDurable, nextSwap: 99 })).toEqual(durable);
  });
});

describe("the fold is total", () => {
  const started = fold([begun, stage("in-open")]);
  const noise: readonly unknown[] = [
    { kind: "written-by-a-newer-controller", what: 1 },
    { kind: "swap-stage", swap: "s-of-another-log", stage: "taken", bay: 1, packId: "yz-1" },
    { kind: "swap-ended", swap: "s-of-another-log", outcome: "completed" },
    { kind: "swap-bay-chosen", swap: "s-of-another-log", spares: [] },
    { kind: "fault-cleared", code: "smoke", subject: "c-1" },
    { kind: "started", version: "0.1.0", detail: "" },
    { kind: "stopping", detail: "" },
    { kind: "request-refused", reason: "expired", suppressed: 0 },
  ];
  for (const record of noise) {
    test(`${JSON.stringify(record)} changes nothing`, () => {
      expect(applyRecord(started, record as JournalRecord, 0)).toBe(started);
    });
  }

  test("what was published moves its stream's number on, and never back", () => {
    const record: JournalRecord = { kind: "stopping", detail: "" };
    const one = applyEntry(started, { record, at: 0, publish: { stream: "swap", seq: 4 } });
    const two = applyEntry(one, { record, at: 0, publish: { stream: "swap", seq: 2 } });
    expect(two.streamSeq).toEqual({ swap: 4 });
    expect(applyEntry(two, { record, at: 0 })).toBe(two);
  });
});
