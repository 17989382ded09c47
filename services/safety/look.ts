/** One look at a bay with a pack that is heard: what the watches of this folder judge. Plain data, made afresh every second. */
import type { StationConfig } from "../config.ts";
import type { ChargerReading, PackReading } from "../readings.ts";

export interface BayLook {
  readonly nowMs: number;
  readonly config: StationConfig;
  readonly pack: PackReading;
  /** When the pack said this: two looks may see the same sample. */
  readonly sampledMs: number;
  /** Undefined when the charger was not heard lately. */
  readonly charger: ChargerReading | undefined;
  /** What the charger was told at the last look; 0 = off and contactor open. */
  readonly setMa: number;
  /** Something that was granted can really be on: the master enable is up. */
  readonly powered: boolean;
  /** Air in the cabinet, where a thermometer tells it. */
  readonly airC: number | undefined;
}

/** When a condition began, for as long as it lasts without a break. */
export const since = (wasMs: number | undefined, holds: boolean, nowMs: number): number | undefined =>
  holds ? (wasMs ?? nowMs) : undefined;

export const lasts = (sinceMs: number | undefined, ms: number, nowMs: number): boolean =>
  sinceMs !== undefined && nowMs - sinceMs > ms;
