/** Faults of the lines between controller and devices. */
import { deviceFaults } from "./bus-devices.ts";
import { frameFaults } from "./bus-frames.ts";
import { valueFaults } from "./bus-values.ts";
import type { Fault } from "./fault.ts";

export const busFaults: readonly Fault[] = [...frameFaults, ...deviceFaults, ...valueFaults];
