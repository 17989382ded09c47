/** Faults of the computer's clocks. */
import type { Fault } from "./fault.ts";

export const clockFaults: readonly Fault[] = [];
