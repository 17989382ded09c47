/** Runs the swaps of all cabinets: starts them at a scan, advances them at every look, writes down how they end. */
import type { Effect } from "../effects.ts";
import { pulsesInWindowMax } from "../interlocks.ts";
import type { Debt, OpenSwap } from "../journal.ts";
import { authorise } from "../members/members.ts";
import { say } from "../prompts.ts";
import type { EndCode } from "../swap/outcomes.ts";
import { outcomes } from "../swap/outcomes.ts";
import { recoverSwap } from "../swap/recover.ts";
import { decideScan, type ScanDecision } from "../swap/start.ts";
import { stepSwap } from "../swap/step.ts";
import type { Swap, SwapInput } from "../swap/swap.ts";
import { type Draft, journal, setBay } from "./draft.ts";
import { coilMs, onFire, sightOf, stockOf } from "./sight.ts";

/** A swap moves through at most this many states at one look; more would be a machine that never rests. */
const movesMax = 8;

function dropSwap(draft: Draft, cabinet: string): void {
  const { [cabinet]: _ended, ...others } = draft.state.swaps;
  draft.state.swaps = others;
}

/** Bays that a person should look at, or that wait for their door, after a swap ended this way. */
function lockOutsAfter(
  swap: Swap,
  outcome: EndCode,
): { readonly bay: number; readonly lockOut: "system" | "pending-check"; readonly reason: string }[] {
  const found: { bay: number; lockOut: "system" | "pending-check"; reason: string }[] = swap.failedBays.map((bay) => ({
    bay,
    lockOut: "system",
    reason: "lock-failed",
  }));
  const { inBay, outBay } = swap;
  const pending = (bay: number | undefined, reason: string) => {
    if (bay !== undefined) found.push({ bay, lockOut: "pending-check", reason });
  };
  if (outcome === "no-door-opened") pending(inBay, "lock-failed");
  if (outcome === "suspended-open") pending(inBay, "suspended-open");
  if (outcome === "completed-door-open") pending(outBay, "door-open");
  if (outcome === "left-behind" || outcome === "own-door-stuck" || outcome === "pack-vanished") pending(inBay, outcome);
  if (outcome === "interrupted" && swap.packIn === undefined) pending(inBay, outcome);
  return found;
}

function finish(draft: Draft, swap: Swap, outcome: EndCode): void {
  const tookPackId = swap.at === "taken" ? swap.packId : undefined;
  const bay = swap.at === "taken" ? swap.outBay : (swap.inBay ?? swap.outBay);
  const took = tookPackId === undefined ? {} : { tookPackId };
  const durationMs = Math.round(draft.input.nowMs - swap.startedMs);
  journal(draft, { kind: "swap-ended", swap: swap.id, outcome, bay, durationMs, ...took }, swap.id);
  for (const { bay: locked, lockOut, reason } of lockOutsAfter(swap, outcome)) {
    journal(draft, { kind: "lock-out", bay: locked, lockOut, reason, by: "swap" });
  }
  dropSwap(draft, swap.cabinet);
  draft.effects.push({ do: "prompt", cabinet: swap.cabinet, prompt: say(outcomes[outcome].prompt, { bay }) });
}

/** Counts a pulse, takes the station's one lock turn, and marks the bay as opened by command. */
function noteUnlock(draft: Draft, effect: Extract<Effect, { do: "unlock" }>): void {
  const { nowMs } = draft.input;
  draft.state.lockTurn = { bay: effect.bay, sinceMs: nowMs, freeMs: undefined };
  const bay = draft.state.bays[effect.bay];
  if (bay === undefined) return;
  setBay(draft, { ...bay, unlockedMs: nowMs, pulses: [...bay.pulses.slice(1 - pulsesInWindowMax), nowMs] });
}

function carry(draft: Draft, effects: readonly Effect[]): void {
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
      finish(draft, was, step.next.outcome);
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
  const { lockTurn } = draft.state;
  if (lockTurn?.bay === event.bay) draft.state.lockTurn = { ...lockTurn, freeMs: draft.input.nowMs + coilMs };
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
  } else if (swap.at === "preparing-out") {
    const pack = packIn === undefined ? {} : { packId: packIn };
    journal(draft, { kind: "swap-stage", swap: id, stage: "in-accepted", bay: outBay, ...pack }, id);
  }
  advance(draft, cabinet, { type: "look" });
}

export function scan(draft: Draft, event: { readonly cabinet: string; readonly digest: string }): void {
  const { state, input, context } = draft;
  const known = authorise(context.members, event.digest);
  const member = known.ok ? known.member.member : undefined;
  const swapHere = state.swaps[event.cabinet];
  const decision = decideScan({
    member: known.ok ? { ok: true, member: known.member.member } : known,
    cabinet: event.cabinet,
    swapHere,
    memberBusyElsewhere: Object.values(state.swaps).some(
      (swap) => swap.member === member && swap.cabinet !== event.cabinet,
    ),
    recoveringHere: state.recovering.some(({ swap }) => swap.cabinet === event.cabinet || swap.member === member),
    debt: member === undefined ? undefined : debtOf(draft, member),
    stock: stockOf(draft, event.cabinet),
    fire: onFire(draft, event.cabinet),
    canRecord: state.conditions["log-failed/station"] === undefined,
    stopping: state.stopping,
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
    const last = draft.state.prompts[cabinet];
    if (last !== undefined) draft.effects.push({ do: "prompt", cabinet, prompt: last });
  }
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
    const recovery = recoverSwap(open, sinceMs, sightOf(draft, open.cabinet));
    if (recovery.is === "wait") continue;
    draft.state.recovering = draft.state.recovering.filter((other) => other !== waiting);
    if (recovery.is === "resume") {
      takeUp(draft, open, recovery.swap);
      continue;
    }
    const { stage: _stage, because: _because, ...base } = open;
    finish(
      draft,
      { ...base, startedMs: draft.input.nowMs, failedBays: [], at: "preparing-out", sinceMs: 0 },
      recovery.outcome,
    );
  }
}

/** Nothing was done because nothing could be written. Before a deposit the swap is called off; after it the debt stays. */
export function journalFailed(draft: Draft, swapId: string | undefined): void {
  for (const swap of Object.values(draft.state.swaps)) {
    if (swap.id !== swapId) continue;
    finish(draft, swap, swap.at === "opening-in" ? "cut-before-deposit" : "interrupted");
  }
}
