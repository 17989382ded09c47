/**
 * Where a bay's door is, from two independent contacts: the door switch and the lock's own contact. Agreement is believed;
 * contradiction, age or loss is `unknown`, which blocks charging and offering (E28).
 */
import type { BayLayout, SafetyConfig } from "../config.ts";
import { fresh } from "../reading.ts";
import type { BayReadings } from "../readings.ts";

export type Door = "shut" | "open" | "unknown";

export function doorOf(readings: BayReadings, layout: BayLayout, nowMs: number, safety: SafetyConfig): Door {
  const latched = fresh(readings.latched, nowMs, safety.contactHeardMs);
  if (latched === undefined) return "unknown";
  if (!layout.hasDoorSwitch) return latched ? "shut" : "open";
  const shut = fresh(readings.doorShut, nowMs, safety.contactHeardMs);
  if (shut !== latched) return "unknown"; // One that is not heard agrees with nothing.
  return shut ? "shut" : "open";
}

/** Both contacts are heard but say different things. In passing this is normal: the latch moves before the door does. */
export function doorContradicts(
  readings: BayReadings,
  layout: BayLayout,
  nowMs: number,
  safety: SafetyConfig,
): boolean {
  if (!layout.hasDoorSwitch) return false;
  const latched = fresh(readings.latched, nowMs, safety.contactHeardMs);
  const shut = fresh(readings.doorShut, nowMs, safety.contactHeardMs);
  return latched !== undefined && shut !== undefined && latched !== shut;
}
