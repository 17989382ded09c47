/**
 * The messages of one connection that nobody acknowledged yet, oldest first. Each settles exactly once; one that waits too long
 * says that the connection is dead. It sends nothing and knows no broker.
 */
import type { Clock, Timer } from "../../hal/ports/clock.ts";

export type Done = (failure: string | undefined) => void;

/** All kinds of messages together; the packet ids of MQTT end at 65,535. */
const UNDER_WAY_MAX = 1_000;

interface Waiter {
  readonly done: Done;
  readonly dueMs: number;
}

export class Unacknowledged {
  private readonly clock: Clock;
  private readonly patienceMs: number;
  private readonly tooLate: () => void;
  private readonly waiting = new Set<Waiter>();
  private deadline: Timer | undefined;

  constructor(clock: Clock, patienceMs: number, tooLate: () => void) {
    this.clock = clock;
    this.patienceMs = patienceMs;
    this.tooLate = tooLate;
  }

  /** How to settle it; undefined when too many wait already. */
  add(done: Done): Done | undefined {
    if (this.waiting.size >= UNDER_WAY_MAX) return undefined;
    const waiter: Waiter = { done, dueMs: this.clock.monotonicMs() + this.patienceMs };
    this.waiting.add(waiter);
    this.watchDeadline();
    return (failure) => {
      if (this.waiting.delete(waiter)) waiter.done(failure);
    };
  }

  failAll(why: string): void {
    this.deadline?.cancel();
    this.deadline = undefined;
    const lost = [...this.waiting];
    this.waiting.clear();
    for (const waiter of lost) waiter.done(why);
  }

  /** One timer for the oldest message: all have the same patience, so the others are due later. */
  private watchDeadline(): void {
    if (this.deadline !== undefined) return;
    const [oldest] = this.waiting;
    if (oldest === undefined) return;
    const waitMs = Math.max(0, oldest.dueMs - this.clock.monotonicMs());
    this.deadline = this.clock.after(waitMs, () => {
      this.deadline = undefined;
      if (this.waiting.has(oldest)) this.tooLate();
      else this.watchDeadline();
    });
  }
}
