/**
 * What the controller's computer takes for the time of day: the town's own time, until somebody sets its clock wrong, lets it run
 * fast, or keeps the network's time from it. It goes with the computer, not with one life of the controller, and nobody else in the
 * town reads it. Monotonic time is not its business.
 */
import type { Clock } from "../hal/ports/clock.ts";
import { Held } from "./held.ts";

export class ComputerWall {
  private readonly clock: Clock;
  private readonly unsure = new Held();
  private setWrongMs = 0;
  private gainPerMs = 0;
  private gainsSinceMs = 0;
  private gainedBeforeMs = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** What it has gained by running fast; less than nothing where it runs slow. */
  get gainedMs(): number {
    if (this.gainPerMs === 0) return this.gainedBeforeMs;
    return this.gainedBeforeMs + this.gainPerMs * (this.clock.monotonicMs() - this.gainsSinceMs);
  }

  /** How far it is ahead of the right time. */
  get aheadMs(): number {
    return this.setWrongMs + this.gainedMs;
  }

  wallMs(): number {
    return Math.floor(this.clock.wallMs() + this.aheadMs);
  }

  get isSynchronised(): boolean {
    return this.clock.wallSynchronised() && !this.unsure.is;
  }

  /** Moves it by so much, from one instant to the next. */
  jump(ms: number): void {
    this.setWrongMs += ms;
  }

  /** It gains so much in each millisecond from now on; 0: it keeps what it gained. */
  drift(gainPerMs: number): void {
    this.gainedBeforeMs = this.gainedMs;
    this.gainPerMs = gainPerMs;
    this.gainsSinceMs = this.clock.monotonicMs();
  }

  /** No time source vouches for it until this is let go. */
  loseSource(): () => void {
    return this.unsure.hold();
  }
}
