/**
 * ISO 8601 in UTC ↔ milliseconds since 1970, by arithmetic alone, because services read no clock and hold no `Date`. It
 * refuses local times: a stamp without `Z` or an offset is not a moment. Days are counted on the proleptic Gregorian
 * calendar in 400-year eras that start on 1 March (after Howard Hinnant, "chrono-compatible low-level date algorithms").
 */
const MS_PER_DAY = 86_400_000;
const DAYS_PER_ERA = 146_097;
const DAYS_TO_1970 = 719_468;

/** Days since 1970-01-01 of a civil date. */
function daysFromCivil(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * DAYS_PER_ERA + dayOfEra - DAYS_TO_1970;
}

function civilFromDays(days: number): { year: number; month: number; day: number } {
  const shifted = days + DAYS_TO_1970;
  const era = Math.floor(shifted / DAYS_PER_ERA);
  const dayOfEra = shifted - era * DAYS_PER_ERA;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

const pad = (value: number, width: number): string => String(value).padStart(width, "0");

/** `2026-01-31T05:06:07.890Z`. Fractions of a millisecond are cut off; years outside 0–9999 are clamped. */
export function isoFromMs(wallMs: number): string {
  const ms = Math.min(Math.max(Math.floor(wallMs), -62_167_219_200_000), 253_402_300_799_999);
  const days = Math.floor(ms / MS_PER_DAY);
  const inDay = ms - days * MS_PER_DAY;
  const { year, month, day } = civilFromDays(days);
  const clock = `${pad(Math.floor(inDay / 3_600_000), 2)}:${pad(Math.floor(inDay / 60_000) % 60, 2)}`;
  const seconds = `${pad(Math.floor(inDay / 1_000) % 60, 2)}.${pad(inDay % 1_000, 3)}`;
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}T${clock}:${seconds}Z`;
}

const ISO = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:Z|([+-])(\d{2}):(\d{2}))$/;

/** Milliseconds since 1970 of a stamp with `Z` or an offset; undefined when it is not one, or names no real date. */
export function msFromIso(text: string): number | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const part = (index: number): number => Number(match[index] ?? 0);
  const days = daysFromCivil(part(1), part(2), part(3));
  const civil = civilFromDays(days);
  if (civil.month !== part(2) || civil.day !== part(3)) return undefined;
  if (part(4) > 23 || part(5) > 59 || part(6) > 59 || part(9) > 23 || part(10) > 59) return undefined;
  const millis = Number((match[7] ?? "").padEnd(3, "0").slice(0, 3));
  const offsetMs = (match[8] === "-" ? -1 : 1) * (part(9) * 60 + part(10)) * 60_000;
  return days * MS_PER_DAY + part(4) * 3_600_000 + part(5) * 60_000 + part(6) * 1_000 + millis - offsetMs;
}
