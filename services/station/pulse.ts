/**
 * Whether a lock pulse that was decided a moment ago is still wanted when its turn comes. Between the decision and the act the
 * intent was written to the disk, which may take seconds, and the world may have changed: the swap may have ended, or fire
 * broken out, or the swap given that pulse up and decided on another, or the turn gone to another lock. An unlock must not come
 * as a surprise, nor twice, nor beside another.
 */
import type { Effect } from "../effects.ts";
import { isFire } from "../safety/alerts.ts";
import type { Opening } from "../swap/swap.ts";
import type { StationState } from "./state.ts";

/** No lock of a zone with a danger is driven for anybody, rider or operator, and none at all under an emergency stop. */
function doorsHeld(state: StationState, bay: number): boolean {
  const cabinet = state.bays[bay]?.cabinet;
  if (state.alerts.stopped || cabinet === undefined) return true;
  return isFire(state.alerts, state.durable.safety.latches, cabinet);
}

type Unlock = Pick<Extract<Effect, { do: "unlock" }>, "bay" | "swap" | "request" | "decidedMs">;

const waitsFor = ({ bay, step, sinceMs }: Opening, unlock: Unlock): boolean =>
  bay === unlock.bay && step === "driving" && sinceMs === unlock.decidedMs;

/** A pulse serves a swap or, where no swap is named, an operator's request. */
export function pulseStillWanted(state: StationState, unlock: Unlock): boolean {
  if (doorsHeld(state, unlock.bay) || state.lockTurn?.bay !== unlock.bay) return false;
  for (const swap of Object.values(state.swaps)) {
    if (swap.id === unlock.swap && "opening" in swap) return waitsFor(swap.opening, unlock);
  }
  for (const { request, at } of Object.values(state.openings)) {
    if (request === unlock.request && at.step === "opening") return waitsFor(at.opening, unlock);
  }
  return false;
}
