/** Faults of the network and the broker. */
import type { Fault } from "./fault.ts";

export const networkFaults: readonly Fault[] = [];
