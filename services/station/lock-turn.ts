/**
 * The station's one lock turn and the count of each lock's pulses. Both are taken at the decision, so that nothing else is
 * decided meanwhile, and counted anew from the moment the pulse goes out: between the two the intent is written to a disk that
 * may take seconds, and a coil is on after it was sent, not after it was wanted.
 */
import { pulseNumber, pulsesInWindowMax } from "../bay/pulses.ts";
import type { Effect } from "../effects.ts";
import { type Draft, journal, setBay } from "./draft.ts";
import { changedBay, type StationState } from "./state.ts";

/** The board times the coil at 300 ms; this much after its answer the next coil may be driven. */
export const coilMs = 400;
/** A pulse the board never answered blocks the turn no longer than this. */
export const lockTurnMsMax = 3_000;

/** Counts a pulse and writes it down, takes the station's one lock turn, and marks the bay as opened by command. */
export function noteUnlock(draft: Draft, effect: Extract<Effect, { do: "unlock" }>): void {
  const { nowMs } = draft.input;
  draft.state.lockTurn = { bay: effect.bay, sinceMs: nowMs, freeMs: undefined };
  const bay = draft.state.bays[effect.bay];
  if (bay === undefined) return;
  const pulse = Math.min(pulsesInWindowMax, pulseNumber(bay.pulses, nowMs));
  journal(draft, { kind: "bay-pulsed", bay: bay.bay, pulse }, effect.swap);
  const pulses = [...bay.pulses.slice(1 - pulsesInWindowMax), nowMs];
  setBay(draft, changedBay(bay, { unlockedMs: nowMs, pulses }));
}

/** The pulse goes out now: whatever is counted from it is counted from here. */
export function pulseSent(draft: Draft, bayNumber: number): void {
  const { nowMs } = draft.input;
  const { lockTurn } = draft.state;
  if (lockTurn?.bay !== bayNumber || lockTurn.sinceMs === nowMs) return;
  draft.state.lockTurn = { bay: bayNumber, sinceMs: nowMs, freeMs: undefined };
  const bay = draft.state.bays[bayNumber];
  if (bay === undefined) return;
  setBay(draft, changedBay(bay, { unlockedMs: nowMs, pulses: [...bay.pulses.slice(0, -1), nowMs] }));
}

/** The board answered: the next coil may follow when this one is off for certain. */
export function turnAnswered(draft: Draft, bay: number): void {
  const { lockTurn } = draft.state;
  if (lockTurn?.bay === bay) draft.state.lockTurn = { ...lockTurn, freeMs: draft.input.nowMs + coilMs };
}

/** From when on the coil whose turn it is, is off for certain; undefined when none was driven yet. */
export function turnFreeMs({ lockTurn }: Pick<StationState, "lockTurn">): number | undefined {
  return lockTurn === undefined ? undefined : (lockTurn.freeMs ?? lockTurn.sinceMs + lockTurnMsMax);
}
