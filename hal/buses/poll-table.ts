/**
 * What a line asks again and again, earliest due first. An item is due from the start of its last question, so an
 * overloaded line serves all of them in turn, each more slowly. A device that misses three times in a row is asked at
 * doubling periods, and at its own period again as soon as it answers.
 */
import type { Poll } from "./bus.ts";

const MISSES_BEFORE_BACK_OFF = 3;
const SLOWEST_MS = 30_000;
/** First questions are spread a little, so that a starting station does not ask everything in one breath. */
const SPREAD_MS = 25;
const SPREAD_STEPS = 16;

export class PollItem {
  readonly poll: Poll<unknown>;
  stopped = false;
  /** Its place in the table. */
  at = 0;
  /** When it is due; never before `notBeforeMs`, when a straggler may still come. */
  dueMs: number;
  private notBeforeMs = Number.NEGATIVE_INFINITY;
  private periodMs: number;
  private startedMs: number;
  private misses = 0;
  /** Asked for while it was being asked: what comes may be older than the wish. */
  private again = false;
  /** Called when `dueMs` is another. */
  private readonly moved: (item: PollItem) => void;

  constructor(poll: Poll<unknown>, firstMs: number, moved: (item: PollItem) => void) {
    this.poll = poll;
    this.moved = moved;
    this.periodMs = poll.periodMs;
    this.startedMs = firstMs - poll.periodMs;
    this.dueMs = firstMs;
  }

  started(nowMs: number): void {
    this.startedMs = nowMs;
    this.again = false;
    this.schedule();
  }

  answered(): void {
    this.misses = 0;
    this.schedule();
  }

  missed(notBeforeMs: number): void {
    this.misses++;
    this.notBeforeMs = notBeforeMs;
    this.schedule();
  }

  /** `notBeforeMs`: the new period makes nothing due earlier than that. Returns whether anything changed. */
  setPeriod(periodMs: number, notBeforeMs?: number): boolean {
    if (periodMs === this.periodMs) return false;
    const wasDueMs = this.dueMs;
    this.periodMs = periodMs;
    this.schedule();
    if (notBeforeMs !== undefined && this.dueMs < notBeforeMs) this.dueAt(Math.min(wasDueMs, notBeforeMs));
    return true;
  }

  wantedNow(nowMs: number): void {
    this.again = true;
    this.dueAt(nowMs);
  }

  private dueAt(ms: number): void {
    const dueMs = Math.max(ms, this.notBeforeMs);
    if (dueMs === this.dueMs) return;
    this.dueMs = dueMs;
    this.moved(this);
  }

  private schedule(): void {
    this.dueAt(this.again ? this.startedMs : this.startedMs + this.spacingMs());
  }

  private spacingMs(): number {
    if (this.misses < MISSES_BEFORE_BACK_OFF) return this.periodMs;
    const doublings = Math.min(this.misses - MISSES_BEFORE_BACK_OFF + 1, 16);
    const slowestMs = Math.max(this.poll.slowestMs ?? SLOWEST_MS, this.periodMs);
    return Math.min(this.periodMs * 2 ** doublings, slowestMs);
  }
}

export class PollTable {
  readonly items: PollItem[] = [];
  /** When each item is due, in one block of memory: this list is searched at every question. */
  private readonly dues: number[] = [];
  private made = 0;
  /** As long as nothing has moved since it was looked for. */
  private known: PollItem | undefined;
  private readonly moved = (item: PollItem): void => {
    this.known = undefined;
    // One that was stopped while it was asked has no place any more.
    if (!item.stopped) this.dues[item.at] = item.dueMs;
  };

  add(poll: Poll<unknown>, nowMs: number): PollItem {
    const item = new PollItem(poll, nowMs + (this.made++ % SPREAD_STEPS) * SPREAD_MS, this.moved);
    item.at = this.items.push(item) - 1;
    this.moved(item);
    return item;
  }

  remove(item: PollItem): void {
    if (item.stopped) return;
    item.stopped = true;
    this.known = undefined;
    this.items.splice(item.at, 1);
    this.dues.splice(item.at, 1);
    for (let at = item.at; at < this.items.length; at++) (this.items[at] as PollItem).at = at;
  }

  /** The item that is due first, due or not yet. A line carries a few dozen at most, so a scan is the cheapest heap. */
  first(): PollItem | undefined {
    this.known ??= this.find();
    return this.known;
  }

  private find(): PollItem | undefined {
    const { dues } = this;
    let first = 0;
    for (let at = 1; at < dues.length; at++) if ((dues[at] as number) < (dues[first] as number)) first = at;
    return this.items[first];
  }
}
