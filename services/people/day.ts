/**
 * When a day is over: at midnight, or at the first look after it that knows the date, because the power was out at midnight. A
 * date that goes back by one day is a clock that was put right around midnight and closes nothing; one that goes back further
 * was wrong before. It refuses to begin anywhere by a clock that nobody confirmed, or to leap by one.
 */
import type { Durable } from "../journal/durable.ts";
import type { JournalRecord } from "../journal/records.ts";
import { dayNumber, isSameWeek } from "./calendar.ts";

/** The date at the station, as its clock says. */
export interface Heard {
  readonly date: string;
  /** A time source confirmed the clock. */
  readonly known: boolean;
}

/** How far an unconfirmed clock may have run while nothing ran here. */
const unknownLeapDaysMax = 31;

function isOver(date: string, heard: Heard): boolean {
  const [was, now] = [dayNumber(date), dayNumber(heard.date)];
  if (was === undefined || now === undefined) return false;
  if (now > was) return heard.known || now - was <= unknownLeapDaysMax;
  return heard.known && was - now > 1;
}

/** The next record that the date calls for; undefined when all is written. Ask again after each one. */
export function recordOfDate(durable: Durable, heard: Heard): JournalRecord | undefined {
  const { today, people } = durable;
  const { weekDue } = people;
  if (weekDue !== undefined)
    return { kind: "week-closed", days: people.days.filter(({ date }) => isSameWeek(date, weekDue)) };
  if (dayNumber(heard.date) === undefined) return undefined;
  if (today.date === "") return heard.known ? { kind: "day-begun", date: heard.date } : undefined;
  if (!isOver(today.date, heard)) return undefined;
  return { kind: "day-closed", counts: today, people: people.today, alarms: people.alarms, next: heard.date };
}

/** A day, its week, and the day that follows: no date calls for more. */
export const recordsOfDateMax = 3;
