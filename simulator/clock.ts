/**
 * Virtual time: timers run in the order of their due time, then of being made (`timer-queue.ts`). Nothing happens unless
 * somebody runs it, so a day passes as fast as its events can be worked off, and twice in the same way. It refuses to
 * go back and refuses to sleep.
 */
import type { Bell, Clock, Timer } from "../hal/ports/clock.ts";
import { type Gate, type QueuedTimer, TimerQueue } from "./timer-queue.ts";

export interface VirtualClock extends Clock {
  /** The same as `monotonicMs()`, for assertions. */
  readonly nowMs: number;
  /** A timer that is handed to `gate` when it is due. Without one it runs. */
  through(gate: Gate | undefined, delayMs: number, run: () => void): Timer;
  bell(run: () => void, gate?: Gate): Bell;
  /**
   * Runs everything due up to and including `monotonicMs`, then sets the time to it. Given `maxEvents`, it stops after that
   * many timers with the time left where the last one ran. Returns whether `monotonicMs` was reached.
   */
  runUntil(monotonicMs: number, maxEvents?: number): boolean;
  /** Runs the next timer, if there is one. */
  step(): boolean;
  /** Timers that will still run. */
  pending(): number;
  /** When the next timer is due; undefined when none is. */
  nextDueMs(): number | undefined;
  /** Timers run since the clock was made. */
  eventsRun(): number;
  /** Moves wall time by `ms`, either way. Monotonic time and timers do not notice. */
  jumpWall(ms: number): void;
  setSynchronised(synchronised: boolean): void;
}

export interface VirtualClockOptions {
  readonly wallStartMs: number;
  /** Whether wall time counts as confirmed from the start. Default true. */
  readonly synchronised?: boolean;
}

/** Sets one timer again and again; one that is called off far ahead is left where it lies, and another takes its place. */
class QueueBell implements Bell {
  private readonly clock: QueueClock;
  private readonly run: () => void;
  private readonly gate: Gate | undefined;
  private timer: QueuedTimer | undefined;

  constructor(clock: QueueClock, run: () => void, gate: Gate | undefined) {
    this.clock = clock;
    this.run = run;
    this.gate = gate;
  }

  ringIn(delayMs: number): void {
    this.cancel();
    if (this.timer === undefined) this.timer = this.clock.through(this.gate, delayMs, this.run);
    else this.timer.set(this.run, this.clock.dueIn(delayMs));
  }

  cancel(): void {
    const { timer } = this;
    if (timer === undefined) return;
    if (timer.at === "far") {
      timer.cancel();
      this.timer = undefined;
    } else if (timer.at === "near") timer.withdraw();
    else timer.cancel();
  }
}

/** Of one instant. Whatever asks for more asks for no time at all, again and again, and no later moment would ever come. */
const EVENTS_AT_ONCE_MAX = 1_000_000;

class QueueClock implements VirtualClock {
  nowMs = 0;
  private readonly queue = new TimerQueue();
  private wallOffsetMs: number;
  private synchronised: boolean;
  private events = 0;
  private atOnce = 0;

  constructor(options: VirtualClockOptions) {
    this.wallOffsetMs = options.wallStartMs;
    this.synchronised = options.synchronised ?? true;
  }

  monotonicMs(): number {
    return this.nowMs;
  }

  /** Whole milliseconds, as a computer's clock gives them. */
  wallMs(): number {
    return Math.floor(this.wallOffsetMs + this.nowMs);
  }

  wallSynchronised(): boolean {
    return this.synchronised;
  }

  after(delayMs: number, run: () => void): Timer {
    return this.through(undefined, delayMs, run);
  }

  through(gate: Gate | undefined, delayMs: number, run: () => void): QueuedTimer {
    return this.queue.push(this.dueIn(delayMs), run, gate);
  }

  bell(run: () => void, gate?: Gate): Bell {
    return new QueueBell(this, run, gate);
  }

  /** A negative or NaN delay is a mistake of the caller; it must not let a timer run in the past. */
  dueIn(delayMs: number): number {
    return delayMs > 0 ? this.nowMs + delayMs : this.nowMs;
  }

  runUntil(monotonicMs: number, maxEvents = Number.POSITIVE_INFINITY): boolean {
    const { queue } = this;
    let left = maxEvents;
    for (let due = queue.nextDue(); due <= monotonicMs; due = queue.nextDue()) {
      if (left-- <= 0) return false;
      this.runNext(due);
    }
    if (monotonicMs > this.nowMs) this.nowMs = monotonicMs;
    return true;
  }

  step(): boolean {
    const due = this.queue.nextDue();
    if (due === Number.POSITIVE_INFINITY) return false;
    this.runNext(due);
    return true;
  }

  private runNext(due: number): void {
    this.atOnce = due === this.nowMs ? this.atOnce + 1 : 0;
    if (this.atOnce > EVENTS_AT_ONCE_MAX)
      throw new Error(`time stands still at ${due} ms: ${EVENTS_AT_ONCE_MAX} timers of this instant have run`);
    this.nowMs = due;
    this.events++;
    const timer = this.queue.pop();
    if (timer.gate === undefined) timer.take()?.();
    else timer.gate.due(timer);
  }

  pending(): number {
    return this.queue.size();
  }

  nextDueMs(): number | undefined {
    const due = this.queue.nextDue();
    return due === Number.POSITIVE_INFINITY ? undefined : due;
  }

  eventsRun(): number {
    return this.events;
  }

  jumpWall(ms: number): void {
    this.wallOffsetMs += ms;
  }

  setSynchronised(synchronised: boolean): void {
    this.synchronised = synchronised;
  }
}

export function createVirtualClock(options: VirtualClockOptions): VirtualClock {
  return new QueueClock(options);
}
