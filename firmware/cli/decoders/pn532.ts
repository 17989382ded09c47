/** `decode pn532`: commands, answers and signals of a PN532 card reader, and what they say of a card. */
import { hex2, toHex } from "../../../hal/codecs/bytes.ts";
import type { Parsed } from "../../../hal/codecs/parsed.ts";
import {
  PN532_DATA_EXCHANGE,
  PN532_LIST_PASSIVE_TARGET,
  PN532_RF_CONFIGURATION,
  PN532_SAM_CONFIGURATION,
  type Pn532Frame,
  parsePn532,
} from "../../../hal/codecs/pn532.ts";
import { pn532Exchanged, pn532Found, pn532Speaks, pn532UidIsFixed } from "../../../hal/codecs/pn532-cards.ts";
import { type Decoded, decodeFirst, type Fields, type Input, refused } from "./result.ts";

/** Names of the PN532 user manual (UM0701-02, section 7). */
const commands: Readonly<Record<number, string>> = {
  [PN532_SAM_CONFIGURATION]: "SAMConfiguration",
  [PN532_RF_CONFIGURATION]: "RFConfiguration",
  [PN532_DATA_EXCHANGE]: "InDataExchange",
  [PN532_LIST_PASSIVE_TARGET]: "InListPassiveTarget",
};

const signals: Readonly<Record<"ack" | "nack" | "error", string>> = {
  ack: "acknowledged; from the host: give up",
  nack: "not acknowledged: say it again",
  error: "not understood",
};

interface Heard {
  readonly frame: Pn532Frame;
  readonly acknowledged: boolean;
}

export function decodePn532({ bytes }: Input): Decoded {
  return decodeFirst(bytes, parse, fieldsOf);
}

/** An acknowledgement and the answer behind it belong together. */
function parse(bytes: Uint8Array, length: number): Parsed<Heard> {
  const first = parsePn532(bytes, length);
  if (first.is !== "frame") return first;
  const alone: Parsed<Heard> = { ...first, value: { frame: first.value, acknowledged: false } };
  if (first.value.kind !== "ack") return alone;
  const second = parsePn532(bytes.subarray(first.used, length), length - first.used);
  if (second.is !== "frame" || second.value.kind !== "answer") return alone;
  return { ...second, used: first.used + second.used, value: { frame: second.value, acknowledged: true } };
}

function fieldsOf({ frame, acknowledged }: Heard): Fields | Decoded {
  if (frame.kind === "ack" || frame.kind === "nack" || frame.kind === "error") {
    return { op: frame.kind, meaning: signals[frame.kind] };
  }
  const { command, data } = frame;
  const base = {
    direction: frame.kind === "command" ? "req" : "resp",
    cmd: `0x${hex2(command)}`,
    op: commands[command] ?? "unknown",
    ...(acknowledged ? { acknowledged } : {}),
    dataHex: toHex(data),
  };
  return frame.kind === "command" ? base : answerFields(command, data, base);
}

function answerFields(command: number, data: Uint8Array, base: Fields): Fields | Decoded {
  if (command === PN532_LIST_PASSIVE_TARGET) return foundFields(data, base);
  if (command !== PN532_DATA_EXCHANGE) return base;
  const said = pn532Exchanged(data);
  if (said.is === "answer") return { ...base, ok: true, answerHex: toHex(said.data) };
  return said.is === "failed" ? { ...base, ok: false, error: `0x${hex2(said.code)}` } : { ...base, ok: false };
}

function foundFields(data: Uint8Array, base: Fields): Fields | Decoded {
  const found = pn532Found(data);
  if (found.is === "nonsense") return refused("E_VALUE", found.why, base);
  if (found.is === "none") return { ...base, card: null };
  const { card } = found;
  const { uid, atqa, sak } = card;
  return {
    ...base,
    card: {
      uid,
      uidFixed: pn532UidIsFixed(card),
      speaks: pn532Speaks(card),
      atqa: `0x${atqa.toString(16).toUpperCase().padStart(4, "0")}`,
      sak: `0x${hex2(sak)}`,
    },
  };
}
