/** Faults of what senses: switches, thermometers, smoke detectors, what a BMS tells. */
import type { Fault } from "./fault.ts";

export const sensorFaults: readonly Fault[] = [];
