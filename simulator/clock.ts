/**
 * Virtual time: a binary heap of timers ordered by due time, then by the order they were made. Nothing happens unless
 * somebody runs it, so a day passes as fast as its events can be worked off, and twice in the same way. It refuses to
 * go back and refuses to sleep.
 */
import type { Clock, Timer } from "../hal/ports/clock.ts";

export interface VirtualClock extends Clock {
  /** The same as `monotonicMs()`, for assertions. */
  readonly nowMs: number;
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

/** Cancelled timers stay in the heap until they surface; beyond this many, and half of the heap, it is rebuilt. */
const COMPACT_MIN = 256;

class HeapTimer implements Timer {
  run: (() => void) | undefined;
  readonly heap: TimerHeap;

  constructor(run: () => void, heap: TimerHeap) {
    this.run = run;
    this.heap = heap;
  }

  cancel(): void {
    if (this.run === undefined) return;
    this.run = undefined;
    this.heap.cancelled();
  }
}

/** Parallel arrays instead of an array of entries: comparisons then read unboxed numbers and touch no object. */
class TimerHeap {
  private readonly dues: number[] = [];
  private readonly orders: number[] = [];
  private readonly timers: HeapTimer[] = [];
  private made = 0;
  private dead = 0;

  push(dueMs: number, run: () => void): HeapTimer {
    const timer = new HeapTimer(run, this);
    this.insert(dueMs, this.made++, timer);
    return timer;
  }

  live(): number {
    return this.timers.length - this.dead;
  }

  cancelled(): void {
    this.dead++;
    if (this.dead > COMPACT_MIN && this.dead * 2 > this.timers.length) this.compact();
  }

  /** Due time of the next live timer, or Infinity. Drops cancelled timers that surfaced. */
  nextDue(): number {
    while (this.timers.length > 0 && this.timers[0]?.run === undefined) {
      this.dead--;
      this.removeTop();
    }
    return this.timers.length > 0 ? (this.dues[0] as number) : Number.POSITIVE_INFINITY;
  }

  /** Takes the top, which `nextDue` has just shown to be live. */
  pop(): () => void {
    const timer = this.timers[0] as HeapTimer;
    const run = timer.run as () => void;
    timer.run = undefined;
    this.removeTop();
    return run;
  }

  private insert(due: number, order: number, timer: HeapTimer): void {
    const { dues, orders, timers } = this;
    let at = timers.length;
    dues.push(due);
    orders.push(order);
    timers.push(timer);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const parentDue = dues[parent] as number;
      if (parentDue < due || (parentDue === due && (orders[parent] as number) < order)) break;
      dues[at] = parentDue;
      orders[at] = orders[parent] as number;
      timers[at] = timers[parent] as HeapTimer;
      at = parent;
    }
    dues[at] = due;
    orders[at] = order;
    timers[at] = timer;
  }

  private removeTop(): void {
    const due = this.dues.pop() as number;
    const order = this.orders.pop() as number;
    const timer = this.timers.pop() as HeapTimer;
    if (this.timers.length > 0) this.sink(due, order, timer);
  }

  private sink(due: number, order: number, timer: HeapTimer): void {
    const { dues, orders, timers } = this;
    const size = timers.length;
    let at = 0;
    for (let child = 1; child < size; child = 2 * at + 1) {
      const right = child + 1;
      if (right < size && this.before(right, child)) child = right;
      const childDue = dues[child] as number;
      if (due < childDue || (due === childDue && order < (orders[child] as number))) break;
      dues[at] = childDue;
      orders[at] = orders[child] as number;
      timers[at] = timers[child] as HeapTimer;
      at = child;
    }
    dues[at] = due;
    orders[at] = order;
    timers[at] = timer;
  }

  private before(a: number, b: number): boolean {
    const dueA = this.dues[a] as number;
    const dueB = this.dues[b] as number;
    return dueA < dueB || (dueA === dueB && (this.orders[a] as number) < (this.orders[b] as number));
  }

  private compact(): void {
    const dues = this.dues.splice(0);
    const orders = this.orders.splice(0);
    const timers = this.timers.splice(0);
    this.dead = 0;
    for (let at = 0; at < timers.length; at++) {
      const timer = timers[at] as HeapTimer;
      if (timer.run !== undefined) this.insert(dues[at] as number, orders[at] as number, timer);
    }
  }
}

class HeapClock implements VirtualClock {
  nowMs = 0;
  private readonly heap = new TimerHeap();
  private wallOffsetMs: number;
  private synchronised: boolean;
  private events = 0;

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
    // A negative or NaN delay is a mistake of the caller; it must not let a timer run in the past.
    return this.heap.push(delayMs > 0 ? this.nowMs + delayMs : this.nowMs, run);
  }

  runUntil(monotonicMs: number, maxEvents = Number.POSITIVE_INFINITY): boolean {
    const { heap } = this;
    let left = maxEvents;
    for (let due = heap.nextDue(); due <= monotonicMs; due = heap.nextDue()) {
      if (left-- <= 0) return false;
      this.runNext(due);
    }
    if (monotonicMs > this.nowMs) this.nowMs = monotonicMs;
    return true;
  }

  step(): boolean {
    const due = this.heap.nextDue();
    if (due === Number.POSITIVE_INFINITY) return false;
    this.runNext(due);
    return true;
  }

  private runNext(due: number): void {
    this.nowMs = due;
    this.events++;
    this.heap.pop()();
  }

  pending(): number {
    return this.heap.live();
  }

  nextDueMs(): number | undefined {
    const due = this.heap.nextDue();
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
  return new HeapClock(options);
}
