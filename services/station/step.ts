/**
 * The station's one decision: what was, what happened and what can be seen give what is next and what shall be done. Pure and
 * total: every event is answered in every state, nothing is thrown, no clock is read. Rules that cross services stand here;
 * everything else is a service's own.
 */

import type { Effect } from "../effects.ts";
import type { StationEvent } from "../events.ts";
import { faultKey, isFaultCode } from "../faults.ts";
import { type Heard, recordOfDate, recordsOfDateMax } from "../people/day.ts";
import { releaseDue, releaseUnwritten, tellDanger, watchAlerts } from "./alerts.ts";
import { updateBays } from "./bays.ts";
import { type Draft, journal, newDraft, type StationInput } from "./draft.ts";
import { updateFaults } from "./faults.ts";
import { endByItself } from "./holding.ts";
import { contextInForce } from "./in-force.ts";
import { updateLedger } from "./ledger.ts";
import { pulseSent } from "./lock-turn.ts";
import { answerInterrupted, callOffOpenings, lookAtOpenings, openingAnswered, settleOpened } from "./openings.ts";
import { order } from "./orders.ts";
import { stepRoomOf } from "./room.ts";
import type { StationContext, StationState } from "./state.ts";
import { journalFailed, lockAnswered, lookAtSwaps, recover, scan } from "./swaps.ts";

export interface StationStep {
  readonly state: StationState;
  readonly effects: readonly Effect[];
}

function condition(draft: Draft, event: Extract<StationEvent, { type: "condition" }>): void {
  if (!isFaultCode(event.code)) return;
  const key = faultKey(event.code, event.subject);
  const { [key]: standing, ...others } = draft.state.conditions;
  if (event.present === (standing !== undefined)) return;
  draft.state.conditions = event.present
    ? { ...others, [key]: { code: event.code, subject: event.subject, sinceMs: draft.input.nowMs } }
    : others;
}

function hearDate(draft: Draft, heard: Heard): void {
  for (let written = 0; written < recordsOfDateMax; written++) {
    const record = recordOfDate(draft.state.durable, heard);
    if (record === undefined) return;
    journal(draft, record);
  }
}

function look(draft: Draft): void {
  if (draft.state.recovering.length > 0) recover(draft);
  lookAtSwaps(draft);
  lookAtOpenings(draft);
}

const bayLookEveryMs = 1_000;

/** Swaps at every scan, because a person waits; what packs and faults do takes seconds. */
function tick(draft: Draft): void {
  const { nowMs } = draft.input;
  const looksOver = nowMs >= draft.state.bayLookMs;
  if (draft.state.interrupted.length > 0) answerInterrupted(draft);
  if (looksOver) {
    endByItself(draft);
    settleOpened(draft);
    updateBays(draft);
  }
  look(draft);
  if (!looksOver) return;
  updateLedger(draft);
  updateFaults(draft);
  draft.state.bayLookMs = nowMs + bayLookEveryMs;
}

function answerEvent(draft: Draft, event: StationEvent): void {
  switch (event.type) {
    case "tick":
      tick(draft);
      return;
    case "noticed":
      look(draft);
      return;
    case "scan":
      scan(draft, event);
      return;
    case "lock-sent":
      pulseSent(draft, event.bay);
      return;
    case "lock-driven":
    case "lock-failed":
      lockAnswered(draft, event);
      openingAnswered(draft, event);
      return;
    case "journal-failed":
      releaseUnwritten(draft);
      journalFailed(draft, event.swap);
      callOffOpenings(draft, "cannot-record");
      return;
    case "release-due":
      releaseDue(draft, event.cabinet);
      return;
    case "request":
      order(draft, event.request);
      return;
    case "condition":
      condition(draft, event);
      return;
    case "told":
      journal(draft, event.record);
      return;
    case "date":
      hearDate(draft, event);
      return;
    case "room-code":
    case "room-card":
    case "room-written":
    case "access-list":
      return; // The room's own, below.
    case "stopping":
      draft.state.stopping = true;
      callOffOpenings(draft, "stopping");
      return;
  }
}

/** Prompts are effects, but what was last said stays visible. */
function keepPrompts(draft: Draft): void {
  for (const effect of draft.effects) {
    if (effect.do !== "prompt") continue;
    draft.state.prompts = { ...draft.state.prompts, [effect.cabinet]: effect.prompt };
    draft.state.saidMs = { ...draft.state.saidMs, [effect.cabinet]: draft.input.nowMs };
  }
}

const nothing: readonly Effect[] = [];

/** Most scans find nothing to decide: no swap, nothing to recover, bays looked over less than a second ago. */
function isIdleTick(was: StationState, { event, nowMs }: StationInput): boolean {
  if (event.type !== "tick" || nowMs >= was.bayLookMs || was.recovering.length > 0 || was.alerts.active) return false;
  for (const _cabinet in was.swaps) return false;
  for (const _cabinet in was.openings) return false;
  return true;
}

/** The cabinets have nothing to decide; somebody may be at the room's door all the same. */
function passRoom(was: StationState, input: StationInput, context: StationContext): StationStep {
  if (was.room === undefined) return { state: was, effects: nothing };
  const draft = newDraft(was, input, contextInForce(context, was));
  stepRoomOf(draft, input.event);
  const { state, effects } = draft;
  return state.room === was.room && effects.length === 0 ? { state: was, effects: nothing } : { state, effects };
}

export function stepStation(was: StationState, input: StationInput, context: StationContext): StationStep {
  if (isIdleTick(was, input)) return passRoom(was, input, context);
  const draft = newDraft(was, input, contextInForce(context, was));
  watchAlerts(draft);
  answerEvent(draft, input.event);
  stepRoomOf(draft, input.event);
  tellDanger(draft);
  keepPrompts(draft);
  return { state: draft.state, effects: draft.effects };
}
