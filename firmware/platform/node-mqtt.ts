/**
 * The broker link on mqtt.js. Every connection is a client of its own, so nothing of an earlier one is queued, stored or sent
 * again behind our back: mqtt.js loses what it was given when a connection breaks (measured, 5.16), and the outbox above this
 * link repeats what was not acknowledged. It never publishes while disconnected, and takes a connection that leaves a message
 * unacknowledged for too long for dead.
 */
import { readFileSync } from "node:fs";
import type {
  BrokerLink,
  BrokerLinkEvents,
  BrokerLinkOptions,
  LinkTrouble,
  OpenBrokerLink,
} from "../../hal/ports/broker-link.ts";
import type { Clock, Timer } from "../../hal/ports/clock.ts";
import type { Random } from "../../hal/ports/random.ts";
import { type BrokerTls, readTls, troubleOf } from "./broker-tls.ts";
import type { Connect, MqttClient, PublishOptions } from "./mqtt-library.ts";
import { type Done, Unacknowledged } from "./unacknowledged.ts";

export interface NodeMqttSettings {
  /** mqtt://host:port or mqtts://host:port. */
  readonly url: string;
  readonly username?: string;
  /** Read anew for every connection, so that a changed password needs no restart. */
  readonly passwordFile?: string;
  /** Only with mqtts://, which verifies the broker with or without it. */
  readonly tls?: BrokerTls;
  /** A connection on which nothing came back for 1.5 times this is dead. */
  readonly keepaliveS?: number;
  /** Default: half the keep-alive. A message sent just before the ping was due puts it off by a whole keep-alive. */
  readonly ackDeadlineMs?: number;
  readonly connectTimeoutMs?: number;
  readonly backOffMinMs?: number;
  readonly backOffMaxMs?: number;
}

export interface NodeMqttPorts {
  readonly clock: Clock;
  readonly random: Random;
  /** A line for the log of the process: why an attempt failed, for instance. */
  note?(text: string): void;
}

const KEEPALIVE_S = 30;
const CONNECT_TIMEOUT_MS = 15_000;
const BACK_OFF_MIN_MS = 1_000;
const BACK_OFF_MAX_MS = 60_000;
/** A clock is set from one moment to the next, and only the next attempt shows it. */
const BACK_OFF_CLOCK_MS = 5_000;
const CLOSE_MS = 1_000;
/**
 * A connection that ends sooner counts as a failed attempt: perhaps another client has our id and throws us out. It is longer than
 * the longest pause, or two such clients would begin anew with short ones each time that they have reached it.
 */
const STEADY_MS = 90_000;
/** DISCONNECT (MQTT 3.1.1, 3.14): the broker then forgets the last will. */
const DISCONNECT = Uint8Array.of(0xe0, 0x00);

const LIBRARY: string = "mqtt";

class NodeMqttLink implements BrokerLink {
  private readonly settings: NodeMqttSettings;
  private readonly ports: NodeMqttPorts;
  private readonly options: BrokerLinkOptions;
  private readonly events: BrokerLinkEvents;
  private client: MqttClient | undefined;
  private online = false;
  private closed = false;
  /** Why the connection ends, as far as anything said so. */
  private lastError: string | undefined;
  private trouble: LinkTrouble = "unreachable";
  private failures = 0;
  private onlineSinceMs = 0;
  private again: Timer | undefined;
  private readonly unacknowledged: Unacknowledged;

  constructor(settings: NodeMqttSettings, ports: NodeMqttPorts, options: BrokerLinkOptions, events: BrokerLinkEvents) {
    this.settings = settings;
    this.ports = ports;
    this.options = options;
    this.events = events;
    const { keepaliveS = KEEPALIVE_S, ackDeadlineMs = keepaliveS * 500 } = settings;
    this.unacknowledged = new Unacknowledged(ports.clock, ackDeadlineMs, () => this.giveUp());
    this.attempt();
  }

  publish(topic: string, payload: string, options: PublishOptions, done: Done): void {
    const { client } = this;
    if (client === undefined || !this.online) {
      done("not connected");
      return;
    }
    const settle = this.unacknowledged.add(done);
    if (settle === undefined) done("too many messages under way");
    else client.publish(topic, payload, options, (error) => settle(error?.message));
  }

  subscribe(topicFilter: string): void {
    this.client?.subscribe(topicFilter, { qos: 1 }, (error, granted) => {
      const refused = granted?.some((grant) => grant.qos === 128) ?? false;
      if (error || refused)
        this.note(`subscription to ${topicFilter} failed: ${error?.message ?? "refused by the broker"}`);
    });
  }

  close(done: () => void): void {
    if (this.closed) {
      done();
      return;
    }
    this.closed = true;
    this.again?.cancel();
    const { client } = this;
    if (client === undefined) {
      done();
      return;
    }
    let settled = false;
    const settle = (): void => {
      if (settled) return;
      settled = true;
      late.cancel();
      done();
    };
    const late = this.ports.clock.after(CLOSE_MS, () => {
      client.stream?.destroy();
      settle();
    });
    client.once("close", settle);
    this.unacknowledged.failAll("closed");
    // Said on the socket itself, because mqtt.js would first wait for every acknowledgement that is still missing.
    if (this.online) client.stream?.end(DISCONNECT);
    else client.end(true);
    this.online = false;
  }

  private note(text: string): void {
    this.ports.note?.(text);
  }

  private attempt(): void {
    this.again = undefined;
    // The library is loaded on first use; a failure to load it is an attempt that failed.
    import(LIBRARY).then(
      (library: { default: { connect: Connect } }) => this.connect(library.default.connect),
      (error: unknown) => this.attemptFailed("unreachable", `mqtt cannot be loaded: ${String(error)}`),
    );
  }

  private attemptFailed(trouble: LinkTrouble, why: string): void {
    if (this.closed) return;
    this.trouble = trouble;
    this.note(why);
    this.events.attemptFailed?.(trouble, why);
    if (this.closed) return;
    this.tryAgain();
  }

  private connect(connect: Connect): void {
    if (this.closed) return;
    let password: string | undefined;
    try {
      const { passwordFile } = this.settings;
      password = passwordFile === undefined ? undefined : readFileSync(passwordFile, "utf8").replace(/\r?\n$/, "");
    } catch (error) {
      this.attemptFailed("refused", `the password file cannot be read: ${messageOf(error)}`);
      return;
    }
    this.lastError = undefined;
    this.trouble = "unreachable";
    const tls = this.settings.url.startsWith("mqtts:")
      ? readTls(this.settings.tls, this.ports.clock.wallMs())
      : undefined;
    if (tls?.is === "unfit") {
      this.attemptFailed(tls.trouble, tls.why);
      return;
    }
    try {
      this.adopt(connect({ ...this.clientOptions(password), ...tls?.options }));
    } catch (error) {
      this.attemptFailed(this.troubleOf(error), `no connection to ${this.settings.url}: ${messageOf(error)}`);
    }
  }

  private clientOptions(password: string | undefined): Readonly<Record<string, unknown>> {
    const { will, clientId } = this.options;
    const { username, keepaliveS, connectTimeoutMs } = this.settings;
    const url = new URL(this.settings.url);
    const protocol = url.protocol.slice(0, -1);
    if (protocol !== "mqtt" && protocol !== "mqtts") throw new Error("the address must begin with mqtt:// or mqtts://");
    return {
      // A buffer made in advance for each of the 65,536 packet ids and lengths: 10 MB for nothing at this rate of messages.
      writeCache: false,
      protocol,
      // An IPv6 address stands in brackets in an address, but not in a socket's options.
      host: url.hostname.replace(/^\[|\]$/g, ""),
      port: Number(url.port) || (protocol === "mqtts" ? 8_883 : 1_883),
      clientId,
      protocolVersion: 4,
      clean: true,
      reconnectPeriod: 0,
      resubscribe: false,
      queueQoSZero: false,
      keepalive: keepaliveS ?? KEEPALIVE_S,
      connectTimeout: connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
      timerVariant: "native",
      will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: true },
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
    };
  }

  private adopt(client: MqttClient): void {
    this.client = client;
    client.on("error", (error) => {
      // What is said first is the cause; what follows from it often has no name.
      const trouble = this.troubleOf(error);
      if (trouble !== "unreachable") this.trouble = trouble;
      this.lastError = messageOf(error);
    });
    client.on("connect", () => {
      if (client === this.client && !this.closed) this.connected(client);
    });
    client.on("message", (topic, payload, packet) => {
      if (client !== this.client || this.closed) return;
      this.events.message({ topic, payload, retained: packet.retain });
    });
    client.once("close", () => this.ended(client));
  }

  private troubleOf(error: unknown): LinkTrouble {
    return troubleOf(error, this.settings.tls?.certFile !== undefined);
  }

  private connected(client: MqttClient): void {
    // Nothing else sets TCP_NODELAY, and without it small messages wait about 40 ms for the broker's delayed ACK (measured).
    client.stream?.setNoDelay?.(true);
    this.online = true;
    this.onlineSinceMs = this.ports.clock.monotonicMs();
    this.events.connected();
  }

  private ended(client: MqttClient): void {
    if (client !== this.client) return;
    this.client = undefined;
    const wasOnline = this.online;
    const why = this.lastError ?? "connection closed";
    this.online = false;
    this.unacknowledged.failAll(why);
    // Frees what mqtt.js still holds for this connection; its callbacks were settled above.
    client.end(true);
    if (this.closed) return;
    if (!wasOnline) {
      this.attemptFailed(this.trouble, `no connection to ${this.settings.url}: ${why}`);
      return;
    }
    if (this.ports.clock.monotonicMs() - this.onlineSinceMs >= STEADY_MS) this.failures = 0;
    this.events.disconnected(why);
    this.tryAgain();
  }

  /** Exponential with jitter: a power cut in a district must not bring all its stations back in the same second. */
  private tryAgain(): void {
    const least = this.settings.backOffMinMs ?? BACK_OFF_MIN_MS;
    const most = this.settings.backOffMaxMs ?? BACK_OFF_MAX_MS;
    const byClock = this.trouble === "broker-certificate-dates" || this.trouble === "station-certificate-dates";
    const ceiling = Math.min(
      byClock ? Math.min(most, BACK_OFF_CLOCK_MS) : most,
      least * 2 ** Math.min(this.failures, 16),
    );
    this.failures++;
    this.again = this.ports.clock.after(ceiling * (0.5 + this.ports.random.next() / 2), () => this.attempt());
  }

  /** The broker, or the way to it, is dead although the socket looks alive. */
  private giveUp(): void {
    this.lastError = "no acknowledgement in time";
    this.unacknowledged.failAll(this.lastError);
    this.client?.stream?.destroy();
  }
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Node joins the attempts on several addresses into one error without a message.
  const first = error instanceof AggregateError ? error.errors[0] : undefined;
  return error.message || (first instanceof Error ? first.message : "") || error.name;
}

export function nodeMqtt(settings: NodeMqttSettings, ports: NodeMqttPorts): OpenBrokerLink {
  return (options, events) => new NodeMqttLink(settings, ports, options, events);
}
