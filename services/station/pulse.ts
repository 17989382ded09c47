/**
 * Whether a lock pulse that was decided a moment ago is still wanted when its turn comes. Between the decision and the act the
 * intent was written to the disk, which may take seconds, and the world may have changed: the swap may have ended, or fire
 * broken out. An unlock must not come as a surprise.
 */
import type { StationState } from "./state.ts";

export function pulseStillWanted(state: StationState, bay: number, swapId: string | undefined): boolean {
  for (const swap of Object.values(state.swaps)) {
    if (swap.id !== swapId || !("opening" in swap)) continue;
    return swap.opening.bay === bay && swap.opening.step === "driving";
  }
  return false;
}
