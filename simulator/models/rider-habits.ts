/** How long people take, how often they err, and when they come. Guesses in the range of what vendors publish. */
import type { Mistake } from "../visit-types.ts";

/** Probability per visit. Together about one visit in twelve. */
export const DEFAULT_MISTAKES: Readonly<Record<Mistake, number>> = {
  "shut-on-nothing": 0.01,
  "forgets-plug": 0.02,
  "foreign-object": 0.003,
  "leaves-door-open": 0.01,
  "takes-nothing": 0.005,
  "abandons-before-insert": 0.005,
  "abandons-after-deposit": 0.003,
  "scans-twice": 0.015,
  "scans-out-of-turn": 0.005,
  "unknown-code": 0.005,
  "full-pack": 0.004,
  "other-pack": 0.004,
};

/** Seconds, from and to. */
export const HABITS = {
  toScanner: [2, 6],
  react: [0.8, 2.5],
  insert: [1, 4],
  plug: [1, 3],
  shut: [0.8, 2],
  take: [1.5, 4],
  tidyDoor: [1, 2.5],
  scanTwice: [0.5, 2],
  scanAtOnce: [0, 0.4],
  scanAgainWhenBusy: [10, 20],
  toNextCabinet: [5, 12],
  stepForward: [3, 8],
  returnAfter: [600, 3_600],
} as const;

export const PATIENCE = {
  /** Nothing answers a scan: scan again, so many times. */
  answerMs: 15_000,
  scans: 3,
  /** Told to scan again soon, so many times. */
  laterTries: 12,
  /** Nothing moves after a door was shut. */
  doorMs: 45_000,
  /** Whatever happens, a visit ends. */
  visitMs: 600_000,
  queueMs: 900_000,
  cabinets: 2,
  /** Times a rider comes back for an owed pack. */
  returns: 8,
} as const;

/** Share of a day's visits by local hour: lunch from 11 to 13, dinner from 17 to 20, some at any hour. */
const HOURS = [10, 6, 4, 4, 4, 8, 16, 26, 34, 40, 46, 62, 60, 46, 38, 36, 44, 60, 66, 60, 48, 36, 26, 18] as const;
const HOURS_SUM = HOURS.reduce((sum, share) => sum + share, 0);
const HOURS_MAX = Math.max(...HOURS);

const HOUR_MS = 3_600_000;

/** Visits per ms at a local time, for a mean of `perDay`. */
export function visitRate(localMs: number, perDay: number): number {
  const hour = ((Math.floor(localMs / HOUR_MS) % 24) + 24) % 24;
  return ((HOURS[hour] as number) / HOURS_SUM) * (perDay / HOUR_MS);
}

export function visitRateMax(perDay: number): number {
  return (HOURS_MAX / HOURS_SUM) * (perDay / HOUR_MS);
}
