/**
 * The fleet's own eye on the broker: subscribes to the events of its stations over a connection of its own and tells what comes.
 * It trusts a subscription only after a message of its own came back through the broker behind all of them.
 */
import type { BrokerLink, OpenBrokerLink } from "../../hal/ports/broker-link.ts";
import type { Clock } from "../../hal/ports/clock.ts";
import { topicRoot } from "../../services/contract/topics.ts";
import type { EventName } from "./delivery-book.ts";
import { eventIn } from "./metered-link.ts";

export interface ObserverOptions {
  readonly open: OpenBrokerLink;
  readonly clock: Clock;
  /** An id of its own, used like a station's. */
  readonly name: string;
  readonly stations: readonly string[];
  /** One subscription to everybody's events instead of one a station; what is not ours is dropped here. */
  readonly wildcard: boolean;
  seen(event: EventName): void;
  watching(isWatching: boolean): void;
}

export interface Observer {
  /** Publishes with QoS 1 on the observer's connection. */
  publish(topic: string, payload: string, retain: boolean, done: (failure: string | undefined) => void): void;
  close(done: () => void): void;
}

const ASK_AGAIN_MS = 2_000;
const decoder = new TextDecoder();

export function openObserver(options: ObserverOptions): Observer {
  const { clock, name, stations, wildcard } = options;
  const ours = new Set(stations);
  const probe = `${topicRoot(name)}probe`;
  let connections = 0;
  let heard = 0;

  /** Says a word to itself until it comes back; brokers that are clusters may need more than one. */
  function ask(connection: number): void {
    if (connection !== connections || heard === connection) return;
    link.publish(probe, String(connection), { qos: 1, retain: false }, () => undefined);
    clock.after(ASK_AGAIN_MS, () => ask(connection));
  }

  const link: BrokerLink = options.open(
    // An empty retained message keeps nothing on the broker.
    { clientId: `yizhan-${name}`, will: { topic: `${topicRoot(name)}availability`, payload: "" } },
    {
      connected() {
        connections++;
        if (wildcard) link.subscribe("yizhan/1/+/event/+");
        else for (const station of stations) link.subscribe(`${topicRoot(station)}event/+`);
        link.subscribe(probe);
        ask(connections);
      },
      disconnected() {
        heard = 0;
        connections++;
        options.watching(false);
      },
      message({ topic, payload }) {
        const text = decoder.decode(payload);
        if (topic === probe) {
          if (Number(text) !== connections || heard === connections) return;
          heard = connections;
          options.watching(true);
          return;
        }
        const station = topic.split("/")[2] ?? "";
        const event = ours.has(station) ? eventIn(station, topic, text) : undefined;
        if (event !== undefined) options.seen(event);
      },
    },
  );

  return {
    publish: (topic, payload, retain, done) => link.publish(topic, payload, { qos: 1, retain }, done),
    close: (done) => link.close(done),
  };
}
