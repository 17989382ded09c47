/**
 * What a PN532 is asked about cards and what it says of them: configuration, the search for one ISO/IEC 14443 type A card,
 * and one exchange with it. A card is taken over only when every byte of its description fits; the content of an exchange is
 * passed through unread. It refuses to call anything proof: a number that is read can be copied.
 */
import { copyOf, toHex, u8, u16 } from "./bytes.ts";
import {
  encodePn532Command,
  PN532_DATA_EXCHANGE,
  PN532_LIST_PASSIVE_TARGET,
  PN532_RF_CONFIGURATION,
  PN532_SAM_CONFIGURATION,
} from "./pn532.ts";

export interface Pn532Card {
  /** SENS_RES and SEL_RES, as the card said them. */
  readonly atqa: number;
  readonly sak: number;
  /** Hexadecimal: 8, 14 or 20 digits. */
  readonly uid: string;
  /** Answer to select of a card that speaks ISO/IEC 14443-4, without its length byte. */
  readonly ats: Uint8Array | undefined;
}

export type Pn532Found =
  | { readonly is: "none" }
  | { readonly is: "card"; readonly card: Pn532Card }
  | { readonly is: "nonsense"; readonly why: string };

export type Pn532Exchanged =
  | { readonly is: "answer"; readonly data: Uint8Array }
  /** The card's answer does not fit one frame. */
  | { readonly is: "too-long" }
  /** The chip's error code; 01 = the card did not answer in time. */
  | { readonly is: "failed"; readonly code: number };

/** The one card that is searched for at a time. */
export const PN532_TARGET = 1;
/** What one exchange may carry: a normal frame less direction, code and target. */
export const PN532_EXCHANGE_BYTES_MAX = 250;

const NORMAL_MODE = 1;
const MAX_RETRIES_ITEM = 5;
const TYPE_A_106 = 0;
/** SEL_RES bit 5: the card speaks ISO/IEC 14443-4. */
const SPEAKS_PART_4 = 0x20;
const ERROR_MASK = 0x3f;
const MORE_FOLLOWS = 0x40;
/** Where the card's description begins: behind the count. */
const HEADER_BYTES = 6;

/** No security module: the chip is a plain reader. Also what wakes it into its normal mode. */
export function encodePn532Sam(): Uint8Array {
  return encodePn532Command(PN532_SAM_CONFIGURATION, Uint8Array.of(NORMAL_MODE));
}

/**
 * How often the chip looks for a card before it says that there is none. Its factory setting is for ever (UM0701-02,
 * 7.3.1, item 5), and a reader that answers only when somebody comes cannot be told from a dead one.
 */
export function encodePn532Retries(retries: number): Uint8Array {
  return encodePn532Command(PN532_RF_CONFIGURATION, Uint8Array.of(MAX_RETRIES_ITEM, 0xff, 0x01, retries));
}

/** One card, type A, 106 kbit/s. */
export function encodePn532List(): Uint8Array {
  return encodePn532Command(PN532_LIST_PASSIVE_TARGET, Uint8Array.of(1, TYPE_A_106));
}

export function encodePn532Exchange(command: Uint8Array): Uint8Array | undefined {
  if (command.length < 1 || command.length > PN532_EXCHANGE_BYTES_MAX) return undefined;
  const data = new Uint8Array(1 + command.length);
  data[0] = PN532_TARGET;
  data.set(command, 1);
  return encodePn532Command(PN532_DATA_EXCHANGE, data);
}

/** Device side: what the chip says of a card, or of nobody. */
export function encodePn532Found(card: Pn532Card | undefined): Uint8Array {
  if (card === undefined) return Uint8Array.of(0);
  const uid = Uint8Array.from(card.uid.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const head = [1, PN532_TARGET, card.atqa >> 8, card.atqa & 0xff, card.sak, uid.length, ...uid];
  return Uint8Array.from(card.ats === undefined ? head : [...head, card.ats.length + 1, ...card.ats]);
}

/** The data of the answer to the search. */
export function pn532Found(data: Uint8Array): Pn532Found {
  if (data.length === 1 && data[0] === 0) return { is: "none" };
  if (data.length < HEADER_BYTES) return nonsense(`${data.length} bytes`);
  if (data[0] !== 1 || data[1] !== PN532_TARGET) return nonsense(`${data[0]} cards, the first is ${data[1]}`);
  const sak = u8(data, 4);
  const uidBytes = u8(data, 5);
  const uidEnd = HEADER_BYTES + uidBytes;
  if (uidBytes !== 4 && uidBytes !== 7 && uidBytes !== 10) return nonsense(`a number of ${uidBytes} bytes`);
  if (data.length < uidEnd) return nonsense("number cut short");
  const atsBytes = data.length - uidEnd;
  const said = atsBytes > 0 ? u8(data, uidEnd) : 0;
  if (said !== atsBytes) return nonsense(`${atsBytes} bytes behind the number, said to be ${said}`);
  if (atsBytes > 0 && (sak & SPEAKS_PART_4) === 0) return nonsense("an answer to select from a plain card");
  const ats = atsBytes > 0 ? copyOf(data, uidEnd + 1, data.length) : undefined;
  return { is: "card", card: { atqa: u16(data, 2), sak, uid: toHex(data, HEADER_BYTES, uidEnd), ats } };
}

function nonsense(why: string): Pn532Found {
  return { is: "nonsense", why };
}

export function pn532Speaks(card: Pn532Card): boolean {
  return (card.sak & SPEAKS_PART_4) !== 0;
}

/** A number of four bytes that begins with 08 is drawn anew at each selection (ISO/IEC 14443-3, 6.5.4): phones do that. */
export function pn532UidIsFixed(card: Pn532Card): boolean {
  return !(card.uid.length === 8 && card.uid.startsWith("08"));
}

/** The data of the answer to an exchange. */
export function pn532Exchanged(data: Uint8Array): Pn532Exchanged {
  const status = data[0];
  if (status === undefined) return { is: "failed", code: ERROR_MASK };
  if ((status & ERROR_MASK) !== 0) return { is: "failed", code: status & ERROR_MASK };
  if ((status & MORE_FOLLOWS) !== 0) return { is: "too-long" };
  return { is: "answer", data: copyOf(data, 1, data.length) };
}
