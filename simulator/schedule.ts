/**
 * The schedule on virtual time: next runs by croner's pure arithmetic, waking on the clock port. It means the same as the
 * real process's schedule (a conformance test holds the two against each other) and looks at wall time at least every
 * minute, so that a jump of the clock is noticed as it is there. It never uses croner's own timer.
 */
import { Cron } from "croner";
import type { Clock, Timer } from "../hal/ports/clock.ts";
import type { CalendarJob, Punctuality, Schedule } from "../hal/ports/schedule.ts";

const LOOK_MAX_MS = 60_000;
/** A run at most this late still counts as on time. */
const LATE_MAX_MS = 60_000;
const JUMP_MIN_MS = 2_000;
const DAY_MS = 86_400_000;

class CronerJob {
  private readonly cron: Cron;
  private readonly clock: Clock;
  private readonly due: (dueMs: number, punctuality: Punctuality) => void;
  private timer: Timer | undefined;
  private nextMs: number | undefined;
  private lastMs = Number.NEGATIVE_INFINITY;
  private offsetMs: number;

  constructor(clock: Clock, job: CalendarJob, due: (dueMs: number, punctuality: Punctuality) => void) {
    this.clock = clock;
    this.due = due;
    // Both day fields must match, as node-cron has it.
    this.cron = new Cron(job.expression, { timezone: job.timeZone, domAndDow: true, mode: "5-part" });
    this.offsetMs = clock.wallMs() - clock.monotonicMs();
    this.nextMs = this.after(clock.wallMs());
    this.sleep();
  }

  cancel(): void {
    this.timer?.cancel();
  }

  private after(wallMs: number): number | undefined {
    return this.cron.nextRun(new Date(wallMs))?.getTime();
  }

  private sleep(): void {
    const leftMs = (this.nextMs ?? Number.POSITIVE_INFINITY) - this.clock.wallMs();
    this.timer = this.clock.after(Math.min(Math.max(leftMs, 0), LOOK_MAX_MS), () => this.wake());
  }

  private wake(): void {
    const nowMs = this.clock.wallMs();
    const offsetMs = nowMs - this.clock.monotonicMs();
    const jumped = Math.abs(offsetMs - this.offsetMs) >= JUMP_MIN_MS;
    this.offsetMs = offsetMs;
    const dueMs = this.nextMs;
    if (jumped || (dueMs !== undefined && dueMs <= nowMs)) this.nextMs = this.after(nowMs);
    this.sleep();
    if (dueMs === undefined || dueMs > nowMs) return;
    // More than one may have been jumped over; the latest is told.
    const latestMs = nowMs - dueMs <= LATE_MAX_MS ? dueMs : (this.before(nowMs) ?? dueMs);
    this.tell(latestMs, nowMs - latestMs <= LATE_MAX_MS && !jumped ? "on-time" : "missed");
  }

  private before(wallMs: number): number | undefined {
    return this.cron.previousRuns(1, new Date(wallMs + 1_000 - (wallMs % 1_000)))[0]?.getTime();
  }

  private tell(dueMs: number, punctuality: Punctuality): void {
    // After the clock was set back a run comes round again; more than a day back, the later time was the wrong one.
    if (dueMs <= this.lastMs && this.lastMs - dueMs <= DAY_MS) return;
    this.lastMs = dueMs;
    this.due(dueMs, punctuality);
  }
}

export function cronerSchedule(clock: Clock): Schedule {
  const jobs = new Set<CronerJob>();
  return {
    add(job, due) {
      const made = new CronerJob(clock, job, due);
      jobs.add(made);
      return () => {
        made.cancel();
        jobs.delete(made);
      };
    },
    close() {
      for (const job of jobs) job.cancel();
      jobs.clear();
    },
  };
}
