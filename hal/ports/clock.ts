/**
 * Time as a port. Every timer, lease, deadline and age uses `monotonicMs`; wall time serves only schedules, stamps and
 * credentials. Nothing outside the adapters of this port may read a clock of its own.
 */
export interface Timer {
  /** Makes sure the timer never runs. Cancelling twice, or after it ran, does nothing. */
  cancel(): void;
}

/** One timer that is set again and again. */
export interface Bell {
  /** Runs once, `delayMs` from now, and no more at the time it was set for before. */
  ringIn(delayMs: number): void;
  cancel(): void;
}

export interface Clock {
  /** Milliseconds since an arbitrary start. Never goes back; a wall-clock jump does not change it. */
  monotonicMs(): number;
  /** Milliseconds since 1970-01-01 UTC as far as this machine knows. May jump either way. */
  wallMs(): number;
  /** Whether wall time was confirmed by a time source since the process started. */
  wallSynchronised(): boolean;
  /** Runs `run` once, `delayMs` (0 or more) from now. Timers due at the same instant run in the order they were made. */
  after(delayMs: number, run: () => void): Timer;
  /** The same in the form of one object, for whoever sets a timer hundreds of times a second. Not every clock has it. */
  bell?(run: () => void): Bell;
}
