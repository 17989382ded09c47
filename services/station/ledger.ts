/**
 * The ledger against the bays, once a second: what is seen in each bay, and what follows when that is not what the book says.
 * Whatever is found is written down, kept from riders, and left for a person; no door is opened for it.
 */
import { type Door, doorOf } from "../bay/door.ts";
import type { BayLayout } from "../config.ts";
import type { BayLockOut } from "../journal/durable.ts";
import { holdingOf, quarantinedIn } from "../ledger/book.ts";
import type { Finding } from "../ledger/places.ts";
import {
  type BayLook,
  type BayWitness,
  isDouble,
  newWatch,
  otherBayOf,
  reconcileBay,
  type Seen,
} from "../ledger/reconcile.ts";
import type { LedgerRecord } from "../ledger/records.ts";
import { operatorHasOpened } from "../operators/opened.ts";
import { fresh } from "../reading.ts";
import type { BayReadings } from "../readings.ts";
import { liftedByShutting, openByCommandMs } from "./bay-door.ts";
import { type Draft, journal, readingsOf } from "./draft.ts";
import type { BayState } from "./state.ts";

/** An answer that was on its way when the contact opened. */
const lingerMs = 500;
/** A pack at rest is asked every five seconds; heard within this it has said who it is now. */
const packHeardMs = 12_000;

/** What a bay's own contacts and pack say, whatever other bays make of it. */
function heardIn(bay: BayState, readings: BayReadings, draft: Draft): Seen | undefined {
  const { nowMs } = draft.input;
  const present = fresh(readings.present, nowMs, draft.context.config.safety.contactHeardMs);
  if (present === undefined) return undefined;
  if (!present) {
    const heardMs = readings.pack?.quality === "good" ? readings.pack.atMs : Number.NEGATIVE_INFINITY;
    // No presence, and yet a pack that answers: one of the two is broken, so neither is believed.
    return heardMs > (bay.absentSinceMs ?? nowMs) + lingerMs ? undefined : { sees: "nothing" };
  }
  const packId = fresh(readings.pack, nowMs, packHeardMs)?.packId;
  return packId === undefined ? { sees: "unread" } : { sees: "pack", packId };
}

/** Two packs that were exchanged speak against each other's place; of two that bear one name neither is believed. */
function seenIn(bay: BayState, draft: Draft): Seen | undefined {
  const { bays, durable } = draft.state;
  const seen = heardIn(bay, readingsOf(draft, bay.bay), draft);
  if (seen?.sees !== "pack") return seen;
  const other = otherBayOf(seen.packId, bay.bay, durable.ledger);
  if (other === undefined) return seen;
  const there = bays[other];
  const seenThere = there && heardIn(there, readingsOf(draft, other), draft);
  return isDouble(seen.packId, seenThere) ? { sees: "unread" } : seen;
}

function swapAtWork(draft: Draft, { bay, cabinet }: BayState): boolean {
  const swap = draft.state.swaps[cabinet];
  if (swap !== undefined && (swap.inBay === bay || swap.outBay === bay)) return true;
  return draft.state.recovering.some(({ swap: open }) => open.inBay === bay || open.outBay === bay);
}

/** Reasons of a lock-out under which a pack may stand in the bay that its swap had not accepted yet. */
const unaccepted: ReadonlySet<string> = new Set([
  "left-behind",
  "own-door-stuck",
  "interrupted",
  "interrupted-emergency",
  "waiting-for-rescan",
  "suspended-open",
]);

function leftBehindIn(draft: Draft, bay: number, lockOut: BayLockOut | undefined): BayLook["leftBehind"] {
  if (lockOut?.lockOut !== "pending-check" || !unaccepted.has(lockOut.reason)) return undefined;
  const debts = Object.values(draft.state.durable.debts);
  return { member: debts.find(({ inBay, packIn }) => inBay === bay && packIn === undefined)?.member };
}

/** Whoever was last invited to take out what stands in this bay. */
function heirOf(draft: Draft, bay: number): BayLook["heir"] {
  const { debts, ledger } = draft.state.durable;
  const debt = Object.values(debts).find(({ inBay, outBay }) => inBay === bay || outBay === bay);
  if (debt !== undefined) return { member: debt.member, swap: debt.swap };
  const holding = holdingOf(ledger, bay);
  const place = holding?.holds === "pack" ? ledger.packs[holding.packId] : undefined;
  const member = place?.at === "quarantine" ? place.member : holding?.holds === "unread" ? holding.member : undefined;
  return member === undefined ? undefined : { member, swap: undefined };
}

/**
 * One look at a bay. What explains a difference is worked out when one is found, and hardly any look finds one: for thirty
 * bays a second, the debts and the book are searched only then.
 */
class LookAtBay implements BayLook {
  readonly bay: number;
  readonly nowMs: number;
  readonly seen: Seen | undefined;
  readonly door: Door;
  readonly busy: boolean;
  readonly unlocked: boolean;
  readonly operator: boolean;
  private readonly draft: Draft;

  constructor(bay: BayState, layout: BayLayout, draft: Draft) {
    const { nowMs } = draft.input;
    this.bay = bay.bay;
    this.nowMs = nowMs;
    this.seen = seenIn(bay, draft);
    this.door = doorOf(readingsOf(draft, bay.bay), layout, nowMs, draft.context.config.safety);
    this.busy = swapAtWork(draft, bay);
    this.unlocked = bay.unlockedMs !== undefined && nowMs - bay.unlockedMs < openByCommandMs;
    this.operator = operatorHasOpened(draft.state, bay.bay);
    this.draft = draft;
  }

  get awaits(): string | undefined {
    return this.lockOut?.member;
  }

  get leftBehind(): BayLook["leftBehind"] {
    return leftBehindIn(this.draft, this.bay, this.lockOut);
  }

  get heir(): BayLook["heir"] {
    return heirOf(this.draft, this.bay);
  }

  private get lockOut(): BayLockOut | undefined {
    return this.draft.state.durable.lockOuts[String(this.bay)];
  }
}

function findingOf(record: LedgerRecord): Finding | undefined {
  if (record.kind === "pack-changed") return "pack-changed";
  if (record.kind === "pack-seen") return record.how === "unasked" ? "deposit-unasked" : undefined;
  if (record.kind !== "pack-gone" || record.how !== "vanished") return undefined;
  return record.packId !== undefined || record.member !== undefined ? "pack-missing" : undefined;
}

/** Out of service until a person has looked; a lock-out that would lift itself is replaced, any other stays as it is. */
function lockOutFor(draft: Draft, bay: number, reason: string): void {
  const standing = draft.state.durable.lockOuts[String(bay)];
  const mayStay =
    standing !== undefined && (standing.lockOut !== "pending-check" || !liftedByShutting.has(standing.reason));
  if (!mayStay) journal(draft, { kind: "lock-out", bay, lockOut: "pending-check", reason, by: "station" });
}

/** What is quarantined is kept from riders, whoever forgot to lock its bay out. */
function lockOutQuarantine(draft: Draft, bay: number): void {
  const { ledger, lockOuts } = draft.state.durable;
  const why = quarantinedIn(ledger)[bay];
  if (why !== undefined && lockOuts[String(bay)] === undefined)
    journal(draft, { kind: "lock-out", bay, lockOut: "pending-check", reason: why, by: "station" });
}

function settleBay(bay: BayState, was: BayWitness, draft: Draft): BayWitness {
  const layout = draft.context.config.bays[bay.bay];
  if (layout === undefined) return was;
  const look = new LookAtBay(bay, layout, draft);
  const { watch, records, ask } = reconcileBay(was, look, draft.state.durable.ledger);
  if (ask) draft.effects.push({ do: "reidentify", bay: bay.bay });
  for (const record of records) {
    journal(draft, record);
    const finding = findingOf(record);
    if (finding !== undefined) lockOutFor(draft, bay.bay, finding);
  }
  if (!look.busy && look.seen !== undefined && look.seen.sees !== "nothing") lockOutQuarantine(draft, bay.bay);
  return watch;
}

/** Compares every bay with the book. Runs after the bays were updated and the swaps had their turn. */
export function updateLedger(draft: Draft): void {
  const was = draft.state.watches;
  let next: (BayWitness | undefined)[] | undefined;
  for (const bay of draft.state.bays) {
    if (bay === undefined) continue;
    const before = was[bay.bay] ?? newWatch(draft.input.nowMs);
    const after = settleBay(bay, before, draft);
    if (after === was[bay.bay]) continue;
    next ??= was.slice();
    next[bay.bay] = after;
  }
  if (next !== undefined) draft.state.watches = next;
}
