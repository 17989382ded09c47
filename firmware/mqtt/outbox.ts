/**
 * The outbox: a cursor in the one log. It publishes the entries behind the cursor strictly in order, and the cursor moves on the
 * broker's acknowledgement only, over what is acknowledged without a gap. It keeps no queue of its own beyond one window, so
 * a week without a broker costs no memory. After a failure it starts again at the cursor; what was acknowledged out of order
 * is not sent twice, the rest may be, with the same id. What is urgent overtakes it in a lane of its own.
 */
import type { BrokerLink } from "../../hal/ports/broker-link.ts";
import type { Clock, Timer } from "../../hal/ports/clock.ts";
import type { OutboxBatch, OutboxMessage, OutboxSource } from "./outbox-source.ts";
import { UrgentLane } from "./urgent-lane.ts";

export const IN_FLIGHT_MAX = 50;
const BATCH = 50;
const RETRY_MS = 1_000;
const READ_RETRY_MS = 5_000;

export interface OutboxOptions {
  readonly source: OutboxSource;
  readonly link: Pick<BrokerLink, "publish">;
  readonly clock: Clock;
  /** Everything up to here is known to be delivered. */
  readonly cursor: number;
  /** The newest entry on disk at start. */
  readonly newest: number;
}

export interface OutboxStats {
  /** Entries behind the cursor: an upper bound of the messages that wait. */
  readonly queued: number;
  readonly inFlight: number;
  readonly published: number;
  readonly failed: number;
  readonly readFailures: number;
  /** How long something has waited since anything was last delivered; 0 when nothing waits. */
  readonly waitingMs: number;
}

export interface Outbox {
  connected(): void;
  disconnected(): void;
  /** Entries up to `n` are on disk now; `urgent` when one of the newest must not wait for the others. */
  noticed(n: number, urgent?: boolean): void;
  /** Starts nothing more. */
  stop(): void;
  stats(): OutboxStats;
}

interface Item {
  readonly message: OutboxMessage;
  at: "waiting" | "sent" | "acknowledged";
}

class LogOutbox implements Outbox {
  private readonly options: OutboxOptions;
  private readonly window: Item[] = [];
  private readonly urgent: UrgentLane;
  /** Index in the window of the next item to look at. */
  private next = 0;
  private cursor: number;
  private newest: number;
  private readTo: number;
  private inFlight = 0;
  private online = false;
  private stopped = false;
  private pumping = false;
  private reading = false;
  /** A publish failed: nothing is sent until the others in flight have settled. */
  private failing = false;
  private retry: Timer | undefined;
  private movedAtMs: number;
  private published = 0;
  private failed = 0;
  private readFailures = 0;

  constructor(options: OutboxOptions) {
    this.options = options;
    this.cursor = options.cursor;
    this.readTo = options.cursor;
    this.newest = Math.max(options.newest, options.cursor);
    this.movedAtMs = options.clock.monotonicMs();
    this.urgent = new UrgentLane(options);
  }

  connected(): void {
    this.online = true;
    this.urgent.connected();
    if (this.inFlight === 0) this.startAgain();
  }

  disconnected(): void {
    this.online = false;
    this.urgent.disconnected();
    this.retry?.cancel();
    this.retry = undefined;
  }

  noticed(n: number, urgent = false): void {
    const isBehind = this.newest - this.readTo >= IN_FLIGHT_MAX || this.window.length >= IN_FLIGHT_MAX;
    if (urgent && isBehind) this.urgent.look(n);
    if (n <= this.newest) return;
    if (this.newest === this.cursor) this.movedAtMs = this.options.clock.monotonicMs();
    this.newest = n;
    this.pump();
  }

  stop(): void {
    this.stopped = true;
    this.retry?.cancel();
    this.urgent.stop();
  }

  stats(): OutboxStats {
    const { failed, readFailures, inFlight } = this;
    const published = this.published + this.urgent.published;
    const queued = this.newest - this.cursor;
    const waitingMs = queued === 0 ? 0 : this.options.clock.monotonicMs() - this.movedAtMs;
    return { queued, inFlight, published, failed, readFailures, waitingMs };
  }

  private startAgain(): void {
    this.failing = false;
    this.next = 0;
    this.pump();
  }

  /** A link may answer within `publish`, so the loop runs in one place only. */
  private pump(): void {
    if (this.pumping) return;
    this.pumping = true;
    while (this.mayAct() && this.inFlight < IN_FLIGHT_MAX) {
      const item = this.window[this.next];
      if (item === undefined) break;
      this.next++;
      if (item.at === "waiting") this.send(item);
    }
    this.pumping = false;
    if (this.mayAct() && this.next >= this.window.length && this.readTo < this.newest) this.readMore();
  }

  private mayAct(): boolean {
    return this.online && !this.failing && !this.stopped;
  }

  private send(item: Item): void {
    if (this.urgent.isDelivered(item.message.n)) {
      item.at = "acknowledged";
      this.advance();
      return;
    }
    item.at = "sent";
    this.inFlight++;
    const { topic, payload } = item.message;
    this.options.link.publish(topic, payload, { qos: 1, retain: false }, (failure) => this.settled(item, failure));
  }

  private settled(item: Item, failure: string | undefined): void {
    // A link that settles twice would otherwise count one acknowledgement for two messages.
    if (item.at !== "sent") return;
    this.inFlight--;
    if (failure === undefined) {
      item.at = "acknowledged";
      this.published++;
      this.advance();
    } else {
      item.at = "waiting";
      this.failed++;
      this.failing = true;
    }
    if (this.failing && this.inFlight === 0) this.retryLater();
    else this.pump();
  }

  /** On a dead link the next connection starts again; on a living one that refuses, a pause keeps this from spinning. */
  private retryLater(): void {
    if (!this.online || this.stopped) return;
    this.retry?.cancel();
    this.retry = this.options.clock.after(RETRY_MS, () => {
      this.retry = undefined;
      if (this.online && this.inFlight === 0) this.startAgain();
    });
  }

  private advance(): void {
    let delivered: number | undefined;
    while (this.window[0]?.at === "acknowledged") {
      delivered = this.window[0].message.n;
      this.window.shift();
      if (this.next > 0) this.next--;
    }
    if (delivered !== undefined) {
      this.cursor = delivered;
      this.movedAtMs = this.options.clock.monotonicMs();
      this.options.source.acknowledged(delivered);
      this.urgent.forget(delivered);
    }
    // Behind the last message there may be entries that carry none; they are delivered by being nothing.
    if (this.window.length === 0) this.cursor = this.readTo;
  }

  private readMore(): void {
    if (this.reading || this.window.length > IN_FLIGHT_MAX) return;
    this.reading = true;
    const upTo = this.newest;
    this.options.source.read(this.readTo, BATCH, (batch) => {
      this.reading = false;
      if ("failure" in batch) this.readAgainLater();
      else this.took(batch, upTo);
    });
  }

  private readAgainLater(): void {
    this.readFailures++;
    this.options.clock.after(READ_RETRY_MS, () => this.pump());
  }

  private took(batch: Exclude<OutboxBatch, { failure: string }>, upTo: number): void {
    for (const message of batch.messages) this.window.push({ message, at: "waiting" });
    // Behind a complete batch there is no message among the entries that were on disk when it was asked for.
    this.readTo = Math.max(this.readTo, batch.lastN, batch.complete ? upTo : 0);
    this.advance();
    this.pump();
  }
}

export function createOutbox(options: OutboxOptions): Outbox {
  return new LogOutbox(options);
}
