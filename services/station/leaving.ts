/**
 * When a controller that was told to stop may go. Swaps get a while to end. In smoke it stays: whoever leaves takes the alarm and
 * the free exit along, and the next start gives them back only seconds later. It knows no clock and no signal.
 */
import type { StationState } from "./state.ts";

/** For swaps to end and records to be written; what is left is taken up at the next start. */
export const stopGraceMs = 20_000;
/** A smoke head that is stuck must not keep a technician from ever stopping the controller in order. */
export const smokeGraceMs = 600_000;

export const isSmoky = ({ alerts }: Pick<StationState, "alerts">): boolean =>
  Object.values(alerts.zones).some(({ alert }) => alert);

/** `isIdle`: nothing waits for the disk. */
export function mayLeave(state: Pick<StationState, "swaps" | "alerts">, waitedMs: number, isIdle: boolean): boolean {
  if (isSmoky(state)) return waitedMs >= smokeGraceMs;
  return (isIdle && Object.keys(state.swaps).length === 0) || waitedMs >= stopGraceMs;
}
