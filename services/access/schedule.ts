/**
 * Which mode a door is in at a moment of the station's own civil time. The time is handed in as date, weekday and minute, so
 * that no zone and no daylight saving is computed here. Hours that end before they begin go on after midnight.
 */
import { z } from "zod";

export const doorModes = ["open", "members-only", "closed", "lockdown"] as const;
export const DoorMode = z.literal(doorModes).meta({
  description:
    "`open`: anybody; `members-only`: whoever has a credential; `closed`: staff only; `lockdown`: nobody. Leaving is possible in every one.",
});
export type DoorMode = z.output<typeof DoorMode>;

const minuteOf = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/)
  .meta({ description: "Time of day, HH:MM." });

export const WeeklyHours = z
  .strictObject({
    days: z
      .array(z.int().min(1).max(7))
      .min(1)
      .max(7)
      .meta({ description: "Days on which they begin: 1 = Monday to 7 = Sunday (ISO 8601)." }),
    from: minuteOf,
    to: minuteOf,
    mode: DoorMode,
  })
  .meta({ description: "Hours of a week in which a mode holds." });
export type WeeklyHours = z.output<typeof WeeklyHours>;

const date = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .meta({ description: "Date, YYYY-MM-DD." });

export const Holiday = z
  .strictObject({
    from: date,
    to: date,
    mode: DoorMode.optional().meta({ description: "Mode of the whole days." }),
    asWeekday: z.int().min(1).max(7).optional().meta({
      description: "The hours of this weekday instead: days of work that were moved to a weekend.",
    }),
  })
  .refine(({ mode, asWeekday }) => (mode === undefined) !== (asWeekday === undefined), {
    message: "a holiday has either a mode or the hours of a weekday",
    params: { zh: "节假日要么有 mode，要么有 asWeekday" },
  })
  .meta({ description: "Days on which other hours hold, first and last day included." });
export type Holiday = z.output<typeof Holiday>;

/** A moment as the station's clock on the wall shows it. */
export interface CivilTime {
  /** YYYY-MM-DD. */
  readonly date: string;
  /** The day before, for hours that began then. */
  readonly dateBefore: string;
  /** 1 = Monday to 7 = Sunday. */
  readonly weekday: number;
  /** 0 to 1439. */
  readonly minute: number;
}

const minutes = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));

export interface DoorHours {
  readonly mode: DoorMode;
  readonly hours: readonly WeeklyHours[];
}

/** The weekday whose hours hold on a date, or the mode of the whole day. */
function dayRule(day: string, weekday: number, holidays: readonly Holiday[]): number | DoorMode {
  const holiday = holidays.find(({ from, to }) => from <= day && day <= to);
  return holiday?.mode ?? holiday?.asWeekday ?? weekday;
}

export function scheduledMode(door: DoorHours, civil: CivilTime, holidays: readonly Holiday[]): DoorMode {
  const { minute, weekday } = civil;
  const today = dayRule(civil.date, weekday, holidays);
  if (typeof today === "string") return today;
  const before = dayRule(civil.dateBefore, weekday === 1 ? 7 : weekday - 1, holidays);
  const found = door.hours.find(({ days, from, to }) => {
    const [begin, end] = [minutes(from), minutes(to)];
    const begunToday = days.includes(today) && minute >= begin && (minute < end || end <= begin);
    const begunBefore = typeof before === "number" && days.includes(before) && end <= begin && minute < end;
    return begunToday || begunBefore;
  });
  return found?.mode ?? door.mode;
}

/** What an operator ordered for a door, until then. */
export interface ModeOrder {
  readonly mode: DoorMode;
  /** Wall ms; undefined holds until it is lifted. */
  readonly until: number | undefined;
}

export interface ModeFacts {
  readonly civil: CivilTime | undefined;
  readonly order: ModeOrder | undefined;
  /** What the station knows of wall time. */
  readonly knownMs: number;
  readonly synchronised: boolean;
}

/** A lockdown ends by an order only: a clock that jumps must not lift it. */
export function modeOf(
  door: DoorHours,
  facts: ModeFacts,
  rules: { readonly holidays: readonly Holiday[]; readonly clocklessMode: DoorMode },
): DoorMode {
  const { order, civil } = facts;
  if (order?.mode === "lockdown") return "lockdown";
  const clockless = civil === undefined || !facts.synchronised;
  if (order !== undefined && (order.until === undefined || (!clockless && facts.knownMs < order.until)))
    return order.mode;
  return clockless ? rules.clocklessMode : scheduledMode(door, civil, rules.holidays);
}
