/**
 * A PN532 as a card reader, on a serial line of its own. It wakes the chip, tells it to answer at once when nobody is
 * there, and then asks again and again who is. A card is told once while it stays; between two steps of a conversation it
 * is not searched for, because a search would end the conversation. Whenever the chip falls silent or its line comes back it
 * is woken and set up anew, since it may have lost power. It never writes to a card by itself.
 */
import type { Bus, Outcome, PollHandle } from "../buses/bus.ts";
import {
  encodePn532Ack,
  PN532_DATA_EXCHANGE,
  PN532_LIST_PASSIVE_TARGET,
  PN532_RF_CONFIGURATION,
  PN532_SAM_CONFIGURATION,
  type Pn532Answer,
  parsePn532Answer,
  withPn532WakeUp,
} from "../codecs/pn532.ts";
import {
  encodePn532Exchange,
  encodePn532List,
  encodePn532Retries,
  encodePn532Sam,
  type Pn532Card,
  pn532Exchanged,
  pn532Found,
  pn532Speaks,
  pn532UidIsFixed,
} from "../codecs/pn532-cards.ts";
import type { Card, CardOutcome, CardReader } from "../ports/card-reader.ts";
import type { Clock } from "../ports/clock.ts";

export interface Pn532Options {
  /** From one search to the next. Default 250 ms. */
  readonly pollMs?: number;
  /** A card seen again within this time of its last sight is still the same showing. Default 1,500 ms. */
  readonly repeatMs?: number;
  /** How long a card keeps selected after a step of a conversation, waiting for the next. Default 400 ms. */
  readonly pauseMs?: number;
  /** How long a card may think about one step. Default 1,000 ms. */
  readonly exchangeMs?: number;
}

type Stage = "wake" | "retries" | "search";

interface Step {
  readonly command: number;
  readonly request: Uint8Array;
}

/** Searches in a row before the chip says that nobody is there; one takes a few milliseconds. */
const RETRIES = 2;
const DEADLINE_MS = 300;
const SLOWEST_MS = 5_000;
const MISSES_TO_SILENT = 3;

/** The chip may still be searching for ever, as it does from the factory: first it is told to give that up. */
function wakeUp(): Uint8Array {
  const abort = encodePn532Ack();
  const wake = withPn532WakeUp(encodePn532Sam());
  const bytes = new Uint8Array(abort.length + wake.length);
  bytes.set(abort);
  bytes.set(wake, abort.length);
  return bytes;
}

const STEPS: Readonly<Record<Stage, Step>> = {
  wake: { command: PN532_SAM_CONFIGURATION, request: wakeUp() },
  retries: { command: PN532_RF_CONFIGURATION, request: encodePn532Retries(RETRIES) },
  search: { command: PN532_LIST_PASSIVE_TARGET, request: encodePn532List() },
};

class Pn532Reader implements CardReader {
  private readonly clock: Clock;
  private readonly bus: Bus;
  private readonly search: PollHandle;
  private readonly repeatMs: number;
  private readonly pauseMs: number;
  private readonly exchangeMs: number;
  private readonly watchers: ((card: Card) => void)[] = [];
  private stage: Stage = "wake";
  private state: "unknown" | "good" | "silent" = "unknown";
  private misses = 0;
  private present: Card | undefined;
  private seenMs = Number.NEGATIVE_INFINITY;
  private talking = false;
  private talkUntilMs = Number.NEGATIVE_INFINITY;

  constructor(options: Pn532Options, ports: { readonly bus: Bus; readonly clock: Clock }) {
    this.clock = ports.clock;
    this.bus = ports.bus;
    this.repeatMs = options.repeatMs ?? 1_500;
    this.pauseMs = options.pauseMs ?? 400;
    this.exchangeMs = options.exchangeMs ?? 1_000;
    this.search = ports.bus.poll<Pn532Answer>({
      name: "card reader",
      periodMs: options.pollMs ?? 250,
      slowestMs: SLOWEST_MS,
      deadlineMs: DEADLINE_MS,
      request: () => (this.isInTalk() ? undefined : STEPS[this.stage].request),
      expects: (bytes, length) => parsePn532Answer(bytes, length, STEPS[this.stage].command),
      done: (outcome) => this.heard(outcome),
    });
    ports.bus.watch((health) => {
      if (health.is === "open") this.stage = "wake";
    });
  }

  watch(onCard: (card: Card) => void): void {
    this.watchers.push(onCard);
  }

  health(): "unknown" | "good" | "silent" {
    return this.state;
  }

  exchange(card: Card, command: Uint8Array, done: (outcome: CardOutcome) => void): void {
    const request = encodePn532Exchange(command);
    const refusal = this.refusalOf(card, request);
    if (refusal !== undefined || request === undefined) {
      this.clock.after(0, () => done({ is: refusal ?? "too-long" }));
      return;
    }
    this.talking = true;
    this.bus.transact<Pn532Answer>({
      lane: "act",
      // Between the call and its turn on the line the reader may have been lost, or somebody else's card selected.
      request: () => (this.stage === "search" && card === this.present ? request : undefined),
      deadlineMs: this.exchangeMs,
      kin: "card exchange",
      expects: (bytes, length) => parsePn532Answer(bytes, length, PN532_DATA_EXCHANGE),
      done: (outcome) => done(this.exchanged(outcome)),
    });
  }

  private refusalOf(card: Card, request: Uint8Array | undefined): Exclude<CardOutcome["is"], "answered"> | undefined {
    if (this.state !== "good" || this.stage !== "search") return "silent";
    if (card !== this.present || !this.isFresh()) return "gone";
    if (!card.speaks) return "mute";
    if (request === undefined) return "too-long";
    return this.talking ? "busy" : undefined;
  }

  private exchanged(outcome: Outcome<Pn532Answer>): CardOutcome {
    this.talking = false;
    if (outcome.is === "dropped") return { is: outcome.why === "withdrawn" ? "gone" : "failed" };
    if (outcome.is !== "answered") {
      this.missed(outcome.is === "closed");
      return { is: "silent" };
    }
    this.alive();
    if (outcome.value.is === "refused") return { is: "failed" };
    const said = pn532Exchanged(outcome.value.data);
    if (said.is === "answer") {
      this.seenMs = outcome.atMs;
      this.talkUntilMs = outcome.atMs + this.pauseMs;
      return { is: "answered", answer: said.data };
    }
    this.talkUntilMs = Number.NEGATIVE_INFINITY;
    return { is: said.is };
  }

  private isInTalk(): boolean {
    return this.talking || this.clock.monotonicMs() < this.talkUntilMs;
  }

  private isFresh(): boolean {
    return this.clock.monotonicMs() - this.seenMs < this.repeatMs;
  }

  private heard(outcome: Outcome<Pn532Answer>): void {
    if (outcome.is !== "answered") {
      this.missed(outcome.is === "closed");
      return;
    }
    // A chip that understands none of this is there, and is no card reader.
    if (outcome.value.is === "refused") {
      this.missed(false);
      return;
    }
    if (this.stage === "search") this.found(outcome.value.data, outcome.atMs);
    else {
      this.stage = this.stage === "wake" ? "retries" : "search";
      this.search.now();
    }
  }

  private found(data: Uint8Array, atMs: number): void {
    const found = pn532Found(data);
    if (found.is === "nonsense") {
      this.missed(false);
      return;
    }
    this.alive();
    if (found.is === "none") return;
    const same = this.isFresh() && this.present !== undefined && isSame(this.present, found.card);
    this.seenMs = atMs;
    if (same) return;
    const card = cardOf(found.card);
    this.present = card;
    for (const watcher of this.watchers) watcher(card);
  }

  private alive(): void {
    this.misses = 0;
    this.state = "good";
  }

  /** It may have lost power, and with it everything it was told. */
  private missed(closed: boolean): void {
    this.stage = "wake";
    this.talkUntilMs = Number.NEGATIVE_INFINITY;
    this.misses = closed ? MISSES_TO_SILENT : Math.min(this.misses + 1, MISSES_TO_SILENT);
    if (this.misses >= MISSES_TO_SILENT) this.state = "silent";
  }
}

function cardOf(card: Pn532Card): Card {
  return { uid: card.uid, uidFixed: pn532UidIsFixed(card), speaks: pn532Speaks(card) };
}

/** Two numbers drawn anew cannot be compared: while such a card stays, it counts as the one that came. */
function isSame(present: Card, found: Pn532Card): boolean {
  return present.uid === found.uid || (!present.uidFixed && !pn532UidIsFixed(found));
}

export function pn532Reader(options: Pn532Options, ports: { readonly bus: Bus; readonly clock: Clock }): CardReader {
  return new Pn532Reader(options, ports);
}
