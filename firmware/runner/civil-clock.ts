/**
 * The time of day in the station's zone, as its services ask for it. Worked out once a minute: asking the tables of time zones
 * costs more than a scan. It does not judge whether the clock is right.
 */
import type { CivilTime } from "../../services/access/schedule.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;

interface Parts {
  readonly date: string;
  readonly minute: number;
}

function partsIn(format: Intl.DateTimeFormat, wallMs: number): Parts {
  const parts = format.formatToParts(wallMs);
  const part = (wanted: Intl.DateTimeFormatPartTypes): string => parts.find(({ type }) => type === wanted)?.value ?? "";
  return {
    date: `${part("year")}-${part("month")}-${part("day")}`,
    minute: Number(part("hour")) * 60 + Number(part("minute")),
  };
}

/** Calendar arithmetic needs no zone: the day before a date is the day before it everywhere. */
function neighbours(date: string): Pick<CivilTime, "dateBefore" | "weekday"> {
  const noonMs = Date.parse(`${date}T12:00:00Z`);
  // 1970-01-01 was a Thursday; 1 = Monday.
  const weekday = ((Math.floor(noonMs / dayMs) + 3) % 7) + 1;
  return { dateBefore: isoDate(noonMs - dayMs), weekday };
}

const utcDate = new Intl.DateTimeFormat("en-CA", {
  timeZone: "UTC",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
});
const isoDate = (wallMs: number): string => utcDate.format(wallMs);

export function civilClock(timeZone: string): (wallMs: number) => CivilTime {
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  let known: { readonly at: number; readonly civil: CivilTime } | undefined;
  return (wallMs) => {
    const at = Math.floor(wallMs / minuteMs);
    if (known?.at === at) return known.civil;
    const { date, minute } = partsIn(format, wallMs);
    const civil = { date, minute, ...neighbours(date) };
    known = { at, civil };
    return civil;
  };
}
