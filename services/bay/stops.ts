/**
 * Why a bay does not charge, does not heat, or is out of service, each reason kept apart. A stop is latched: it ends when the
 * pack has changed or the door was opened (a hot pack must really be gone), never because a reading looks good again. A latch
 * waits for a person on site.
 */
import type { FaultCode } from "../faults.ts";

/** The pack is quarantined: it is neither charged, heated nor handed out. */
export type BayStop =
  | "hot"
  | "damaged"
  | "overvoltage"
  | "undervoltage"
  | "unbalanced"
  | "over-current"
  | "foreign"
  | "leakage"
  | "delivers-current"
  | "no-progress"
  | "too-long";

/** The bay is not heated; a pack that is warm enough by itself is charged and handed out as ever. */
export type HeaterStop = "no-rise" | "fell" | "frozen" | "overrun" | "too-long";

/** The bay is dead for everything, whatever stands in it. */
export type BayLatchCause = "over-temperature" | "heater-welded";

export const stopFaults = {
  hot: "bay-hot",
  damaged: "bay-pack-damaged",
  overvoltage: "bay-overvoltage",
  undervoltage: "bay-undervoltage",
  unbalanced: "bay-unbalanced",
  "over-current": "bay-over-current",
  foreign: "bay-foreign-pack",
  leakage: "bay-leakage",
  "delivers-current": "bay-delivers-current",
  "no-progress": "bay-no-progress",
  "too-long": "bay-charging-too-long",
} as const satisfies Record<BayStop, FaultCode>;

export const heaterStopFaults = {
  "no-rise": "bay-heater-no-rise",
  fell: "bay-heater-fell",
  frozen: "bay-heater-frozen",
  overrun: "bay-heater-overrun",
  "too-long": "bay-heater-too-long",
} as const satisfies Record<HeaterStop, FaultCode>;

export const latchFaults = {
  "over-temperature": "bay-over-temperature",
  "heater-welded": "bay-heater-welded",
} as const satisfies Record<BayLatchCause, FaultCode>;

/** Stops that may be the charger's doing as well as the pack's: repeated, they lock the bay out (FW-C: OCP, SCP, OVP). */
const electrical: ReadonlySet<BayStop> = new Set(["overvoltage", "over-current", "damaged"]);
export const isElectrical = (stop: BayStop): boolean => electrical.has(stop);

/** Opening the door gives the rules a fresh look at the pack; one that was hot must have left. */
export const endsAtOpenDoor = (stop: BayStop): boolean => stop !== "hot";
