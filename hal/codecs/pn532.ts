/**
 * NXP PN532 on its high-speed UART (PN532 user manual UM0701-02, sections 6.2 and 7): both sides of the frames, the wake-up
 * sequence, and the exchange "acknowledgement, then answer". Only normal frames are spoken; extended ones are refused, as
 * nothing that the station asks needs more than 250 bytes. It knows bytes, not cards: those are in `pn532-cards.ts`.
 */
import { checksumWhy, copyOf, hex2, nextIndex, u8 } from "./bytes.ts";
import { sum8 } from "./crc.ts";
import { frame, junk, type Parsed, SHORT } from "./parsed.ts";

export type Pn532Frame =
  | { readonly kind: "ack" }
  | { readonly kind: "nack" }
  /** The chip did not understand (its "syntax error" frame). */
  | { readonly kind: "error" }
  /** From the host. */
  | { readonly kind: "command"; readonly command: number; readonly data: Uint8Array }
  /** From the chip; `command` is the one answered. */
  | { readonly kind: "answer"; readonly command: number; readonly data: Uint8Array };

/** How the chip took a command: with its answer, or not at all. */
export type Pn532Answer = { readonly is: "answer"; readonly data: Uint8Array } | { readonly is: "refused" };

export const PN532_SAM_CONFIGURATION = 0x14;
export const PN532_RF_CONFIGURATION = 0x32;
export const PN532_DATA_EXCHANGE = 0x40;
export const PN532_LIST_PASSIVE_TARGET = 0x4a;

const PREAMBLE = 0x00;
const START = 0xff;
const POSTAMBLE = 0x00;
const FROM_HOST = 0xd4;
const FROM_CHIP = 0xd5;
const ERROR = 0x7f;
/** Wakes a chip that sleeps; what follows gives it time (captured: two of them and twelve zeros). */
const WAKE = 0x55;
const WAKE_ZEROS = 12;
/** A length byte of FF announces an extended frame. */
const BODY_BYTES_MAX = 0xfe;
/** More zeros than this before a frame are an idle line, not a preamble. */
const PREAMBLE_BYTES_MAX = 32;

export function encodePn532Command(command: number, data: Uint8Array): Uint8Array {
  return sealed(FROM_HOST, command, data);
}

/** Device side. */
export function encodePn532Answer(command: number, data: Uint8Array): Uint8Array {
  return sealed(FROM_CHIP, command + 1, data);
}

/** From the chip: understood, an answer follows. From the host: give up what you are doing. */
export function encodePn532Ack(): Uint8Array {
  return Uint8Array.of(PREAMBLE, PREAMBLE, START, 0x00, 0xff, POSTAMBLE);
}

/** Device side: not understood. */
export function encodePn532Error(): Uint8Array {
  return Uint8Array.of(PREAMBLE, PREAMBLE, START, 0x01, 0xff, ERROR, 0x81, POSTAMBLE);
}

/** The same command for a chip that may be asleep. */
export function withPn532WakeUp(command: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(2 + WAKE_ZEROS + command.length);
  bytes[0] = WAKE;
  bytes[1] = WAKE;
  bytes.set(command, 2 + WAKE_ZEROS);
  return bytes;
}

export function isPn532WakeUp(byte: number): boolean {
  return byte === WAKE;
}

function sealed(direction: number, code: number, data: Uint8Array): Uint8Array {
  const bodyBytes = 2 + data.length;
  const bytes = new Uint8Array(7 + bodyBytes);
  bytes[2] = START;
  bytes[3] = bodyBytes;
  bytes[4] = -bodyBytes & 0xff;
  bytes[5] = direction;
  bytes[6] = code;
  bytes.set(data, 7);
  bytes[5 + bodyBytes] = -sum8(bytes, 5, 5 + bodyBytes) & 0xff;
  return bytes;
}

/** One frame of either side. */
export function parsePn532(bytes: Uint8Array, length: number): Parsed<Pn532Frame> {
  if (length === 0) return SHORT;
  const startAt = findStart(bytes, length);
  if (startAt === length) return length > PREAMBLE_BYTES_MAX ? junk(length - 2, "zeros without end") : SHORT;
  const retryAt = nextIndex(bytes, length, Math.max(1, startAt), PREAMBLE);
  if (startAt === 0 || bytes[startAt] !== START) return junk(retryAt, `no start code: ${hex2(u8(bytes, startAt))}`);
  return parseHead(bytes, length, { startAt, retryAt });
}

/** What begins with the start code at `startAt`; when it is nothing, a frame may begin again at `retryAt`. */
interface Beginning {
  readonly startAt: number;
  readonly retryAt: number;
}

function parseHead(bytes: Uint8Array, length: number, { startAt, retryAt }: Beginning): Parsed<Pn532Frame> {
  if (length < startAt + 3) return SHORT;
  const bodyBytes = u8(bytes, startAt + 1);
  const complement = u8(bytes, startAt + 2);
  // The two signals are where a body's length and complement would not add up.
  const signal = bodyBytes === 0x00 ? "ack" : "nack";
  if (bodyBytes + complement === 0xff && (bodyBytes === 0x00 || complement === 0x00)) {
    if (length < startAt + 4) return SHORT;
    if (bytes[startAt + 3] !== POSTAMBLE) return junk(retryAt, "no end of frame");
    return frame({ kind: signal }, startAt + 4);
  }
  if (bodyBytes === 0 || bodyBytes > BODY_BYTES_MAX || ((bodyBytes + complement) & 0xff) !== 0) {
    return junk(retryAt, `length ${hex2(bodyBytes)} with complement ${hex2(complement)}`);
  }
  return parseBody(bytes, length, { at: startAt + 3, bodyBytes, retryAt });
}

/** Index of the first byte that is neither wake-up nor zero; the start code's FF in a good frame. */
function findStart(bytes: Uint8Array, length: number): number {
  let at = 0;
  while (at < length && bytes[at] === WAKE) at++;
  // A wake-up without a zero behind it is no beginning of a frame.
  if (at > 0 && at < length && bytes[at] !== PREAMBLE) return 0;
  while (at < length && bytes[at] === PREAMBLE) at++;
  return at;
}

interface Body {
  readonly at: number;
  readonly bodyBytes: number;
  readonly retryAt: number;
}

function parseBody(bytes: Uint8Array, length: number, { at, bodyBytes, retryAt }: Body): Parsed<Pn532Frame> {
  const sumAt = at + bodyBytes;
  const used = sumAt + 2;
  if (length < used) return SHORT;
  const expected = -sum8(bytes, at, sumAt) & 0xff;
  const got = u8(bytes, sumAt);
  if (got !== expected) return junk(retryAt, checksumWhy(expected, got, 2));
  if (bytes[sumAt + 1] !== POSTAMBLE) return junk(retryAt, "no end of frame");
  const direction = u8(bytes, at);
  if (bodyBytes === 1) return direction === ERROR ? frame({ kind: "error" }, used) : junk(used, "a body of one byte");
  const code = u8(bytes, at + 1);
  const data = copyOf(bytes, at + 2, sumAt);
  if (direction === FROM_HOST) return frame({ kind: "command", command: code, data }, used);
  // Answers have odd codes: one more than the command's.
  if (direction !== FROM_CHIP || (code & 1) === 0) return junk(used, `from ${hex2(direction)}, code ${hex2(code)}`);
  return frame({ kind: "answer", command: code - 1, data }, used);
}

/**
 * Host side: the chip's acknowledgement and its answer to `command`, as one. An answer without an acknowledgement, or to
 * another command, belongs to another question and is junk. "Not acknowledged" and "not understood" are answers too.
 */
export function parsePn532Answer(bytes: Uint8Array, length: number, command: number): Parsed<Pn532Answer> {
  const first = parsePn532(bytes, length);
  if (first.is !== "frame") return first;
  if (first.value.kind === "nack") return frame({ is: "refused" }, first.used);
  if (first.value.kind !== "ack") return junk(first.used, `${first.value.kind} without acknowledgement`);
  const second = parsePn532(bytes.subarray(first.used, length), length - first.used);
  if (second.is === "short") return SHORT;
  const used = first.used + second.used;
  if (second.is === "junk") return junk(used, second.why);
  const { value } = second;
  if (value.kind === "error") return frame({ is: "refused" }, used);
  // Two acknowledgements: the first was of a command given up; the second may still be followed by the answer.
  if (value.kind === "ack") return junk(first.used, "acknowledged twice");
  if (value.kind !== "answer") return junk(used, `${value.kind} instead of an answer`);
  if (value.command !== command) return junk(used, `answer to ${hex2(value.command)}, asked was ${hex2(command)}`);
  return frame({ is: "answer", data: value.data }, used);
}
