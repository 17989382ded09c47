/** The questions that wait for a line: three bounded queues, and the kin that must wait for a straggler. */
import { SLACK_MS } from "./alarm.ts";
import type { Lane, Transaction } from "./bus.ts";

/** A line of relay boards may have to switch off everything it carries at once: as many in the urgent lane as among the acts. */
const CAPACITY: Readonly<Record<Lane, number>> = { urgent: 96, act: 96, poll: 32 };
const WAIT_MS_MAX = 1_000;

export interface Waiting {
  readonly transaction: Transaction<unknown>;
  readonly sinceMs: number;
  readonly untilMs: number;
}

export class Lanes {
  private readonly urgent: Waiting[] = [];
  private readonly act: Waiting[] = [];
  private readonly poll: Waiting[] = [];
  private readonly kinUntilMs = new Map<string, number>();
  private waitingCount = 0;

  get empty(): boolean {
    return this.waitingCount === 0;
  }

  /** Whether there was room. */
  add(transaction: Transaction<unknown>, nowMs: number): boolean {
    const lane = this[transaction.lane];
    if (lane.length >= CAPACITY[transaction.lane]) return false;
    lane.push({ transaction, sinceMs: nowMs, untilMs: nowMs + (transaction.waitMsMax ?? WAIT_MS_MAX) });
    this.waitingCount++;
    return true;
  }

  /** An answer to this kin of question may still straggle in until `untilMs`. */
  hold(kin: string, untilMs: number): void {
    this.kinUntilMs.set(kin, untilMs);
  }

  /** Takes the first of a lane that may be sent now. */
  take(laneName: Lane, nowMs: number): Waiting | undefined {
    const lane = this[laneName];
    for (let at = 0; at < lane.length; at++) {
      const waiting = lane[at] as Waiting;
      if (this.heldUntilMs(waiting, nowMs) > nowMs + SLACK_MS) continue;
      // Nearly always the first goes, and that way makes no list of one.
      if (at === 0) lane.shift();
      else lane.splice(at, 1);
      this.waitingCount--;
      return waiting;
    }
    return undefined;
  }

  /** Takes one that has waited too long, if there is any. */
  takeExpired(nowMs: number): Waiting | undefined {
    return this.expiredOf(this.urgent, nowMs) ?? this.expiredOf(this.act, nowMs) ?? this.expiredOf(this.poll, nowMs);
  }

  takeAll(): Waiting[] {
    this.waitingCount = 0;
    this.kinUntilMs.clear();
    return [...this.urgent.splice(0), ...this.act.splice(0), ...this.poll.splice(0)];
  }

  /** When something changes by itself for those that wait: a straggler's time is over, or patience is. */
  nextMs(nowMs: number): number {
    if (this.waitingCount === 0) return Number.POSITIVE_INFINITY;
    return Math.min(this.nextOf(this.urgent, nowMs), this.nextOf(this.act, nowMs), this.nextOf(this.poll, nowMs));
  }

  private nextOf(lane: readonly Waiting[], nowMs: number): number {
    let next = Number.POSITIVE_INFINITY;
    for (const waiting of lane) {
      const heldUntilMs = this.heldUntilMs(waiting, nowMs);
      next = Math.min(next, waiting.untilMs, heldUntilMs > nowMs ? heldUntilMs : waiting.untilMs);
    }
    return next;
  }

  private expiredOf(lane: Waiting[], nowMs: number): Waiting | undefined {
    for (let at = 0; at < lane.length; at++) {
      if ((lane[at] as Waiting).untilMs > nowMs + SLACK_MS) continue;
      this.waitingCount--;
      return lane.splice(at, 1)[0];
    }
    return undefined;
  }

  private heldUntilMs(waiting: Waiting, nowMs: number): number {
    const kin = waiting.transaction.kin;
    if (kin === undefined || this.kinUntilMs.size === 0) return 0;
    const untilMs = this.kinUntilMs.get(kin);
    if (untilMs === undefined) return 0;
    if (untilMs <= nowMs + SLACK_MS) this.kinUntilMs.delete(kin);
    return untilMs;
  }
}
