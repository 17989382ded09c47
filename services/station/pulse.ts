/**
 * Whether a lock pulse that was decided a moment ago is still wanted when its turn comes. Between the decision and the act the
 * intent was written to the disk, which may take seconds, and the world may have changed: the swap may have ended, or fire
 * broken out. An unlock must not come as a surprise.
 */
import type { StationState } from "./state.ts";

/** A pulse serves a swap or, where no swap is named, an operator's request. */
export function pulseStillWanted(
  state: StationState,
  bay: number,
  swapId: string | undefined,
  request?: string,
): boolean {
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
