/**
 * Timers in the order of their due time, then of being made. Nearly all are due within seconds, so they lie in a wheel of one slot
 * a millisecond, where putting one in and taking one out costs the same however many there are; the few that are due later wait
 * in a heap until the wheel reaches them. It runs nothing and knows no clock.
 */
import type { Timer } from "../hal/ports/clock.ts";

const SLOTS = 4_096;
const WORDS = SLOTS / 32;
/** Cancelled timers stay in the heap until they surface; beyond this many, and half of the heap, it is rebuilt. */
const COMPACT_MIN = 256;

/** Whoever decides what becomes of a timer that is due: it may run it, keep it for later, or let it fall. */
export interface Gate {
  due(timer: QueuedTimer): void;
}

export class QueuedTimer implements Timer {
  /** Undefined once it ran or was cancelled. */
  run: (() => void) | undefined;
  dueMs: number;
  rank: number;
  readonly gate: Gate | undefined;
  /** Behind it in the same slot. */
  next: QueuedTimer | undefined = undefined;
  at: "near" | "far" | "taken" = "near";
  private readonly queue: TimerQueue;

  constructor(run: () => void, dueMs: number, gate: Gate | undefined, queue: TimerQueue) {
    this.run = run;
    this.dueMs = dueMs;
    this.gate = gate;
    this.queue = queue;
    this.rank = queue.nextRank();
  }

  cancel(): void {
    if (this.run === undefined) return;
    this.run = undefined;
    if (this.at !== "taken") this.queue.cancelled(this);
  }

  /** Takes it out of the wheel, so that it can be set again. Not for one that lies in the heap. */
  withdraw(): void {
    if (this.at !== "near") return;
    this.run = undefined;
    this.queue.withdraw(this);
  }

  /** Only after it was taken or withdrawn. */
  set(run: () => void, dueMs: number): void {
    this.run = run;
    this.dueMs = dueMs;
    this.rank = this.queue.nextRank();
    this.queue.put(this);
  }

  /** What is to be run, once. Undefined when it was called off after it had been taken. */
  take(): (() => void) | undefined {
    const { run } = this;
    this.run = undefined;
    return run;
  }
}

const isBefore = (one: QueuedTimer, other: QueuedTimer): boolean =>
  one.dueMs < other.dueMs || (one.dueMs === other.dueMs && one.rank < other.rank);

class FarTimers {
  private timers: QueuedTimer[] = [];
  private dead = 0;

  push(timer: QueuedTimer): void {
    const { timers } = this;
    let at = timers.push(timer) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = timers[parent] as QueuedTimer;
      if (isBefore(above, timer)) break;
      timers[at] = above;
      at = parent;
    }
    timers[at] = timer;
  }

  /** The first that still is to run. */
  first(): QueuedTimer | undefined {
    let top = this.timers[0];
    while (top !== undefined && top.run === undefined) {
      this.dead--;
      this.removeFirst();
      top = this.timers[0];
    }
    return top;
  }

  removeFirst(): void {
    const last = this.timers.pop() as QueuedTimer;
    if (this.timers.length > 0) this.sink(last);
  }

  cancelled(): void {
    this.dead++;
    if (this.dead <= COMPACT_MIN || this.dead * 2 <= this.timers.length) return;
    const was = this.timers;
    this.timers = [];
    this.dead = 0;
    for (const timer of was) if (timer.run !== undefined) this.push(timer);
  }

  private sink(timer: QueuedTimer): void {
    const { timers } = this;
    const size = timers.length;
    let at = 0;
    for (let child = 1; child < size; child = 2 * at + 1) {
      const right = child + 1;
      if (right < size && isBefore(timers[right] as QueuedTimer, timers[child] as QueuedTimer)) child = right;
      const below = timers[child] as QueuedTimer;
      if (isBefore(timer, below)) break;
      timers[at] = below;
      at = child;
    }
    timers[at] = timer;
  }
}

export class TimerQueue {
  private readonly slots: (QueuedTimer | undefined)[] = new Array<QueuedTimer | undefined>(SLOTS).fill(undefined);
  /** One bit for each slot that holds something. */
  private readonly words = new Int32Array(WORDS);
  private readonly far = new FarTimers();
  /** The millisecond at which the wheel begins: that of the timer taken last. All of the wheel is due less than a turn after it. */
  private tick = 0;
  private made = 0;
  private live = 0;
  /** The next one, as long as it is known. */
  private known: QueuedTimer | undefined;

  nextRank(): number {
    return this.made++;
  }

  push(dueMs: number, run: () => void, gate: Gate | undefined): QueuedTimer {
    const timer = new QueuedTimer(run, dueMs, gate, this);
    this.put(timer);
    return timer;
  }

  put(timer: QueuedTimer): void {
    const { dueMs } = timer;
    this.live++;
    if (dueMs - this.tick < SLOTS) {
      timer.at = "near";
      this.link(timer);
    } else {
      timer.at = "far";
      this.far.push(timer);
    }
    if (this.known !== undefined && dueMs < this.known.dueMs) this.known = timer;
  }

  withdraw(timer: QueuedTimer): void {
    this.live--;
    if (timer === this.known) this.known = undefined;
    this.unlink(timer);
    timer.at = "taken";
  }

  /** Those that are still to run. */
  size(): number {
    return this.live;
  }

  cancelled(timer: QueuedTimer): void {
    this.live--;
    if (timer === this.known) this.known = undefined;
    if (timer.at === "far") this.far.cancelled();
  }

  /** Due time of the next one, or Infinity. */
  nextDue(): number {
    this.known ??= this.find();
    return this.known === undefined ? Number.POSITIVE_INFINITY : this.known.dueMs;
  }

  /** Takes the one that `nextDue` has just told of. */
  pop(): QueuedTimer {
    const timer = this.known as QueuedTimer;
    this.known = undefined;
    this.live--;
    this.tick = Math.floor(timer.dueMs);
    if (timer.at === "far") this.far.removeFirst();
    else this.unlink(timer);
    timer.at = "taken";
    this.fetchNear();
    return timer;
  }

  /** What the wheel reaches now. */
  private fetchNear(): void {
    for (let timer = this.far.first(); timer !== undefined; timer = this.far.first()) {
      if (timer.dueMs - this.tick >= SLOTS) return;
      this.far.removeFirst();
      timer.at = "near";
      this.link(timer);
    }
  }

  private link(timer: QueuedTimer): void {
    const slot = Math.floor(timer.dueMs) & (SLOTS - 1);
    timer.next = this.slots[slot];
    this.slots[slot] = timer;
    this.words[slot >> 5] = (this.words[slot >> 5] as number) | (1 << (slot & 31));
  }

  private unlink(timer: QueuedTimer): void {
    const slot = Math.floor(timer.dueMs) & (SLOTS - 1);
    let at = this.slots[slot] as QueuedTimer;
    if (at === timer) {
      this.slots[slot] = timer.next;
      if (timer.next === undefined) this.empty(slot);
      return;
    }
    while (at.next !== timer) at = at.next as QueuedTimer;
    at.next = timer.next;
  }

  private empty(slot: number): void {
    this.words[slot >> 5] = (this.words[slot >> 5] as number) & ~(1 << (slot & 31));
  }

  private find(): QueuedTimer | undefined {
    const start = this.tick & (SLOTS - 1);
    const first = start >> 5;
    const ahead = -1 << (start & 31);
    for (let turn = 0; turn <= WORDS; turn++) {
      const word = (first + turn) & (WORDS - 1);
      let bits = this.words[word] as number;
      // The slots behind the start, in the word of the start, come last.
      if (turn === 0) bits &= ahead;
      else if (turn === WORDS) bits &= ~ahead;
      for (; bits !== 0; bits &= bits - 1) {
        const found = this.firstOf((word << 5) | (31 - Math.clz32(bits & -bits)));
        if (found !== undefined) return found;
      }
    }
    return this.far.first();
  }

  /** The first of a slot; what was cancelled is let go. */
  private firstOf(slot: number): QueuedTimer | undefined {
    let first: QueuedTimer | undefined;
    let kept: QueuedTimer | undefined;
    for (let timer = this.slots[slot]; timer !== undefined; timer = timer.next) {
      if (timer.run === undefined) continue;
      if (kept === undefined) this.slots[slot] = timer;
      else kept.next = timer;
      kept = timer;
      if (first === undefined || isBefore(timer, first)) first = timer;
    }
    if (kept === undefined) {
      this.slots[slot] = undefined;
      this.empty(slot);
    } else kept.next = undefined;
    return first;
  }
}
