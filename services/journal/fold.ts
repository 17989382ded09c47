/**
 * The fold that turns the log's records back into durable state: the same while running and while reading the log at start. It
 * is total: a record it does not know changes nothing.
 */
import { foldLedger } from "../ledger/fold.ts";
import { foldOperators } from "../operators/fold.ts";
import { foldPeople } from "../people/fold.ts";
import { foldRoom } from "../room/durable.ts";
import { foldSafety } from "../safety/fold.ts";
import type { EndCode } from "../swap/outcomes.ts";
import { type Durable, emptyDay, emptyDurable, type GivenAnswer, type OpenSwap } from "./durable.ts";
import { completedOutcomes, gaveOwnPackBack, owedOutcomes } from "./endings.ts";
import { withHolder } from "./holders.ts";
import type { JournalRecord } from "./records.ts";

const answersMax = 1_000;

function without<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  const { [key]: _gone, ...rest } = record;
  return rest;
}

const strangersMax = 200;

/** A pack that is not ours was given back: counted, because the same one coming again is an attempt (E11). */
function withStranger(durable: Durable, packId: string, cabinet: string, at: number): Durable["strangers"] {
  const { [packId]: known, ...others } = durable.strangers;
  const ids = Object.keys(others);
  const kept = ids.length >= strangersMax && ids[0] !== undefined ? without(others, ids[0]) : others;
  return { ...kept, [packId]: { times: (known?.times ?? 0) + 1, cabinet, last: at } };
}

function applyStage(durable: Durable, record: Extract<JournalRecord, { kind: "swap-stage" }>, at: number): Durable {
  const swap = durable.swaps[record.swap];
  if (swap === undefined) return durable;
  const { packId } = record;
  const isStranger = record.stage === "returning" && record.because === "foreign-pack" && packId !== undefined;
  const strangers = isStranger ? withStranger(durable, packId, swap.cabinet, at) : durable.strangers;
  const next: OpenSwap = {
    ...swap,
    stage: record.stage,
    packIn: record.stage === "in-accepted" ? record.packId : swap.packIn,
    because: record.stage === "returning" ? record.because : swap.because,
    ...(packId !== undefined && (record.stage === "out-open" || record.stage === "taken") ? { packOut: packId } : {}),
  };
  // A payment names the pack of the earlier deposit, which may be in other hands by now.
  const deposits = record.stage === "in-accepted" && swap.pays === undefined;
  // Taken and put back before the door was shut: nobody's again.
  const putBack = record.stage === "out-open" && swap.stage === "taken";
  const holders =
    packId === undefined || !(deposits || putBack || record.stage === "taken")
      ? durable.holders
      : withHolder(durable.holders, packId, record.stage === "taken" ? swap.member : undefined);
  return { ...durable, holders, strangers, swaps: { ...durable.swaps, [record.swap]: next } };
}

const countOf = (outcome: EndCode, isOwed: boolean): "completed" | "owed" | "cancelled" =>
  isOwed ? "owed" : completedOutcomes.has(outcome) ? "completed" : "cancelled";

function applyEnd(durable: Durable, record: Extract<JournalRecord, { kind: "swap-ended" }>, at: number): Durable {
  const swap = durable.swaps[record.swap];
  if (swap === undefined) return durable;
  const { id, cabinet, member, packIn, inBay, outBay, pays } = swap;
  const { outcome } = record;
  const owed = owedOutcomes.has(outcome);
  const counted = countOf(outcome, owed);
  const ownPackBack = gaveOwnPackBack(swap, outcome);
  const settled = counted === "completed" || ownPackBack;
  const debts = settled && pays !== undefined ? without(durable.debts, pays) : { ...durable.debts };
  const unpaid = pays === undefined ? undefined : durable.debts[pays];
  // A swap that was to pay a debt and failed leaves that same debt open, with its first age.
  if (owed && unpaid !== undefined) debts[unpaid.swap] = { ...unpaid, outBay };
  else if (owed) debts[id] = { swap: id, cabinet, member, packIn, inBay, outBay, outcome, since: at };
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
      return applyStage(durable, record, at);
    case "swap-ended":
      return applyEnd(durable, record, at);
    default:
      return durable;
  }
}

/** The durable state after one more record. `at` is the record's wall stamp. */
export function applyRecord(durable: Durable, record: JournalRecord, at: number): Durable {
  // A checkpoint of an older controller lacks what that one did not keep yet.
  if (record.kind === "checkpoint") {
    const operators = { ...emptyDurable.operators, ...record.durable.operators };
    const safety = { ...emptyDurable.safety, ...record.durable.safety };
    const room = { ...emptyDurable.room, ...record.durable.room };
    const people = { ...emptyDurable.people, ...record.durable.people };
    return { ...emptyDurable, ...record.durable, operators, safety, room, people };
  }
  const people = foldPeople(durable, record);
  const core = applyCore(durable, record, at);
  const after = people === durable.people ? core : { ...core, people };
  return withRoom(
    foldOperators(foldSafety(foldLedger(durable, after, record, at), record, at), record, at),
    record,
    at,
  );
}

function withRoom(durable: Durable, record: JournalRecord, at: number): Durable {
  const room = foldRoom(durable.room, record, at);
  return room === durable.room ? durable : { ...durable, room };
}

/** Lists that came with an answer go once nobody can ask again: only the fact that it was answered stays. */
function withoutOldData(given: GivenAnswer, at: number): GivenAnswer {
  if (given.data === undefined || (given.expiresAt ?? 0) > at) return given;
  const { data: _data, ...rest } = given;
  return rest;
}

function applyCore(durable: Durable, record: JournalRecord, at: number): Durable {
  switch (record.kind) {
    case "lock-out":
      return applyLockOut(durable, record);
    case "scan-refused": {
      const { today } = durable;
      return { ...durable, today: { ...today, scans: today.scans + 1, refused: today.refused + 1 } };
    }
    case "request-answered": {
      const { kind: _kind, by: _by, key: _key, role: _role, ...answer } = record;
      const kept = durable.answers.slice(-(answersMax - 1)).map((given) => withoutOldData(given, at));
      return { ...durable, answers: [...kept, answer] };
    }
    case "outbox-cursor":
      return { ...durable, outboxCursor: Math.max(durable.outboxCursor, record.upTo) };
    case "day-closed":
      return { ...durable, today: { ...emptyDay, date: record.next ?? "" } };
    case "day-begun":
      return { ...durable, today: { ...durable.today, date: record.date } };
    case "announced":
      return { ...durable, announced: record.announced };
    case "fault-raised":
    case "fault-cleared":
    case "started":
    case "stopping":
    case "request-refused":
    case "security-noticed":
    case "swap-reopened":
    case "swap-held":
    case "scan-repeated":
      return durable;
    default:
      return applySwap(durable, record, at);
  }
}
