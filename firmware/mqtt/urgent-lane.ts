/**
 * The lane beside the outbox: what cannot wait for a long queue (a call for help) is published at once when there is a connection,
 * and first after the next one otherwise. Its place in the queue stays: what was acknowledged here is not sent again there,
 * whatever else happens is sent there too, with the same id. Bounded; what finds no place here loses no more than its haste.
 */
import type { BrokerLink } from "../../hal/ports/broker-link.ts";
import type { Clock, Timer } from "../../hal/ports/clock.ts";
import type { OutboxMessage, OutboxSource } from "./outbox-source.ts";

const WAITING_MAX = 100;
/** An urgent entry stands among the newest, which the log has in memory. */
const LOOK_BACK = 200;
const RETRY_MS = 1_000;

export interface UrgentLaneOptions {
  readonly source: Pick<OutboxSource, "readUrgent" | "urgentAtStart">;
  readonly link: Pick<BrokerLink, "publish">;
  readonly clock: Clock;
}

interface Item {
  readonly message: OutboxMessage;
  at: "waiting" | "sent";
}

export class UrgentLane {
  private readonly options: UrgentLaneOptions;
  private readonly items = new Map<number, Item>();
  private readonly delivered = new Set<number>();
  private passed = 0;
  private online = false;
  private stopped = false;
  private retry: Timer | undefined;
  published = 0;

  constructor(options: UrgentLaneOptions) {
    this.options = options;
    for (const message of options.source.urgentAtStart()) this.add(message);
  }

  /** One of the newest entries up to `n` is urgent, and many wait in front of it. */
  look(n: number): void {
    if (this.stopped) return;
    this.options.source.readUrgent(Math.max(0, n - LOOK_BACK), LOOK_BACK, (batch) => {
      // Not readable now: it goes out in its turn.
      if ("failure" in batch) return;
      for (const message of batch.messages) this.add(message);
      this.sendAll();
    });
  }

  connected(): void {
    this.online = true;
    this.sendAll();
  }

  disconnected(): void {
    this.online = false;
    this.retry?.cancel();
    this.retry = undefined;
  }

  stop(): void {
    this.stopped = true;
    this.retry?.cancel();
  }

  /** The broker has taken it already. */
  isDelivered(n: number): boolean {
    return this.delivered.has(n);
  }

  /** The queue has passed it. */
  forget(upTo: number): void {
    this.passed = upTo;
    for (const n of this.delivered) if (n <= upTo) this.delivered.delete(n);
    for (const n of this.items.keys()) if (n <= upTo) this.items.delete(n);
  }

  private add(message: OutboxMessage): void {
    const { n } = message;
    const isKnown = n <= this.passed || this.items.has(n) || this.delivered.has(n);
    if (!isKnown && this.items.size < WAITING_MAX) this.items.set(n, { message, at: "waiting" });
  }

  private sendAll(): void {
    for (const item of this.items.values()) if (item.at === "waiting" && this.online && !this.stopped) this.send(item);
  }

  private send(item: Item): void {
    item.at = "sent";
    const { n, topic, payload } = item.message;
    this.options.link.publish(topic, payload, { qos: 1, retain: false }, (failure) => {
      if (item.at !== "sent") return;
      item.at = "waiting";
      if (failure === undefined) {
        this.published++;
        // The queue may have passed it meanwhile.
        if (this.items.delete(n)) this.delivered.add(n);
      } else this.retryLater();
    });
  }

  /** A link that refuses at once must not keep this spinning. */
  private retryLater(): void {
    if (!this.online || this.stopped) return;
    this.retry ??= this.options.clock.after(RETRY_MS, () => {
      this.retry = undefined;
      this.sendAll();
    });
  }
}
