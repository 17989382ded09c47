/**
 * The connection to an MQTT broker: MQTT 3.1.1, QoS 0 or 1. The link never queues on its own: publishing while disconnected
 * fails at once, and only `done(undefined)` (the broker's PUBACK) counts as delivered.
 */
export interface BrokerMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** The broker replayed it from its store; a retained request is never acted upon. */
  readonly retained: boolean;
}

export interface BrokerLinkEvents {
  /** Connected; subscriptions and retained state must be announced again. */
  connected(): void;
  disconnected(why: string): void;
  message(message: BrokerMessage): void;
}

export interface BrokerLink {
  publish(
    topic: string,
    payload: string,
    options: { readonly qos: 0 | 1; readonly retain: boolean },
    done: (failure: string | undefined) => void,
  ): void;
  /** Subscribes with QoS 1. Call it in every `connected`. */
  subscribe(topicFilter: string): void;
  /** Says goodbye properly (no last will) and settles when the socket is closed, or after at most 1 s. */
  close(done: () => void): void;
}

export interface BrokerLinkOptions {
  readonly clientId: string;
  /** Published retained by the broker when the connection breaks. */
  readonly will: { readonly topic: string; readonly payload: string };
}

export type OpenBrokerLink = (options: BrokerLinkOptions, events: BrokerLinkEvents) => BrokerLink;
