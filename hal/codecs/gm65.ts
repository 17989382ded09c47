/**
 * GROW GM65 family code readers (also sold as Waveshare barcode module). Commands and their acknowledgements are framed;
 * a scanned code is bare text on the same line, ended by CR, LF or both. So the acknowledgement is taken out exactly, and a
 * line with control characters in it is never passed on as a code. Codes are at most 512 bytes.
 */
import { checksumWhy, copyOf, putU16, u8, u16 } from "./bytes.ts";
import { crc16Xmodem } from "./crc.ts";
import { frame, junk, type Parsed, SHORT } from "./parsed.ts";

export type Gm65Message =
  | { readonly kind: "ack" }
  /** The answer to reading settings. One byte 00 is the same as an acknowledgement and is reported as that. */
  | { readonly kind: "data"; readonly type: number; readonly data: Uint8Array }
  | { readonly kind: "code"; readonly text: string };

export interface Gm65Command {
  readonly action: "read" | "write" | "save";
  readonly register: number;
  /** Written bytes; for a read, one byte: how many to read. */
  readonly data: Uint8Array;
}

export const GM65_MAX_CODE = 512;
export const GM65_TRIGGER = 0x0002;
export const GM65_BAUD = 0x002a;

const COMMAND = 0x7e;
const REPLY = 0x02;
/** The manual's "do not check" in place of a command's CRC. */
const UNCHECKED = 0xabcd;
const READ = 0x07;
const WRITE = 0x08;
const SAVE = 0x09;
const CR = 0x0d;
const LF = 0x0a;

/** Scan once. */
export function encodeGm65Trigger(): Uint8Array {
  return encodeGm65Write(GM65_TRIGGER, Uint8Array.of(1));
}

export function encodeGm65Stop(): Uint8Array {
  return encodeGm65Write(GM65_TRIGGER, Uint8Array.of(0));
}

export function encodeGm65Write(register: number, data: Uint8Array): Uint8Array {
  return command(WRITE, register, data);
}

export function encodeGm65Read(register: number, count: number): Uint8Array {
  return command(READ, register, Uint8Array.of(count));
}

function command(type: number, register: number, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8 + data.length);
  bytes[0] = COMMAND;
  bytes[2] = type;
  bytes[3] = data.length;
  putU16(bytes, 4, register);
  bytes.set(data, 6);
  putU16(bytes, 6 + data.length, crc16Xmodem(bytes, 2, 6 + data.length));
  return bytes;
}

/** Device side: written. */
export function encodeGm65Ack(): Uint8Array {
  return encodeGm65Data(Uint8Array.of(0));
}

/** Device side: the answer to a read. */
export function encodeGm65Data(data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(6 + data.length);
  bytes[0] = REPLY;
  bytes[3] = data.length;
  bytes.set(data, 4);
  putU16(bytes, 4 + data.length, crc16Xmodem(bytes, 2, 4 + data.length));
  return bytes;
}

/** Device side: a scanned code. */
export function encodeGm65Code(text: string): Uint8Array {
  return new TextEncoder().encode(`${text}\r\n`);
}

export function parseGm65(bytes: Uint8Array, length: number): Parsed<Gm65Message> {
  let start = 0;
  while (start < length && (bytes[start] === CR || bytes[start] === LF)) start++;
  if (start === length) return length > GM65_MAX_CODE ? junk(length, "line ends only") : SHORT;
  return bytes[start] === REPLY ? parseReply(bytes, length, start) : parseCode(bytes, length, start);
}

function parseReply(bytes: Uint8Array, length: number, start: number): Parsed<Gm65Message> {
  if (length < start + 2) return SHORT;
  if (bytes[start + 1] !== 0) return junk(start + 1, "control character 02");
  if (length < start + 4) return SHORT;
  const end = start + 6 + u8(bytes, start + 3);
  if (length < end) return SHORT;
  const expected = crc16Xmodem(bytes, start + 2, end - 2);
  const got = u16(bytes, end - 2);
  // A spoiled answer is dropped whole: its last bytes could be printable and would be read as part of the next code.
  if (got !== expected) return junk(end, checksumWhy(expected, got, 4));
  const type = u8(bytes, start + 2);
  if (type === 0 && end - start === 7 && bytes[start + 4] === 0) return frame({ kind: "ack" }, end);
  return frame({ kind: "data", type, data: copyOf(bytes, start + 4, end - 2) }, end);
}

function parseCode(bytes: Uint8Array, length: number, start: number): Parsed<Gm65Message> {
  let end = start;
  while (end < length && isText(u8(bytes, end))) end++;
  if (end === length) {
    // One byte more than a code may have stays behind, so that the rest of an endless line is never taken for a code.
    const excess = length - start - GM65_MAX_CODE - 1;
    return excess > 0 ? junk(start + excess, `code longer than ${GM65_MAX_CODE} bytes`) : SHORT;
  }
  const stop = u8(bytes, end);
  if (stop !== CR && stop !== LF) {
    // The byte itself may begin an acknowledgement.
    return junk(stop === REPLY && end > 0 ? end : end + 1, "text cut by a control character");
  }
  const used = stop === CR && end + 1 < length && bytes[end + 1] === LF ? end + 2 : end + 1;
  if (end - start > GM65_MAX_CODE) return junk(used, `code longer than ${GM65_MAX_CODE} bytes`);
  const text = textOf(bytes, start, end);
  return text === undefined ? junk(used, "code is not UTF-8 text") : frame({ kind: "code", text }, used);
}

function isText(byte: number): boolean {
  return byte >= 0x20 && byte !== 0x7f;
}

function textOf(bytes: Uint8Array, start: number, end: number): string | undefined {
  let text = "";
  for (let at = start; at < end; at++) {
    const byte = u8(bytes, at);
    if (byte >= 0x80) return utf8(bytes, start, end);
    text += String.fromCharCode(byte);
  }
  return text;
}

function utf8(bytes: Uint8Array, start: number, end: number): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(start, end));
  } catch {
    return undefined;
  }
}

/** Device side: what the master asks. */
export function parseGm65Command(bytes: Uint8Array, length: number): Parsed<Gm65Command> {
  const retryAt = () => {
    for (let at = 1; at < length; at++) if (bytes[at] === COMMAND) return at;
    return length;
  };
  if (length === 0) return SHORT;
  if (bytes[0] !== COMMAND) return junk(retryAt(), "no start byte 7E");
  if (length > 1 && bytes[1] !== 0) return junk(retryAt(), "no second byte 00");
  if (length < 4) return SHORT;
  const type = u8(bytes, 2);
  if (type < READ || type > SAVE) return junk(retryAt(), "neither read, write nor save");
  const end = 8 + u8(bytes, 3);
  if (length < end) return SHORT;
  const expected = crc16Xmodem(bytes, 2, end - 2);
  const got = u16(bytes, end - 2);
  if (got !== expected && got !== UNCHECKED) return junk(retryAt(), checksumWhy(expected, got, 4));
  const action = type === READ ? "read" : type === WRITE ? "write" : "save";
  return frame({ action, register: u16(bytes, 4), data: copyOf(bytes, 6, end - 2) }, end);
}
