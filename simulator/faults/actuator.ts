/** Faults of what acts: locks, relays, chargers, heaters, fans, appliances. */
import type { Fault } from "./fault.ts";

export const actuatorFaults: readonly Fault[] = [];
