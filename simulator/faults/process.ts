/** Faults of the controller's own process and memory. */
import type { Fault } from "./fault.ts";

export const processFaults: readonly Fault[] = [];
