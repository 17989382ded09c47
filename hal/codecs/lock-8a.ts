/**
 * The 8A/80 lock-board family (five bytes, XOR of all before as the last), both sides. The driver's half can ask for one
 * timed pulse and for the feedback of all ways, nothing else: channel 0 would open every bay and the latching commands
 * (9A, 9B, seconds) could hold a coil, so no encoder for them exists. A reply `8A … 11` may equal its request byte for byte:
 * on a line that echoes, only the bus can tell them apart.
 */
import { checksumWhy, nextIndex, u8 } from "./bytes.ts";
import { xor8 } from "./crc.ts";
import { frame, type Junk, junk, type Parsed, SHORT } from "./parsed.ts";

const PULSE = 0x8a;
const STATUS = 0x80;
const EVENT = 0x82;
const MANY = 0x90;
const HOLD_ON = 0x9a;
const HOLD_OFF = 0x9b;
const DO = 0x11;
const QUERY = 0x33;

export interface LockAck {
  readonly board: number;
  readonly channel: number;
  /** 00 or 11: the lock's contact. Which of them is "latched" depends on its wiring, so it is configuration. */
  readonly status: number;
}

export interface LockStatus {
  readonly board: number;
  /** As sent. Which byte holds ways 1–8 is contested between sources, so it is configuration. */
  readonly bytes: readonly [number, number, number];
}

export type LockRequest =
  | { readonly do: "pulse"; readonly board: number; readonly channel: number; readonly seconds: number | undefined }
  | { readonly do: "pulse-all" | "read-all"; readonly board: number }
  | { readonly do: "pulse-many"; readonly board: number; readonly bytes: readonly [number, number, number] }
  | { readonly do: "read-one" | "query" | "hold-on" | "hold-off"; readonly board: number; readonly channel: number };

/** One pulse timed by the board (300 ms). Undefined for channel 0 and for anything that is no board or channel. */
export function encodeLockPulse(board: number, channel: number): Uint8Array | undefined {
  if (!Number.isInteger(channel) || channel < 1 || channel > 50) return undefined;
  if (!Number.isInteger(board) || board < 1 || board > 32) return undefined;
  return five(PULSE, board, channel, DO);
}

export function encodeLockReadAll(board: number): Uint8Array {
  return five(STATUS, board, 0, QUERY);
}

/** Device side. */
export function encodeLockAck(board: number, channel: number, status: number): Uint8Array {
  return five(PULSE, board, channel, status);
}

/** Device side. */
export function encodeLockStatus(board: number, s1: number, s2: number, s3: number): Uint8Array {
  const bytes = Uint8Array.of(STATUS, board, s1, s2, s3, QUERY, 0);
  bytes[6] = xor8(bytes, 0, 6);
  return bytes;
}

/** Device side: a way's contact changed and nobody asked. Only some boards say so. */
export function encodeLockEvent(board: number, channel: number, status: number): Uint8Array {
  return five(EVENT, board, channel, status);
}

function five(command: number, board: number, channel: number, last: number): Uint8Array {
  return Uint8Array.of(command, board, channel, last, command ^ board ^ channel ^ last);
}

/** The answer to a pulse. XOR is a weak check, so the values must also be possible: addresses below 80, contact 00 or 11. */
export function parseLockAck(bytes: Uint8Array, length: number): Parsed<LockAck> {
  if (length === 0) return SHORT;
  if (bytes[0] !== PULSE) return skip(bytes, length, PULSE, "no start byte 8A");
  for (let at = 1; at < Math.min(length, 3); at++) {
    if (u8(bytes, at) >= 0x80) return skip(bytes, length, PULSE, "no board or channel");
  }
  if (length < 4) return SHORT;
  const status = u8(bytes, 3);
  if (status !== 0 && status !== DO) return skip(bytes, length, PULSE, "contact is neither 00 nor 11");
  if (length < 5) return SHORT;
  const expected = xor8(bytes, 0, 4);
  if (bytes[4] !== expected) return skip(bytes, length, PULSE, checksumWhy(expected, u8(bytes, 4), 2));
  return frame({ board: u8(bytes, 1), channel: u8(bytes, 2), status }, 5);
}

/** The answer to "read all": always three status bytes, even from an 8-way board. */
export function parseLockStatus(bytes: Uint8Array, length: number): Parsed<LockStatus> {
  if (length === 0) return SHORT;
  if (bytes[0] !== STATUS) return skip(bytes, length, STATUS, "no start byte 80");
  if (length > 1 && u8(bytes, 1) >= 0x80) return skip(bytes, length, STATUS, "no board");
  if (length > 5 && bytes[5] !== QUERY) return skip(bytes, length, STATUS, "no byte 33 after three status bytes");
  if (length < 7) return SHORT;
  const expected = xor8(bytes, 0, 6);
  if (bytes[6] !== expected) return skip(bytes, length, STATUS, checksumWhy(expected, u8(bytes, 6), 2));
  return frame({ board: u8(bytes, 1), bytes: [u8(bytes, 2), u8(bytes, 3), u8(bytes, 4)] }, 7);
}

/** A whole unsolicited 82 frame is skipped at once, so that no byte in it is taken for a start. */
function skip(bytes: Uint8Array, length: number, start: number, why: string): Junk {
  if (bytes[0] === EVENT && length >= 5 && bytes[4] === xor8(bytes, 0, 4)) return junk(5, "unsolicited 82");
  return junk(nextIndex(bytes, length, 1, start), why);
}

/** Device side: what the master asks; it includes the commands that this controller never sends. */
export function parseLockRequest(bytes: Uint8Array, length: number): Parsed<LockRequest> {
  if (length === 0) return SHORT;
  const command = u8(bytes, 0);
  if (!isCommand(command)) return junk(nextCommand(bytes, length), "no command byte");
  if (command === MANY) return parseMany(bytes, length);
  if (length < 4) return SHORT;
  const board = u8(bytes, 1);
  const channel = u8(bytes, 2);
  const meant = meaning(command, channel, u8(bytes, 3));
  if (meant === undefined) return junk(nextCommand(bytes, length), "no such operation");
  if (length < 5) return SHORT;
  const expected = xor8(bytes, 0, 4);
  const got = u8(bytes, 4);
  if (got !== expected) {
    // `8A board channel 11 seconds bcc`: with addresses below 80 a checksum is never 1–9, so the two cannot be confused.
    if (meant === "pulse" && got >= 1 && got <= 9) return parseTimed(bytes, length);
    return junk(nextCommand(bytes, length), checksumWhy(expected, got, 2));
  }
  if (meant === "pulse-all" || meant === "read-all") return frame({ do: meant, board }, 5);
  if (meant === "pulse") return frame({ do: "pulse", board, channel, seconds: undefined }, 5);
  return frame({ do: meant, board, channel }, 5);
}

type FiveByteCommand = Exclude<LockRequest["do"], "pulse-many">;

function meaning(command: number, channel: number, operation: number): FiveByteCommand | undefined {
  if (command === STATUS) return operation === QUERY ? (channel === 0 ? "read-all" : "read-one") : undefined;
  if (command === PULSE && operation === QUERY) return "query";
  if (operation !== DO) return undefined;
  if (command === PULSE) return channel === 0 ? "pulse-all" : "pulse";
  return command === HOLD_ON ? "hold-on" : "hold-off";
}

function parseMany(bytes: Uint8Array, length: number): Parsed<LockRequest> {
  if (length < 6) return SHORT;
  const expected = xor8(bytes, 0, 5);
  if (bytes[5] !== expected) return junk(nextCommand(bytes, length), checksumWhy(expected, u8(bytes, 5), 2));
  return frame({ do: "pulse-many", board: u8(bytes, 1), bytes: [u8(bytes, 2), u8(bytes, 3), u8(bytes, 4)] }, 6);
}

function parseTimed(bytes: Uint8Array, length: number): Parsed<LockRequest> {
  if (length < 6) return SHORT;
  const expected = xor8(bytes, 0, 5);
  if (bytes[5] !== expected) return junk(nextCommand(bytes, length), checksumWhy(expected, u8(bytes, 5), 2));
  return frame({ do: "pulse", board: u8(bytes, 1), channel: u8(bytes, 2), seconds: u8(bytes, 4) }, 6);
}

function isCommand(byte: number): boolean {
  return byte === PULSE || byte === STATUS || byte === MANY || byte === HOLD_ON || byte === HOLD_OFF;
}

function nextCommand(bytes: Uint8Array, length: number): number {
  for (let at = 1; at < length; at++) if (isCommand(u8(bytes, at))) return at;
  return length;
}
