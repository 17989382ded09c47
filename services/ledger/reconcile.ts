/**
 * Compares what the ledger says of one bay with what is seen there, and says what has to be written down. Pure. It believes only
 * what was seen for a while without a break, and draws no conclusion from silence: a bay whose contacts are not heard, or
 * where a swap is at work, has nothing to tell.
 */
import { holdingOf, standsInBay, whoseIs } from "./book.ts";
import type { BayHolding, LedgerState } from "./places.ts";
import type { LedgerRecord } from "./records.ts";

export type Seen =
  | { readonly sees: "nothing" }
  | { readonly sees: "pack"; readonly packId: string }
  | { readonly sees: "unread" };

/** What the station remembers of looking at one bay, between two looks. Lost at a restart, and built anew. */
export interface BayWitness {
  readonly seen: Seen | undefined;
  /** Since when it has been seen without a break. */
  readonly sinceMs: number;
  /** The door was opened by command and has not been seen shut since; true at a start, because nobody saw it. */
  readonly ajar: boolean;
  readonly shut: boolean;
  /** When an operator's opening was last in force; for a while longer it explains whatever changed here. */
  readonly operatorMs: number | undefined;
}

export interface BayLook {
  readonly bay: number;
  readonly nowMs: number;
  /** Undefined while the contacts are not heard or contradict one another. */
  readonly seen: Seen | undefined;
  readonly door: "shut" | "open" | "unknown";
  /** A swap, running or to be taken up, is at work in this bay. */
  readonly busy: boolean;
  /** The lock was told to open a short while ago. */
  readonly unlocked: boolean;
  /** An operator opened it, and it has not been shut and looked at since. */
  readonly operator: boolean;
  /** Whose late deposit the bay waits for (E7). */
  readonly awaits: string | undefined;
  /** A swap that ended here left what it had not accepted behind; whose it is, when that is known. */
  readonly leftBehind: { readonly member: string | undefined } | undefined;
  /** Who may still take the pack through the door that stands open, and which debt that pays. */
  readonly heir: { readonly member: string; readonly swap: string | undefined } | undefined;
}

export interface Reconciled {
  readonly watch: BayWitness;
  readonly records: readonly LedgerRecord[];
  /** Something came or went: the pack line is asked anew, so that no old answer is believed. */
  readonly ask: boolean;
}

/**
 * How long each sight must last. An identity is proof by itself. "Nothing" waits until the pack line, asked anew, must have
 * answered; "unread" until a sleeping pack has had its three chances to wake (E17). All together stay below ten seconds.
 */
const settleMs = { pack: 2_000, nothing: 5_000, unread: 10_000 } as const;
/** An operator's bay was looked at before it was given back, so what is seen there is believed sooner. */
const operatorSettleMs = 1_000;
/** What an operator did is seen at the latest this long after the bay was given back. */
const operatorHoldsMs = 15_000;

export const newWatch = (nowMs: number): BayWitness => ({
  seen: undefined,
  sinceMs: nowMs,
  ajar: true,
  shut: false,
  operatorMs: undefined,
});

function sameSight(one: Seen | undefined, other: Seen | undefined): boolean {
  if (one?.sees !== other?.sees) return false;
  return one?.sees !== "pack" || other?.sees !== "pack" || one.packId === other.packId;
}

/**
 * What changed behind the open door was done there, though it is believed only after the door was shut; what changes behind a
 * shut one was not.
 */
function staysAjar(was: BayWitness, same: boolean, { nowMs, door, busy, unlocked }: BayLook): boolean {
  if (door !== "shut") return was.ajar || (door === "open" && (busy || unlocked));
  if (!was.ajar || was.seen === undefined) return false;
  return same ? nowMs - was.sinceMs <= settleMs[was.seen.sees] : !was.shut;
}

function watched(was: BayWitness, look: BayLook): BayWitness {
  const { nowMs, door } = look;
  const holds = was.operatorMs !== undefined && nowMs - was.operatorMs < operatorHoldsMs;
  const operatorMs = look.operator ? nowMs : holds ? was.operatorMs : undefined;
  const same = !look.busy && sameSight(was.seen, look.seen);
  const shut = door === "shut";
  const ajar = staysAjar(was, same, look);
  if (same && operatorMs === was.operatorMs && ajar === was.ajar && shut === was.shut) return was;
  return {
    seen: look.busy ? undefined : look.seen,
    sinceMs: same ? was.sinceMs : nowMs,
    ajar,
    shut,
    operatorMs,
  };
}

/** Something was put in or taken out, or a door was shut behind somebody's back. */
function needsAsking(was: BayWitness, now: BayWitness, look: BayLook): boolean {
  if (look.busy || was.seen === undefined || now.seen === undefined) return false;
  const cameOrWent = (was.seen.sees === "nothing") !== (now.seen.sees === "nothing");
  return cameOrWent || (!was.shut && now.shut && now.seen.sees !== "nothing");
}

export function reconcileBay(was: BayWitness, look: BayLook, ledger: LedgerState): Reconciled {
  const watch = watched(was, look);
  const ask = needsAsking(was, watch, look);
  const { seen } = watch;
  const settled = seen !== undefined && look.nowMs - watch.sinceMs >= settlesIn(seen, watch);
  return { watch, ask, records: settled ? differences(seen, { look, watch, ledger }) : [] };
}

const settlesIn = ({ sees }: Seen, { operatorMs }: BayWitness): number =>
  operatorMs === undefined || sees === "unread" ? settleMs[sees] : operatorSettleMs;

interface Case {
  readonly look: BayLook;
  readonly watch: BayWitness;
  readonly ledger: LedgerState;
}

function differences(seen: Seen, here: Case): readonly LedgerRecord[] {
  const holding = holdingOf(here.ledger, here.look.bay);
  if (holding === undefined) return [firstSight(seen, here)].filter((record) => record !== undefined);
  switch (seen.sees) {
    case "nothing":
      return holding.holds === "nothing" ? [] : [gone(holding, here)];
    case "unread":
      return holding.holds === "nothing" ? arrived(undefined, here) : [];
    case "pack":
      return packSeen(seen.packId, holding, here);
  }
}

function firstSight(seen: Seen, { look: { bay }, watch }: Case): LedgerRecord {
  if (seen.sees === "nothing") return { kind: "bay-counted", bay };
  const how = watch.operatorMs === undefined ? "stocktaking" : "operator";
  return { kind: "pack-seen", bay, packId: seen.sees === "pack" ? seen.packId : undefined, how };
}

function packSeen(packId: string, holding: BayHolding, here: Case): readonly LedgerRecord[] {
  const { bay } = here.look;
  switch (holding.holds) {
    case "nothing":
      return arrived(packId, here);
    case "unread":
      return [{ kind: "pack-seen", bay, packId, how: "identified" }];
    case "pack": {
      if (holding.packId === packId) return [];
      const { watch, look } = here;
      if (watch.operatorMs === undefined && !(watch.ajar && look.heir !== undefined))
        return [{ kind: "pack-changed", bay, wasPackId: holding.packId, packId }];
      return [gone(holding, here), ...arrived(packId, here)];
    }
  }
}

/** Something stands where nothing stood. Nothing at all when the rider is still at it. */
function arrived(packId: string | undefined, { look, watch }: Case): readonly LedgerRecord[] {
  const { bay, awaits, leftBehind } = look;
  const seen = { kind: "pack-seen", bay, packId } as const;
  if (watch.operatorMs !== undefined) return [{ ...seen, how: "operator" }];
  if (awaits !== undefined) return look.door === "shut" ? [{ ...seen, how: "late-deposit", member: awaits }] : [];
  if (leftBehind === undefined) return [{ ...seen, how: "unasked" }];
  const { member } = leftBehind;
  return [{ ...seen, how: "left-behind", ...(member === undefined ? {} : { member }) }];
}

function gone(holding: BayHolding, { look, watch, ledger }: Case): LedgerRecord {
  const packId = holding.holds === "pack" ? holding.packId : undefined;
  const left = { kind: "pack-gone", bay: look.bay, packId } as const;
  if (watch.operatorMs !== undefined) return { ...left, how: "operator" };
  const { heir } = look;
  if (!watch.ajar || heir === undefined) return { ...left, how: "vanished", ...whoseIs(holding, ledger) };
  const swap = heir.swap === undefined ? {} : { swap: heir.swap };
  return { ...left, how: "late-take", member: heir.member, ...swap };
}

/**
 * The book has this pack in another bay, and nothing that is seen there speaks against it: what says the same name here cannot
 * be believed. Two packs with one name are for a person to tell apart.
 */
export const isDouble = (packId: string, there: Seen | undefined): boolean =>
  there?.sees !== "nothing" && !(there?.sees === "pack" && there.packId !== packId);

/** The bay in which the book has a pack, where that is another than this one. */
export function otherBayOf(packId: string, bay: number, ledger: LedgerState): number | undefined {
  const place = ledger.packs[packId];
  return standsInBay(place) && place.bay !== bay ? place.bay : undefined;
}
