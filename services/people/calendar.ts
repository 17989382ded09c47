/** Dates as days in a row, and weeks from Monday to Sunday (ISO 8601), by arithmetic: no zone and no clock stands here. */
import { msFromIso } from "../contract/iso-time.ts";

const dayMs = 86_400_000;

/** Days since 1970-01-01; undefined where it is no date. */
export function dayNumber(date: string): number | undefined {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(date) ? msFromIso(`${date}T00:00:00Z`) : undefined;
  return ms === undefined ? undefined : Math.round(ms / dayMs);
}

/** Weeks since the one that began on Monday, 1969-12-29. */
export const weekNumber = (day: number): number => Math.floor((day + 3) / 7);

export function isSameWeek(one: string, other: string): boolean {
  const [first, second] = [dayNumber(one), dayNumber(other)];
  return first !== undefined && second !== undefined && weekNumber(first) === weekNumber(second);
}
