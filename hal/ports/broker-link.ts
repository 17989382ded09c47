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

/** Why an attempt came to nothing, as far as trust is concerned. */
export type LinkTrouble =
  /** Nobody answered, or the line broke. */
  | "unreachable"
  /** The station's own certificate or key is missing, unfit, or that of another station; nothing was sent. */
  | "station-certificate"
  /** Nobody we trust vouches for the broker, or it is another host than the one that was asked for. */
  | "broker-certificate"
  /** By this computer's clock the certificate is not valid yet, or no longer. */
  | "station-certificate-dates"
  | "broker-certificate-dates"
  | "tls-version"
  | "tls-cipher-suite"
  /** The broker does not accept who we are. */
  | "refused";

export interface BrokerLinkEvents {
  /** Connected; subscriptions and retained state must be announced again. */
  connected(): void;
  disconnected(why: string): void;
  /** An attempt to connect failed; the next one comes by itself. */
  attemptFailed?(trouble: LinkTrouble, why: string): void;
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
