/** The fold that counts: what was given, from the records that prove it, and which faults were raised. Total, like every fold. */
import type { Durable } from "../journal/durable.ts";
import { completedOutcomes } from "../journal/endings.ts";
import type { JournalRecord } from "../journal/records.ts";
import { isSameWeek } from "./calendar.ts";
import { type AlarmCounts, alarmCodesMax, daysKept, nobody, type PeopleDurable, type PeopleKind } from "./counts.ts";

type DayClosed = Extract<JournalRecord, { kind: "day-closed" }>;

function withOne(was: PeopleDurable, kind: PeopleKind, change: 1 | -1 = 1): PeopleDurable {
  return { ...was, today: { ...was.today, [kind]: Math.max(0, was.today[kind] + change) } };
}

function withAlarm(was: AlarmCounts, code: string): AlarmCounts {
  const times = Object.hasOwn(was, code) ? was[code] : undefined;
  if (times === undefined && Object.keys(was).length >= alarmCodesMax) return was;
  return { ...was, [code]: (times ?? 0) + 1 };
}

function closed(was: PeopleDurable, record: DayClosed): PeopleDurable {
  const { date } = record.counts;
  // An older controller wrote the swaps only; what was counted from its records is the day all the same.
  const day = { date, people: record.people ?? was.today, alarms: record.alarms ?? was.alarms };
  const others = was.days.filter((known) => known.date !== date);
  const days = date === "" ? was.days : [...others, day].slice(-daysKept);
  const endsWeek = record.next !== undefined && !isSameWeek(date, record.next);
  const weekDue = endsWeek ? date : was.weekDue;
  return { today: nobody, alarms: {}, days, ...(weekDue === undefined ? {} : { weekDue }) };
}

/** Which service each record proves; a swap and a drink given back need a closer look. */
const proves = {
  "locker-assigned": "phoneLocker",
  "gift-given": "gift",
  "help-called": "help",
  "rescue-opened": "rescue",
  "fridge-released": "drink",
} as const satisfies Partial<Record<JournalRecord["kind"], PeopleKind>>;

/** `durable` is what was before the record. */
export function foldPeople(durable: Durable, record: JournalRecord): PeopleDurable {
  const was = durable.people;
  switch (record.kind) {
    case "swap-ended":
      return durable.swaps[record.swap] !== undefined && completedOutcomes.has(record.outcome)
        ? withOne(was, "swap")
        : was;
    case "door-grant-ended":
      return record.used ? withOne(was, "entry") : was;
    case "amenity-used":
      return withOne(was, record.use === "hot-water" ? "hotWater" : "outlet");
    case "locker-assigned":
    case "gift-given":
    case "help-called":
    case "rescue-opened":
    case "fridge-released":
      return withOne(was, proves[record.kind]);
    case "gift-kept":
      return withOne(was, "gift", -1);
    case "fridge-not-taken":
      // What is given back of a day that is closed is not taken off this one.
      return durable.today.date === "" || record.date === durable.today.date ? withOne(was, "drink", -1) : was;
    case "fault-raised":
      return { ...was, alarms: withAlarm(was.alarms, record.code) };
    case "day-closed":
      return closed(was, record);
    case "week-closed":
      return withoutWeekDue(was);
    default:
      return was;
  }
}

function withoutWeekDue({ weekDue: _told, ...rest }: PeopleDurable): PeopleDurable {
  return rest;
}
