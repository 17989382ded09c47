/**
 * A station's link to the broker with a meter on it: what goes out, what is acknowledged and after how long, which events these
 * were, which topics are retained. It changes nothing of what passes.
 */
import type { OpenBrokerLink } from "../../hal/ports/broker-link.ts";
import type { Clock } from "../../hal/ports/clock.ts";
import { topicRoot } from "../../services/contract/topics.ts";
import { publishBytes } from "../broker.ts";
import type { DeliveryBook } from "./delivery-book.ts";
import { Latencies } from "./latencies.ts";

export interface MeterCounters {
  readonly connected: number;
  readonly connects: number;
  readonly disconnects: number;
  readonly published: number;
  readonly acknowledged: number;
  readonly failed: number;
  readonly inFlight: number;
  readonly eventsPublished: number;
  readonly bytes: number;
}

/** Everything the links of one process have in common. */
export class Meter {
  latencies = new Latencies();
  readonly clock: Clock;
  readonly book: DeliveryBook;
  /** Retained topics that were filled, for taking them off the broker again. */
  readonly retained = new Set<string>();
  private readonly counts: { -readonly [K in keyof MeterCounters]: number } = {
    connected: 0,
    connects: 0,
    disconnects: 0,
    published: 0,
    acknowledged: 0,
    failed: 0,
    inFlight: 0,
    eventsPublished: 0,
    bytes: 0,
  };

  private readonly lost: (why: string) => void;

  constructor(clock: Clock, book: DeliveryBook, lost: (why: string) => void) {
    this.clock = clock;
    this.book = book;
    this.lost = lost;
  }

  counters(): MeterCounters {
    return { ...this.counts };
  }

  /** From here on latencies count as another phase. */
  nextPhase(): Latencies {
    const before = this.latencies;
    this.latencies = new Latencies();
    return before;
  }

  connected(): void {
    this.counts.connects++;
    this.counts.connected++;
  }

  disconnected(why: string): void {
    this.counts.disconnects++;
    this.counts.connected--;
    this.lost(why);
  }

  /** Returns what to do when the message is settled. */
  sent(station: string, topic: string, payload: string, retain: boolean): (failure: string | undefined) => void {
    const { counts, clock, latencies } = this;
    const sentMs = clock.monotonicMs();
    const event = retain ? undefined : eventIn(station, topic, payload);
    counts.published++;
    counts.inFlight++;
    counts.bytes += publishBytes(topic.length, Buffer.byteLength(payload), 1);
    if (event !== undefined) counts.eventsPublished++;
    if (retain) this.retained.add(topic);
    return (failure) => {
      counts.inFlight--;
      if (failure !== undefined) {
        counts.failed++;
        return;
      }
      counts.acknowledged++;
      latencies.add(clock.monotonicMs() - sentMs);
      if (event !== undefined) this.book.acknowledged(event, clock.monotonicMs());
    };
  }
}

/** The name of an event, from the topic and the text that went over the wire. */
export function eventIn(station: string, topic: string, payload: string) {
  if (!topic.startsWith(`${topicRoot(station)}event/`)) return undefined;
  const { stream, seq } = JSON.parse(payload) as { stream: string; seq: number };
  return { station, stream, seq };
}

export function meteredBroker(open: OpenBrokerLink, station: string, meter: Meter): OpenBrokerLink {
  return (options, events) => {
    const link = open(options, {
      connected: () => {
        meter.connected();
        events.connected();
      },
      disconnected: (why) => {
        meter.disconnected(why);
        events.disconnected(why);
      },
      message: (message) => events.message(message),
    });
    return {
      publish: (topic, payload, how, done) => {
        const settled = meter.sent(station, topic, payload, how.retain);
        link.publish(topic, payload, how, (failure) => {
          settled(failure);
          done(failure);
        });
      },
      subscribe: (filter) => link.subscribe(filter),
      close: (done) => link.close(done),
    };
  };
}
