/**
 * Modbus RTU, both sides, for functions 01–06, 0F and 10. A frame has no start byte and no length, so a reply is only
 * ever read against the request it answers: address, function, byte count or echo must match, then the CRC. What belongs
 * to another request is junk, which is what keeps a late answer from being taken for this one's.
 */
import { checksumWhy, copyOf, hex2, nextIndex, putU16, u8, u16 } from "./bytes.ts";
import { crc16Modbus } from "./crc.ts";
import { frame, junk, type Parsed, SHORT } from "./parsed.ts";

export type ModbusReadFunction = 1 | 2 | 3 | 4;

export interface ModbusReply {
  readonly address: number;
  /** The function asked for, without the exception bit. */
  readonly function: number;
  /** 01 illegal function, 02 illegal address, 03 illegal value, 04 device failure …; undefined for a normal reply. */
  readonly exception: number | undefined;
  /** Reads: the bytes after the byte count. Writes: the four echoed bytes. Exceptions: empty. */
  readonly data: Uint8Array;
}

export interface ModbusRequest {
  readonly address: number;
  readonly function: number;
  /** First coil, input or register. */
  readonly start: number;
  /** How many; 1 for functions 05 and 06. */
  readonly count: number;
  /** The word written by 05 and 06, otherwise 0. */
  readonly value: number;
  /** The bytes written by 0F and 10, otherwise empty. */
  readonly data: Uint8Array;
}

export const COIL_ON = 0xff00;
export const COIL_OFF = 0x0000;
const EXCEPTION = 0x80;
const NOTHING = new Uint8Array(0);

export function encodeModbusRead(address: number, fn: ModbusReadFunction, start: number, count: number): Uint8Array {
  return eightBytes(address, fn, start, count);
}

/** Function 05 with any word: boards use words other than FF00 and 0000 for timed commands. */
export function encodeModbusCoilWord(address: number, coil: number, word: number): Uint8Array {
  return eightBytes(address, 5, coil, word);
}

export function encodeModbusCoil(address: number, coil: number, on: boolean): Uint8Array {
  return eightBytes(address, 5, coil, on ? COIL_ON : COIL_OFF);
}

export function encodeModbusRegister(address: number, register: number, value: number): Uint8Array {
  return eightBytes(address, 6, register, value);
}

/** Function 0F, at most 1968 coils (Modbus application protocol V1.1b3, 6.11). */
export function encodeModbusCoils(address: number, start: number, on: readonly boolean[]): Uint8Array {
  const data = packBits(on);
  const bytes = new Uint8Array(9 + data.length);
  bytes[0] = address;
  bytes[1] = 15;
  putU16(bytes, 2, start);
  putU16(bytes, 4, on.length);
  bytes[6] = data.length;
  bytes.set(data, 7);
  return sealed(bytes);
}

/** Device side: the answer to a read. */
export function encodeModbusReplyData(address: number, fn: number, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(5 + data.length);
  bytes[0] = address;
  bytes[1] = fn;
  bytes[2] = data.length;
  bytes.set(data, 3);
  return sealed(bytes);
}

/** Device side: the answer to a read of at most eight coils or inputs, first one in the lowest bit. */
export function encodeModbusReplyBits(address: number, fn: number, bits: number): Uint8Array {
  const bytes = new Uint8Array(6);
  bytes[0] = address;
  bytes[1] = fn;
  bytes[2] = 1;
  bytes[3] = bits;
  return sealed(bytes);
}

/** Device side: the answer to reading registers (03, 04). */
export function encodeModbusReplyRegisters(address: number, fn: number, registers: readonly number[]): Uint8Array {
  const data = new Uint8Array(2 * registers.length);
  for (let at = 0; at < registers.length; at++) putU16(data, 2 * at, registers[at] as number);
  return encodeModbusReplyData(address, fn, data);
}

/** Device side: the answer to a write repeats what was asked. */
export function encodeModbusReplyEcho(request: ModbusRequest): Uint8Array {
  const single = request.function === 5 || request.function === 6;
  return eightBytes(request.address, request.function, request.start, single ? request.value : request.count);
}

export function encodeModbusReplyException(address: number, fn: number, exception: number): Uint8Array {
  return sealed(Uint8Array.of(address, fn | EXCEPTION, exception, 0, 0));
}

function eightBytes(address: number, fn: number, first: number, second: number): Uint8Array {
  const bytes = new Uint8Array(8);
  bytes[0] = address;
  bytes[1] = fn;
  putU16(bytes, 2, first);
  putU16(bytes, 4, second);
  return sealed(bytes);
}

/** Fills the last two bytes with the CRC, low byte first. */
function sealed(bytes: Uint8Array): Uint8Array {
  const end = bytes.length - 2;
  const crc = crc16Modbus(bytes, 0, end);
  bytes[end] = crc & 0xff;
  bytes[end + 1] = crc >> 8;
  return bytes;
}

/** First bit = lowest bit of the first byte. */
export function packBits(on: readonly boolean[]): Uint8Array {
  const data = new Uint8Array((on.length + 7) >> 3);
  for (let at = 0; at < on.length; at++) if (on[at]) data[at >> 3] = u8(data, at >> 3) | (1 << (at & 7));
  return data;
}

export function bitAt(data: Uint8Array, index: number): boolean {
  return ((data[index >> 3] ?? 0) & (1 << (index & 7))) !== 0;
}

/** 0 where the reply has no such register; `parseModbusReply` has checked the count. */
export function registerAt(data: Uint8Array, index: number): number {
  return 2 * index + 1 < data.length ? u16(data, 2 * index) : 0;
}

/** How many data bytes the reply to a read carries. */
function replyByteCount(request: Uint8Array): number {
  const count = u16(request, 4);
  return u8(request, 1) <= 2 ? (count + 7) >> 3 : 2 * count;
}

/** `request` is what was sent, whole. */
export function parseModbusReply(bytes: Uint8Array, length: number, request: Uint8Array): Parsed<ModbusReply> {
  if (length === 0) return SHORT;
  const address = u8(request, 0);
  const fn = u8(request, 1);
  if (bytes[0] !== address) {
    return junk(nextIndex(bytes, length, 1, address), `address: expected ${hex2(address)}, got ${hex2(u8(bytes, 0))}`);
  }
  if (length === 1) return SHORT;
  if (bytes[1] === (fn | EXCEPTION)) return parseException(bytes, length, fn);
  const wrong = mismatch(bytes, length, request);
  if (wrong !== undefined) return junk(nextIndex(bytes, length, 1, address), wrong);
  const read = fn <= 4;
  const used = read ? 5 + replyByteCount(request) : 8;
  if (length < used) return SHORT;
  const bad = badCrc(bytes, used);
  if (bad !== undefined) return junk(nextIndex(bytes, length, 1, address), bad);
  const data = copyOf(bytes, read ? 3 : 2, used - 2);
  return frame({ address, function: fn, exception: undefined, data }, used);
}

function parseException(bytes: Uint8Array, length: number, fn: number): Parsed<ModbusReply> {
  if (length < 5) return SHORT;
  const address = u8(bytes, 0);
  const bad = badCrc(bytes, 5);
  if (bad !== undefined) return junk(nextIndex(bytes, length, 1, address), bad);
  return frame({ address, function: fn, exception: u8(bytes, 2), data: NOTHING }, 5);
}

/** Compares whatever of the header has arrived with what the request lets expect. */
function mismatch(bytes: Uint8Array, length: number, request: Uint8Array): string | undefined {
  const fn = u8(request, 1);
  if (bytes[1] !== fn) return `function: expected ${hex2(fn)}, got ${hex2(u8(bytes, 1))}`;
  if (fn <= 4) {
    if (length < 3 || bytes[2] === replyByteCount(request)) return undefined;
    return `byte count: expected ${replyByteCount(request)}, got ${u8(bytes, 2)}`;
  }
  const end = Math.min(length, 6);
  for (let at = 2; at < end; at++) {
    if (bytes[at] !== request[at])
      return `echo: expected ${hex2(u8(request, at))} at byte ${at}, got ${hex2(u8(bytes, at))}`;
  }
  return undefined;
}

/** Why the CRC at the end of `bytes[0..used)` is wrong, or undefined. Shown in the order of the wire. */
function badCrc(bytes: Uint8Array, used: number): string | undefined {
  const crc = crc16Modbus(bytes, 0, used - 2);
  const expected = ((crc & 0xff) << 8) | (crc >> 8);
  const got = u16(bytes, used - 2);
  return got === expected ? undefined : checksumWhy(expected, got, 4);
}

/** Device side. With `address` given, everything for other devices is junk. */
export function parseModbusRequest(bytes: Uint8Array, length: number, address?: number): Parsed<ModbusRequest> {
  if (length === 0) return SHORT;
  const first = u8(bytes, 0);
  const why = address !== undefined && first !== address ? `for address ${hex2(first)}` : requestFault(bytes, length);
  if (why !== undefined) return junk(address === undefined ? 1 : nextIndex(bytes, length, 1, address), why);
  const used = requestLength(bytes, length);
  if (length < used) return SHORT;
  const fn = u8(bytes, 1);
  const start = u16(bytes, 2);
  const word = u16(bytes, 4);
  const single = fn === 5 || fn === 6;
  const data = fn > 6 ? copyOf(bytes, 7, used - 2) : NOTHING;
  return frame({ address: first, function: fn, start, count: single ? 1 : word, value: single ? word : 0, data }, used);
}

/** Bytes of the request that begins at 0, as far as it can be known yet. */
function requestLength(bytes: Uint8Array, length: number): number {
  if (length < 2 || u8(bytes, 1) <= 6) return 8;
  return length < 7 ? 9 : 9 + u8(bytes, 6);
}

/** Why no request begins at 0, or undefined while one may. */
function requestFault(bytes: Uint8Array, length: number): string | undefined {
  if (length === 1) return undefined;
  const fn = u8(bytes, 1);
  if ((fn < 1 || fn > 6) && fn !== 15 && fn !== 16) return `function ${hex2(fn)} is not spoken here`;
  const used = requestLength(bytes, length);
  return length < used ? undefined : badCrc(bytes, used);
}
