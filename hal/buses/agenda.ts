/**
 * What is to be asked on a line, and what comes next: urgent questions before everything, then acts, then single reads,
 * then the poll that is due first. An overdue poll is served after four of the others, so none is forgotten.
 */
import { SLACK_MS } from "./alarm.ts";
import type { Outcome, Poll, PollHandle, Transaction } from "./bus.ts";
import { Lanes, type Waiting } from "./lanes.ts";
import { type PollItem, PollTable } from "./poll-table.ts";

const STREAK_MAX = 4;

export class Agenda {
  private readonly lanes = new Lanes();
  private readonly polls = new PollTable();
  private streak = 0;

  /** Whether there was room. */
  add(transaction: Transaction<unknown>, nowMs: number): boolean {
    return this.lanes.add(transaction, nowMs);
  }

  /** `changed` is called when something may be due earlier than before. */
  addPoll(poll: Poll<unknown>, now: () => number, changed: () => void): PollHandle {
    const item = this.polls.add(poll, now());
    changed();
    return {
      period: (periodMs, first = "at-once") => {
        if (item.setPeriod(periodMs, first === "from-now" ? now() + periodMs : undefined)) changed();
      },
      now: () => {
        item.wantedNow(now());
        changed();
      },
      stop: () => this.polls.remove(item),
    };
  }

  /** Whether anything waits or is due, though it may have to wait for a straggler of its kin. */
  hasWork(nowMs: number): boolean {
    return !this.lanes.empty || isDue(this.polls.first(), nowMs);
  }

  /** Takes what is to be sent next. A poll counts as started. */
  take(nowMs: number): Waiting | PollItem | undefined {
    const item = this.polls.first();
    const due = isDue(item, nowMs);
    const waiting = this.lanes.empty ? undefined : this.takeWaiting(due && this.streak >= STREAK_MAX, nowMs);
    if (waiting !== undefined) {
      this.streak++;
      return waiting;
    }
    if (!due) return undefined;
    this.streak = 0;
    (item as PollItem).started(nowMs);
    return item;
  }

  /** Takes one that has waited too long, if there is any. */
  takeExpired(nowMs: number): Waiting | undefined {
    return this.lanes.empty ? undefined : this.lanes.takeExpired(nowMs);
  }

  /** When something of this has to be looked at again. With the line closed polls have time. */
  nextMs(nowMs: number, lineOpen: boolean): number {
    const waitingMs = this.lanes.nextMs(nowMs);
    const item = lineOpen ? this.polls.first() : undefined;
    return item !== undefined && item.dueMs < waitingMs ? item.dueMs : waitingMs;
  }

  hold(kin: string, untilMs: number): void {
    this.lanes.hold(kin, untilMs);
  }

  /** Nothing can be asked: those that wait are told and forgotten, polls are told and stay. */
  tellAll(outcome: Outcome<never>): void {
    for (const { transaction } of this.lanes.takeAll()) transaction.done(outcome);
    for (const item of [...this.polls.items]) if (!item.stopped) item.poll.done(outcome);
  }

  private takeWaiting(pollsTurn: boolean, nowMs: number): Waiting | undefined {
    const { lanes } = this;
    const urgent = lanes.take("urgent", nowMs);
    if (urgent !== undefined || pollsTurn) return urgent;
    return lanes.take("act", nowMs) ?? lanes.take("poll", nowMs);
  }
}

function isDue(item: PollItem | undefined, nowMs: number): boolean {
  return item !== undefined && item.dueMs <= nowMs + SLACK_MS;
}
