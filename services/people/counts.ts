/**
 * People served, counted by day and by what they were given (服务人次), and never by who: no name, mark or hour stands here, so
 * that nothing can be read from it but how many. It counts only what a record proves; whoever walks through a door that is open
 * to everybody is not seen.
 */
export const peopleKinds = [
  "swap",
  "entry",
  "drink",
  "hotWater",
  "outlet",
  "phoneLocker",
  "gift",
  "help",
  "rescue",
] as const;
export type PeopleKind = (typeof peopleKinds)[number];
export type PeopleCounts = Readonly<Record<PeopleKind, number>>;

/** Faults raised, by code. */
export type AlarmCounts = Readonly<Record<string, number>>;

/** A day that is over. */
export interface DayTotals {
  /** YYYY-MM-DD, station time. */
  readonly date: string;
  readonly people: PeopleCounts;
  readonly alarms: AlarmCounts;
}

export interface PeopleDurable {
  readonly today: PeopleCounts;
  readonly alarms: AlarmCounts;
  /** The last seven that were closed, oldest first. */
  readonly days: readonly DayTotals[];
  /** The last day of a week whose summary is not written yet. */
  readonly weekDue?: string;
}

export const nobody: PeopleCounts = {
  swap: 0,
  entry: 0,
  drink: 0,
  hotWater: 0,
  outlet: 0,
  phoneLocker: 0,
  gift: 0,
  help: 0,
  rescue: 0,
};

export const emptyPeople: PeopleDurable = { today: nobody, alarms: {}, days: [] };

export const daysKept = 7;
/** As many codes as a catalogue may have; what a newer controller invents beyond it is not counted. */
export const alarmCodesMax = 200;

export function sumOf(all: readonly PeopleCounts[]): PeopleCounts {
  const sum: Record<PeopleKind, number> = { ...nobody };
  for (const counts of all) for (const kind of peopleKinds) sum[kind] += counts[kind];
  return sum;
}

/** 服务人次: whoever came in, swapped and took a drink was served three times. */
export const servedIn = (counts: PeopleCounts): number => peopleKinds.reduce((sum, kind) => sum + counts[kind], 0);
