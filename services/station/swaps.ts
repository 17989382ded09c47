/** Runs the swaps of all cabinets: starts them at a scan, advances them at every look, writes down how they end. */

import type { Effect } from "../effects.ts";
import type { StationEvent } from "../events.ts";
import type { Debt, OpenSwap } from "../journal/durable.ts";
import type { JournalRecord } from "../journal/records.ts";
import { authorise } from "../members/members.ts";
import { type PromptId, say } from "../prompts.ts";
import type { EndCode } from "../swap/outcomes.ts";
import { outcomes } from "../swap/outcomes.ts";
import { type Recovery, recoverSwap } from "../swap/recover.ts";
import { decideScan, type ScanDecision } from "../swap/start.ts";
import { onlyWatches, stepSwap } from "../swap/step.ts";
import type { FailedBay, Swap, SwapInput } from "../swap/swap.ts";
import { resetLatch } from "./alerts.ts";
import { canRecord, type Draft, journal } from "./draft.ts";
import { noteUnlock, turnAnswered } from "./lock-turn.ts";
import {
  fireInRoom,
  isBlind,
  lateDepositOf,
  offerHoldsMs,
  openDebtOf,
  operatorAtWork,
  sightOf,
  stockOf,
} from "./sight.ts";

/** A swap moves through at most this many states at one look; more would be a machine that never rests. */
const movesMax = 8;

function dropSwap(draft: Draft, cabinet: string): void {
  const { [cabinet]: _ended, ...others } = draft.state.swaps;
  draft.state.swaps = others;
}

type LockOutAfter = Omit<Extract<JournalRecord, { kind: "lock-out" }>, "kind" | "by">;

const lockOutWhenFailed = {
  "lock-failed": { lockOut: "system", reason: "lock-failed" },
  "charger-stuck": { lockOut: "system", reason: "charger-stuck" },
  unclear: { lockOut: "pending-check", reason: "interrupted" },
  /** The bay's own state keeps it back. */
  unfit: undefined,
} as const satisfies Record<FailedBay["why"], Pick<LockOutAfter, "lockOut" | "reason"> | undefined>;

const keepsUnaccepted: ReadonlySet<EndCode> = new Set(["interrupted", "interrupted-emergency", "waiting-for-rescan"]);

/** Bays that a person should look at, or that wait for their door, after a swap ended this way; one entry a bay. */
function lockOutsAfter(swap: Swap, outcome: EndCode, failed: readonly FailedBay[]): LockOutAfter[] {
  const found = new Map<number, LockOutAfter>();
  const { inBay, outBay, member } = swap;
  for (const { bay, why } of failed) {
    const lockOut = lockOutWhenFailed[why];
    if (lockOut === undefined) continue;
    // A door that was not seen open may be open all the same: what is put in behind such a contact is this rider's.
    const mayHold = why === "lock-failed" && inBay !== undefined && bay !== outBay && swap.packIn === undefined;
    const whose = mayHold ? { member } : {};
    found.set(bay, { bay, ...lockOut, ...whose });
  }
  const pending = (bay: number | undefined, more: { readonly member?: string } = {}) => {
    if (bay !== undefined) found.set(bay, { bay, lockOut: "pending-check", reason: outcome, ...more });
  };
  if (outcome === "suspended-open") pending(inBay, { member });
  if (outcome === "completed-door-open")
    found.set(outBay, { bay: outBay, lockOut: "pending-check", reason: "door-open" });
  if (outcome === "completed-exchanged")
    found.set(outBay, { bay: outBay, lockOut: "pending-check", reason: "deposit-unasked" });
  if (outcome === "left-behind" || outcome === "own-door-stuck") pending(inBay);
  // Whoever looks into the empty bay must know whose pack is missed there.
  if (outcome === "pack-vanished") pending(inBay, { member });
  // What stands in the bay was not accepted: it waits there for its rider or a person, and is nobody else's.
  if (keepsUnaccepted.has(outcome) && swap.packIn === undefined) pending(inBay);
  return [...found.values()];
}

/** A fire or the emergency stop ends the swap, and the door it had opened stays open: what is put in there later is theirs (E7). */
function openAfterStop(draft: Draft, swap: Swap, outcome: EndCode): LockOutAfter[] {
  const { inBay, member, cabinet } = swap;
  const isStopped = outcome === "cancelled-fire" || outcome === "cancelled-emergency";
  if (!isStopped || inBay === undefined) return [];
  // A pulse that is on its way opens the door all the same, a moment after this.
  const isPulsed = swap.at === "opening-in" && swap.opening.pulses > 0;
  if (!isPulsed && sightOf(draft, cabinet).door(inBay) === "shut") return [];
  return [{ bay: inBay, lockOut: "pending-check", reason: "suspended-open", member }];
}

/** Whoever waits for the own pack that was never accepted must not hear of a new one. */
function wordsAtEnd({ packIn }: Swap, outcome: EndCode): PromptId {
  const isOwn = outcome === "waiting-for-rescan" && packIn === undefined;
  return isOwn ? "own-pack-waits" : outcomes[outcome].prompt;
}

function finish(draft: Draft, swap: Swap, outcome: EndCode, failed?: FailedBay): void {
  const tookPackId = swap.at === "taken" ? swap.packId : undefined;
  const bay = swap.at === "taken" ? swap.outBay : (swap.inBay ?? swap.outBay);
  const took = tookPackId === undefined ? {} : { tookPackId };
  const durationMs = Math.round(draft.input.nowMs - swap.startedMs);
  const failures = failed === undefined ? swap.failedBays : [...swap.failedBays, failed];
  // The bays come first: a power cut between the records finds a swap to end once more, not a bay that nobody looks after.
  for (const lockOut of [...lockOutsAfter(swap, outcome, failures), ...openAfterStop(draft, swap, outcome)]) {
    // What an operator took out of service stays with the operator (E38).
    if (draft.state.durable.lockOuts[String(lockOut.bay)]?.lockOut === "operator") continue;
    journal(draft, { kind: "lock-out", ...lockOut, by: "swap" }, swap.id);
  }
  journal(draft, { kind: "swap-ended", swap: swap.id, outcome, bay, durationMs, ...took }, swap.id);
  dropSwap(draft, swap.cabinet);
  if (outcome === "better-than-stock") noteOffer(draft, swap.member);
  // The bay that was just emptied is asked at once, so that its emptiness is soon proven.
  const emptied = swap.at === "taken" ? swap.outBay : outcomes[outcome].class === "cancelled" ? swap.inBay : undefined;
  if (emptied !== undefined) draft.effects.push({ do: "reidentify", bay: emptied });
  draft.effects.push({ do: "prompt", cabinet: swap.cabinet, prompt: say(wordsAtEnd(swap, outcome), { bay }) });
}

/** Few are offered their own pack back within ten minutes; whoever is older is forgotten. */
function noteOffer(draft: Draft, member: string): void {
  const { nowMs } = draft.input;
  const young = Object.entries(draft.state.offers).filter(([, offeredMs]) => nowMs - offeredMs <= offerHoldsMs);
  draft.state.offers = { ...Object.fromEntries(young), [member]: nowMs };
}

export function carry(draft: Draft, effects: readonly Effect[]): void {
  for (const effect of effects) {
    if (effect.do === "record") {
      journal(draft, effect.record, effect.swap);
      continue;
    }
    if (effect.do === "unlock") noteUnlock(draft, effect);
    draft.effects.push(effect);
  }
}

function advance(draft: Draft, cabinet: string, first: SwapInput): void {
  let input = first;
  for (let move = 0; move < movesMax; move++) {
    const was = draft.state.swaps[cabinet];
    if (was === undefined) return;
    const step = stepSwap(was, input, sightOf(draft, cabinet), draft.context);
    carry(draft, step.effects);
    if (step.next.at === "ended") {
      finish(draft, was, step.next.outcome, step.next.failed);
      return;
    }
    if (step.next !== was) draft.state.swaps = { ...draft.state.swaps, [cabinet]: step.next };
    if (step.next.at === was.at) return;
    input = { type: "look" };
  }
}

export function lookAtSwaps(draft: Draft): void {
  for (const cabinet of Object.keys(draft.state.swaps)) advance(draft, cabinet, { type: "look" });
}

export function lockAnswered(
  draft: Draft,
  event: { readonly type: "lock-driven" | "lock-failed"; readonly bay: number },
): void {
  turnAnswered(draft, event.bay);
  for (const [cabinet, swap] of Object.entries(draft.state.swaps)) {
    if (swap.inBay === event.bay || swap.outBay === event.bay) advance(draft, cabinet, event);
  }
}

function debtOf(draft: Draft, member: string): Debt | undefined {
  let oldest: Debt | undefined;
  for (const debt of Object.values(draft.state.durable.debts)) {
    if (debt.member === member && (oldest === undefined || debt.since < oldest.since)) oldest = debt;
  }
  return oldest;
}

function begin(draft: Draft, decision: Extract<ScanDecision, { is: "start" }>): void {
  const { swap } = decision;
  draft.state.swaps = { ...draft.state.swaps, [swap.cabinet]: swap };
  const { id, cabinet, member, inBay, outBay, spares, packIn, pays, startedAt } = swap;
  const reserved = { id, cabinet, member, inBay, outBay, spares, packIn, pays, startedAt, because: undefined };
  journal(draft, { kind: "swap-reserved", swap: reserved }, id);
  // A payment starts behind the deposit; the log must say so, or a cut would ask for a second deposit.
  if (swap.at === "returning") {
    journal(draft, { kind: "swap-stage", swap: id, stage: "returning", bay: outBay, because: swap.because }, id);
  } else if (swap.at === "await-take") {
    const pack = swap.packId === undefined ? {} : { packId: swap.packId };
    journal(draft, { kind: "swap-stage", swap: id, stage: "out-open", bay: outBay, ...pack }, id);
    draft.effects.push({ do: "prompt", cabinet, prompt: say("take-pack", { bay: outBay }) });
  } else if (swap.at === "preparing-out") {
    const pack = packIn === undefined ? {} : { packId: packIn };
    journal(draft, { kind: "swap-stage", swap: id, stage: "in-accepted", bay: outBay, ...pack }, id);
  } else if (swap.at === "inspecting" && inBay !== undefined) {
    journal(draft, { kind: "swap-stage", swap: id, stage: "in-closed", bay: inBay }, id);
    journal(draft, { kind: "lock-out", bay: inBay, lockOut: "none", reason: "late-deposit", by: "swap" });
    draft.effects.push({ do: "reidentify", bay: inBay });
  }
  advance(draft, cabinet, { type: "look" });
}

export function scan(draft: Draft, event: Extract<StationEvent, { type: "scan" }>): void {
  const { state, input, context } = draft;
  const known = authorise(context.members, event.digest);
  const member = known.ok ? known.member.member : undefined;
  if (known.ok && event.late !== true && known.member.role === "technician") {
    const answer = resetLatch(draft, event.cabinet, known.member.member);
    if (answer === "too-early")
      refuse(draft, event.cabinet, { is: "refuse", reason: "reset-too-early", member: known.member.member });
    if (answer !== "not-latched") return;
  }
  const swapHere = state.swaps[event.cabinet];
  const debt = member === undefined ? undefined : debtOf(draft, member);
  const decision = decideScan({
    member: known.ok ? { ok: true, member: known.member.member } : known,
    cabinet: event.cabinet,
    swapHere,
    memberBusyElsewhere: Object.values(state.swaps).some(
      (swap) => swap.member === member && swap.cabinet !== event.cabinet,
    ),
    recoveringHere:
      event.late === true ||
      state.recovering.some(({ swap }) => swap.cabinet === event.cabinet || swap.member === member),
    debt,
    debtBayUnseen: debt?.inBay !== undefined && isBlind(draft, debt.inBay),
    openDebt: openDebtOf(draft, event.cabinet, debt),
    lateDeposit: member === undefined ? undefined : lateDepositOf(draft, event.cabinet, member),
    stock: stockOf(draft, event.cabinet, member),
    fire: fireInRoom(draft, event.cabinet),
    emergency: state.alerts.stopped,
    water: state.alerts.zones[event.cabinet]?.wet === true,
    canRecord: canRecord(state),
    stopping: state.stopping,
    outOfService: Object.hasOwn(state.durable.operators.cabinetLockOuts, event.cabinet),
    updating: state.updatingUntilMs !== undefined,
    operatorAtWork: operatorAtWork(draft, event.cabinet),
    nextId: `s-${String(state.durable.nextSwap).padStart(6, "0")}`,
    nowMs: input.nowMs,
    wallMs: input.wallMs,
  });
  carryOut(draft, event.cabinet, decision);
}

function carryOut(draft: Draft, cabinet: string, decision: ScanDecision): void {
  if (decision.is === "start") begin(draft, decision);
  else if (decision.is === "refuse") refuse(draft, cabinet, decision);
  else {
    tellRepeat(draft, cabinet);
    attend(draft, cabinet);
    const last = draft.state.prompts[cabinet];
    if (last !== undefined) draft.effects.push({ do: "prompt", cabinet, prompt: last });
  }
}

/** Readers read a code that is held before them again and again; once a swap is enough for the record. */
function tellRepeat(draft: Draft, cabinet: string): void {
  const swap = draft.state.swaps[cabinet]?.id;
  if (swap === undefined || draft.state.repeatsTold[cabinet] === swap) return;
  draft.state.repeatsTold = { ...draft.state.repeatsTold, [cabinet]: swap };
  journal(draft, { kind: "scan-repeated", cabinet, swap });
}

/** The rider of a swap taken up after a restart is here: doors may open again. */
function attend(draft: Draft, cabinet: string): void {
  const swap = draft.state.swaps[cabinet];
  if (swap?.unattended === true)
    draft.state.swaps = { ...draft.state.swaps, [cabinet]: { ...swap, unattended: false } };
}

function refuse(draft: Draft, cabinet: string, decision: Extract<ScanDecision, { is: "refuse" }>): void {
  const { reason, minutes, member } = decision;
  draft.effects.push({
    do: "prompt",
    cabinet,
    prompt: say(outcomes[reason].prompt, minutes === undefined ? {} : { minutes }),
  });
  const named = member === undefined ? {} : { member };
  journal(draft, { kind: "scan-refused", cabinet, reason, ...named });
}

/** A swap taken up again where the hardware shows it to be; a stage that moved while nobody looked is written down. */
function takeUp(draft: Draft, open: OpenSwap, swap: Swap): void {
  draft.state.swaps = { ...draft.state.swaps, [open.cabinet]: swap };
  const releasing = swap.at === "taken" || swap.at === "await-take";
  const bay = releasing ? open.outBay : (open.inBay ?? open.outBay);
  const seen = swap.at === "taken" ? "taken" : "out-open";
  if (releasing && seen !== open.stage)
    journal(draft, { kind: "swap-stage", swap: open.id, stage: seen, bay }, open.id);
  draft.effects.push({ do: "reidentify", bay });
}

/** Swaps found in the log: each is taken up, or ended, as soon as its bays tell a clear story. */
export function recover(draft: Draft): void {
  for (const waiting of draft.state.recovering) {
    const { swap: open, sinceMs } = waiting;
    // A log that could not be written for a while may hold two open swaps of one cabinet: one after the other.
    if (draft.state.swaps[open.cabinet] !== undefined) continue;
    const recovery = recoverSwap(open, sinceMs, sightOf(draft, open.cabinet));
    if (recovery.is === "wait") continue;
    draft.state.recovering = draft.state.recovering.filter((other) => other !== waiting);
    if (recovery.is === "resume") {
      takeUp(draft, open, recovery.swap);
      continue;
    }
    endRecovered(draft, open, recovery);
  }
}

function endRecovered(draft: Draft, open: OpenSwap, recovery: Extract<Recovery, { is: "end" }>): void {
  const { stage: _stage, because: _because, packOut: _packOut, ...base } = open;
  const { nowMs } = draft.input;
  const swap: Swap = {
    ...base,
    startedMs: nowMs,
    failedBays: [],
    unattended: true,
    at: "preparing-out",
    sinceMs: nowMs,
  };
  finish(draft, swap, recovery.outcome, recovery.failed);
}

/**
 * Nothing was done because nothing could be written. Before a deposit the swap is called off; after it the debt stays. A door
 * that is already open is watched to the end: the pack that is taken through it counts, written or not.
 */
export function journalFailed(draft: Draft, swapId: string | undefined): void {
  for (const swap of Object.values(draft.state.swaps)) {
    if (swap.id !== swapId || onlyWatches(swap)) continue;
    finish(draft, swap, swap.at === "opening-in" ? "cut-before-deposit" : "interrupted");
  }
}
