/** What the station can sense of a door. A missing reading is never taken for a shut door or a free exit. */
import { fresh, type Reading } from "../reading.ts";

export interface DoorReadings {
  /** True = shut. */
  shut: Reading<boolean> | undefined;
  /** True = somebody inside presses the button or turns the handle. */
  exitRequest: Reading<boolean> | undefined;
  /** True = the lock's housing is open. */
  tamper: Reading<boolean> | undefined;
  /** True = the lock's supply is there. */
  lockPower: Reading<boolean> | undefined;
}

/** A contact older than this is unknown. */
export const doorHeardMs = 5_000;

export const emptyDoorReadings = (): DoorReadings => ({
  shut: undefined,
  exitRequest: undefined,
  tamper: undefined,
  lockPower: undefined,
});

/** The same contacts at one moment, undefined where they are not known. */
export interface DoorSight {
  readonly shut: boolean | undefined;
  readonly exit: boolean | undefined;
  readonly tamper: boolean | undefined;
  readonly lockPower: boolean | undefined;
}

export const sightOf = (readings: DoorReadings | undefined, nowMs: number): DoorSight => ({
  shut: fresh(readings?.shut, nowMs, doorHeardMs),
  exit: fresh(readings?.exitRequest, nowMs, doorHeardMs),
  tamper: fresh(readings?.tamper, nowMs, doorHeardMs),
  lockPower: fresh(readings?.lockPower, nowMs, doorHeardMs),
});
