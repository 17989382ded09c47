/**
 * Retained messages beside the station's own state: what others' conventions want to be told after a connect and again whenever
 * they ask for it, and topics of earlier configurations that must be emptied. One at a time, in order, until the broker
 * has acknowledged all; it keeps no copy of what it cannot send.
 */
import type { BrokerLink, BrokerMessage } from "../../hal/ports/broker-link.ts";
import type { Clock, Timer } from "../../hal/ports/clock.ts";
import type { Discovery, RetainedText } from "../runner/platform.ts";

export interface Announcements {
  readonly discovery: Discovery | undefined;
  /** Topics to be emptied; done once. */
  readonly gone: readonly string[];
  /** All of them are. */
  emptied(): void;
}

export interface AnnouncerOptions extends Announcements {
  readonly link: Pick<BrokerLink, "publish">;
  readonly clock: Clock;
  /** Whoever was born has been told what there is, and had time to listen: the state is wanted. */
  wantsState(): void;
}

export interface Announcer {
  connected(): void;
  disconnected(): void;
  /** Whether the message was meant for it. */
  received(message: BrokerMessage): boolean;
}

const RETRY_MS = 5_000;
/**
 * What was announced this recently is not repeated after a reconnect: it stands retained, it is large, and whoever starts
 * afterwards asks for it.
 */
const REPEAT_AFTER_MS = 3_600_000;
/** From the last announcement to the state, so that whoever was just told has subscribed. */
const LISTEN_MS = 2_000;

class RetainedAnnouncer implements Announcer {
  private readonly options: AnnouncerOptions;
  private gone: readonly string[];
  private queue: RetainedText[] = [];
  private born = false;
  /** Changes with every connection and birth: answers to what was asked before are not listened to. */
  private round = 0;
  private timer: Timer | undefined;
  private announcedMs = Number.NEGATIVE_INFINITY;

  constructor(options: AnnouncerOptions) {
    this.options = options;
    this.gone = options.gone;
  }

  connected(): void {
    const ageMs = this.options.clock.monotonicMs() - this.announcedMs;
    if (this.gone.length > 0 || ageMs >= REPEAT_AFTER_MS) this.begin();
  }

  disconnected(): void {
    this.round++;
    this.born = false;
    this.timer?.cancel();
  }

  received({ topic, payload, retained }: BrokerMessage): boolean {
    const birth = this.options.discovery?.birth;
    if (birth === undefined || topic !== birth.topic) return false;
    // A retained birth is an old one: whoever said it was told when we connected.
    if (retained || new TextDecoder().decode(payload) !== birth.payload) return true;
    this.born = true;
    this.begin();
    return true;
  }

  private begin(): void {
    this.round++;
    this.timer?.cancel();
    const emptying = this.gone.map((topic) => ({ topic, payload: "" }));
    this.queue = [...emptying, ...(this.options.discovery?.messages ?? [])];
    this.next(this.round, emptying.length);
  }

  /** `toEmpty` of the messages at the head of the queue empty a topic. */
  private next(round: number, toEmpty: number): void {
    if (toEmpty === 0 && this.gone.length > 0) {
      this.gone = [];
      this.options.emptied();
    }
    const [message, ...rest] = this.queue;
    if (message === undefined) {
      this.done();
      return;
    }
    this.options.link.publish(message.topic, message.payload, { qos: 1, retain: true }, (failure) => {
      if (round !== this.round) return;
      if (failure === undefined) {
        this.queue = rest;
        this.next(round, Math.max(0, toEmpty - 1));
      } else this.timer = this.options.clock.after(RETRY_MS, () => this.next(round, toEmpty));
    });
  }

  private done(): void {
    this.announcedMs = this.options.clock.monotonicMs();
    if (!this.born) return;
    this.born = false;
    this.timer = this.options.clock.after(LISTEN_MS, () => this.options.wantsState());
  }
}

export function createAnnouncer(options: AnnouncerOptions): Announcer {
  return new RetainedAnnouncer(options);
}
