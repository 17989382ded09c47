/**
 * Juntek / Joy-IT DPM86xx chargers, ASCII protocol, both sides. Write `:AAwRR=v,v,⏎`, read `:AArRR=0,⏎`; replies `:AAok`
 * and `:AArRR=v.`, with or without a line end. There is no checksum at all: a set-point counts only once it was read back.
 */
import { u8 } from "./bytes.ts";
import { frame, junk, type Parsed, SHORT } from "./parsed.ts";

/** Registers and their unit. */
export const DPM_MAX_VOLTAGE = 0; // 0.01 V
export const DPM_MAX_CURRENT = 1; // 0.001 A
export const DPM_SET_VOLTAGE = 10; // 0.01 V
export const DPM_SET_CURRENT = 11; // 0.001 A
export const DPM_OUTPUT = 12; // 0 off, 1 on
export const DPM_SET_BOTH = 20; // 0.01 V, 0.001 A
export const DPM_VOLTAGE = 30; // 0.01 V
export const DPM_CURRENT = 31; // 0.001 A
export const DPM_MODE = 32; // 0 constant voltage, 1 constant current
export const DPM_TEMPERATURE = 33; // °C

export type DpmReply =
  | { readonly address: number; readonly ok: true }
  | { readonly address: number; readonly register: number; readonly values: readonly number[] };

export interface DpmRequest {
  readonly address: number;
  readonly action: "read" | "write";
  readonly register: number;
  readonly values: readonly number[];
}

/** No message of the protocol is longer. */
const MAX_LENGTH = 64;
const MAX_DIGITS = 7;

const LF = 0x0a;
const CR = 0x0d;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const COLON = 0x3a;
const EQUALS = 0x3d;
const K = 0x6b;
const O = 0x6f;
const R = 0x72;
const W = 0x77;

export function encodeDpmWrite(address: number, register: number, values: readonly number[]): Uint8Array {
  return ascii(`:${two(address)}w${two(register)}=${values.map(whole).join(",")},\r\n`);
}

export function encodeDpmRead(address: number, register: number): Uint8Array {
  return ascii(`:${two(address)}r${two(register)}=0,\r\n`);
}

/** Device side. */
export function encodeDpmOk(address: number): Uint8Array {
  return ascii(`:${two(address)}ok\r\n`);
}

/** Device side. */
export function encodeDpmValue(address: number, register: number, values: readonly number[]): Uint8Array {
  const [value] = values;
  // Text of one value, written without the detour over a list: this is said thousands of times a minute.
  const text = values.length === 1 && value !== undefined ? whole(value) : values.map(whole).join(",");
  return ascii(`:${two(address)}r${two(register)}=${text}.\r\n`);
}

function two(value: number): string {
  return value < 10 ? `0${value}` : `${value}`;
}

function whole(value: number): string {
  return String(Math.round(value));
}

function ascii(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/**
 * A reply is whole at its "." or "ok", because not every unit ends its lines. The line ends are blank space: one that
 * follows is used up when it is already there, one that was left over from the reply before is stepped over.
 */
export function parseDpmReply(bytes: Uint8Array, length: number): Parsed<DpmReply> {
  const start = afterBlank(bytes, length, 0);
  if (start === length) return blankOnly(length);
  const address = addressAt(bytes, length, start);
  if (address === SHORT_HERE) return shortOrLong(length, start);
  if (address < 0) return resync(bytes, length, start, "no `:` and two digits");
  const kindAt = start + 3;
  if (kindAt >= length) return SHORT;
  const kind = u8(bytes, kindAt);
  if (kind === O) {
    if (kindAt + 1 >= length) return SHORT;
    if (bytes[kindAt + 1] !== K) return resync(bytes, length, start, "neither ok nor a value");
    return frame({ address, ok: true }, afterBlank(bytes, length, kindAt + 2));
  }
  if (kind !== R) return resync(bytes, length, start, "neither ok nor a value");
  const body = parseBody(bytes, length, kindAt + 1, DOT);
  if (body === SHORT_HERE) return shortOrLong(length, start);
  if (body === WRONG_HERE) return resync(bytes, length, start, "no register and value");
  return frame({ address, register: body.register, values: body.values }, afterBlank(bytes, length, body.end));
}

/** Device side. A request ends with a line feed; a second comma before it (one unit needs it) means nothing. */
export function parseDpmRequest(bytes: Uint8Array, length: number): Parsed<DpmRequest> {
  const start = afterBlank(bytes, length, 0);
  if (start === length) return blankOnly(length);
  const address = addressAt(bytes, length, start);
  if (address === SHORT_HERE) return shortOrLong(length, start);
  if (address < 0) return resync(bytes, length, start, "no `:` and two digits");
  const kindAt = start + 3;
  if (kindAt >= length) return SHORT;
  const kind = u8(bytes, kindAt);
  if (kind !== R && kind !== W) return resync(bytes, length, start, "neither read nor write");
  const body = parseBody(bytes, length, kindAt + 1, LF);
  if (body === SHORT_HERE) return shortOrLong(length, start);
  if (body === WRONG_HERE) return resync(bytes, length, start, "no register and value");
  const action = kind === R ? "read" : "write";
  return frame({ address, action, register: body.register, values: body.values }, body.end);
}

const SHORT_HERE = -2;
const WRONG_HERE = -1;

interface Body {
  readonly register: number;
  readonly values: readonly number[];
  /** Index after the terminator. */
  readonly end: number;
}

/** `RR=v,v…` up to and including `terminator`. */
function parseBody(
  bytes: Uint8Array,
  length: number,
  from: number,
  terminator: number,
): Body | typeof SHORT_HERE | typeof WRONG_HERE {
  const register = twoDigits(bytes, length, from);
  if (register < 0) return register === SHORT_HERE ? SHORT_HERE : WRONG_HERE;
  if (from + 2 >= length) return SHORT_HERE;
  if (bytes[from + 2] !== EQUALS) return WRONG_HERE;
  const end = afterNumbers(bytes, length, from + 3);
  const last = terminator === LF && end < length && bytes[end] === CR ? end + 1 : end;
  if (last - from > MAX_LENGTH) return WRONG_HERE;
  if (last >= length) return SHORT_HERE;
  // A request's last number ends with a comma; without it the line was cut, and a cut number is another number.
  if (bytes[last] !== terminator || (terminator === LF && bytes[end - 1] !== COMMA)) return WRONG_HERE;
  const values = valuesOf(bytes, from + 3, end);
  return values === undefined ? WRONG_HERE : { register, values, end: last + 1 };
}

/** Index of the first byte that can stand in no list of numbers. */
function afterNumbers(bytes: Uint8Array, length: number, from: number): number {
  let at = from;
  while (at < length && (isDigit(u8(bytes, at)) || bytes[at] === COMMA || bytes[at] === MINUS)) at++;
  return at;
}

/** Whole numbers between commas; undefined when a piece is no number or there is none at all. Empty pieces mean nothing. */
function valuesOf(bytes: Uint8Array, start: number, end: number): number[] | undefined {
  const values: number[] = [];
  let pieceStart = start;
  for (let at = start; at <= end; at++) {
    if (at < end && bytes[at] !== COMMA) continue;
    if (at > pieceStart) {
      const value = numberOf(bytes, pieceStart, at);
      if (value === undefined) return undefined;
      values.push(value);
    }
    pieceStart = at + 1;
  }
  return values.length > 0 ? values : undefined;
}

function numberOf(bytes: Uint8Array, start: number, end: number): number | undefined {
  const negative = bytes[start] === MINUS;
  const first = negative ? start + 1 : start;
  if (first === end || end - first > MAX_DIGITS) return undefined;
  let value = 0;
  for (let at = first; at < end; at++) {
    const byte = u8(bytes, at);
    if (!isDigit(byte)) return undefined;
    value = 10 * value + byte - 0x30;
  }
  return negative && value !== 0 ? -value : value;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function addressAt(bytes: Uint8Array, length: number, start: number): number {
  return bytes[start] === COLON ? twoDigits(bytes, length, start + 1) : WRONG_HERE;
}

function twoDigits(bytes: Uint8Array, length: number, at: number): number {
  const first = at < length ? u8(bytes, at) - 0x30 : 0;
  const second = at + 1 < length ? u8(bytes, at + 1) - 0x30 : 0;
  if (first < 0 || first > 9 || second < 0 || second > 9) return WRONG_HERE;
  return at + 1 < length ? 10 * first + second : SHORT_HERE;
}

function afterBlank(bytes: Uint8Array, length: number, from: number): number {
  let at = from;
  while (at < length && (bytes[at] === CR || bytes[at] === LF)) at++;
  return at;
}

function blankOnly(length: number): Parsed<never> {
  return length > MAX_LENGTH ? junk(length, "line ends only") : SHORT;
}

function shortOrLong(length: number, start: number): Parsed<never> {
  return length - start > MAX_LENGTH ? junk(length, `longer than ${MAX_LENGTH} bytes`) : SHORT;
}

/** The next `:` or line end is where a message may begin. */
function resync(bytes: Uint8Array, length: number, start: number, why: string): Parsed<never> {
  for (let at = start + 1; at < length; at++) if (bytes[at] === COLON) return junk(at, why);
  return junk(length, why);
}
