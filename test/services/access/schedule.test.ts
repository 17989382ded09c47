import { describe, expect, test } from "vitest";
import {
  type CivilTime,
  type DoorMode,
  Holiday,
  modeOf,
  scheduledMode,
  WeeklyHours,
} from "../../../services/access/schedule.ts";

const week = [1, 2, 3, 4, 5, 6, 7];
const hours = [
  { days: [1, 2, 3, 4, 5], from: "08:00", to: "18:00", mode: "open" },
  { days: [5], from: "22:00", to: "06:00", mode: "closed" },
].map((entry) => WeeklyHours.parse(entry));
const door = { mode: "members-only", hours } as const;
const holidays = [
  { from: "2026-02-17", to: "2026-02-23", mode: "members-only" },
  { from: "2026-02-28", to: "2026-02-28", asWeekday: 1 },
].map((entry) => Holiday.parse(entry));

/** The civil time of a date in February 2026, which began on a Sunday. */
function at(day: number, time: string): CivilTime {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  const dateOf = (of: number) => `2026-02-${String(of).padStart(2, "0")}`;
  return {
    date: dateOf(day),
    dateBefore: dateOf(day - 1),
    weekday: week[(day + 5) % 7] ?? 1,
    minute: hour * 60 + minute,
  };
}

describe("the hours of a door", () => {
  test.each<[string, number, string, DoorMode]>([
    ["a Monday before the hours", 2, "07:59", "members-only"],
    ["their first minute", 2, "08:00", "open"],
    ["their last minute", 2, "17:59", "open"],
    ["the minute after", 2, "18:00", "members-only"],
    ["a Saturday at noon", 7, "12:00", "members-only"],
    ["a Friday late", 6, "22:00", "closed"],
    ["the night after it, which is a Saturday", 7, "05:59", "closed"],
    ["that Saturday's morning", 7, "06:00", "members-only"],
    ["the night before that Friday", 6, "03:00", "members-only"],
    ["a Tuesday that is a holiday", 17, "12:00", "members-only"],
    ["the last day of the holidays", 23, "12:00", "members-only"],
    ["the day after them", 24, "12:00", "open"],
    ["a Saturday that is worked as a Monday", 28, "12:00", "open"],
    ["the night before it, which was a Friday's", 28, "05:00", "closed"],
  ])("on %s", (_name, day, time, mode) => {
    expect(scheduledMode(door, at(day, time), holidays)).toBe(mode);
  });

  const rules = { holidays, clocklessMode: "members-only" } as const;
  const monday = { civil: at(2, "12:00"), order: undefined, knownMs: 1_000, synchronised: true };
  test.each<[string, Partial<Parameters<typeof modeOf>[1]>, DoorMode]>([
    ["the hours hold", {}, "open"],
    ["nobody knows the time: never open by hours", { civil: undefined }, "members-only"],
    ["the clock is not confirmed: never open by hours", { synchronised: false }, "members-only"],
    ["an order holds until its time", { order: { mode: "closed", until: 1_001 } }, "closed"],
    ["and no longer", { order: { mode: "closed", until: 1_000 } }, "open"],
    ["a lockdown has no end that a clock could bring", { order: { mode: "lockdown", until: 1 } }, "lockdown"],
    [
      "a lockdown holds without a clock",
      { order: { mode: "lockdown", until: 1 }, civil: undefined, synchronised: false },
      "lockdown",
    ],
    [
      "an order with an end is not trusted to a bad clock",
      { order: { mode: "open", until: 9 }, synchronised: false },
      "members-only",
    ],
    ["an order without an end is", { order: { mode: "closed", until: undefined }, synchronised: false }, "closed"],
  ])("%s", (_name, facts, mode) => {
    expect(modeOf(door, { ...monday, ...facts }, rules)).toBe(mode);
  });

  test("a holiday with neither or both of its rules is refused", () => {
    const day = { from: "2026-02-17", to: "2026-02-17" };
    expect(Holiday.safeParse(day).success).toBe(false);
    expect(Holiday.safeParse({ ...day, mode: "open", asWeekday: 1 }).success).toBe(false);
  });
});
