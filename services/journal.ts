/**
 * What the one log remembers for the services: the records, and the fold that turns them back into durable state. The fold
 * is total: a record it does not know changes nothing, so that an older controller can read a newer log. Intent is written
 * before the act, the observed outcome after it.
 */
import type { EndCode } from "./swap/outcomes.ts";

/** How far a swap got, by what was seen. The names are the journal points of the swap design. */
export type SwapStage = "reserved" | "in-open" | "in-closed" | "in-accepted" | "returning" | "out-open" | "taken";

export interface OpenSwap {
  readonly id: string;
  readonly cabinet: string;
  readonly member: string;
  readonly inBay: number | undefined;
  readonly outBay: number;
  readonly spares: readonly number[];
  readonly stage: SwapStage;
  readonly packIn: string | undefined;
  /** The swap that left the debt which this one pays. */
  readonly pays: string | undefined;
  /** Why the own pack is being given back, when it is. */
  readonly because: EndCode | undefined;
  readonly startedAt: number;
}

export interface Debt {
  readonly swap: string;
  readonly cabinet: string;
  readonly member: string;
  readonly packIn: string | undefined;
  readonly inBay: number | undefined;
  readonly outcome: EndCode;
  /** Wall ms. */
  readonly since: number;
}

export type LockOut = "none" | "operator" | "system" | "pending-check";
export interface BayLockOut {
  readonly lockOut: LockOut;
  readonly reason: string;
  /** Whose pack may still be put in (E7): a late deposit is this member's. */
  readonly member?: string;
}

export interface DayCounts {
  readonly date: string;
  readonly scans: number;
  readonly completed: number;
  readonly refused: number;
  readonly cancelled: number;
  readonly owed: number;
}

export type JournalRecord =
  | { readonly kind: "swap-reserved"; readonly swap: Omit<OpenSwap, "stage"> }
  | {
      readonly kind: "swap-bay-chosen";
      readonly swap: string;
      readonly inBay?: number;
      readonly outBay?: number;
      readonly spares: readonly number[];
    }
  | {
      readonly kind: "swap-stage";
      readonly swap: string;
      readonly stage: SwapStage;
      readonly bay: number;
      readonly packId?: string;
      readonly socPct?: number;
      readonly because?: EndCode;
    }
  | {
      readonly kind: "swap-ended";
      readonly swap: string;
      readonly outcome: EndCode;
      readonly bay?: number;
      readonly tookPackId?: string;
      readonly durationMs?: number;
    }
  | { readonly kind: "scan-refused"; readonly cabinet: string; readonly member?: string; readonly reason: string }
  | {
      readonly kind: "lock-out";
      readonly bay: number;
      readonly lockOut: LockOut;
      readonly reason: string;
      readonly by: string;
      readonly member?: string;
    }
  | { readonly kind: "fault-raised" | "fault-cleared"; readonly code: string; readonly subject: string }
  | {
      readonly kind: "request-answered";
      readonly id: string;
      readonly verb: string;
      readonly status: string;
      readonly reason?: string;
    }
  | { readonly kind: "day-closed"; readonly counts: DayCounts }
  | { readonly kind: "outbox-cursor"; readonly upTo: number }
  | { readonly kind: "started"; readonly version: string; readonly detail: string }
  | { readonly kind: "stopping"; readonly detail: string }
  | {
      readonly kind: "request-refused";
      readonly verb?: string;
      readonly id?: string;
      readonly reason: string;
      readonly suppressed: number;
    }
  | { readonly kind: "checkpoint"; readonly durable: Durable };

export interface Durable {
  readonly nextSwap: number;
  readonly swaps: Readonly<Record<string, OpenSwap>>;
  readonly debts: Readonly<Record<string, Debt>>;
  readonly lockOuts: Readonly<Record<string, BayLockOut>>;
  /** Pack id → member it was handed to. Bounded; the oldest are forgotten first. */
  readonly holders: Readonly<Record<string, string>>;
  readonly answers: readonly {
    readonly id: string;
    readonly verb: string;
    readonly status: string;
    readonly reason?: string;
  }[];
  readonly outboxCursor: number;
  /** Last number given out in each stream of events. */
  readonly streamSeq: Readonly<Record<string, number>>;
  readonly today: DayCounts;
}

export const emptyDay: DayCounts = { date: "", scans: 0, completed: 0, refused: 0, cancelled: 0, owed: 0 };
export const emptyDurable: Durable = {
  nextSwap: 1,
  swaps: {},
  debts: {},
  lockOuts: {},
  holders: {},
  answers: [],
  outboxCursor: 0,
  streamSeq: {},
  today: emptyDay,
};

const holdersMax = 5_000;
const answersMax = 1_000;

function without<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  const { [key]: _gone, ...rest } = record;
  return rest;
}

function withHolder(holders: Readonly<Record<string, string>>, packId: string, member: string | undefined) {
  const next = without(holders, packId);
  if (member !== undefined) next[packId] = member;
  const ids = Object.keys(next);
  return ids.length > holdersMax && ids[0] !== undefined ? without(next, ids[0]) : next;
}

function applyStage(durable: Durable, record: Extract<JournalRecord, { kind: "swap-stage" }>): Durable {
  const swap = durable.swaps[record.swap];
  if (swap === undefined) return durable;
  const next: OpenSwap = {
    ...swap,
    stage: record.stage,
    packIn: record.stage === "in-accepted" ? record.packId : swap.packIn,
    because: record.stage === "returning" ? record.because : swap.because,
  };
  // A payment names the pack of the earlier deposit, which may be in other hands by now.
  const deposits = record.stage === "in-accepted" && swap.pays === undefined;
  const holders =
    record.packId === undefined || !(deposits || record.stage === "taken")
      ? durable.holders
      : withHolder(durable.holders, record.packId, record.stage === "taken" ? swap.member : undefined);
  return { ...durable, holders, swaps: { ...durable.swaps, [record.swap]: next } };
}

const countOf = (outcome: EndCode, isOwed: boolean): "completed" | "owed" | "cancelled" =>
  isOwed ? "owed" : outcome === "completed" || outcome === "completed-door-open" ? "completed" : "cancelled";

/** Outcomes after which the rider is owed a pack. */
export const owedOutcomes: ReadonlySet<string> = new Set([
  "own-door-stuck",
  "not-taken",
  "waiting-for-rescan",
  "interrupted",
]);

function applyEnd(durable: Durable, record: Extract<JournalRecord, { kind: "swap-ended" }>, at: number): Durable {
  const swap = durable.swaps[record.swap];
  if (swap === undefined) return durable;
  const { id, cabinet, member, packIn, inBay, pays } = swap;
  const { outcome } = record;
  const owed = owedOutcomes.has(outcome);
  const counted = countOf(outcome, owed);
  const ownPackBack = swap.stage === "returning" && !owed && outcome !== "left-behind";
  const settled = counted === "completed" || ownPackBack;
  const debts = settled && pays !== undefined ? without(durable.debts, pays) : { ...durable.debts };
  // A swap that was to pay a debt and failed leaves that same debt open, with its first age.
  if (owed && (pays === undefined || durable.debts[pays] === undefined))
    debts[id] = { swap: id, cabinet, member, packIn, inBay, outcome, since: at };
  return {
    ...durable,
    swaps: without(durable.swaps, id),
    debts,
    holders: ownPackBack && packIn !== undefined ? withHolder(durable.holders, packIn, member) : durable.holders,
    today: { ...durable.today, [counted]: durable.today[counted] + 1 },
  };
}

function applyLockOut(durable: Durable, record: Extract<JournalRecord, { kind: "lock-out" }>): Durable {
  const { bay, lockOut, reason, by, member } = record;
  const key = String(bay);
  if (lockOut !== "none") {
    const lockedOut = member === undefined ? { lockOut, reason } : { lockOut, reason, member };
    return { ...durable, lockOuts: { ...durable.lockOuts, [key]: lockedOut } };
  }
  const lockOuts = without(durable.lockOuts, key);
  return by === "operator"
    ? { ...durable, lockOuts, debts: withoutPacksOf(durable.debts, bay) }
    : { ...durable, lockOuts };
}

/** A person who gives a bay back to the rules has seen to the unaccepted pack that stood in it: it is owed no more. */
function withoutPacksOf(debts: Durable["debts"], bay: number): Durable["debts"] {
  const kept = Object.entries(debts).filter(([, debt]) => debt.packIn !== undefined || debt.inBay !== bay);
  return kept.length === Object.keys(debts).length ? debts : Object.fromEntries(kept);
}

function applySwap(durable: Durable, record: JournalRecord, at: number): Durable {
  switch (record.kind) {
    case "swap-reserved":
      return {
        ...durable,
        nextSwap: durable.nextSwap + 1,
        swaps: { ...durable.swaps, [record.swap.id]: { ...record.swap, stage: "reserved" } },
        today: { ...durable.today, scans: durable.today.scans + 1 },
      };
    case "swap-bay-chosen": {
      const swap = durable.swaps[record.swap];
      if (swap === undefined) return durable;
      const next = {
        ...swap,
        inBay: record.inBay ?? swap.inBay,
        outBay: record.outBay ?? swap.outBay,
        spares: record.spares,
      };
      return { ...durable, swaps: { ...durable.swaps, [record.swap]: next } };
    }
    case "swap-stage":
      return applyStage(durable, record);
    case "swap-ended":
      return applyEnd(durable, record, at);
    default:
      return durable;
  }
}

/** The durable state after one more record. `at` is the record's wall stamp. */
export function applyRecord(durable: Durable, record: JournalRecord, at: number): Durable {
  switch (record.kind) {
    case "checkpoint":
      return record.durable;
    case "lock-out":
      return applyLockOut(durable, record);
    case "scan-refused": {
      const { today } = durable;
      return { ...durable, today: { ...today, scans: today.scans + 1, refused: today.refused + 1 } };
    }
    case "request-answered": {
      const { kind: _kind, ...answer } = record;
      return { ...durable, answers: [...durable.answers.slice(-(answersMax - 1)), answer] };
    }
    case "outbox-cursor":
      return { ...durable, outboxCursor: Math.max(durable.outboxCursor, record.upTo) };
    case "day-closed":
      return { ...durable, today: emptyDay };
    case "fault-raised":
    case "fault-cleared":
    case "started":
    case "stopping":
    case "request-refused":
      return durable;
    default:
      return applySwap(durable, record, at);
  }
}
