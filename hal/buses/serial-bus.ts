/**
 * One serial line, half duplex: one outstanding question, a quiet time before each, a deadline behind each.
 *
 * Late bytes never answer the next question, for three reasons. Bytes left after an answer, and all bytes that come while
 * nothing is outstanding, are dropped and counted. After an exchange that brought anything but the answer the line is
 * drained and opened anew, because what a driver of the kernel still holds cannot be told from what comes next. After
 * plain silence there is nothing to drain, and opening anew would not stop an answer that is still on its way: there the
 * same question, and every other of its kin, waits until a straggler can no longer come, while other devices are asked.
 * A poll whose answer began and broke off waits for none: its answer was on the line already, and a head that tells of smoke
 * is not left unasked for half a second because the line swallows the ends of answers.
 * A line on which nothing at all is heard is opened anew now and then, since a wedged adapter needs just that.
 */
import type { Frame } from "../codecs/parsed.ts";
import type { Clock } from "../ports/clock.ts";
import { Agenda } from "./agenda.ts";
import { Alarm, SLACK_MS } from "./alarm.ts";
import type {
  Bus,
  BusHealth,
  BusOptions,
  BusStats,
  Ear,
  Outcome,
  Poll,
  PollHandle,
  Question,
  Transaction,
} from "./bus.ts";
import { BusTally } from "./bus-tally.ts";
import { Exchange } from "./exchange.ts";
import type { Waiting } from "./lanes.ts";
import { Line } from "./line.ts";
import { PollItem } from "./poll-table.ts";
import { byteMs, quietMs } from "./timing.ts";

const STRAGGLER_MS = 500;
/** A line that finds no quiet time for this long, while something waits, babbles. */
const QUIET_WAIT_MS_MAX = 250;
const SILENT: Outcome<never> = { is: "silent" };

class SerialBus implements Bus {
  readonly id: string;
  readonly byteMs: number;
  private readonly quietMs: number;
  private readonly clock: Clock;
  private readonly line: Line;
  private readonly alarm: Alarm;
  private readonly exchange: Exchange;
  private readonly tally: BusTally;
  private readonly agenda = new Agenda();
  private readonly watchers: ((health: BusHealth) => void)[] = [];
  private readonly refused: { readonly question: Question<unknown>; readonly outcome: Outcome<never> }[] = [];
  private ear: Ear | undefined;
  private quietFromMs = Number.NEGATIVE_INFINITY;
  private wantedSinceMs = Number.NaN;
  private stragglerUntilMs = Number.NEGATIVE_INFINITY;
  /** The line must be opened anew before the next question. */
  private soiled = false;

  constructor(options: BusOptions) {
    const { id, line, openWire, clock, echo } = options;
    this.id = id;
    this.clock = clock;
    this.quietMs = quietMs(line);
    this.byteMs = byteMs(line);
    this.exchange = new Exchange(echo);
    this.tally = new BusTally(line);
    this.alarm = new Alarm(clock, () => this.rang());
    this.line = new Line(
      { spec: line, openWire, clock },
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
    else if (this.agenda.add(transaction as Transaction<unknown>, this.clock.monotonicMs())) this.turn();
    else {
      this.tally.counts.dropped++;
      this.refuse(transaction, { is: "dropped", why: "queue full" });
    }
  }

  poll<T>(poll: Poll<T>): PollHandle {
    return this.agenda.addPoll(
      poll as Poll<unknown>,
      () => this.clock.monotonicMs(),
      () => this.turn(),
    );
  }

  listen(ear: Ear): (bytes: Uint8Array) => void {
    this.ear = ear;
    return (bytes) => this.line.write(bytes);
  }

  watch(onHealth: (health: BusHealth) => void): void {
    this.watchers.push(onHealth);
    if (this.line.state === "open") onHealth({ is: "open" });
  }

  stats(): BusStats {
    return this.tally.stats(this.exchange.echoes);
  }

  close(): void {
    this.line.shut();
    this.settleAll({ is: "closed", why: "shut" });
  }

  private rang(): void {
    if (this.refused.length > 0) {
      for (const { question, outcome } of this.refused.splice(0)) question.done(outcome);
    }
    this.turn();
  }

  /** Does whatever can be done now, and makes sure to be called when there is more. */
  private turn(): void {
    const nowMs = this.clock.monotonicMs();
    this.dropExpired(nowMs);
    if (this.exchange.question !== undefined) {
      if (this.exchange.isOver(nowMs)) this.missed(nowMs);
      else this.alarm.by(this.exchange.deadlineMs);
    } else if (this.line.state === "open") this.sendNext(nowMs);
    else this.alarm.by(this.agenda.nextMs(nowMs, false));
  }

  private sendNext(nowMs: number): void {
    const { agenda } = this;
    while (agenda.hasWork(nowMs)) {
      if (!this.isQuiet(nowMs)) return;
      if (this.soiled) {
        this.openAnew(nowMs);
        return;
      }
      const next = agenda.take(nowMs);
      if (next === undefined) break;
      if (next instanceof PollItem ? this.send(next.poll, next, nowMs) : this.sendWaiting(next, nowMs)) return;
    }
    this.alarm.by(agenda.nextMs(nowMs, true));
  }

  private sendWaiting({ transaction, sinceMs }: Waiting, nowMs: number): boolean {
    const sent = this.send(transaction, undefined, nowMs);
    if (!sent) this.refuse(transaction, { is: "dropped", why: "withdrawn" });
    else if (transaction.lane === "urgent") this.tally.urgentWaited(nowMs - sinceMs);
    return sent;
  }

  private send(question: Question<unknown>, item: PollItem | undefined, nowMs: number): boolean {
    const request = typeof question.request === "function" ? question.request() : question.request;
    if (request === undefined) return false;
    this.exchange.begin(question, item, request);
    this.exchange.sentMs = nowMs;
    this.exchange.deadlineMs = nowMs + request.length * this.byteMs + question.deadlineMs;
    this.tally.counts.requests++;
    this.alarm.by(this.exchange.deadlineMs);
    this.line.write(request);
    return true;
  }

  private isQuiet(nowMs: number): boolean {
    if (nowMs >= this.quietFromMs - SLACK_MS) {
      this.wantedSinceMs = Number.NaN;
      return true;
    }
    if (Number.isNaN(this.wantedSinceMs)) this.wantedSinceMs = nowMs;
    if (nowMs - this.wantedSinceMs > QUIET_WAIT_MS_MAX) this.babble("no quiet time");
    else this.alarm.by(this.quietFromMs);
    return false;
  }

  private heard(chunk: Uint8Array): void {
    const { exchange, tally } = this;
    const nowMs = this.clock.monotonicMs();
    const burst = nowMs >= this.quietFromMs;
    this.quietFromMs = nowMs + this.quietMs;
    tally.heard();
    if (exchange.question === undefined) {
      const strayBytes = this.ear === undefined ? chunk.length : this.ear(chunk, nowMs);
      if (strayBytes > 0) this.stray(strayBytes, burst, nowMs);
      return;
    }
    const frame = exchange.take(chunk);
    const echoNews = exchange.takeEchoNews();
    const strayBytes = exchange.takeStrayBytes();
    if (strayBytes > 0 && this.stray(strayBytes, burst, nowMs)) return;
    if (frame !== undefined) this.answered(frame, nowMs);
    if (echoNews) this.report({ is: "echo" });
  }

  /** Bytes that belong to nothing. Returns whether they were the last straw and the line is isolated now. */
  private stray(bytes: number, burst: boolean, nowMs: number): boolean {
    if (burst && nowMs < this.stragglerUntilMs) this.tally.counts.late++;
    if (!this.tally.noise(bytes, nowMs)) return false;
    this.babble("bytes without end");
    return true;
  }

  private answered(frame: Frame<unknown>, nowMs: number): void {
    const { junkWhy, item } = this.exchange;
    this.tally.counts.answered++;
    this.line.proven();
    item?.answered();
    this.settle({ is: "answered", value: frame.value, atMs: nowMs }, nowMs, junkWhy);
  }

  private missed(nowMs: number): void {
    const { exchange, tally } = this;
    const { kin, stragglerMs } = exchange.question as Question<unknown>;
    const why = exchange.conclude();
    const echoNews = exchange.takeEchoNews();
    tally.noise(exchange.takeStrayBytes(), nowMs);
    this.stragglerUntilMs = nowMs + (stragglerMs ?? STRAGGLER_MS);
    if (!exchange.brokeOff) exchange.item?.missed(this.stragglerUntilMs);
    if (kin !== undefined) this.agenda.hold(kin, this.stragglerUntilMs);
    if (why !== undefined) tally.counts.bad++;
    if (why !== undefined || tally.silence()) this.soiled = true;
    this.settle(why === undefined ? SILENT : { is: "bad", why }, nowMs, why);
    if (echoNews) this.report({ is: "echo" });
  }

  /** Ends the exchange before anybody is told, because whoever is told may ask the next question. */
  private settle(outcome: Outcome<unknown>, nowMs: number, strange: string | undefined): void {
    const { exchange } = this;
    const question = exchange.question as Question<unknown>;
    this.tally.counts.busyMs += nowMs - exchange.sentMs;
    exchange.clear();
    if (strange !== undefined && this.tally.strangeBytes(nowMs)) this.report({ is: "strange", why: strange });
    question.done(outcome);
    this.turn();
  }

  private openAnew(nowMs: number): void {
    this.soiled = false;
    this.tally.counts.reopened++;
    this.alarm.by(this.agenda.nextMs(nowMs, false));
    this.line.reopen();
  }

  private ready(afterOutage: boolean): void {
    this.soiled = false;
    this.tally.freshLine();
    if (afterOutage) this.report({ is: "open" });
    this.turn();
  }

  private babble(why: string): void {
    this.tally.counts.babbled++;
    this.line.isolate();
    this.lost(why, "babbling");
  }

  private lost(why: string, is: "lost" | "babbling"): void {
    if (is === "lost") this.tally.counts.lost++;
    this.wantedSinceMs = Number.NaN;
    this.report({ is, why });
    this.settleAll({ is: "closed", why });
  }

  /** The line is gone: whatever waits ends now, and every poll learns that there is nothing to be had. */
  private settleAll(outcome: Outcome<never>): void {
    const { question, item } = this.exchange;
    this.exchange.clear();
    if (question !== undefined && item === undefined) question.done(outcome);
    this.agenda.tellAll(outcome);
  }

  private dropExpired(nowMs: number): void {
    for (let late = this.agenda.takeExpired(nowMs); late !== undefined; late = this.agenda.takeExpired(nowMs)) {
      this.tally.counts.dropped++;
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

export function createBus(options: BusOptions): Bus {
  return new SerialBus(options);
}
