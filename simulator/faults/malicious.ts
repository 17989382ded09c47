/** Faults of people who mean harm. */
import type { Fault } from "./fault.ts";

export const maliciousFaults: readonly Fault[] = [];
