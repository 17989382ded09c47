import { describe, expect, test } from "vitest";
import { emptyDurable } from "../../../services/journal/durable.ts";
import type { JournalRecord } from "../../../services/journal/records.ts";
import { dayNumber, isSameWeek } from "../../../services/people/calendar.ts";
import { recordOfDate } from "../../../services/people/day.ts";
import { dayAfter, midnight } from "../../support/midnight.ts";
import { StationBench } from "../../support/station-bench.ts";

const on = (date: string) => ({ ...emptyDurable, today: { ...emptyDurable.today, date } });

/** What a station of this date writes when it hears of that one. */
const rows: readonly (readonly [string, string, { date: string; known: boolean }, string])[] = [
  [
    "a station that never knew the date begins where a confirmed clock says",
    "",
    { date: "2026-01-31", known: true },
    "begun",
  ],
  ["it begins nowhere by a clock that nobody confirmed", "", { date: "1970-01-01", known: false }, "nothing"],
  ["the same date is no news", "2026-01-31", { date: "2026-01-31", known: true }, "nothing"],
  ["midnight closes the day", "2026-01-31", { date: "2026-02-01", known: true }, "closed"],
  ["midnight closes the day without a network too", "2026-01-31", { date: "2026-02-01", known: false }, "closed"],
  [
    "a start after three days without power closes the day that was left open",
    "2026-01-31",
    { date: "2026-02-03", known: true },
    "closed",
  ],
  ["a clock put back over midnight closes nothing again", "2026-02-01", { date: "2026-01-31", known: true }, "nothing"],
  [
    "a clock that ran years ahead unconfirmed is not followed",
    "2026-01-31",
    { date: "2099-01-01", known: false },
    "nothing",
  ],
  ["nor one that fell back to its maker's date", "2026-01-31", { date: "1970-01-01", known: false }, "nothing"],
  [
    "a date that was wrong is left when the clock is confirmed",
    "2099-01-01",
    { date: "2026-02-01", known: true },
    "closed",
  ],
  ["what is no date is not heard", "2026-01-31", { date: "2026-02-30", known: true }, "nothing"],
  ["nor any other text", "2026-01-31", { date: "tomorrow", known: true }, "nothing"],
];

describe("the date at the station", () => {
  test.each(rows)("%s", (_what, was, heard, does) => {
    const record = recordOfDate(on(was), heard);
    expect(record?.kind ?? "nothing").toBe(does === "nothing" ? "nothing" : `day-${does}`);
    if (record?.kind === "day-closed") expect([record.counts.date, record.next]).toEqual([was, heard.date]);
  });
});

const reports = (bench: StationBench): string[] =>
  bench.records
    .filter((record): record is Extract<JournalRecord, { kind: "day-closed" | "week-closed" }> =>
      ["day-closed", "week-closed"].includes(record.kind),
    )
    .map((record) =>
      record.kind === "day-closed" ? record.counts.date : record.days.map(({ date }) => date).join(" "),
    );

describe("a week", () => {
  test("runs from Monday to Sunday, over the ends of months and years", () => {
    expect(isSameWeek("2026-01-26", "2026-02-01")).toBe(true);
    expect(isSameWeek("2026-02-01", "2026-02-02")).toBe(false);
    expect(isSameWeek("2025-12-29", "2026-01-04")).toBe(true);
    expect(isSameWeek("2026-01-04", "2026-01-05")).toBe(false);
    expect(dayNumber("2026-02-30")).toBeUndefined();
  });

  test("is summed up at the midnight to Monday, once, after the Sunday in it", () => {
    const bench = new StationBench();
    for (let day = 0; day < 9; day++) midnight(bench, "2026-01-26");
    expect(reports(bench)).toEqual([
      "2026-01-26",
      "2026-01-27",
      "2026-01-28",
      "2026-01-29",
      "2026-01-30",
      "2026-01-31",
      "2026-02-01",
      "2026-01-26 2026-01-27 2026-01-28 2026-01-29 2026-01-30 2026-01-31 2026-02-01",
      "2026-02-02",
      "2026-02-03",
    ]);
  });

  test("that ended while the power was out is summed up at the next start, with the days that there were", () => {
    const bench = new StationBench();
    midnight(bench, "2026-01-29");
    bench.restart();
    bench.step({ type: "date", date: "2026-02-03", known: true });
    expect(reports(bench)).toEqual(["2026-01-29", "2026-01-30", "2026-01-29 2026-01-30"]);
    bench.restart();
    bench.step({ type: "date", date: "2026-02-03", known: true });
    expect(reports(bench)).toHaveLength(3);
  });
});

test("the day after the last of February is the first of March, three years in four", () => {
  expect([dayAfter("2026-02-28"), dayAfter("2028-02-28")]).toEqual(["2026-03-01", "2028-02-29"]);
});
