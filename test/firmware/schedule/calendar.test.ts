import fc from "fast-check";
import { validate } from "node-cron";
import { describe, expect, test } from "vitest";
import { checkCalendarJob, checkTimeZone, missedRuns, nextRun } from "../../../firmware/schedule/calendar.ts";

const FROM = Date.UTC(2026, 0, 1);

describe("which jobs may be calendar jobs", () => {
  test.each([
    ["0 0 * * *", "Asia/Shanghai"],
    ["30 3 * * *", "Asia/Shanghai"],
    ["0 * * * *", "Asia/Shanghai"],
    ["30 2 * * *", "Asia/Shanghai"],
    ["0 0 * * *", "Europe/Berlin"],
    ["0 3 * * *", "Europe/Berlin"],
    ["59 1 * * *", "Europe/Berlin"],
    ["30 2 * * 1-5", "Europe/Berlin"],
    ["30 2 1,15 * *", "America/New_York"],
    ["0 4,16 1-7 */3 1", "Europe/Berlin"],
    ["0 12 29 2 *", "UTC"],
  ])("%s in %s is allowed", (expression, zone) => {
    expect(checkCalendarJob(expression, zone, FROM)).toBeUndefined();
  });

  test.each([
    ["30 2 * * *", "Europe/Berlin", "skipped-hour", "2026-03-29 02:30"],
    ["30 2 * * *", "America/New_York", "skipped-hour", "2026-03-08 02:30"],
    ["30 1 * * *", "Europe/London", "skipped-hour", "2026-03-29 01:30"],
    ["0 2 25 10 *", "Europe/Berlin", "repeated-hour", "2026-10-25 02:00"],
    ["0 * * * *", "Europe/Berlin", "skipped-hour", "2026-03-29 02:00"],
    ["0 */2 * * *", "Europe/Berlin", "skipped-hour", "2026-03-29 02:00"],
    // A zone whose clock changes at midnight: closing the day there is not a calendar job.
    ["0 0 * * *", "America/Santiago", "skipped-hour", "2026-09-06 00:00"],
    // A change of half an hour.
    ["45 1 5 4 *", "Australia/Lord_Howe", "repeated-hour", "2026-04-05 01:45"],
    ["0 0 31 2 *", "Asia/Shanghai", "never", "no date"],
    ["*/15 * * * *", "Asia/Shanghai", "too-often", "interval"],
    ["15,45 2 * * *", "Asia/Shanghai", "too-often", "interval"],
    ["* * * * *", "Asia/Shanghai", "too-often", "interval"],
    ["0 0 * *", "Asia/Shanghai", "expression", "five fields"],
    ["0 0 0 * * *", "Asia/Shanghai", "expression", "five fields"],
    ["60 0 * * *", "Asia/Shanghai", "expression", "minute"],
    ["0 24 * * *", "Asia/Shanghai", "expression", "hour"],
    ["0 0 0 * *", "Asia/Shanghai", "expression", "day of month"],
    ["0 0 * 13 *", "Asia/Shanghai", "expression", "month"],
    ["0 0 * * 8", "Asia/Shanghai", "expression", "day of week"],
    ["0 22-2 * * *", "Asia/Shanghai", "expression", "hour"],
    ["0 0 L * *", "Asia/Shanghai", "expression", "day of month"],
    ["0 0 * * MON", "Asia/Shanghai", "expression", "day of week"],
    ["@daily", "Asia/Shanghai", "expression", "five fields"],
    ["", "Asia/Shanghai", "expression", "five fields"],
    ["0 0 * * *", "Asia/Shanghia", "time-zone", "no known time zone"],
    ["0 0 * * *", "", "time-zone", "IANA"],
    ["0 0 * * *", "+08:00", "time-zone", "offsets are refused"],
    ["0 0 * * *", "Etc/GMT+8", "time-zone", "inverted"],
  ])("%s in %s is refused as %s, and says %s", (expression, zone, code, why) => {
    expect(checkCalendarJob(expression, zone, FROM)).toEqual({ code, why: expect.stringContaining(why) });
  });

  test("a clock change more than a year ahead does not count, one within the year does", () => {
    const afterTheChange = Date.UTC(2026, 2, 29, 1, 0);
    expect(checkCalendarJob("30 2 29 3 *", "Europe/Berlin", afterTheChange - 60_000)?.code).toBe("skipped-hour");
    expect(checkCalendarJob("30 2 29 3 *", "Europe/Berlin", afterTheChange)).toBeUndefined();
  });

  test("names that are only another spelling of a zone are taken", () => {
    expect([checkTimeZone("PRC"), checkTimeZone("asia/shanghai"), checkTimeZone("UTC")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test("whatever is allowed here, the timer library of the real process takes as well", () => {
    const field = (min: number, max: number) => {
      const number = fc.integer({ min, max });
      const range = fc.tuple(number, number).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
      const step = fc.integer({ min: 1, max: max - min });
      const part = fc.oneof(
        fc.constant("*"),
        number.map(String),
        range,
        step.map((by) => `*/${by}`),
        fc.tuple(range, step).map(([of, by]) => `${of}/${by}`),
      );
      return fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(","));
    };
    const minute = fc.integer({ min: 0, max: 59 }).map(String);
    const expression = fc
      .tuple(minute, field(0, 23), field(1, 31), field(1, 12), field(0, 7))
      .map((all) => all.join(" "));
    fc.assert(
      fc.property(expression, (text) => {
        const refusal = checkCalendarJob(text, "Asia/Shanghai", FROM);
        expect(refusal === undefined || refusal.code === "never").toBe(true);
        if (refusal === undefined) expect(validate(text)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test("no text at all makes the check throw", () => {
    const word = fc.stringMatching(/^[0-9*,/ LW#?A-Z-]{0,20}$/);
    fc.assert(
      fc.property(fc.oneof(word, fc.string()), (text) => {
        checkCalendarJob(text, "Asia/Shanghai", FROM);
      }),
      { numRuns: 500 },
    );
  });
});

describe("next and missed runs", () => {
  const daily = { expression: "0 0 * * *", timeZone: "Asia/Shanghai" };
  const midnight = (day: number): number => Date.UTC(2026, 0, day - 1, 16);

  test("midnight in Shanghai is 16:00 UTC of the day before", () => {
    expect(nextRun(daily.expression, daily.timeZone, midnight(5) - 1)).toBe(midnight(5));
    expect(nextRun(daily.expression, daily.timeZone, midnight(5))).toBe(midnight(6));
  });

  test.each([
    ["nothing was missed", midnight(5), midnight(6) - 1, []],
    ["the run is due in this very millisecond", midnight(5), midnight(6), [midnight(6)]],
    ["one was missed", midnight(5), midnight(6) + 1, [midnight(6)]],
    ["several were missed, oldest first", midnight(5), midnight(8) + 999, [midnight(6), midnight(7), midnight(8)]],
    [
      "more than may be caught up: the newest are kept",
      midnight(5),
      midnight(20),
      [midnight(18), midnight(19), midnight(20)],
    ],
    ["the clock went back", midnight(5), midnight(4), []],
    ["the job never ran and nobody knows since when", Number.NaN, midnight(4), []],
  ])("%s", (_, lastRunMs, nowMs, expected) => {
    expect(missedRuns({ ...daily, lastRunMs, nowMs, max: 3 })).toEqual(expected);
  });

  test("missed runs are exactly the next runs between the last one and now", () => {
    const expression = fc.constantFrom("0 0 * * *", "15 8,20 * * *", "0 4 1-7 * 1", "30 * * * 6", "5 0 29 2 *");
    const timeZone = fc.constantFrom("Asia/Shanghai", "Europe/Berlin", "UTC", "Asia/Kathmandu");
    const atMs = fc.integer({ min: FROM, max: FROM + 400 * 86_400_000 });
    const query = fc.tuple(expression, timeZone, atMs, fc.integer({ min: 0, max: 20 * 86_400_000 }));
    fc.assert(
      fc.property(query, ([text, zone, lastRunMs, spanMs]) => {
        fc.pre(checkCalendarJob(text, zone, lastRunMs) === undefined);
        const nowMs = lastRunMs + spanMs;
        const forward: number[] = [];
        for (
          let run = nextRun(text, zone, lastRunMs);
          run !== undefined && run <= nowMs;
          run = nextRun(text, zone, run)
        ) {
          forward.push(run);
        }
        const missed = missedRuns({ expression: text, timeZone: zone, lastRunMs, nowMs, max: 5 });
        expect(missed).toEqual(forward.slice(-5));
      }),
      { numRuns: 100 },
    );
  });
});
