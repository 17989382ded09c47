/**
 * A PN532 on its serial line and the cards before it. It sleeps after power-up until it is woken, searches for ever until it
 * is told otherwise, and gives up a search when the host says so, as the chip does. Cards that speak answer by a function of
 * their own; it knows no keys and checks nothing.
 */
import {
  encodePn532Ack,
  encodePn532Answer,
  encodePn532Error,
  isPn532WakeUp,
  PN532_DATA_EXCHANGE,
  PN532_LIST_PASSIVE_TARGET,
  PN532_RF_CONFIGURATION,
  PN532_SAM_CONFIGURATION,
  type Pn532Frame,
  parsePn532,
} from "../../hal/codecs/pn532.ts";
import { encodePn532Found, PN532_TARGET, type Pn532Card, pn532Speaks } from "../../hal/codecs/pn532-cards.ts";
import type { Clock } from "../../hal/ports/clock.ts";
import type { Site } from "../models/site.ts";
import type { LinePart, Reply } from "./device-line.ts";
import { RequestReader } from "./request-reader.ts";

/** A card in somebody's hand. */
export interface SimulatedCard extends Pn532Card {
  /** What it answers when spoken to; undefined = nothing. `step` counts from the last selection. */
  answer?(command: Uint8Array, step: number): Uint8Array | undefined;
}

export interface CardReaderOptions {
  readonly clock: Clock;
  readonly site: Pick<Site, "mainsOn">;
  readonly turnaroundMs: number;
  readonly reply: Reply;
}

export interface SimulatedCardReader extends LinePart {
  /** Somebody holds a card to it, or takes it away. */
  hold(card: SimulatedCard | undefined): void;
  /** It forgets everything it was told and sleeps. */
  powerLost(): void;
}

const FOR_EVER = 0xff;
/** One search of an empty field, and one that finds somebody. */
const SEARCH_MS = 5;
const SELECT_MS = 20;
const CARD_MS = 30;
/** The chip's own time-out for a card (its factory setting is 51.2 ms) and its error code. */
const CARD_TIMEOUT_MS = 51.2;
const NO_ANSWER = 0x01;
const RETRIES_AT = 3;

class CardReaderModel implements SimulatedCardReader {
  private readonly options: CardReaderOptions;
  private readonly reader: RequestReader<Pn532Frame>;
  private card: SimulatedCard | undefined;
  private selected: SimulatedCard | undefined;
  private steps = 0;
  private asleep = true;
  private retries = FOR_EVER;
  private searching = false;

  constructor(options: CardReaderOptions) {
    this.options = options;
    this.reader = new RequestReader({
      clock: options.clock,
      parse: (bytes, length) => parsePn532(bytes, length),
      handle: (heard) => this.handle(heard),
    });
  }

  hold(card: SimulatedCard | undefined): void {
    this.card = card;
    if (card !== this.selected) this.selected = undefined;
    if (card === undefined || !this.searching) return;
    this.searching = false;
    this.found(card);
  }

  powerLost(): void {
    this.asleep = true;
    this.retries = FOR_EVER;
    this.searching = false;
    this.selected = undefined;
  }

  receive(bytes: Uint8Array, length: number): void {
    if (!this.options.site.mainsOn) {
      this.powerLost();
      return;
    }
    let from = 0;
    while (this.asleep && from < length) if (isPn532WakeUp(bytes[from++] as number)) this.asleep = false;
    if (!this.asleep) this.reader.receive(bytes.subarray(from, length), length - from);
  }

  private handle(heard: Pn532Frame): void {
    // Whatever the host says next, it no longer waits for the search.
    this.searching = false;
    if (heard.kind !== "command") return;
    this.options.reply(encodePn532Ack(), this.options.turnaroundMs);
    this.obey(heard.command, heard.data);
  }

  private obey(command: number, data: Uint8Array): void {
    switch (command) {
      case PN532_SAM_CONFIGURATION:
        this.answer(command, new Uint8Array(0));
        return;
      case PN532_RF_CONFIGURATION:
        this.retries = data[RETRIES_AT] ?? this.retries;
        this.answer(command, new Uint8Array(0));
        return;
      case PN532_LIST_PASSIVE_TARGET:
        this.search();
        return;
      case PN532_DATA_EXCHANGE:
        this.exchange(data);
        return;
      default:
        this.options.reply(encodePn532Error(), this.options.turnaroundMs);
    }
  }

  private search(): void {
    if (this.card !== undefined) this.found(this.card);
    else if (this.retries === FOR_EVER) this.searching = true;
    else this.answer(PN532_LIST_PASSIVE_TARGET, encodePn532Found(undefined), (this.retries + 1) * SEARCH_MS);
  }

  private found(card: SimulatedCard): void {
    this.selected = card;
    this.steps = 0;
    this.answer(PN532_LIST_PASSIVE_TARGET, encodePn532Found(card), SELECT_MS);
  }

  private exchange(data: Uint8Array): void {
    const { selected } = this;
    const speaks = data[0] === PN532_TARGET && selected !== undefined && pn532Speaks(selected);
    const said = speaks ? selected.answer?.(data.slice(1), this.steps++) : undefined;
    if (said === undefined) this.answer(PN532_DATA_EXCHANGE, Uint8Array.of(NO_ANSWER), CARD_TIMEOUT_MS);
    else this.answer(PN532_DATA_EXCHANGE, Uint8Array.of(0, ...said), CARD_MS);
  }

  private answer(command: number, data: Uint8Array, afterMs = 0): void {
    this.options.reply(encodePn532Answer(command, data), this.options.turnaroundMs + afterMs);
  }
}

export function createCardReader(options: CardReaderOptions): SimulatedCardReader {
  return new CardReaderModel(options);
}
