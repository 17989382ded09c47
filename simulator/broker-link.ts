/**
 * A station's link to the broker in memory: one connection after the other, the order kept within each, nothing carried over from
 * one to the next. It is the far end as well, so it can go silent, be slow, or be refused; it queues nothing.
 */
import type {
  BrokerLink,
  BrokerLinkEvents,
  BrokerLinkOptions,
  BrokerMessage,
  LinkTrouble,
} from "../hal/ports/broker-link.ts";
import type { Clock, Timer } from "../hal/ports/clock.ts";
import { topicMatches } from "./topic-filter.ts";

/** One and a half of the 30 s after which the real link asks whether anybody is there (MQTT 3.1.1, 3.1.2.10). */
const KEEP_ALIVE_GIVEN_UP_MS = 45_000;

const encoder = new TextEncoder();

/** What a link needs of the broker it leads to. */
export interface LinkHost {
  readonly clock: Clock;
  /** One way. */
  readonly latencyMs: number;
  readonly reconnectMs: number;
  readonly ackDeadlineMs: number;
  readonly links: Set<MemoryLink>;
  readonly takesConnections: boolean;
  /** Why nobody gets through although somebody answers. */
  readonly distrusted: LinkTrouble | undefined;
  acksToDrop: number;
  connections: number;
  arrived(topic: string, payload: Uint8Array, retain: boolean): void;
  countUp(topicBytes: number, payloadBytes: number, qos: 0 | 1): void;
  countDown(message: BrokerMessage): void;
  replay(filter: string, received: (message: BrokerMessage) => void): void;
}

type Done = (failure: string | undefined) => void;

export class MemoryLink implements BrokerLink {
  private readonly broker: LinkHost;
  private readonly options: BrokerLinkOptions;
  private readonly events: BrokerLinkEvents;
  readonly filters = new Set<string>();
  private readonly waiting = new Set<{ done: Done }>();
  private online = false;
  private closed = false;
  /** Counts connections: whatever was on its way in an earlier one is lost. */
  private generation = 0;
  /** Half-open: nothing gets through either way, and neither end has noticed. */
  private silent = false;
  private timer: Timer;
  /** When the last one sent arrives, each way: a connection keeps the order even when it becomes faster. */
  private upMs = 0;
  private downMs = 0;

  constructor(broker: LinkHost, options: BrokerLinkOptions, events: BrokerLinkEvents) {
    this.broker = broker;
    this.options = options;
    this.events = events;
    this.timer = broker.clock.after(broker.latencyMs, () => this.connect());
  }

  publish(
    topic: string,
    payload: string,
    options: { readonly qos: 0 | 1; readonly retain: boolean },
    done: Done,
  ): void {
    if (!this.online) {
      done("not connected");
      return;
    }
    const { broker, generation } = this;
    const bytes = encoder.encode(payload);
    broker.countUp(topic.length, bytes.length, options.qos);
    const waiter = { done };
    this.waiting.add(waiter);
    if (this.silent) {
      this.giveUpAfter(broker.ackDeadlineMs, "no acknowledgement in time");
      return;
    }
    this.upwards(() => {
      if (generation !== this.generation || this.silent) return;
      broker.arrived(topic, bytes, options.retain);
      this.acknowledge(waiter, options.qos);
    });
  }

  subscribe(filter: string): void {
    const { broker, generation } = this;
    if (!this.online) return;
    this.upwards(() => {
      if (generation !== this.generation || this.silent) return;
      this.filters.add(filter);
      broker.replay(filter, (message) => this.deliver(message));
    });
  }

  close(done: () => void): void {
    this.closed = true;
    this.timer.cancel();
    this.leave("closed", false);
    this.broker.clock.after(this.broker.latencyMs, done);
  }

  /** What is on its way is lost, and what follows. The keep-alive notices, or whoever waits for an acknowledgement. */
  goSilent(): void {
    if (!this.online || this.silent) return;
    this.silent = true;
    this.giveUpAfter(KEEP_ALIVE_GIVEN_UP_MS, "keep-alive");
    if (this.waiting.size > 0) this.giveUpAfter(this.broker.ackDeadlineMs, "no acknowledgement in time");
  }

  /** The connection broke: everything on its way is lost, and the broker speaks the last will. */
  broken(why: string): void {
    if (!this.online) return;
    this.leave(why, true);
    if (!this.closed) this.timer = this.broker.clock.after(this.broker.reconnectMs, () => this.connect());
  }

  offered(message: BrokerMessage): void {
    for (const filter of this.filters) {
      if (!topicMatches(filter, message.topic)) continue;
      this.deliver(message);
      return;
    }
  }

  private connect(): void {
    const { broker } = this;
    if (this.closed) return;
    const trouble = broker.distrusted;
    if (!broker.takesConnections || trouble !== undefined) {
      this.timer = broker.clock.after(broker.reconnectMs, () => this.connect());
      if (trouble !== undefined) this.events.attemptFailed?.(trouble, "as somebody else answers it");
      return;
    }
    this.online = true;
    broker.connections++;
    broker.links.add(this);
    this.events.connected();
  }

  private leave(why: string, withWill: boolean): void {
    if (!this.online) return;
    this.online = false;
    this.silent = false;
    this.upMs = 0;
    this.downMs = 0;
    this.generation++;
    this.filters.clear();
    this.broker.links.delete(this);
    const lost = [...this.waiting];
    this.waiting.clear();
    for (const { done } of lost) done(why);
    if (withWill) this.broker.arrived(this.options.will.topic, encoder.encode(this.options.will.payload), true);
    if (!this.closed) this.events.disconnected(why);
  }

  private acknowledge(waiter: { done: Done }, qos: 0 | 1): void {
    const { broker, generation } = this;
    if (qos === 0) {
      this.settle(waiter);
      return;
    }
    if (broker.acksToDrop > 0) {
      broker.acksToDrop--;
      this.giveUpAfter(broker.ackDeadlineMs, "no acknowledgement in time");
      return;
    }
    this.downwards(() => {
      if (generation === this.generation && !this.silent) this.settle(waiter);
    });
  }

  private settle(waiter: { done: Done }): void {
    if (this.waiting.delete(waiter)) waiter.done(undefined);
  }

  private deliver(message: BrokerMessage): void {
    const { broker, generation } = this;
    broker.countDown(message);
    this.downwards(() => {
      if (generation === this.generation && !this.silent) this.events.message(message);
    });
  }

  /** The way to the broker, and back. */
  private upwards(run: () => void): void {
    const { clock, latencyMs } = this.broker;
    const delayMs = Math.max(latencyMs, this.upMs - clock.monotonicMs());
    this.upMs = clock.monotonicMs() + delayMs;
    clock.after(delayMs, run);
  }

  private downwards(run: () => void): void {
    const { clock, latencyMs } = this.broker;
    const delayMs = Math.max(latencyMs, this.downMs - clock.monotonicMs());
    this.downMs = clock.monotonicMs() + delayMs;
    clock.after(delayMs, run);
  }

  private giveUpAfter(ms: number, why: string): void {
    const { generation } = this;
    this.broker.clock.after(ms, () => {
      if (generation === this.generation) this.broken(why);
    });
  }
}
