/** The people served as others see them: the topic, and the events of a day and of a week. Projections of durable state only. */
import type { EventData } from "../contract/event-payloads.ts";
import { alarmRowsMax, type PeoplePayload } from "../contract/people-payload.ts";
import type { Publication } from "../contract/publication.ts";
import { faultCatalogue, isFaultCode } from "../faults.ts";
import type { Durable } from "../journal/durable.ts";
import type { JournalRecord } from "../journal/records.ts";
import { type AlarmCounts, type DayTotals, nobody, servedIn, sumOf } from "./counts.ts";

/** What is worth knowing is no alarm; a code of another version counts as one. */
const isAlarm = (code: string): boolean => !isFaultCode(code) || faultCatalogue[code].severity !== "info";

export function alarmsIn(alarms: AlarmCounts): number {
  return Object.entries(alarms).reduce((sum, [code, times]) => sum + (isAlarm(code) ? times : 0), 0);
}

/** The most frequent first. */
function alarmRows(all: readonly AlarmCounts[]): NonNullable<EventData["alarms"]> {
  const sum = new Map<string, number>();
  for (const [code, times] of all.flatMap((alarms) => Object.entries(alarms)))
    if (isFaultCode(code) && isAlarm(code)) sum.set(code, (sum.get(code) ?? 0) + times);
  const rows = [...sum].map(([code, times]) => ({ code, times }));
  return rows.sort((one, other) => other.times - one.times || (one.code < other.code ? -1 : 1)).slice(0, alarmRowsMax);
}

const dayRow = ({ date, people, alarms }: DayTotals) => ({
  date,
  served: servedIn(people),
  people: { ...people },
  alarms: alarmsIn(alarms),
});

type Counted = Pick<Durable, "today" | "people">;

/** By durable state: it is looked at every few seconds and changes with what is written down. */
const known = new WeakMap<Counted, PeoplePayload>();

export function peopleView(durable: Counted): PeoplePayload {
  const before = known.get(durable);
  if (before !== undefined) return before;
  const view = viewOf(durable);
  known.set(durable, view);
  return view;
}

function viewOf({ today, people }: Counted): PeoplePayload {
  const { days } = people;
  const week = sumOf(days.map((day) => day.people));
  return {
    date: today.date === "" ? null : today.date,
    served: servedIn(people.today),
    today: { ...people.today },
    alarms: alarmsIn(people.alarms),
    week: {
      days: days.length,
      served: servedIn(week),
      people: week,
      alarms: days.reduce((sum, day) => sum + alarmsIn(day.alarms), 0),
    },
  };
}

type Report = Extract<JournalRecord, { kind: "day-closed" | "week-closed" }>;

const report = (type: "day-closed" | "week-closed", data: EventData): Publication => ({
  kind: "report",
  stream: "report",
  type,
  data,
});

export function reportEvent(record: Report): Publication {
  if (record.kind === "day-closed") {
    const { counts, people = nobody, alarms = {} } = record;
    return report("day-closed", {
      ...counts,
      served: servedIn(people),
      people: { ...people },
      alarms: alarmRows([alarms]),
    });
  }
  const { days } = record;
  const people = sumOf(days.map((day) => day.people));
  return report("week-closed", {
    served: servedIn(people),
    people,
    alarms: alarmRows(days.map((day) => day.alarms)),
    days: days.map(dayRow),
  });
}
