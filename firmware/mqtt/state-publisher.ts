/**
 * Retained state, published by exception. It remembers what the broker was last told on every topic and what is true now, sends
 * the difference when the pacing of the row allows it, and sends everything after each connect and on a snapshot. At most one
 * message a topic is under way, and only superseded values are ever left out. It decides nothing about content.
 */
import type { BrokerLink } from "../../hal/ports/broker-link.ts";
import type { Clock, Timer } from "../../hal/ports/clock.ts";
import type { Change } from "../../services/contract/change.ts";
import { type Pacing, pacing, type StateName, type StatePayloads } from "../../services/contract/deadband.ts";

/** Messages under way over all topics, so that a reconnect does not push out everything in one breath. */
const UNDER_WAY_MAX = 20;
const SWEEP_MS = 1_000;
/** A snapshot costs as much as a reconnect; asked more often than this, it is done once. */
const SNAPSHOT_EVERY_MS = 10_000;
const TOPICS_MAX = 2_000;
/**
 * Faults a broker still shows from before a crash are emptied once this process has had so long to raise them again, however
 * short its connections are.
 */
const STALE_AFTER_MS = 60_000;
const STALE_MAX = 500;

/** A bare string is sent as it is, everything else as JSON; "" empties a topic. */
type StateValue = StatePayloads[StateName] | "";

interface Entry {
  readonly topic: string;
  readonly pacing: Pacing;
  /** What the broker was last told; undefined when that is not known. */
  sent: StateValue | undefined;
  sentAtMs: number;
  /** What is true now; "" empties the topic. */
  now: StateValue;
  underWay: boolean;
  /** It was handed to a link at least once, so a broker may show it. */
  tried: boolean;
  /** When the step that is not sent yet began. */
  stepSinceMs: number | undefined;
  /** Wanted by a connect or a snapshot, whatever was sent before. */
  forced: boolean;
  /** What the row's comparison said of these two: they are asked every second, and differ every few. */
  judged: { readonly sent: StateValue; readonly now: StateValue; readonly change: Change } | undefined;
}

export interface StatePublisherOptions {
  readonly link: Pick<BrokerLink, "publish">;
  readonly clock: Clock;
}

export interface StateStats {
  readonly topics: number;
  readonly underWay: number;
  readonly published: number;
  readonly failed: number;
}

export interface StatePublisher {
  /** What is true now on a retained topic. Cheap when nothing changed. Nobody may change the payload afterwards. */
  offer<N extends StateName>(name: N, topic: string, now: StatePayloads[N]): void;
  /** Empties a retained topic, then forgets it. */
  clear(topic: string): void;
  connected(): void;
  disconnected(): void;
  /** Sends every topic again, now or at the end of the pause since the last time. */
  snapshot(): void;
  /** The broker showed a retained message of ours that may be older than this process. */
  found(topic: string): void;
  stats(): StateStats;
}

type AnyChange = (sent: unknown, now: unknown) => Change;

class ExceptionPublisher implements StatePublisher {
  private readonly options: StatePublisherOptions;
  private readonly entries = new Map<string, Entry>();
  /** Topics to send, in the order they were wanted. */
  private readonly wanted = new Set<Entry>();
  private readonly stale = new Set<string>();
  private online = false;
  private readonly madeMs: number;
  private sweeper: Timer | undefined;
  private snapshotAtMs: number | undefined;
  private snapshotDoneMs = Number.NEGATIVE_INFINITY;
  private underWay = 0;
  private published = 0;
  private failed = 0;
  private pumping = false;

  constructor(options: StatePublisherOptions) {
    this.options = options;
    this.madeMs = options.clock.monotonicMs();
  }

  offer<N extends StateName>(name: N, topic: string, now: StatePayloads[N]): void {
    const entry = this.entries.get(topic) ?? this.added(name, topic, now);
    entry.now = now;
    this.look(entry);
  }

  clear(topic: string): void {
    const entry = this.entries.get(topic);
    if (entry === undefined) return;
    // What came and went without a broker was never shown; kept until the next connection it would fill a week.
    if (!entry.tried) {
      this.entries.delete(topic);
      this.wanted.delete(entry);
      return;
    }
    entry.now = "";
    if (this.online && !entry.underWay) this.want(entry);
  }

  connected(): void {
    this.online = true;
    this.resend();
    this.sweeper ??= this.options.clock.after(SWEEP_MS, this.sweep);
  }

  disconnected(): void {
    this.online = false;
    this.wanted.clear();
    this.stale.clear();
    this.snapshotAtMs = undefined;
    this.sweeper?.cancel();
    this.sweeper = undefined;
  }

  snapshot(): void {
    if (!this.online) return;
    const now = this.options.clock.monotonicMs();
    const at = Math.max(now, this.snapshotDoneMs + SNAPSHOT_EVERY_MS);
    if (at > now) this.snapshotAtMs = at;
    else this.resend();
  }

  found(topic: string): void {
    if (!this.entries.has(topic) && this.stale.size < STALE_MAX) this.stale.add(topic);
  }

  stats(): StateStats {
    const { underWay, published, failed } = this;
    return { topics: this.entries.size, underWay, published, failed };
  }

  private added(name: StateName, topic: string, now: StateValue): Entry {
    if (this.entries.size >= TOPICS_MAX) throw new RangeError(`more than ${TOPICS_MAX} retained topics`);
    const entry: Entry = {
      topic,
      // The row's comparison takes the row's payload; `offer` is called with a row and its own payload.
      pacing: pacing[name] as Pacing,
      sent: undefined,
      sentAtMs: Number.NEGATIVE_INFINITY,
      now,
      underWay: false,
      tried: false,
      stepSinceMs: undefined,
      forced: false,
      judged: undefined,
    };
    this.entries.set(topic, entry);
    return entry;
  }

  private resend(): void {
    this.snapshotAtMs = undefined;
    this.snapshotDoneMs = this.options.clock.monotonicMs();
    for (const entry of this.entries.values()) {
      entry.forced = true;
      if (!entry.underWay) this.wanted.add(entry);
    }
    this.pump();
  }

  private isDue(entry: Entry, nowMs: number): boolean {
    if (entry.forced || entry.sent === undefined) return true;
    if (entry.now === "" || entry.sent === "") return entry.now !== entry.sent;
    const age = nowMs - entry.sentAtMs;
    if (age >= entry.pacing.heartbeatMs) return true;
    const change = this.changeOf(entry, entry.sent);
    if (change === "order") return true;
    if (change !== "step") {
      entry.stepSinceMs = undefined;
      return change === "drift" && age >= entry.pacing.driftHoldMs;
    }
    return this.settled(entry, nowMs) && age >= entry.pacing.stepHoldMs;
  }

  private changeOf(entry: Entry, sent: StateValue): Change {
    const { judged, now } = entry;
    if (judged !== undefined && judged.sent === sent && judged.now === now) return judged.change;
    const change = (entry.pacing.change as AnyChange)(sent, now);
    entry.judged = { sent, now, change };
    return change;
  }

  private settled(entry: Entry, nowMs: number): boolean {
    const { settleMs } = entry.pacing;
    if (settleMs === 0) return true;
    if (entry.stepSinceMs === undefined) {
      entry.stepSinceMs = nowMs;
      this.options.clock.after(settleMs, () => this.look(entry));
    }
    // Half a millisecond of grace: the sum and the difference of two moments need not agree to the last bit.
    return nowMs - entry.stepSinceMs >= settleMs - 0.5;
  }

  private look(entry: Entry): void {
    if (this.entries.get(entry.topic) !== entry) return;
    if (this.online && !entry.underWay && this.isDue(entry, this.options.clock.monotonicMs())) this.want(entry);
  }

  private want(entry: Entry): void {
    this.wanted.add(entry);
    this.pump();
  }

  private pump(): void {
    if (this.pumping) return;
    this.pumping = true;
    for (const entry of this.wanted) {
      if (this.underWay >= UNDER_WAY_MAX || !this.online) break;
      this.wanted.delete(entry);
      if (!entry.underWay) this.send(entry);
    }
    this.pumping = false;
  }

  private send(entry: Entry): void {
    const value = entry.now;
    entry.forced = false;
    entry.stepSinceMs = undefined;
    entry.underWay = true;
    entry.tried = true;
    entry.sentAtMs = this.options.clock.monotonicMs();
    this.underWay++;
    const payload = typeof value === "string" ? value : JSON.stringify(value);
    this.options.link.publish(entry.topic, payload, { qos: 1, retain: true }, (failure) => {
      if (!entry.underWay) return;
      entry.underWay = false;
      this.underWay--;
      this.answered(entry, failure === undefined ? value : undefined);
    });
  }

  private answered(entry: Entry, told: StateValue | undefined): void {
    entry.sent = told;
    // A failed one is looked at again by the next sweep, not at once: a link that refuses would keep this spinning.
    if (told === undefined) this.failed++;
    else this.published++;
    if (told === "" && entry.now === "") this.entries.delete(entry.topic);
    else if (told !== undefined && this.online && this.isDue(entry, this.options.clock.monotonicMs()))
      this.wanted.add(entry);
    this.pump();
  }

  private readonly sweep = (): void => {
    const now = this.options.clock.monotonicMs();
    if (this.snapshotAtMs !== undefined && now >= this.snapshotAtMs) this.resend();
    for (const entry of this.entries.values()) {
      if (!entry.underWay && this.isDue(entry, now)) this.wanted.add(entry);
    }
    if (this.stale.size > 0 && now - this.madeMs >= STALE_AFTER_MS) this.emptyStale();
    this.pump();
    this.sweeper = this.options.clock.after(SWEEP_MS, this.sweep);
  };

  private emptyStale(): void {
    for (const topic of this.stale) {
      if (this.entries.has(topic) || this.entries.size >= TOPICS_MAX) continue;
      const entry = this.added("fault", topic, "");
      this.wanted.add(entry);
    }
    this.stale.clear();
  }
}

export function createStatePublisher(options: StatePublisherOptions): StatePublisher {
  return new ExceptionPublisher(options);
}
