/**
 * One timer for everything an object waits for. Asking for an earlier time moves it; asking for a later one does not: it
 * then rings early, and the owner looks at its own deadlines and asks again. That is cheaper than a timer per deadline,
 * and there is never more than one pending.
 */
import type { Bell, Clock, Timer } from "../ports/clock.ts";

/** Clocks give fractions of a millisecond; sums of them differ in the last digit. */
export const SLACK_MS = 0.01;

export class Alarm {
  private readonly clock: Clock;
  private readonly ring: () => void;
  private readonly bell: Bell | undefined;
  private timer: Timer | undefined;
  private ringsAtMs = Number.POSITIVE_INFINITY;

  constructor(clock: Clock, run: () => void) {
    this.clock = clock;
    this.ring = () => {
      this.timer = undefined;
      this.ringsAtMs = Number.POSITIVE_INFINITY;
      run();
    };
    this.bell = clock.bell?.(this.ring);
  }

  /** Rings at `atMs` or before. Infinity asks for nothing. */
  by(atMs: number): void {
    if (atMs >= this.ringsAtMs || atMs === Number.POSITIVE_INFINITY) return;
    this.ringsAtMs = atMs;
    const delayMs = Math.max(0, atMs - this.clock.monotonicMs());
    if (this.bell !== undefined) {
      this.bell.ringIn(delayMs);
      return;
    }
    this.timer?.cancel();
    this.timer = this.clock.after(delayMs, this.ring);
  }

  cancel(): void {
    this.bell?.cancel();
    this.timer?.cancel();
    this.timer = undefined;
    this.ringsAtMs = Number.POSITIVE_INFINITY;
  }
}
