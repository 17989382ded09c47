/** What a scan becomes, reason by reason: which refusal comes first, what is reserved, and how a debt is paid. */
import { describe, expect, test } from "vitest";
import type { Debt } from "../../../services/journal/durable.ts";
import { decideScan, type ScanSituation, type Stock } from "../../../services/swap/start.ts";
import { newOpening, type Swap } from "../../../services/swap/swap.ts";
import { memberName } from "../../support/bench-config.ts";

const rider = memberName(1);
const nowMs = 1_000_000;
const wallMs = 1_769_800_000_000;

const full: Stock = {
  emptyBays: [1, 4],
  readyBays: [2, 3, 5],
  readyInMinutes: 0,
  warming: false,
  blind: false,
  unpowered: false,
};

const calm: ScanSituation = {
  member: { ok: true, member: rider },
  cabinet: "c-1",
  swapHere: undefined,
  memberBusyElsewhere: false,
  recoveringHere: false,
  debt: undefined,
  debtBayUnseen: false,
  openDebt: undefined,
  lateDeposit: undefined,
  stock: full,
  fire: false,
  emergency: false,
  water: false,
  canRecord: true,
  stopping: false,
  outOfService: false,
  updating: false,
  operatorAtWork: false,
  nextId: "s-000009",
  nowMs,
  wallMs,
};

const decide = (more: Partial<ScanSituation> = {}, stock: Partial<Stock> = {}) =>
  decideScan({ ...calm, ...more, stock: { ...full, ...stock } });

const common = {
  id: "s-000009",
  cabinet: "c-1",
  member: rider,
  startedAt: wallMs,
  startedMs: nowMs,
  failedBays: [],
  unattended: false,
};
const swapOf = (member: string): Swap => {
  const decision = decideScan({ ...calm, member: { ok: true, member } });
  if (decision.is !== "start") throw new Error("a calm station refused a swap");
  return decision.swap;
};

describe("a member's scan at a cabinet that has everything", () => {
  test("reserves the first empty bay, the best full one and one spare", () => {
    const reserved = { ...common, inBay: 1, outBay: 2, spares: [3], packIn: undefined, pays: undefined };
    expect(decide()).toEqual({
      is: "start",
      swap: { ...reserved, at: "opening-in", opening: newOpening(1, nowMs) },
    });
  });

  test("begins at the inspection when the pack was put in late already (E7)", () => {
    expect(decide({ lateDeposit: 7 }, { emptyBays: [] })).toMatchObject({
      is: "start",
      swap: { at: "inspecting", inBay: 7, outBay: 2, sinceMs: nowMs, reopens: 0, wakes: 0 },
    });
  });

  test("says the last sentence again while the own swap runs, but not in a fire or an emergency", () => {
    const running = { swapHere: swapOf(rider) };
    expect(decide(running)).toEqual({ is: "repeat" });
    expect(decide({ ...running, fire: true })).toMatchObject({ reason: "fire" });
    expect(decide({ ...running, emergency: true })).toMatchObject({ reason: "emergency-stop" });
    expect(decide({ swapHere: swapOf(memberName(2)) })).toMatchObject({ reason: "cabinet-busy" });
  });
});

describe("a scan is refused", () => {
  test.each(["unknown-credential", "member-inactive"] as const)("for %s, naming nobody", (reason) => {
    expect(decide({ member: { ok: false, reason } })).toEqual({ is: "refuse", reason });
  });

  const blocks: readonly (readonly [string, Partial<ScanSituation>])[] = [
    ["fire", { fire: true }],
    ["emergency-stop", { emergency: true }],
    ["stopping", { stopping: true }],
    ["updating", { updating: true }],
    ["out-of-service", { outOfService: true }],
    ["checking", { recoveringHere: true }],
    ["cabinet-busy", { memberBusyElsewhere: true }],
    ["operator-at-work", { operatorAtWork: true }],
    ["cannot-record", { canRecord: false }],
    ["water", { water: true }],
  ];
  test.each(blocks)("for %s, with the member for the log and no minutes", (reason, more) => {
    expect(decide(more)).toEqual({ is: "refuse", reason, member: rider });
  });

  test("for the gravest of several reasons, in this order", () => {
    blocks.forEach(([reason], at) => {
      const more = Object.assign({}, ...blocks.slice(at).map(([, each]) => each));
      expect(decide(more)).toMatchObject({ reason });
    });
  });

  test("for want of a full pack: how long, why, and whether anything can be seen at all", () => {
    const none = { readyBays: [] };
    const refused = (stock: Partial<Stock>) => decide({}, { ...none, ...stock });
    expect(refused({ readyInMinutes: 12 })).toEqual({
      is: "refuse",
      reason: "no-full-pack",
      member: rider,
      minutes: 12,
    });
    expect(refused({ readyInMinutes: undefined })).toMatchObject({ reason: "no-full-pack", minutes: 60 });
    expect(refused({ warming: true })).toMatchObject({ reason: "packs-warming", minutes: 0 });
    expect(refused({ blind: true })).toEqual({ is: "refuse", reason: "cabinet-unavailable", member: rider });
  });

  test("for want of an empty bay, or of any charger that could fill the pack again", () => {
    expect(decide({}, { emptyBays: [] })).toEqual({ is: "refuse", reason: "no-empty-bay", member: rider });
    expect(decide({}, { unpowered: true })).toEqual({ is: "refuse", reason: "cabinet-unavailable", member: rider });
  });
});

describe("a debt", () => {
  const owed: Debt = {
    swap: "s-000001",
    cabinet: "c-1",
    member: rider,
    packIn: "yz-own-1",
    inBay: 1,
    outBay: 2,
    outcome: "not-taken",
    since: 0,
  };
  const own = { ...owed, packIn: undefined, inBay: 4 };

  test("is paid with the best full pack, without a deposit, and even without a charger or an empty bay", () => {
    const paying = decide({ debt: owed }, { unpowered: true, emptyBays: [] });
    const reserved = { ...common, inBay: undefined, outBay: 2, spares: [3], packIn: "yz-own-1", pays: "s-000001" };
    expect(paying).toEqual({ is: "start", swap: { ...reserved, at: "preparing-out", sinceMs: nowMs } });
    expect(decide({ debt: owed }, { readyBays: [] })).toMatchObject({ reason: "no-full-pack" });
  });

  test("of the rider's own pack opens the bay that holds it, at its own cabinet, when that bay is seen", () => {
    const reserved = { ...common, inBay: 4, outBay: 4, spares: [], packIn: undefined, pays: "s-000001" };
    expect(decide({ debt: own })).toEqual({
      is: "start",
      swap: { ...reserved, at: "returning", opening: newOpening(4, nowMs), because: "own-pack-returned" },
    });
    expect(decide({ debt: { ...own, cabinet: "c-2" } })).toEqual({
      is: "refuse",
      reason: "cabinet-busy",
      member: rider,
    });
    expect(decide({ debt: own, debtBayUnseen: true })).toEqual({
      is: "refuse",
      reason: "cabinet-unavailable",
      member: rider,
    });
  });

  test("with no bay written down is paid like any other", () => {
    const lost = { ...owed, packIn: undefined, inBay: undefined };
    expect(decide({ debt: lost })).toMatchObject({ is: "start", swap: { at: "preparing-out", packIn: undefined } });
  });

  test("behind a door that stands open is taken from there, without a pulse (E23)", () => {
    const openDebt = { bay: 3, packId: "yz-full-3" };
    const reserved = { ...common, inBay: undefined, outBay: 3, spares: [], packIn: "yz-own-1", pays: "s-000001" };
    expect(decide({ debt: owed, openDebt }, { readyBays: [] })).toEqual({
      is: "start",
      swap: { ...reserved, at: "await-take", sinceMs: nowMs, reopens: 0, shutMs: undefined, packId: "yz-full-3" },
    });
  });

  test("waits behind every reason to open nothing", () => {
    expect(decide({ debt: owed, fire: true })).toMatchObject({ reason: "fire" });
    expect(decide({ debt: owed, canRecord: false })).toMatchObject({ reason: "cannot-record" });
  });
});
