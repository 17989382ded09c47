/**
 * Arithmetic of calendar jobs, pure: when a job runs next, which runs were missed, and whether it may be a calendar job at
 * all. It refuses what the timer library and this arithmetic would understand differently, local times that a clock change
 * skips or repeats, and anything more often than hourly, which is an interval and not a calendar job.
 */
import { Cron } from "croner";

export type CalendarRefusalCode = "expression" | "time-zone" | "too-often" | "never" | "skipped-hour" | "repeated-hour";
export interface CalendarRefusal {
  readonly code: CalendarRefusalCode;
  readonly why: string;
}

const DAY_MS = 86_400_000;
const YEAR_MS = 366 * DAY_MS;

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
}
const FIELDS: readonly Field[] = [
  { name: "minute", min: 0, max: 59 },
  { name: "hour", min: 0, max: 23 },
  { name: "day of month", min: 1, max: 31 },
  { name: "month", min: 1, max: 12 },
  { name: "day of week", min: 0, max: 7 },
];
/** `*`, a number or a range, each but the number with an optional step. Names and L, W, # are refused. */
const PART = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/;

function partIsSound(part: string, { min, max }: Field): boolean {
  const match = PART.exec(part);
  if (match === null) return false;
  const [, first, last, step] = match;
  if (step !== undefined && (Number(step) < 1 || Number(step) > max - min)) return false;
  if (first === undefined) return true;
  if (last === undefined && step !== undefined) return false;
  const from = Number(first);
  const to = Number(last ?? first);
  return from >= min && to <= max && from <= to;
}

function checkExpression(expression: string): CalendarRefusal | undefined {
  const fields = expression.split(" ");
  if (fields.length !== FIELDS.length) {
    return { code: "expression", why: "five fields are needed: minute hour day-of-month month day-of-week" };
  }
  for (const [index, field] of FIELDS.entries()) {
    const text = fields[index] as string;
    if (!text.split(",").every((part) => partIsSound(part, field))) {
      return { code: "expression", why: `${field.name} "${text}" is not *, a number, a range or a list of these` };
    }
  }
  if (!/^\d+$/.test(fields[0] as string)) {
    const why = "a calendar job runs at one minute of the hour; what runs more often is an interval";
    return { code: "too-often", why };
  }
  return undefined;
}

/** Whether a name is an IANA zone that means what it seems to mean. */
export function checkTimeZone(timeZone: string): CalendarRefusal | undefined {
  if (!/^[A-Za-z]/.test(timeZone)) {
    // Node 20 throws on offsets, Node 22 takes them: refused on all.
    return { code: "time-zone", why: `"${timeZone}" is no IANA name like Asia/Shanghai; offsets are refused` };
  }
  if (/^etc\/gmt[+-]/i.test(timeZone)) {
    return {
      code: "time-zone",
      why: `the sign of "${timeZone}" is inverted (Etc/GMT+8 is 8 h behind UTC); name a place`,
    };
  }
  try {
    new Intl.DateTimeFormat("en", { timeZone });
    return undefined;
  } catch {
    return { code: "time-zone", why: `"${timeZone}" is no known time zone` };
  }
}

/** Both day fields must match, as node-cron has it (and as people read them). */
function cron(expression: string, timeZone: string): Cron {
  return new Cron(expression, { timezone: timeZone, domAndDow: true, mode: "5-part" });
}

/** The first run after `afterMs`; undefined when there is none. The job must have passed `checkCalendarJob`. */
export function nextRun(expression: string, timeZone: string, afterMs: number): number | undefined {
  return cron(expression, timeZone).nextRun(new Date(afterMs))?.getTime();
}

/** Runs after `lastRunMs` and up to `nowMs`, oldest first; when there are more than `max`, the newest of them. */
export function missedRuns(job: MissedQuery): number[] {
  const { expression, timeZone, lastRunMs, nowMs, max } = job;
  if (!(lastRunMs < nowMs) || max < 1) return [];
  // The reference itself is left out, and runs fall on whole seconds.
  const runs = cron(expression, timeZone).previousRuns(max, new Date(nowMs + 1_000 - (nowMs % 1_000)));
  return runs
    .map((run) => run.getTime())
    .filter((runMs) => runMs > lastRunMs && runMs <= nowMs)
    .reverse();
}
export interface MissedQuery {
  readonly expression: string;
  readonly timeZone: string;
  readonly lastRunMs: number;
  readonly nowMs: number;
  readonly max: number;
}

/** Local wall time as if it were UTC, minus UTC. */
function offsetMs(format: Intl.DateTimeFormat, atMs: number): number {
  const parts: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  for (const { type, value } of format.formatToParts(new Date(atMs))) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(atMs / 1_000) * 1_000;
}

interface Transition {
  readonly atMs: number;
  readonly beforeMs: number;
  readonly afterMs: number;
}

/** Clock changes of a zone in the year after `fromMs`: days with different offsets, narrowed down by halving. */
function transitions(timeZone: string, fromMs: number): Transition[] {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  const found: Transition[] = [];
  const startMs = Math.floor(fromMs / 60_000) * 60_000;
  let beforeMs = offsetMs(format, startMs);
  for (let dayMs = startMs; dayMs < startMs + YEAR_MS; dayMs += DAY_MS) {
    const afterMs = offsetMs(format, dayMs + DAY_MS);
    if (afterMs !== beforeMs) found.push({ atMs: narrow(format, dayMs, beforeMs), beforeMs, afterMs });
    beforeMs = afterMs;
  }
  return found;
}

/** The first minute of the day at which the offset is no longer `beforeMs`. */
function narrow(format: Intl.DateTimeFormat, dayMs: number, beforeMs: number): number {
  let low = 0;
  let high = DAY_MS / 60_000;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (offsetMs(format, dayMs + middle * 60_000) === beforeMs) low = middle;
    else high = middle;
  }
  return dayMs + high * 60_000;
}

function localText(localMs: number): string {
  return new Date(localMs).toISOString().slice(0, 16).replace("T", " ");
}

/** Why a job must not be run by the calendar of this zone, looking one year ahead of `fromMs`. */
export function checkCalendarJob(expression: string, timeZone: string, fromMs: number): CalendarRefusal | undefined {
  const refusal = checkExpression(expression) ?? checkTimeZone(timeZone);
  if (refusal !== undefined) return refusal;
  // Local times written as UTC, so that the search is by the fields alone.
  const local = cron(expression, "UTC");
  if (local.nextRun(new Date(fromMs)) === null) return { code: "never", why: "no date matches all five fields" };
  for (const { atMs, beforeMs, afterMs } of transitions(timeZone, fromMs)) {
    const skipped = afterMs > beforeMs;
    const startMs = atMs + Math.min(beforeMs, afterMs);
    const endMs = atMs + Math.max(beforeMs, afterMs);
    const runMs = local.nextRun(new Date(startMs - 1_000))?.getTime();
    if (runMs === undefined || runMs >= endMs) continue;
    const what = skipped ? "does not exist" : "comes twice";
    const why = `local time ${localText(runMs)} ${what} in ${timeZone}, because the clock changes; choose another hour`;
    return { code: skipped ? "skipped-hour" : "repeated-hour", why };
  }
  return undefined;
}
