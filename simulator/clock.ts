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
const CAPACITY_AT_START = 64;

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

/**
 * Parallel arrays of plain numbers: what moves up and down in the heap is a due time, a rank and the place of a timer that itself
 * stays where it is, so that sorting touches no object.
 */
class TimerHeap {
  private size = 0;
  private capacity = CAPACITY_AT_START;
  private dues = new Float64Array(CAPACITY_AT_START);
  /** In the order they were made, which decides between timers due at the same time. */
  private ranks = new Float64Array(CAPACITY_AT_START);
  private places = new Int32Array(CAPACITY_AT_START);
  private readonly timers: (HeapTimer | undefined)[] = [];
  private readonly freePlaces: number[] = [];
  private made = 0;
  private dead = 0;

  push(dueMs: number, run: () => void): HeapTimer {
    const timer = new HeapTimer(run, this);
    const place = this.freePlaces.pop() ?? this.timers.length;
    this.timers[place] = timer;
    if (this.size === this.capacity) this.grow();
    this.rise(this.size++, dueMs, this.made++, place);
    return timer;
  }

  live(): number {
    return this.size - this.dead;
  }

  cancelled(): void {
    this.dead++;
    if (this.dead > COMPACT_MIN && this.dead * 2 > this.size) this.compact();
  }

  /** Due time of the next live timer, or Infinity. Drops cancelled timers that surfaced. */
  nextDue(): number {
    while (this.size > 0) {
      if (this.top().run !== undefined) return this.dues[0] as number;
      this.dead--;
      this.removeTop();
    }
    return Number.POSITIVE_INFINITY;
  }

  /** Takes the top, which `nextDue` has just shown to be live. */
  pop(): () => void {
    const timer = this.top();
    const run = timer.run as () => void;
    timer.run = undefined;
    this.removeTop();
    return run;
  }

  private top(): HeapTimer {
    return this.timers[this.places[0] as number] as HeapTimer;
  }

  /** Moves up from the free spot `at`. */
  private rise(from: number, due: number, rank: number, place: number): void {
    const { dues, ranks, places } = this;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const parentDue = dues[parent] as number;
      if (parentDue < due || (parentDue === due && (ranks[parent] as number) < rank)) break;
      dues[at] = parentDue;
      ranks[at] = ranks[parent] as number;
      places[at] = places[parent] as number;
      at = parent;
    }
    dues[at] = due;
    ranks[at] = rank;
    places[at] = place;
  }

  private removeTop(): void {
    const { dues, ranks, places } = this;
    const freed = places[0] as number;
    this.timers[freed] = undefined;
    this.freePlaces.push(freed);
    const last = --this.size;
    if (last > 0) this.sink(dues[last] as number, ranks[last] as number, places[last] as number);
  }

  private sink(due: number, rank: number, place: number): void {
    const { dues, ranks, places, size } = this;
    let at = 0;
    for (let child = 1; child < size; child = 2 * at + 1) {
      const right = child + 1;
      let childDue = dues[child] as number;
      if (right < size) {
        const rightDue = dues[right] as number;
        if (rightDue < childDue || (rightDue === childDue && (ranks[right] as number) < (ranks[child] as number))) {
          child = right;
          childDue = rightDue;
        }
      }
      if (due < childDue || (due === childDue && rank < (ranks[child] as number))) break;
      dues[at] = childDue;
      ranks[at] = ranks[child] as number;
      places[at] = places[child] as number;
      at = child;
    }
    dues[at] = due;
    ranks[at] = rank;
    places[at] = place;
  }

  private grow(): void {
    const { dues, ranks, places } = this;
    this.capacity *= 2;
    this.dues = new Float64Array(this.capacity);
    this.ranks = new Float64Array(this.capacity);
    this.places = new Int32Array(this.capacity);
    this.dues.set(dues);
    this.ranks.set(ranks);
    this.places.set(places);
  }

  private compact(): void {
    const { dues, ranks, places, timers, size } = this;
    this.size = 0;
    this.dead = 0;
    for (let at = 0; at < size; at++) {
      const place = places[at] as number;
      if (timers[place]?.run !== undefined) this.rise(this.size++, dues[at] as number, ranks[at] as number, place);
      else {
        timers[place] = undefined;
        this.freePlaces.push(place);
      }
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
