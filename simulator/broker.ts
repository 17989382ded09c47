/**
 * A broker in memory, on the virtual clock: the station's link to it, the operators around it, and what can go wrong between
 * them. It keeps retained messages, publishes last wills, counts every byte as it would be on the wire, and delivers in order
 * with a modelled latency. It refuses QoS 2 and MQTT 5 by not having them.
 */
import type {
  BrokerLink,
  BrokerLinkEvents,
  BrokerLinkOptions,
  BrokerMessage,
  OpenBrokerLink,
} from "../hal/ports/broker-link.ts";
import type { Clock, Timer } from "../hal/ports/clock.ts";
import { topicMatches } from "./topic-filter.ts";

/** What a QoS 1 message costs beside its MQTT packet: TLS 1.3 record, TCP/IP each way, PUBACK. */
const OVERHEAD_BYTES = 128;
const LATENCY_MS = 20;
const RECONNECT_MS = 1_000;
const ACK_DEADLINE_MS = 20_000;

export interface SimulatedBrokerOptions {
  readonly clock: Clock;
  /** One way. */
  readonly latencyMs?: number;
  /** How long a link waits before it tries again. */
  readonly reconnectMs?: number;
  /** How long a link waits for one acknowledgement before it gives the connection up. */
  readonly ackDeadlineMs?: number;
}

export interface BrokerCounters {
  /** Messages stations published, and their bytes on the wire, overhead included. */
  readonly upMessages: number;
  readonly upBytes: number;
  /** Messages delivered to stations. */
  readonly downMessages: number;
  readonly downBytes: number;
  readonly connections: number;
}

/** What people at the other end of the broker do and see: staff, the technician, the union's office. */
export interface OperatorsDesk {
  /** An operator publishes. `retained` also keeps it, so that later subscribers get it with the retained mark. */
  inject(topic: string, payload: string, options?: { readonly retained?: boolean }): void;
  /** What is kept on a topic. */
  retained(topic: string): string | undefined;
  retainedTopics(): string[];
}

export interface SimulatedBroker extends OperatorsDesk {
  /** It takes connections. */
  readonly up: boolean;
  readonly open: OpenBrokerLink;
  /** An operator subscribes; retained messages come at once. Returns how to stop. */
  subscribe(filter: string, received: (message: BrokerMessage) => void): () => void;
  /** Forgets retained messages, as brokers without persistence do. */
  forget(): void;
  /** Breaks every connection; what is on its way is lost, links come back by themselves. */
  cut(why?: string): void;
  /** Breaks every connection and takes no new ones until `bringUp`. */
  takeDown(): void;
  bringUp(): void;
  /** The next `count` acknowledgements vanish. */
  dropAcks(count: number): void;
  /** The next `count` messages from stations reach their subscribers twice. */
  duplicate(count: number): void;
  counters(): BrokerCounters;
}

interface Subscription {
  readonly filter: string;
  readonly received: (message: BrokerMessage) => void;
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** Bytes of a QoS 1 PUBLISH packet (MQTT 3.1.1, 2.2 and 3.3): fixed header, topic, packet id, payload. */
export function publishBytes(topicBytes: number, payloadBytes: number, qos: 0 | 1): number {
  const remaining = 2 + topicBytes + (qos === 1 ? 2 : 0) + payloadBytes;
  const lengthBytes = remaining < 128 ? 1 : remaining < 16_384 ? 2 : remaining < 2_097_152 ? 3 : 4;
  return 1 + lengthBytes + remaining;
}

class MemoryBroker implements SimulatedBroker {
  readonly clock: Clock;
  readonly latencyMs: number;
  readonly reconnectMs: number;
  readonly ackDeadlineMs: number;
  readonly links = new Set<MemoryLink>();
  up = true;
  acksToDrop = 0;
  private duplicates = 0;
  private readonly kept = new Map<string, Uint8Array>();
  private readonly operators = new Set<Subscription>();
  private upMessages = 0;
  private upBytes = 0;
  private downMessages = 0;
  private downBytes = 0;
  connections = 0;

  constructor(options: SimulatedBrokerOptions) {
    this.clock = options.clock;
    this.latencyMs = options.latencyMs ?? LATENCY_MS;
    this.reconnectMs = options.reconnectMs ?? RECONNECT_MS;
    this.ackDeadlineMs = options.ackDeadlineMs ?? ACK_DEADLINE_MS;
  }

  readonly open: OpenBrokerLink = (options, events) => new MemoryLink(this, options, events);

  inject(topic: string, payload: string, options: { readonly retained?: boolean } = {}): void {
    this.spread(topic, encoder.encode(payload), options.retained ?? false);
  }

  subscribe(filter: string, received: (message: BrokerMessage) => void): () => void {
    const subscription = { filter, received };
    this.operators.add(subscription);
    this.replay(filter, received);
    return () => this.operators.delete(subscription);
  }

  retained(topic: string): string | undefined {
    const payload = this.kept.get(topic);
    return payload === undefined ? undefined : decoder.decode(payload);
  }

  retainedTopics(): string[] {
    return [...this.kept.keys()].sort();
  }

  forget(): void {
    this.kept.clear();
  }

  cut(why = "connection cut"): void {
    for (const link of [...this.links]) link.broken(why);
  }

  takeDown(): void {
    this.up = false;
    this.cut("broker down");
  }

  bringUp(): void {
    this.up = true;
  }

  dropAcks(count: number): void {
    this.acksToDrop += count;
  }

  duplicate(count: number): void {
    this.duplicates += count;
  }

  counters(): BrokerCounters {
    const { upMessages, upBytes, downMessages, downBytes, connections } = this;
    return { upMessages, upBytes, downMessages, downBytes, connections };
  }

  /** A message of a station has arrived. */
  arrived(topic: string, payload: Uint8Array, retain: boolean): void {
    this.spread(topic, payload, retain);
    if (this.duplicates === 0) return;
    this.duplicates--;
    this.spread(topic, payload, retain);
  }

  countUp(topicBytes: number, payloadBytes: number, qos: 0 | 1): void {
    this.upMessages++;
    this.upBytes += publishBytes(topicBytes, payloadBytes, qos) + (qos === 1 ? OVERHEAD_BYTES : 0);
  }

  countDown(message: BrokerMessage): void {
    this.downMessages++;
    this.downBytes += publishBytes(message.topic.length, message.payload.length, 1) + OVERHEAD_BYTES;
  }

  replay(filter: string, received: (message: BrokerMessage) => void): void {
    for (const [topic, payload] of this.kept) {
      if (topicMatches(filter, topic)) received({ topic, payload, retained: true });
    }
  }

  private spread(topic: string, payload: Uint8Array, retain: boolean): void {
    if (retain && payload.length === 0) this.kept.delete(topic);
    else if (retain) this.kept.set(topic, payload);
    // MQTT 3.1.1, 3.3.1.3: a message for an existing subscription goes out without the retained mark.
    const message = { topic, payload, retained: false };
    for (const { filter, received } of this.operators) if (topicMatches(filter, topic)) received(message);
    for (const link of this.links) link.offered(message);
  }
}

type Done = (failure: string | undefined) => void;

class MemoryLink implements BrokerLink {
  private readonly broker: MemoryBroker;
  private readonly options: BrokerLinkOptions;
  private readonly events: BrokerLinkEvents;
  private readonly filters = new Set<string>();
  private readonly waiting = new Set<{ done: Done }>();
  private online = false;
  private closed = false;
  /** Counts connections: whatever was on its way in an earlier one is lost. */
  private generation = 0;
  private timer: Timer;

  constructor(broker: MemoryBroker, options: BrokerLinkOptions, events: BrokerLinkEvents) {
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
    broker.clock.after(broker.latencyMs, () => {
      if (generation !== this.generation) return;
      broker.arrived(topic, bytes, options.retain);
      this.acknowledge(waiter, options.qos);
    });
  }

  subscribe(filter: string): void {
    const { broker, generation } = this;
    if (!this.online) return;
    broker.clock.after(broker.latencyMs, () => {
      if (generation !== this.generation) return;
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
    if (!broker.up) {
      this.timer = broker.clock.after(broker.reconnectMs, () => this.connect());
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
      broker.clock.after(broker.ackDeadlineMs, () => {
        if (generation === this.generation) this.broken("no acknowledgement in time");
      });
      return;
    }
    broker.clock.after(broker.latencyMs, () => {
      if (generation === this.generation) this.settle(waiter);
    });
  }

  private settle(waiter: { done: Done }): void {
    if (this.waiting.delete(waiter)) waiter.done(undefined);
  }

  private deliver(message: BrokerMessage): void {
    const { broker, generation } = this;
    broker.countDown(message);
    broker.clock.after(broker.latencyMs, () => {
      if (generation === this.generation) this.events.message(message);
    });
  }
}

export function createSimulatedBroker(options: SimulatedBrokerOptions): SimulatedBroker {
  return new MemoryBroker(options);
}
