/** Faults of the lines between controller and devices. */
import type { Fault } from "./fault.ts";

export const busFaults: readonly Fault[] = [];
