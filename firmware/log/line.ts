/**
 * One line of the log: `<crc32> <hash> <body>\n`. The CRC covers everything behind it, newline included, and is compared
 * digit by digit, so no bit of a line can change unnoticed; the hash covers the hash before it and the body. Pure: bytes
 * in, values out. It never throws on bytes and never repairs any.
 */
import { Buffer } from "node:buffer";
import { hash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { LogEntry } from "./entry.ts";

export const FORMAT = 1;
export const CRC_DIGITS = 8;
export const HASH_DIGITS = 32;
/** Offset of the body in a line: CRC, space, hash, space. */
export const BODY_OFFSET = CRC_DIGITS + 1 + HASH_DIGITS + 1;
const MIN_LINE = BODY_OFFSET + 2 + 1;
const NEWLINE = 0x0a;
const SPACE = 0x20;

/** The first line of a segment: which log, where it follows on, and how far the outbox had come. A checkpoint follows. */
export interface SegmentHeader {
  readonly format: number;
  readonly log: string;
  readonly segment: number;
  readonly firstN: number;
  /** Hash of the last line that counts in the segment before; the log's id in the first segment. */
  readonly previous: string;
  /** Where the segment before ends. What stands behind that was never acknowledged. */
  readonly previousBytes: number;
  readonly acknowledged: number;
}

let scratch = Buffer.alloc(4_096);

function chainHash(previous: string, bytes: Buffer, start: number, end: number): string {
  const length = HASH_DIGITS + (end - start);
  if (scratch.length < length) scratch = Buffer.alloc(length * 2);
  scratch.write(previous, 0, HASH_DIGITS, "latin1");
  bytes.copy(scratch, HASH_DIGITS, start, end);
  return hash("sha256", scratch.subarray(0, length), "hex").slice(0, HASH_DIGITS);
}

export interface EncodedLine {
  readonly bytes: Buffer;
  readonly hash: string;
}

export function encodeLine(previous: string, body: string): EncodedLine {
  const bytes = Buffer.allocUnsafe(BODY_OFFSET + Buffer.byteLength(body) + 1);
  const end = bytes.length - 1;
  bytes.write(body, BODY_OFFSET, "utf8");
  const own = chainHash(previous, bytes, BODY_OFFSET, end);
  bytes[CRC_DIGITS] = SPACE;
  bytes.write(own, CRC_DIGITS + 1, HASH_DIGITS, "latin1");
  bytes[BODY_OFFSET - 1] = SPACE;
  bytes[end] = NEWLINE;
  const crc = crc32(bytes.subarray(CRC_DIGITS));
  bytes.write(crc.toString(16).padStart(CRC_DIGITS, "0"), 0, CRC_DIGITS, "latin1");
  return { bytes, hash: own };
}

/** A line whose CRC is right. Whether it follows on from the one before is another question: `follows`. */
export interface Line {
  readonly hash: string;
  readonly bodyStart: number;
  readonly bodyEnd: number;
  /** Offset of the line after it. */
  readonly next: number;
}

/** Offset behind the next newline, or `end` when there is none. */
export function afterNewline(bytes: Buffer, start: number, end: number): number {
  const at = bytes.indexOf(NEWLINE, start);
  return at < 0 || at >= end ? end : at + 1;
}

/** Reads the line at `start`; undefined when it is not whole and unchanged. */
export function readLine(bytes: Buffer, start: number, end: number): Line | undefined {
  const next = afterNewline(bytes, start, end);
  if (next - start < MIN_LINE || bytes[next - 1] !== NEWLINE) return undefined;
  const stated = lowerHex(bytes, start);
  if (stated < 0 || stated !== crc32(bytes.subarray(start + CRC_DIGITS, next))) return undefined;
  if (bytes[start + CRC_DIGITS] !== SPACE || bytes[start + BODY_OFFSET - 1] !== SPACE) return undefined;
  const own = bytes.toString("latin1", start + CRC_DIGITS + 1, start + BODY_OFFSET - 1);
  return { hash: own, bodyStart: start + BODY_OFFSET, bodyEnd: next - 1, next };
}

export function follows(previous: string, bytes: Buffer, line: Line): boolean {
  return chainHash(previous, bytes, line.bodyStart, line.bodyEnd) === line.hash;
}

/** Eight lower-case hex digits as a number, -1 for anything else: capitals would hide a flipped bit. */
function lowerHex(bytes: Buffer, start: number): number {
  let value = 0;
  for (let at = start; at < start + CRC_DIGITS; at++) {
    const byte = bytes[at] as number;
    const digit = byte >= 0x30 && byte <= 0x39 ? byte - 0x30 : byte >= 0x61 && byte <= 0x66 ? byte - 0x57 : -1;
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

const N_PREFIX = Buffer.from('{"n":');
const SYNCED_PREFIX = Buffer.from(',"synced":');
const MORE = Buffer.from(',"more":true');

/**
 * Sequence number of an entry line, the newest number that was already synced when it was written, and whether the next entry
 * belongs to the same append.
 */
export interface LineNumbers {
  n: number;
  synced: number;
  more: boolean;
}

/** Reads them without parsing the JSON. False when the body is not that of an entry. */
export function readNumbers(bytes: Buffer, line: Line, into: LineNumbers): boolean {
  let at = line.bodyStart;
  if (!startsWith(bytes, at, N_PREFIX)) return false;
  at = readDigits(bytes, at + N_PREFIX.length, line.bodyEnd);
  if (digitsValue < 0) return false;
  into.n = digitsValue;
  into.synced = digitsValue - 1;
  if (startsWith(bytes, at, SYNCED_PREFIX)) {
    at = readDigits(bytes, at + SYNCED_PREFIX.length, line.bodyEnd);
    into.synced = digitsValue;
  }
  into.more = startsWith(bytes, at, MORE);
  return digitsValue >= 0;
}

function startsWith(bytes: Buffer, start: number, prefix: Buffer): boolean {
  for (let at = 0; at < prefix.length; at++) if (bytes[start + at] !== prefix[at]) return false;
  return true;
}

/** What `readDigits` read; -1 when there was no digit. A pair as return value would be garbage for every line. */
let digitsValue = -1;

function readDigits(bytes: Buffer, start: number, end: number): number {
  let at = start;
  let value = 0;
  for (; at < end; at++) {
    const digit = (bytes[at] as number) - 0x30;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  digitsValue = at === start ? -1 : value;
  return at;
}

/**
 * Body of an entry line. `synced` is left out where it is the number just before, as it nearly always is; `more` where the
 * entry is the last of its append, or the only one.
 */
export function entryBody({ n, synced, more }: LineNumbers, rest: string): string {
  return `{"n":${n}${synced === n - 1 ? "" : `,"synced":${synced}`}${more ? ',"more":true' : ""},${rest}`;
}

/** The part of the body that is known before the batch is: everything behind the numbers. */
export function entryRest(entry: Omit<LogEntry, "n">): string {
  const { at, clock, boot, record, publish } = entry;
  return JSON.stringify({ at, clock, boot, record, publish }).slice(1);
}

export function parseEntry(bytes: Buffer, line: Line): LogEntry | undefined {
  const value = parseObject(bytes, line);
  if (value === undefined || !isWhole(value.n) || typeof value.at !== "number") return undefined;
  const { n, at, record, publish } = value;
  if (!isObject(record) || typeof record.kind !== "string") return undefined;
  if (publish !== undefined && !isPublish(publish)) return undefined;
  return {
    n,
    at,
    clock: value.clock === "ntp" ? "ntp" : "unsynced",
    boot: String(value.boot),
    record: record as LogEntry["record"],
    ...(publish === undefined ? {} : { publish }),
  };
}

export function parseHeader(bytes: Buffer, line: Line): SegmentHeader | undefined {
  const value = parseObject(bytes, line);
  if (value === undefined || value.format !== FORMAT) return undefined;
  const { log, segment, firstN, previous, previousBytes, acknowledged } = value;
  if (!isHash(log) || !isHash(previous)) return undefined;
  if (!isWhole(segment) || !isWhole(firstN) || !isWhole(previousBytes) || !isWhole(acknowledged)) return undefined;
  return { format: FORMAT, log, segment, firstN, previous, previousBytes, acknowledged };
}

function parseObject(bytes: Buffer, line: Line): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8", line.bodyStart, line.bodyEnd));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

export function isHash(value: unknown): value is string {
  return typeof value === "string" && /^[0-9a-f]{32}$/.test(value);
}

function isPublish(value: unknown): value is NonNullable<LogEntry["publish"]> {
  return isObject(value) && typeof value.kind === "string" && typeof value.stream === "string" && isWhole(value.seq);
}
