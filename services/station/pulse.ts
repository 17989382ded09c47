/**
 * Whether a lock pulse that was decided a moment ago is still wanted when its turn comes. Between the decision and the act the
 * intent was written to the disk, which may take seconds, and the world may have changed: the swap may have ended, or fire
 * broken out. An unlock must not come as a surprise.
 */
import { isFire } from "../safety/alerts.ts";
import type { StationState } from "./state.ts";

/** No lock of a zone with a danger is driven for anybody, rider or operator, and none at all under an emergency stop. */
function doorsHeld(state: StationState, bay: number): boolean {
  const cabinet = state.bays[bay]?.cabinet;
  if (state.alerts.stopped || cabinet === undefined) return true;
  return isFire(state.alerts, state.durable.safety.latches, cabinet);
}

/** A pulse serves a swap or, where no swap is named, an operator's request. */
export function pulseStillWanted(
  state: StationState,
  bay: number,
  swapId: string | undefined,
  request?: string,
): boolean {
  if (doorsHeld(state, bay)) return false;
  for (const swap of Object.values(state.swaps)) {
    if (swap.id !== swapId || !("opening" in swap)) continue;
    return swap.opening.bay === bay && swap.opening.step === "driving";
  }
  for (const { request: id, at } of Object.values(state.openings)) {
    if (id !== request || at.step !== "opening") continue;
    return at.opening.bay === bay && at.opening.step === "driving";
  }
  return false;
}
