/**
 * A broker in memory, on the virtual clock: the station's link to it, the operators around it, and what can go wrong between
 * them. It keeps retained messages, publishes last wills, counts every byte as it would be on the wire, and delivers in order
 * with a modelled latency. It refuses QoS 2 and MQTT 5 by not having them.
 */
import type { BrokerMessage, LinkTrouble, OpenBrokerLink } from "../hal/ports/broker-link.ts";
import type { Clock } from "../hal/ports/clock.ts";
import { type LinkHost, MemoryLink } from "./broker-link.ts";
import { Held } from "./held.ts";
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
  /** The same for several who each want it gone for a while: returns how to end it. */
  outage(): () => void;
  /** The connections that there are carry nothing any more, and neither end is told. */
  goSilent(): void;
  /** Everything takes this much longer each way, until ended. */
  slowDown(ms: number): () => void;
  /** Somebody else answers, or the certificates do not pass: attempts to connect come to nothing for this reason, until ended. */
  distrust(trouble: LinkTrouble): () => void;
  /** The next `count` acknowledgements vanish. */
  dropAcks(count: number): void;
  /** The next `count` messages from stations reach their subscribers twice. */
  duplicate(count: number): void;
  counters(): BrokerCounters;
  /** What stations are subscribed to now. */
  filters(): string[];
  /** Whether a station is connected now. */
  hasStation(): boolean;
  /** Everything that arrives from stations, and nothing that others publish. For judges. */
  overhear(received: (message: BrokerMessage) => void): void;
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

class MemoryBroker implements SimulatedBroker, LinkHost {
  readonly clock: Clock;
  latencyMs: number;
  readonly reconnectMs: number;
  readonly ackDeadlineMs: number;
  readonly links = new Set<MemoryLink>();
  acksToDrop = 0;
  up = true;
  private readonly out = new Held((out) => {
    if (out) this.cut("broker down");
  });
  private readonly troubles = new Set<{ readonly trouble: LinkTrouble }>();
  private duplicates = 0;
  private readonly kept = new Map<string, Uint8Array>();
  private readonly operators = new Set<Subscription>();
  private readonly eavesdroppers: ((message: BrokerMessage) => void)[] = [];
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

  outage(): () => void {
    return this.out.hold();
  }

  goSilent(): void {
    for (const link of this.links) link.goSilent();
  }

  slowDown(ms: number): () => void {
    this.latencyMs += ms;
    return () => {
      this.latencyMs -= ms;
    };
  }

  distrust(trouble: LinkTrouble): () => void {
    const told = { trouble };
    this.troubles.add(told);
    this.cut("connection reset");
    return () => this.troubles.delete(told);
  }

  get takesConnections(): boolean {
    return this.up && !this.out.is;
  }

  get distrusted(): LinkTrouble | undefined {
    const [told] = this.troubles;
    return told?.trouble;
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

  filters(): string[] {
    return [...this.links].flatMap((link) => [...link.filters]);
  }

  hasStation(): boolean {
    return this.links.size > 0;
  }

  overhear(received: (message: BrokerMessage) => void): void {
    this.eavesdroppers.push(received);
  }

  /** A message of a station has arrived. */
  arrived(topic: string, payload: Uint8Array, retain: boolean): void {
    for (const received of this.eavesdroppers) received({ topic, payload, retained: false });
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

export function createSimulatedBroker(options: SimulatedBrokerOptions): SimulatedBroker {
  return new MemoryBroker(options);
}
