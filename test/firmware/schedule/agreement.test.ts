/**
 * Two schedules, one meaning: what node-cron runs in the real process and what the simulator's virtual clock runs must be
 * the same times. It holds for the jobs the configuration check lets through; the last tests show that each of its three
 * conditions is needed, because the libraries differ outside them.
 */
import { Cron } from "croner";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { nodeClock } from "../../../firmware/platform/node-clock.ts";
import { checkCalendarJob } from "../../../firmware/schedule/calendar.ts";
import { nodeCronSchedule } from "../../../firmware/schedule/node-cron-schedule.ts";
import type { Schedule } from "../../../hal/ports/schedule.ts";
import { createVirtualClock } from "../../../simulator/clock.ts";
import { cronerSchedule } from "../../../simulator/schedule.ts";

/** Half past, so that no run falls on the very first or last instant. */
const YEAR = Date.UTC(2026, 0, 1, 0, 30);
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Runs of each expression, as `due punctuality`. */
type Runs = Record<string, string[]>;

function addAll(schedule: Schedule, timeZone: string, expressions: readonly string[]): Runs {
  const runs: Runs = {};
  for (const expression of expressions) {
    const list: string[] = [];
    runs[expression] = list;
    schedule.add({ name: expression, expression, timeZone }, (dueMs, punctuality) => {
      list.push(`${new Date(dueMs).toISOString()} ${punctuality}`);
    });
  }
  return runs;
}

/** node-cron on faked host timers: each timer, then whatever promises it left. */
async function passRealTime(untilMs: number): Promise<void> {
  for (;;) {
    const before = vi.getTimerCount();
    if (before === 0) throw new Error("the schedule went to sleep for good");
    const nowMs = Date.now();
    if (nowMs >= untilMs) return;
    vi.advanceTimersToNextTimer();
    if (Date.now() > untilMs) return;
    for (let turn = 0; turn < 12; turn++) await Promise.resolve();
  }
}

async function realRuns(
  timeZone: string,
  expressions: readonly string[],
  fromMs: number,
  untilMs: number,
): Promise<Runs> {
  vi.setSystemTime(fromMs);
  // Nothing jumps here, so the look-out for jumps is kept out of the way: it would be a million turns.
  const schedule = nodeCronSchedule({ clock: nodeClock(), checkMs: 30 * DAY_MS });
  const runs = addAll(schedule, timeZone, expressions);
  // One more job, so that there is always a timer that ends the wait exactly.
  setTimeout(() => undefined, untilMs - fromMs);
  await passRealTime(untilMs);
  schedule.close();
  return runs;
}

function simulatedRuns(timeZone: string, expressions: readonly string[], fromMs: number, untilMs: number): Runs {
  const clock = createVirtualClock({ wallStartMs: fromMs });
  const schedule = cronerSchedule(clock);
  const runs = addAll(schedule, timeZone, expressions);
  clock.runUntil(untilMs - fromMs);
  schedule.close();
  return runs;
}

describe("the schedules of the real process and of the simulator", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test.each([
    [
      "Asia/Shanghai",
      ["0 0 * * *", "30 3 * * *", "0 8,20 * * *", "0 0 15 * 5", "45 23 * * 0", "15 2 */10 * *", "0 9 31 1,6,12 *"],
    ],
    // 00:00, 03:00 and 01:59 lie right beside the hours that are skipped and repeated there.
    ["Europe/Berlin", ["0 0 * * *", "0 3 * * *", "59 1 * * *", "0 4,16 * * 7", "30 2 1-5 * *", "0 12 * */2 1-5/2"]],
    ["America/New_York", ["0 3 * * *", "30 0 * 3,11 *"]],
  ])(
    "run the same jobs at the same times all year in %s",
    async (timeZone, expressions) => {
      for (const expression of expressions) expect(checkCalendarJob(expression, timeZone, YEAR)).toBeUndefined();
      const real = await realRuns(timeZone, expressions, YEAR, YEAR + 365 * DAY_MS);
      const simulated = simulatedRuns(timeZone, expressions, YEAR, YEAR + 365 * DAY_MS);
      for (const expression of expressions) expect(simulated[expression], expression).toEqual(real[expression]);
      expect(Object.values(real).flat().length).toBeGreaterThan(365);
    },
    60_000,
  );

  test("run an hourly job at the same times all year in Shanghai", async () => {
    const real = await realRuns("Asia/Shanghai", ["0 * * * *"], YEAR, YEAR + 365 * DAY_MS);
    expect(real["0 * * * *"]).toHaveLength(365 * 24);
    expect(simulatedRuns("Asia/Shanghai", ["0 * * * *"], YEAR, YEAR + 365 * DAY_MS)).toEqual(real);
  }, 60_000);

  const NOON = Date.UTC(2026, 4, 5, 4);
  const midnight = (days: number): string => new Date(NOON + (12 + 24 * days) * HOUR_MS).toISOString();
  test.each([
    ["ten hours forward: the next midnight is on time, not ten hours late", 10, 3, [`${midnight(0)} on-time`]],
    ["thirteen hours forward, over midnight: it is told as missed", 13, 3, [`${midnight(0)} missed`]],
    ["four days forward: one word for all that was missed, with the newest", 96, 3, [`${midnight(3)} missed`]],
    ["three hours back: midnight comes when the clock says so", -3, 16, [`${midnight(0)} on-time`]],
    ["forward and on: nothing is lost or run twice", 13, 30, [`${midnight(0)} missed`, `${midnight(1)} on-time`]],
  ])("a clock set %s", async (_, jumpHours, hoursAfter, expected) => {
    const expressions = ["0 0 * * *"];
    vi.setSystemTime(NOON);
    const schedule = nodeCronSchedule({ clock: nodeClock(), checkMs: 30_000 });
    const real = addAll(schedule, "Asia/Shanghai", expressions);
    await passRealTime(NOON + HOUR_MS);
    vi.setSystemTime(NOON + (1 + jumpHours) * HOUR_MS);
    await passRealTime(NOON + (1 + jumpHours + hoursAfter) * HOUR_MS);
    schedule.close();

    const clock = createVirtualClock({ wallStartMs: NOON });
    const simulated = addAll(cronerSchedule(clock), "Asia/Shanghai", expressions);
    clock.runUntil(HOUR_MS);
    clock.jumpWall(jumpHours * HOUR_MS);
    clock.runUntil((1 + hoursAfter) * HOUR_MS);
    expect([real, simulated]).toEqual([{ "0 0 * * *": expected }, { "0 0 * * *": expected }]);
  });

  test("a clock set back over midnight runs the day's job once, set back by a week it starts afresh", async () => {
    const expressions = ["0 0 * * *"];
    vi.setSystemTime(NOON);
    const schedule = nodeCronSchedule({ clock: nodeClock(), checkMs: 30_000 });
    const real = addAll(schedule, "Asia/Shanghai", expressions);
    await passRealTime(NOON + 13 * HOUR_MS);
    vi.setSystemTime(NOON + 11 * HOUR_MS);
    await passRealTime(NOON + 14 * HOUR_MS);
    vi.setSystemTime(NOON + (14 - 7 * 24) * HOUR_MS);
    await passRealTime(NOON + (37 - 7 * 24) * HOUR_MS);
    schedule.close();

    const clock = createVirtualClock({ wallStartMs: NOON });
    const simulated = addAll(cronerSchedule(clock), "Asia/Shanghai", expressions);
    clock.runUntil(13 * HOUR_MS);
    clock.jumpWall(-2 * HOUR_MS);
    clock.runUntil(16 * HOUR_MS);
    clock.jumpWall(-7 * DAY_MS);
    clock.runUntil(39 * HOUR_MS);
    const expected = { "0 0 * * *": [`${midnight(0)} on-time`, `${midnight(-6)} on-time`] };
    expect([real, simulated]).toEqual([expected, expected]);
  });

  test("a cancelled job runs no more, and a closed schedule leaves no timer behind", async () => {
    vi.setSystemTime(NOON);
    const schedule = nodeCronSchedule({ clock: nodeClock() });
    const told: string[] = [];
    const job = { name: "close the day", expression: "0 0 * * *", timeZone: "Asia/Shanghai" };
    const cancel = schedule.add(job, () => told.push("cancelled"));
    schedule.add(job, () => told.push("kept"));
    cancel();
    await passRealTime(NOON + 13 * HOUR_MS);
    expect(told).toEqual(["kept"]);
    schedule.close();
    expect(vi.getTimerCount()).toBe(0);

    const clock = createVirtualClock({ wallStartMs: NOON });
    const simulated = cronerSchedule(clock);
    simulated.add(job, () => told.push("simulated"))();
    simulated.add(job, () => told.push("simulated"));
    simulated.close();
    expect(clock.pending()).toBe(0);
  });

  test("a job that throws is a bug that reaches the process, and is not swallowed by the library", async () => {
    vi.setSystemTime(NOON);
    const schedule = nodeCronSchedule({ clock: nodeClock() });
    schedule.add({ name: "bug", expression: "0 0 * * *", timeZone: "Asia/Shanghai" }, () => {
      throw new Error("a bug in the job");
    });
    await expect(passRealTime(NOON + 13 * HOUR_MS)).rejects.toThrow("a bug in the job");
    schedule.close();
  });

  test("an unknown zone is thrown when the job is added, because the check should have refused it", () => {
    const schedule = nodeCronSchedule({ clock: nodeClock() });
    const job = { name: "x", expression: "0 0 * * *", timeZone: "Asia/Shanghia" };
    expect(() => schedule.add(job, () => undefined)).toThrow();
  });

  describe("differ, and the check refuses the job,", () => {
    const SPRING = Date.UTC(2026, 2, 28, 12);
    const AUTUMN = Date.UTC(2026, 9, 24, 12);
    test.each([
      ["when a daily job falls into the skipped hour", "30 2 * * *", SPRING, "skipped-hour"],
      ["when a daily job falls into the repeated hour", "30 2 * * *", AUTUMN, "repeated-hour"],
      ["when an hourly job meets the repeated hour", "0 * * * *", AUTUMN, "repeated-hour"],
      ["when a job of every quarter of an hour meets the repeated hour", "*/15 * * * *", AUTUMN, "too-often"],
    ])("%s", async (_, expression, fromMs, code) => {
      expect(checkCalendarJob(expression, "Europe/Berlin", fromMs)?.code).toBe(code);
      const real = await realRuns("Europe/Berlin", [expression], fromMs, fromMs + DAY_MS);
      expect(simulatedRuns("Europe/Berlin", [expression], fromMs, fromMs + DAY_MS)).not.toEqual(real);
    });
  });
});

test("croner needs to be told that both day fields must match, as node-cron has it", () => {
  const from = new Date(YEAR);
  const both = new Cron("0 0 15 * 5", { timezone: "Asia/Shanghai", domAndDow: true }).nextRuns(2, from);
  const either = new Cron("0 0 15 * 5", { timezone: "Asia/Shanghai" }).nextRuns(2, from);
  expect(both.map((run) => run.toISOString())).toEqual(["2026-05-14T16:00:00.000Z", "2027-01-14T16:00:00.000Z"]);
  expect(either).not.toEqual(both);
});
