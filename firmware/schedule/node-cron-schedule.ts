/**
 * The schedule of the real process, driven by node-cron. The library sleeps up to a day on monotonic time and would run a
 * day late after the clock was set (a computer without a battery-backed clock sets it minutes after start), so the jump is
 * looked for here and the jobs are started anew. It also checks nothing by itself: jobs must have passed the check.
 */
import { createTask, type Logger, type ScheduledTask } from "node-cron";
import type { Clock, Timer } from "../../hal/ports/clock.ts";
import type { CalendarJob, Punctuality, Schedule } from "../../hal/ports/schedule.ts";
import { missedRuns } from "./calendar.ts";

export interface NodeCronScheduleOptions {
  readonly clock: Clock;
  /** What node-cron has to say; it would write to the terminal otherwise. */
  readonly log?: (message: string) => void;
  /** How often wall time is compared with monotonic time. */
  readonly checkMs?: number;
}

/** A run at most this late still counts as on time. */
const LATE_MAX_MS = 60_000;
/** Slewing (500 ppm) stays far below this between two looks; a clock that was set does not. */
const JUMP_MIN_MS = 2_000;
const DAY_MS = 86_400_000;

interface Entry {
  readonly job: CalendarJob;
  readonly task: ScheduledTask;
  tell(dueMs: number, punctuality: Punctuality): void;
}

function quietLogger(log: ((message: string) => void) | undefined): Logger {
  const say = (message: string | Error): void => log?.(message instanceof Error ? message.message : message);
  return { info: say, warn: say, error: say, debug: () => undefined };
}

export function nodeCronSchedule(options: NodeCronScheduleOptions): Schedule {
  const { clock } = options;
  const checkMs = options.checkMs ?? 30_000;
  const logger = quietLogger(options.log);
  const entries = new Set<Entry>();
  let looked = { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() };
  let timer: Timer | undefined;

  function look(): void {
    timer = clock.after(checkMs, look);
    const nowMs = clock.wallMs();
    const expectedMs = looked.wallMs + clock.monotonicMs() - looked.monotonicMs;
    looked = { wallMs: nowMs, monotonicMs: clock.monotonicMs() };
    if (Math.abs(nowMs - expectedMs) < JUMP_MIN_MS) return;
    for (const { job, task, tell } of entries) {
      const { expression, timeZone } = job;
      const [missedMs] = missedRuns({ expression, timeZone, lastRunMs: expectedMs, nowMs, max: 1 });
      if (missedMs !== undefined) tell(missedMs, "missed");
      void task.stop();
      void task.start();
    }
  }

  /** Passes runs on in a turn of their own: node-cron swallows what a job throws, and a bug must not be swallowed. */
  function teller(due: (dueMs: number, punctuality: Punctuality) => void, cancelled: () => boolean): Entry["tell"] {
    let lastMs = Number.NEGATIVE_INFINITY;
    let waiting: { dueMs: number; punctuality: Punctuality } | undefined;
    return (dueMs, punctuality) => {
      // After the clock was set back a run comes round again; more than a day back, the later time was the wrong one.
      if (dueMs <= lastMs && lastMs - dueMs <= DAY_MS) return;
      lastMs = dueMs;
      const first = waiting === undefined;
      waiting = { dueMs, punctuality };
      if (!first) return;
      clock.after(0, () => {
        const latest = waiting;
        waiting = undefined;
        if (latest !== undefined && !cancelled()) due(latest.dueMs, latest.punctuality);
      });
    };
  }

  function add(job: CalendarJob, due: (dueMs: number, punctuality: Punctuality) => void): () => void {
    const tell = teller(due, () => !entries.has(entry));
    const task = createTask(job.expression, ({ date }) => tell(date.getTime(), "on-time"), {
      timezone: job.timeZone,
      name: job.name,
      noOverlap: true,
      missedExecutionTolerance: LATE_MAX_MS,
      logger,
    });
    task.on("execution:missed", ({ date }) => tell(date.getTime(), "missed"));
    const entry: Entry = { job, task, tell };
    entries.add(entry);
    void task.start();
    timer ??= clock.after(checkMs, look);
    return () => {
      entries.delete(entry);
      void task.destroy();
      if (entries.size > 0) return;
      timer?.cancel();
      timer = undefined;
    };
  }

  return {
    add,
    close() {
      for (const { task } of entries) void task.destroy();
      entries.clear();
      timer?.cancel();
      timer = undefined;
    },
  };
}
