/**
 * One station on one broker: last will and birth, subscriptions, retained state, the outbox and requests, tied to the life of the
 * connection. While there is no connection nothing is published and nothing piles up. It decides nothing about content.
 */
import type { BrokerLink, BrokerMessage, LinkTrouble, OpenBrokerLink } from "../../hal/ports/broker-link.ts";
import type { Clock } from "../../hal/ports/clock.ts";
import type { StateName, StatePayloads } from "../../services/contract/deadband.ts";
import type { InfoPayload } from "../../services/contract/state-payloads.ts";
import { contract, faultFilter, requestFilter, topicFor, topicRoot } from "../../services/contract/topics.ts";
import type { AcceptedRequest } from "../../services/requests/judge.ts";
import { type Announcements, type Announcer, createAnnouncer } from "./announcer.ts";
import { ListIntake } from "./list-intake.ts";
import { createOutbox, type Outbox, type OutboxStats } from "./outbox.ts";
import type { OutboxSource } from "./outbox-source.ts";
import {
  type Asking,
  createRequests,
  type RememberedAnswer,
  type RequestAnswer,
  type RequestStats,
  type Requests,
  type SecurityReport,
} from "./requests.ts";
import { createStatePublisher, type StatePublisher, type StateStats } from "./state-publisher.ts";

export interface MqttSessionOptions {
  readonly open: OpenBrokerLink;
  readonly clock: Clock;
  readonly station: string;
  /** Must be the same at every start and of nobody else, or two stations throw each other out. */
  readonly clientId: string;
  readonly info: InfoPayload;
  readonly outbox: { readonly source: OutboxSource; readonly cursor: number; readonly newest: number };
  readonly remembered: readonly RememberedAnswer[];
  readonly asking: Asking;
  /** Retained messages beside the station's own state. */
  readonly announcements?: Announcements;
  /** An operator's request that may be considered; `snapshot` is served here. Answer with `answer`. */
  accepted(request: Exclude<AcceptedRequest, { verb: "snapshot" }>): void;
  security(report: SecurityReport): void;
  /** A signed access list came; left out where nobody would look at it, and then none is listened to. */
  readonly accessList?: ((text: string) => void) | undefined;
  /** An attempt to connect came to nothing. */
  attemptFailed?(trouble: LinkTrouble, why: string): void;
  /** For the log of the process. */
  note(what: "connected" | "disconnected", why: string | undefined): void;
}

export interface MqttStats {
  readonly connected: boolean;
  readonly reconnects: number;
  readonly outbox: OutboxStats;
  readonly state: StateStats;
  readonly requests: RequestStats;
  /** Messages acknowledged by the broker, of all kinds but answers. */
  readonly published: number;
  readonly failed: number;
}

/** Retained rows that others fill; `availability` and `info` are the session's own. */
export type OfferedState = Exclude<StateName, "availability" | "info">;

export interface MqttSession {
  /** What is true now on a retained topic of this station. */
  offer<N extends OfferedState>(name: N, topic: string, now: StatePayloads[N]): void;
  /** Empties a retained topic. */
  clear(topic: string): void;
  /** Log entries up to `n` are on disk; `urgent` when one of the newest must not wait for the others. */
  noticed(n: number, urgent?: boolean): void;
  answer(answer: RequestAnswer): void;
  stats(): MqttStats;
  /** Says `offline`, then goodbye. Settles once, within a few seconds whatever the broker does. */
  close(done: () => void): void;
}

/** How long `close` lets the outbox drain, and then waits for the broker to take the word `offline`. */
const DRAIN_MS = 1_000;
const DRAIN_LOOK_MS = 50;
const FAREWELL_MS = 1_000;

class StationSession implements MqttSession {
  private readonly options: MqttSessionOptions;
  private readonly link: BrokerLink;
  private readonly outbox: Outbox;
  private readonly state: StatePublisher;
  private readonly requests: Requests;
  private readonly announcer: Announcer | undefined;
  private readonly availability: string;
  private readonly requestRoot: string;
  private readonly faultRoot: string;
  private readonly listTopic: string;
  private readonly lists: ListIntake | undefined;
  private online = false;
  private connections = 0;
  private closing = false;

  constructor(options: MqttSessionOptions) {
    this.options = options;
    const { clock, station } = options;
    this.availability = topicFor(contract.availability, { station });
    this.requestRoot = `${topicRoot(station)}request/`;
    this.faultRoot = `${topicRoot(station)}fault/`;
    this.listTopic = topicFor(contract.accessList, { station });
    const { accessList: heard } = options;
    const security = (report: SecurityReport) => options.security(report);
    this.lists = heard === undefined ? undefined : new ListIntake({ clock, heard, security });
    // The parts publish through this, because the link only exists once its callbacks do.
    const link: Pick<BrokerLink, "publish"> = {
      publish: (topic, payload, how, done) => this.link.publish(topic, payload, how, done),
    };
    this.outbox = createOutbox({ ...options.outbox, link, clock });
    this.state = createStatePublisher({ link, clock });
    this.requests = createRequests({
      link,
      clock,
      station,
      remembered: options.remembered,
      asking: options.asking,
      accepted: (request) => this.accepted(request),
      security,
    });
    this.announcer =
      options.announcements === undefined
        ? undefined
        : createAnnouncer({ ...options.announcements, link, clock, wantsState: () => this.state.snapshot() });
    this.state.offer("availability", this.availability, "online");
    this.state.offer("info", topicFor(contract.info, { station }), options.info);
    this.link = options.open(
      { clientId: options.clientId, will: { topic: this.availability, payload: "offline" } },
      {
        connected: () => this.connected(),
        disconnected: (why) => this.disconnected(why),
        attemptFailed: (trouble, why) => options.attemptFailed?.(trouble, why),
        message: (message) => this.received(message),
      },
    );
  }

  offer<N extends OfferedState>(name: N, topic: string, now: StatePayloads[N]): void {
    this.state.offer(name, topic, now);
  }

  clear(topic: string): void {
    this.state.clear(topic);
  }

  noticed(n: number, urgent = false): void {
    this.outbox.noticed(n, urgent);
  }

  answer(answer: RequestAnswer): void {
    this.requests.answer(answer);
  }

  stats(): MqttStats {
    const outbox = this.outbox.stats();
    const state = this.state.stats();
    return {
      connected: this.online,
      reconnects: Math.max(0, this.connections - 1),
      outbox,
      state,
      requests: this.requests.stats(),
      published: outbox.published + state.published,
      failed: outbox.failed + state.failed,
    };
  }

  close(done: () => void): void {
    if (this.closing) return;
    this.closing = true;
    this.drain(this.options.clock.monotonicMs() + DRAIN_MS, () => this.leave(done));
  }

  /** What is on disk may still go out, the event that says why we stop above all; what does not waits for the next start. */
  private drain(untilMs: number, then: () => void): void {
    const { clock } = this.options;
    if (!this.online || clock.monotonicMs() >= untilMs || this.outbox.stats().queued === 0) then();
    else clock.after(DRAIN_LOOK_MS, () => this.drain(untilMs, then));
  }

  private leave(done: () => void): void {
    this.outbox.stop();
    this.state.disconnected();
    this.announcer?.disconnected();
    if (!this.online) {
      this.link.close(done);
      return;
    }
    let left = false;
    const goodbye = (): void => {
      if (left) return;
      left = true;
      deadline.cancel();
      this.online = false;
      this.link.close(done);
    };
    const deadline = this.options.clock.after(FAREWELL_MS, goodbye);
    this.link.publish(this.availability, "offline", { qos: 1, retain: true }, goodbye);
  }

  private connected(): void {
    if (this.closing) return;
    this.online = true;
    this.connections++;
    const { station } = this.options;
    this.link.subscribe(requestFilter(station));
    this.link.subscribe(faultFilter(station));
    if (this.lists !== undefined) this.link.subscribe(this.listTopic);
    const birth = this.options.announcements?.discovery?.birth;
    if (birth !== undefined) this.link.subscribe(birth.topic);
    this.options.note("connected", undefined);
    this.announcer?.connected();
    this.state.connected();
    this.outbox.connected();
  }

  private disconnected(why: string): void {
    this.online = false;
    this.state.disconnected();
    this.outbox.disconnected();
    this.announcer?.disconnected();
    this.options.note("disconnected", why);
  }

  private received(message: BrokerMessage): void {
    if (this.closing) return;
    if (message.topic.startsWith(this.faultRoot)) {
      // Our own messages come back here too; only what the broker kept can be from before.
      if (message.retained && message.payload.length > 0) this.state.found(message.topic);
      return;
    }
    if (message.topic === this.listTopic) {
      this.lists?.received(message.payload);
      return;
    }
    if (this.announcer?.received(message) === true) return;
    if (message.topic.startsWith(this.requestRoot)) this.requests.received(message);
  }

  private accepted(accepted: AcceptedRequest): void {
    if (accepted.verb !== "snapshot") {
      this.options.accepted(accepted);
      return;
    }
    this.state.snapshot();
    this.requests.answer({ id: accepted.request.id, verb: "snapshot", status: "ok" });
  }
}

/** Opens the link at once; the first `connected` may come at any time after. */
export function createMqttSession(options: MqttSessionOptions): MqttSession {
  return new StationSession(options);
}
