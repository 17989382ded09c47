/**
 * Runs the openings that operators asked for: each advances at every look, stops at the first thing that makes it unsafe, and is
 * answered once. Bays that were opened stay the operator's until they are shut and looked at. Nothing is resumed after a
 * restart.
 */
import { isHot } from "../bay/condition.ts";
import { calledOff, type OpeningOrder, type OperatorSight, stepOpeningOrder } from "../operators/opening.ts";
import { openerOf, withOpening } from "../operators/opens.ts";
import type { OrderAnswer } from "../operators/requests.ts";
import { fresh } from "../reading.ts";
import type { OrderRefusal } from "../requests/reasons.ts";
import { askerOf } from "../requests/roles.ts";
import type { SwapInput } from "../swap/swap.ts";
import { canRecord, type Draft, journal, readingsOf } from "./draft.ts";
import { onFire, sightOf } from "./sight.ts";
import { endangers } from "./state.ts";
import { carry } from "./swaps.ts";

/** Per look; more would be an opening that never rests. */
const movesMax = 4;
/** A charger that is off is asked every ten seconds. */
const chargerHeardMs = 30_000;

/** Why nothing of this cabinet may be opened now, by a request or at all. */
export function zoneDanger(draft: Draft, cabinet: string): OrderRefusal | undefined {
  if (Object.hasOwn(draft.state.durable.safety.latches, cabinet)) return "runaway";
  if (onFire(draft, cabinet)) return "smoke";
  return draft.state.alerts.stopped ? "emergency-stop" : undefined;
}

function bayDanger(draft: Draft, bay: number): OrderRefusal | undefined {
  const { nowMs } = draft.input;
  const { safety } = draft.context.config;
  const readings = readingsOf(draft, bay);
  const hot = readings.pack?.value !== undefined && isHot(readings.pack.value, safety);
  if (hot || endangers(draft.state.bays[bay])) return "hot-pack";
  const heard = fresh(readings.latched, nowMs, safety.contactHeardMs) !== undefined;
  return heard && fresh(readings.present, nowMs, safety.contactHeardMs) !== undefined ? undefined : "bay-not-seen";
}

/** Asked before an opening begins and again before every move of it. */
export function unsafeToOpen(draft: Draft, bay: number): OrderRefusal | undefined {
  const layout = draft.context.config.bays[bay];
  if (layout === undefined) return "no-such-bay";
  if (draft.state.stopping) return "stopping";
  if (!canRecord(draft.state)) return "cannot-record";
  return zoneDanger(draft, layout.cabinet) ?? bayDanger(draft, bay);
}

function operatorSight(draft: Draft, cabinet: string): OperatorSight {
  return {
    ...sightOf(draft, cabinet),
    unsafe: (bay) => unsafeToOpen(draft, bay),
    lastMa: (bay) => fresh(readingsOf(draft, bay).charger, draft.input.nowMs, chargerHeardMs)?.outMa,
  };
}

function dropOpening(draft: Draft, cabinet: string): void {
  const { [cabinet]: _done, ...others } = draft.state.openings;
  draft.state.openings = others;
}

/** The one answer of a request that was taken: written down, then sent. */
export function answer(draft: Draft, id: string, { status, reason, data }: OrderAnswer): void {
  const { taken } = draft.state.durable.operators;
  const order = Object.hasOwn(taken, id) ? taken[id] : undefined;
  if (order === undefined) return;
  const { verb, expiresAt } = order;
  const more = { ...(reason === undefined ? {} : { reason }), ...(data === undefined ? {} : { data }) };
  journal(draft, { kind: "request-answered", id, verb, status, expiresAt, ...more, ...askerOf(order) });
  draft.effects.push({ do: "respond", id, verb, status, ...more });
}

/** What makes every further bay of the cabinet unsafe, or the whole order void. */
const endsAll: ReadonlySet<OrderRefusal> = new Set(["emergency-stop", "smoke", "runaway", "stopping", "cannot-record"]);

function answerToAll({ opened, skipped }: OpeningOrder): OrderAnswer {
  const stopped = skipped.find(({ reason }) => endsAll.has(reason));
  const data = { opened, skipped };
  if (stopped !== undefined) return { status: "error", reason: stopped.reason, data };
  return opened.length > 0 ? { status: "ok", data } : { status: "refused", reason: "nothing-opened", data };
}

/** Nothing was done while the reason is one that comes before the pulse; after it the lock should have opened. */
function answerOf(order: OpeningOrder, pulsed: boolean): OrderAnswer {
  if (order.verb === "open-all") return answerToAll(order);
  const { opened, skipped } = order;
  const [bay] = opened;
  if (bay !== undefined) return { status: "ok", data: { bay } };
  const reason = skipped[0]?.reason ?? "lock-failed";
  return { status: pulsed ? "error" : "refused", reason };
}

function finish(draft: Draft, last: OpeningOrder, pulsed: boolean): void {
  dropOpening(draft, last.cabinet);
  answer(draft, last.request, answerOf(last, pulsed));
}

/** A lock that does not open for an operator does not open for a rider either. */
function lockOutFailed(draft: Draft, bay: number): void {
  if (draft.state.durable.lockOuts[String(bay)] !== undefined) return;
  journal(draft, { kind: "lock-out", bay, lockOut: "system", reason: "lock-failed", by: "operator-opening" });
}

/** From here on the lock may be pulsed, so the opening counts, seen or not. */
function countOpening(draft: Draft, { verb, request }: OpeningOrder): void {
  if (verb === "open-all") return;
  const { opens, durable } = draft.state;
  const { nowMs } = draft.input;
  const asker = openerOf(durable.operators.taken[request]?.key);
  draft.state.opens = { ...opens, since: withOpening(opens.since, asker, nowMs) };
}

function advance(draft: Draft, cabinet: string, first: SwapInput): void {
  let input = first;
  for (let move = 0; move < movesMax; move++) {
    const was = draft.state.openings[cabinet];
    if (was === undefined) return;
    const step = stepOpeningOrder(was, input, operatorSight(draft, cabinet), draft.context.config.swap);
    carry(draft, step.effects);
    if (was.at.step === "making-dead" && step.next?.at.step === "opening") countOpening(draft, was);
    if (step.failed !== undefined) lockOutFailed(draft, step.failed);
    if (step.next === undefined) {
      finish(draft, step.last, was.at.step === "opening");
      return;
    }
    if (step.next === was) return;
    draft.state.openings = { ...draft.state.openings, [cabinet]: step.next };
    if (step.next.at.step === was.at.step && step.next.bay === was.bay) return;
    input = { type: "look" };
  }
}

export function startOpening(draft: Draft, opening: OpeningOrder): void {
  draft.state.openings = { ...draft.state.openings, [opening.cabinet]: opening };
  advance(draft, opening.cabinet, { type: "look" });
}

export function lookAtOpenings(draft: Draft): void {
  for (const cabinet of Object.keys(draft.state.openings)) advance(draft, cabinet, { type: "look" });
}

export function openingAnswered(
  draft: Draft,
  event: { readonly type: "lock-driven" | "lock-failed"; readonly bay: number },
): void {
  for (const [cabinet, { bay }] of Object.entries(draft.state.openings)) {
    if (bay === event.bay) advance(draft, cabinet, event);
  }
}

/** The controller stops, or its log failed: no further door opens, and whoever asked hears why. */
export function callOffOpenings(draft: Draft, reason: "stopping" | "cannot-record"): void {
  for (const was of Object.values(draft.state.openings)) {
    const last = calledOff(was, reason);
    if (was.at.step === "opening")
      journal(draft, { kind: "operator-opened", bay: was.bay, request: was.request, seen: false });
    dropOpening(draft, was.cabinet);
    answer(draft, last.request, was.verb === "open" ? { status: "error", reason } : answerToAll(last));
  }
}

/** After a start: what was taken and not answered may or may not have been done; it is never done again. */
export function answerInterrupted(draft: Draft): void {
  for (const id of draft.state.interrupted) answer(draft, id, { status: "error", reason: "interrupted-by-restart" });
  draft.state.interrupted = [];
}

/** Bays that an operator opened go back to the rules when they are shut and it is plain what stands in them. */
export function settleOpened(draft: Draft): void {
  for (const [key, { request }] of Object.entries(draft.state.durable.operators.opened)) {
    const bay = Number(key);
    // A bay that left the configuration has nothing to be looked at.
    if (draft.context.config.bays[bay] === undefined || isSettled(draft, bay))
      journal(draft, { kind: "operator-settled", bay, request });
  }
}

function isSettled(draft: Draft, bay: number): boolean {
  const cabinet = draft.context.config.bays[bay]?.cabinet ?? "";
  if (draft.state.openings[cabinet]?.bay === bay) return false;
  const { [String(bay)]: sinceMs, ...others } = draft.state.settling;
  if (sightOf(draft, cabinet).door(bay) !== "shut") {
    if (sinceMs !== undefined) draft.state.settling = others;
    return false;
  }
  if (sinceMs === undefined) {
    draft.state.settling = { ...others, [bay]: draft.input.nowMs };
    draft.effects.push({ do: "reidentify", bay });
    return false;
  }
  if (!isPlain(draft, bay, sinceMs)) return false;
  draft.state.settling = others;
  return true;
}

/** Shut for long enough, with contacts sampled since; and a pack that stands there has said who it is, or had time to. */
function isPlain(draft: Draft, bay: number, sinceMs: number): boolean {
  const { swap } = draft.context.config;
  const sight = sightOf(draft, draft.context.config.bays[bay]?.cabinet ?? "");
  const shutForMs = sight.nowMs - sinceMs;
  if (shutForMs < swap.presenceSettleMs || sight.contactsMs(bay) < sinceMs) return false;
  if (shutForMs > swap.inspectMs) return true;
  const present = sight.present(bay);
  return present === false || (present === true && sight.packSince(bay, sinceMs)?.packId !== undefined);
}
