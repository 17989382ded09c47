/**
 * Jobs by the calendar of the station (closing the day at midnight). Nothing that keeps anybody safe and nothing that
 * happens every so many minutes belongs here: those are deadlines on monotonic time. Expressions and zones must have
 * passed the configuration's calendar check; an adapter throws on others, because then it is a bug.
 */
export interface CalendarJob {
  readonly name: string;
  /** Five cron fields (minute, hour, day of month, month, day of week); both day fields must match when both are set. */
  readonly expression: string;
  /** IANA name. */
  readonly timeZone: string;
}

/**
 * `on-time`: at most a minute late. `missed`: wall time jumped over it, or the process was held up; told once, for the
 * latest run jumped over, so that the caller catches up from what it remembers as its last run.
 */
export type Punctuality = "on-time" | "missed";

export interface Schedule {
  /**
   * Calls `due` with the wall time each run was due at. A clock set back by up to a day runs nothing a second time.
   * Returns how to cancel the job.
   */
  add(job: CalendarJob, due: (dueWallMs: number, punctuality: Punctuality) => void): () => void;
  /** Cancels every job. */
  close(): void;
}
