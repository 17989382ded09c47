/**
 * The ledger's part of the fold: where each record says that a pack went. The swap's own records move its packs; the ledger's
 * move what no swap moved. Total: a record that tells nothing of packs changes nothing.
 */
import type { Durable } from "../journal/durable.ts";
import { gaveOwnPackBack } from "../journal/endings.ts";
import type { JournalRecord } from "../journal/records.ts";
import { type Away, emptied, holdingOf, putIn, setHolding } from "./book.ts";
import type { BayHolding, Finding, LedgerState } from "./places.ts";

type RecordOf<K extends JournalRecord["kind"]> = Extract<JournalRecord, { kind: K }>;

function foldStage(before: Durable, { ledger }: Durable, record: RecordOf<"swap-stage">, since: number): LedgerState {
  const { bay, packId } = record;
  const swap = before.swaps[record.swap];
  if (swap === undefined) return ledger;
  switch (record.stage) {
    case "in-accepted":
      // A payment names the pack of the earlier deposit, which stands where it stands.
      if (packId === undefined || swap.pays !== undefined) return ledger;
      return record.setAside === undefined
        ? putIn(ledger, packId, { at: "bay", bay, since })
        : putIn(ledger, packId, { at: "quarantine", bay, since, why: record.setAside, member: swap.member });
    case "returning":
      if (packId === undefined) return ledger;
      return putIn(ledger, packId, {
        at: "quarantine",
        bay,
        since,
        why: record.because ?? "returning",
        member: swap.member,
      });
    case "out-open":
      // Taken and put back before the door was shut.
      return swap.stage === "taken" && packId !== undefined ? putIn(ledger, packId, { at: "bay", bay, since }) : ledger;
    case "taken":
      return emptied(ledger, bay, packId, { to: { at: "rider", member: swap.member, since } });
    default:
      return ledger;
  }
}

function foldEnd(before: Durable, after: Durable, record: RecordOf<"swap-ended">, since: number): LedgerState {
  const swap = before.swaps[record.swap];
  if (swap?.inBay === undefined || !gaveOwnPackBack(swap, record.outcome)) return after.ledger;
  // A bay that holds nothing by the book gave back what was never read, or nothing at all.
  const own = holdingOf(after.ledger, swap.inBay)?.holds === "pack" ? undefined : swap.packIn;
  return emptied(after.ledger, swap.inBay, own, { to: { at: "rider", member: swap.member, since } });
}

/** An operator who gives a bay back to the rules accepts what stands there now. */
function accept(ledger: LedgerState, bay: number): LedgerState {
  const holding = holdingOf(ledger, bay);
  if (holding === undefined) return ledger;
  const bays = { ...ledger.bays, [String(bay)]: accepted(holding) };
  if (holding.holds !== "pack") return { ...ledger, bays };
  const { since } = holding;
  return { packs: { ...ledger.packs, [holding.packId]: { at: "bay", bay, since } }, bays };
}

function accepted(holding: BayHolding): BayHolding {
  const { since } = holding;
  if (holding.holds === "pack") return { holds: "pack", packId: holding.packId, since };
  return { holds: holding.holds, since };
}

/** Kept apart, whatever it is: by whom it was put there is kept, when that is known. */
interface Apart {
  readonly why?: string;
  readonly member?: string;
  readonly finding?: Finding;
}

function apartOf({ how, member }: RecordOf<"pack-seen">, was: BayHolding | undefined): Apart {
  const whose = member === undefined ? {} : { member };
  if (how === "unasked") return { why: "deposit-unasked", finding: "deposit-unasked", ...whose };
  if (how === "late-deposit" || how === "left-behind") return { why: how, ...whose };
  return how === "identified" && was?.holds === "unread" ? was : {};
}

/** Whose pack it is that was missing, or kept apart for them in another bay, and turns up. */
function keptFor({ packs }: LedgerState, packId: string | undefined): string | undefined {
  const place = packId === undefined ? undefined : packs[packId];
  return place?.at === "unknown" || place?.at === "quarantine" ? place.member : undefined;
}

function foldSeen(ledger: LedgerState, record: RecordOf<"pack-seen">, since: number): LedgerState {
  const { bay, packId } = record;
  const { why, member = keptFor(ledger, packId), finding } = apartOf(record, holdingOf(ledger, bay));
  const whose = member === undefined ? {} : { member };
  if (packId !== undefined) {
    if (why === undefined) return putIn(ledger, packId, { at: "bay", bay, since }, finding);
    return putIn(ledger, packId, { at: "quarantine", bay, since, why, ...whose }, finding);
  }
  return setHolding(ledger, bay, {
    holds: "unread",
    since,
    ...(why === undefined ? {} : { why }),
    ...whose,
    ...(finding === undefined ? {} : { finding }),
  });
}

/** Whoever took it through the door that was opened for them: the swap's debt is paid, late. */
function lateTaker(durable: Durable, record: RecordOf<"pack-gone">): string | undefined {
  return record.member ?? (record.swap === undefined ? undefined : durable.debts[record.swap]?.member);
}

function foldGone(durable: Durable, record: RecordOf<"pack-gone">, since: number): Durable {
  const { bay, packId, how } = record;
  if (how === "vanished") {
    const whose = record.member === undefined ? {} : { member: record.member };
    const to: Away = { at: "unknown", since, lastBay: bay, ...whose };
    return { ...durable, ledger: emptied(durable.ledger, bay, packId, { to, finding: "pack-missing" }) };
  }
  const member = how === "late-take" ? lateTaker(durable, record) : undefined;
  const ledger = emptied(durable.ledger, bay, packId, { to: { at: "rider", member, since } });
  if (how === "operator") return { ...durable, ledger };
  const { [record.swap ?? ""]: _paid, ...debts } = durable.debts;
  const holders =
    packId === undefined || member === undefined ? durable.holders : { ...durable.holders, [packId]: member };
  return { ...durable, ledger, debts, holders };
}

function foldLedgers(before: Durable, after: Durable, record: JournalRecord, at: number): LedgerState {
  const { ledger } = after;
  switch (record.kind) {
    case "swap-stage":
      return foldStage(before, after, record, at);
    case "swap-ended":
      return foldEnd(before, after, record, at);
    case "lock-out":
      return record.lockOut === "none" && record.by === "operator" ? accept(ledger, record.bay) : ledger;
    case "bay-counted":
      // Said again after a checkpoint that already holds more, it must not undo that.
      return holdingOf(ledger, record.bay) === undefined
        ? setHolding(ledger, record.bay, { holds: "nothing", since: at })
        : ledger;
    case "pack-seen":
      return foldSeen(ledger, record, at);
    case "pack-changed": {
      const place = { at: "quarantine", bay: record.bay, since: at, why: "pack-changed" } as const;
      return putIn(ledger, record.packId, place, "pack-changed");
    }
    default:
      return ledger;
  }
}

/** `before` is the durable state before the record, `after` the one with the swap's own part of it already applied. */
export function foldLedger(before: Durable, after: Durable, record: JournalRecord, at: number): Durable {
  if (record.kind === "pack-gone") return foldGone(after, record, at);
  const ledger = foldLedgers(before, after, record, at);
  return ledger === after.ledger ? after : { ...after, ledger };
}
