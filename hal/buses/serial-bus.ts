/**
 * One serial line, half duplex: one outstanding question, a quiet time before each, a deadline behind each.
 *
 * Late bytes never answer the next question, for three reasons. Bytes left after an answer, and all bytes that come while
 * nothing is outstanding, are dropped and counted. After an exchange that brought anything but the answer the line is
 * drained and opened anew, because what a driver of the kernel still holds cannot be told from what comes next. After
 * plain silence there is nothing to drain, and opening anew would not stop an answer that is still on its way: there the
 * same question, and every other of its kin, waits until a straggler can no longer come, while other devices are asked.
 * A line on which nothing at all is heard is opened anew now and then, since a wedged adapter needs just that.
 */
import type { Clock } from "../ports/clock.ts";
import { Alarm, SLACK_MS } from "./alarm.ts";
import type { Bus, BusHealth, BusOptions, BusStats, Outcome, Poll, PollHandle, Question, Transaction } from "./bus.ts";
import { Lanes } from "./lanes.ts";
import { Line } from "./line.ts";
import { Noise } from "./noise.ts";
import { type PollItem, PollTable } from "./poll-table.ts";
import { type Frame, Receiver } from "./receiver.ts";
import { byteMs, quietMs } from "./timing.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const STRAGGLER_MS = 500;
/** A deadline noticed this late says that this process was held up, not the device: bytes may lie unread. */
const HELD_UP_MS = 20;
const HELD_UP_GRACE_MS = 10;
/** A line that finds no quiet time for this long, while something waits, babbles. */
const QUIET_WAIT_MS_MAX = 250;
/** Questions of the upper lanes in a row, after which an overdue poll is served. */
const STREAK_MAX = 4;
const SILENCES_BEFORE_REOPEN = 3;
const SILENCES_BEFORE_REOPEN_MAX = 48;
const STRANGE_BEFORE_REPORT = 3;
const STRANGE_REPORT_EVERY_MS = 60_000;
const SILENT: Outcome<never> = { is: "silent" };

class SerialBus implements Bus {
  readonly id: string;
  private readonly clock: Clock;
  private readonly line: Line;
  private readonly alarm: Alarm;
  private readonly receiver: Receiver;
  private readonly noise: Noise;
  private readonly lanes = new Lanes();
  private readonly polls = new PollTable();
  private readonly watchers: ((health: BusHealth) => void)[] = [];
  private readonly refused: { readonly question: Question<unknown>; readonly outcome: Outcome<never> }[] = [];
  private readonly quietMs: number;
  private readonly byteMs: number;
  private readonly counts: Mutable<BusStats>;
  private current: Question<unknown> | undefined;
  private currentItem: PollItem | undefined;
  private sentMs = 0;
  private deadlineMs = 0;
  private heldUp = false;
  private quietFromMs = Number.NEGATIVE_INFINITY;
  private wantedSinceMs = Number.NaN;
  private stragglerUntilMs = Number.NEGATIVE_INFINITY;
  private stale = false;
  private streak = 0;
  private silences = 0;
  private reopenAtSilences = SILENCES_BEFORE_REOPEN;
  private strange = 0;
  private strangeReportedMs = Number.NEGATIVE_INFINITY;

  constructor(options: BusOptions) {
    this.id = options.id;
    this.clock = options.clock;
    this.quietMs = quietMs(options.line);
    this.byteMs = byteMs(options.line);
    this.receiver = new Receiver(options.echo);
    this.noise = new Noise(options.line);
    this.counts = emptyStats();
    this.alarm = new Alarm(options.clock, () => this.rang());
    this.line = new Line(
      { spec: options.line, openWire: options.openWire, clock: options.clock },
      {
        ready: (afterOutage) => this.ready(afterOutage),
        bytes: (chunk) => this.heard(chunk),
        lost: (why) => this.lost(why, "lost"),
      },
    );
  }

  transact<T>(transaction: Transaction<T>): void {
    const { state } = this.line;
    if (state === "waiting" || state === "shut") this.refuse(transaction, { is: "closed", why: "line not open" });
    else if (this.lanes.add(transaction as Transaction<unknown>, this.clock.monotonicMs())) this.turn();
    else this.refuse(transaction, { is: "dropped", why: "queue full" });
  }

  poll<T>(poll: Poll<T>): PollHandle {
    const item = this.polls.add(poll as Poll<unknown>, this.clock.monotonicMs());
    this.turn();
    return {
      period: (periodMs) => {
        item.setPeriod(periodMs);
        this.turn();
      },
      now: () => {
        item.dueAt(this.clock.monotonicMs());
        this.turn();
      },
      stop: () => this.polls.remove(item),
    };
  }

  watch(onHealth: (health: BusHealth) => void): void {
    this.watchers.push(onHealth);
    if (this.line.state === "open") onHealth({ is: "open" });
  }

  stats(): BusStats {
    return { ...this.counts, echoes: this.receiver.echoes, unsolicitedBytes: this.noise.totalBytes };
  }

  close(): void {
    this.line.shut();
    this.settleAll({ is: "closed", why: "shut" });
  }

  private rang(): void {
    for (const { question, outcome } of this.refused.splice(0)) question.done(outcome);
    this.turn();
  }

  /** Does whatever can be done now, and makes sure to be called when there is more. */
  private turn(): void {
    const nowMs = this.clock.monotonicMs();
    if (!this.lanes.empty) this.dropExpired(nowMs);
    if (this.current !== undefined) this.checkDeadline(nowMs);
    else if (this.line.state === "open") this.sendNext(nowMs);
    else this.alarm.by(this.lanes.nextMs(nowMs));
  }

  private sendNext(nowMs: number): void {
    for (;;) {
      const item = this.polls.first();
      const pollDue = item !== undefined && item.dueMs <= nowMs + SLACK_MS;
      if (!pollDue && this.lanes.empty) {
        if (item !== undefined) this.alarm.by(item.dueMs);
        return;
      }
      if (!this.isQuiet(nowMs)) return;
      if (this.stale) {
        this.openAnew();
        return;
      }
      if (this.sendWaiting(pollDue, nowMs)) return;
      if (!pollDue) {
        if (!this.lanes.empty) this.alarm.by(Math.min(this.lanes.nextMs(nowMs), item?.dueMs ?? Number.POSITIVE_INFINITY));
        else continue;
        return;
      }
      item.started(nowMs);
      if (this.send(item.poll, item, nowMs)) {
        this.streak = 0;
        return;
      }
    }
  }

  /** Sends one of those that wait, unless it is the turn of an overdue poll. Those that withdraw are passed over. */
  private sendWaiting(pollDue: boolean, nowMs: number): boolean {
    while (!this.lanes.empty) {
      const pollsTurn = pollDue && this.streak >= STREAK_MAX;
      const urgent = this.lanes.take("urgent", nowMs);
      const waiting = urgent ?? (pollsTurn ? undefined : (this.lanes.take("act", nowMs) ?? this.lanes.take("poll", nowMs)));
      if (waiting === undefined) return false;
      if (urgent !== undefined) {
        this.counts.urgentWaitMsMax = Math.max(this.counts.urgentWaitMsMax, nowMs - urgent.sinceMs);
      }
      if (this.send(waiting.transaction, undefined, nowMs)) {
        this.streak++;
        return true;
      }
      this.refuse(waiting.transaction, { is: "dropped", why: "withdrawn" });
    }
    return false;
  }

  private send(question: Question<unknown>, item: PollItem | undefined, nowMs: number): boolean {
    const request = typeof question.request === "function" ? question.request() : question.request;
    if (request === undefined) return false;
    this.current = question;
    this.currentItem = item;
    this.sentMs = nowMs;
    this.deadlineMs = nowMs + request.length * this.byteMs + question.deadlineMs;
    this.heldUp = false;
    this.wantedSinceMs = Number.NaN;
    this.counts.requests++;
    this.receiver.begin(request, question.expects);
    this.alarm.by(this.deadlineMs);
    this.line.write(request);
    return true;
  }

  private isQuiet(nowMs: number): boolean {
    if (nowMs >= this.quietFromMs - SLACK_MS) return true;
    if (Number.isNaN(this.wantedSinceMs)) this.wantedSinceMs = nowMs;
    if (nowMs - this.wantedSinceMs > QUIET_WAIT_MS_MAX) this.babble("no quiet time");
    else this.alarm.by(this.quietFromMs);
    return false;
  }

  private heard(chunk: Uint8Array): void {
    const nowMs = this.clock.monotonicMs();
    if (nowMs < this.stragglerUntilMs && nowMs >= this.quietFromMs) this.counts.late++;
    this.quietFromMs = nowMs + this.quietMs;
    this.silences = 0;
    this.reopenAtSilences = SILENCES_BEFORE_REOPEN;
    if (this.current === undefined) {
      if (this.noise.add(chunk.length, nowMs)) this.babble("bytes without end");
      return;
    }
    const strayBefore = this.receiver.strayBytes;
    const echoBefore = this.receiver.echo;
    const frame = this.receiver.take(chunk);
    const strayBytes = this.receiver.strayBytes - strayBefore;
    if (this.receiver.echo !== echoBefore) this.report({ is: "echo" });
    if (strayBytes > 0 && this.noise.add(strayBytes, nowMs)) this.babble("bytes without end");
    else if (frame !== undefined) this.answered(frame, nowMs);
  }

  private answered(frame: Frame, nowMs: number): void {
    this.counts.answered++;
    this.line.proven();
    this.currentItem?.answered();
    if (this.receiver.junkWhy !== undefined) this.noteStrange(this.receiver.junkWhy, nowMs);
    this.settle({ is: "answered", value: frame.value, atMs: nowMs }, nowMs);
  }

  private checkDeadline(nowMs: number): void {
    const lateMs = nowMs - this.deadlineMs;
    if (lateMs < -SLACK_MS) this.alarm.by(this.deadlineMs);
    else if (lateMs > HELD_UP_MS && !this.heldUp) {
      this.heldUp = true;
      this.deadlineMs = nowMs + HELD_UP_GRACE_MS;
      this.alarm.by(this.deadlineMs);
    } else this.missed(nowMs);
  }

  private missed(nowMs: number): void {
    const question = this.current as Question<unknown>;
    const echoBefore = this.receiver.echo;
    const strayBefore = this.receiver.strayBytes;
    const why = this.receiver.conclude();
    this.noise.add(this.receiver.strayBytes - strayBefore, nowMs);
    this.stragglerUntilMs = nowMs + (question.stragglerMs ?? STRAGGLER_MS);
    this.currentItem?.missed(this.stragglerUntilMs);
    if (question.kin !== undefined) this.lanes.hold(question.kin, this.stragglerUntilMs);
    if (this.receiver.echo !== echoBefore) this.report({ is: "echo" });
    if (why === undefined) {
      this.counts.silent++;
      this.noteSilence();
      this.settle(SILENT, nowMs);
    } else {
      this.counts.bad++;
      this.stale = true;
      this.noteStrange(why, nowMs);
      this.settle({ is: "bad", why }, nowMs);
    }
  }

  private settle(outcome: Outcome<unknown>, nowMs: number): void {
    const question = this.current as Question<unknown>;
    this.counts.busyMs += nowMs - this.sentMs;
    this.current = undefined;
    this.currentItem = undefined;
    question.done(outcome);
    this.turn();
  }

  private noteSilence(): void {
    if (++this.silences < this.reopenAtSilences) return;
    this.silences = 0;
    this.reopenAtSilences = Math.min(this.reopenAtSilences * 2, SILENCES_BEFORE_REOPEN_MAX);
    this.stale = true;
  }

  private noteStrange(why: string, nowMs: number): void {
    if (++this.strange < STRANGE_BEFORE_REPORT || nowMs - this.strangeReportedMs < STRANGE_REPORT_EVERY_MS) return;
    this.strange = 0;
    this.strangeReportedMs = nowMs;
    this.report({ is: "strange", why });
  }

  private openAnew(): void {
    this.stale = false;
    this.counts.reopened++;
    this.line.reopen();
    this.alarm.by(this.lanes.nextMs(this.clock.monotonicMs()));
  }

  private ready(afterOutage: boolean): void {
    this.stale = false;
    this.noise.forget();
    if (afterOutage) this.report({ is: "open" });
    this.turn();
  }

  private babble(why: string): void {
    this.counts.babbled++;
    this.line.isolate();
    this.lost(why, "babbling");
  }

  private lost(why: string, is: "lost" | "babbling"): void {
    if (is === "lost") this.counts.lost++;
    this.wantedSinceMs = Number.NaN;
    this.report({ is, why });
    this.settleAll({ is: "closed", why });
  }

  /** The line is gone: whatever waits ends now, and every poll learns that there is nothing to be had. */
  private settleAll(outcome: Outcome<never>): void {
    const current = this.current;
    this.current = undefined;
    if (current !== undefined && this.currentItem === undefined) current.done(outcome);
    this.currentItem = undefined;
    for (const { transaction } of this.lanes.takeAll()) transaction.done(outcome);
    for (const item of [...this.polls.items]) if (!item.stopped) item.poll.done(outcome);
  }

  private dropExpired(nowMs: number): void {
    for (let late = this.lanes.takeExpired(nowMs); late !== undefined; late = this.lanes.takeExpired(nowMs)) {
      this.counts.dropped++;
      this.refuse(late.transaction, { is: "dropped", why: "waited too long" });
    }
  }

  private refuse<T>(question: Question<T>, outcome: Outcome<never>): void {
    this.refused.push({ question: question as Question<unknown>, outcome });
    this.alarm.by(this.clock.monotonicMs());
  }

  private report(health: BusHealth): void {
    for (const watcher of this.watchers) watcher(health);
  }
}

function emptyStats(): Mutable<BusStats> {
  return {
    requests: 0,
    answered: 0,
    silent: 0,
    bad: 0,
    dropped: 0,
    echoes: 0,
    late: 0,
    unsolicitedBytes: 0,
    reopened: 0,
    lost: 0,
    babbled: 0,
    busyMs: 0,
    urgentWaitMsMax: 0,
  };
}

export function createBus(options: BusOptions): Bus {
  return new SerialBus(options);
}
