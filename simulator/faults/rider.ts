/** Faults of people in front of the station. */
import type { Fault } from "./fault.ts";

export const riderFaults: readonly Fault[] = [];
