/** What the calendar leaves in the log beside the day's report: which day it is, and what a week came to. */
import type { DayTotals } from "./counts.ts";

export type PeopleRecord =
  /** The date is known for the first time, or anew: what is counted from here belongs to it. */
  | { readonly kind: "day-begun"; readonly date: string }
  /** Monday to Sunday is over; the days of it that were closed, oldest first. */
  | { readonly kind: "week-closed"; readonly days: readonly DayTotals[] };
