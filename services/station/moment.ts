/** What only the process knows of the moment of a step: it can be recorded with the event, and so replayed. */
import type { CivilTime } from "../access/schedule.ts";

export interface Moment {
  /** The wall clock is believed. */
  readonly synchronised: boolean;
  /** Station time; undefined while nobody knows it. */
  readonly civil: CivilTime | undefined;
  readonly powered: boolean;
}
