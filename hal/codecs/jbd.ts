/**
 * JBD General Protocol V4, both sides: the pack manager that answers `DD A5 03`. Request `DD`, A5 read or 5A write,
 * register, length, data, checksum, `77`; reply `DD`, register, status, length, data, checksum, `77`. The protocol carries
 * no address, so a reply is matched by its register only. What the registers mean stands in `jbd-registers.ts`.
 */
import { checksumWhy, copyOf, hex2, nextIndex, putU16, u8, u16 } from "./bytes.ts";
import { jbdChecksum } from "./crc.ts";
import { frame, junk, type Parsed, SHORT } from "./parsed.ts";

export const JBD_BASIC = 0x03;
export const JBD_CELLS = 0x04;
export const JBD_MODEL = 0x05;
export const JBD_ERRORS = 0xaa;
export const JBD_MOS = 0xe1;

export const JBD_OK = 0x00;
export const JBD_FAILED = 0x80;

const START = 0xdd;
const END = 0x77;
const READ = 0xa5;
const WRITE = 0x5a;
/** Start, two header bytes, length, two checksum bytes, end. */
const ENVELOPE = 7;

export interface JbdReply {
  readonly register: number;
  /** 00 done, 80 refused by the pack. */
  readonly status: number;
  readonly data: Uint8Array;
}

export interface JbdRequest {
  readonly action: "read" | "write";
  readonly register: number;
  readonly data: Uint8Array;
}

const NOTHING = new Uint8Array(0);

export function encodeJbdRead(register: number): Uint8Array {
  return envelope(READ, register, NOTHING);
}

export function encodeJbdWrite(register: number, data: Uint8Array): Uint8Array {
  return envelope(WRITE, register, data);
}

/** The bits of E1 are inverse to what register 03 reports: a set bit switches off. */
export function encodeJbdMos(mos: { readonly chargeOn: boolean; readonly dischargeOn: boolean }): Uint8Array {
  const off = (mos.chargeOn ? 0 : 1) | (mos.dischargeOn ? 0 : 2);
  return encodeJbdWrite(JBD_MOS, Uint8Array.of(0, off));
}

/** Device side. More than 255 data bytes cannot be said; the excess is cut. */
export function encodeJbdReply(register: number, status: number, data: Uint8Array): Uint8Array {
  return envelope(register, status, data);
}

function envelope(first: number, second: number, data: Uint8Array): Uint8Array {
  const count = Math.min(data.length, 255);
  const bytes = new Uint8Array(ENVELOPE + count);
  bytes[0] = START;
  bytes[1] = first;
  bytes[2] = second;
  bytes[3] = count;
  for (let at = 0; at < count; at++) bytes[4 + at] = data[at] as number;
  putU16(bytes, 4 + count, jbdChecksum(bytes, 2, 4 + count));
  bytes[6 + count] = END;
  return bytes;
}

/** With `register` given, an answer from any other register (a late one) is junk. */
export function parseJbdReply(bytes: Uint8Array, length: number, register?: number): Parsed<JbdReply> {
  const used = checkEnvelope(bytes, length, register === undefined ? anyReply : replyFrom, register ?? 0);
  if (typeof used !== "number") return used;
  return frame({ register: u8(bytes, 1), status: u8(bytes, 2), data: copyOf(bytes, 4, used - 3) }, used);
}

/** Device side: what the master asks. */
export function parseJbdRequest(bytes: Uint8Array, length: number): Parsed<JbdRequest> {
  const used = checkEnvelope(bytes, length, anyRequest, 0);
  if (typeof used !== "number") return used;
  const action = bytes[1] === READ ? "read" : "write";
  return frame({ action, register: u8(bytes, 2), data: copyOf(bytes, 4, used - 3) }, used);
}

/** Says what is wrong with the two header bytes present so far, or undefined. */
type HeaderCheck = (bytes: Uint8Array, length: number, register: number) => string | undefined;

function anyRequest(bytes: Uint8Array): string | undefined {
  const action = u8(bytes, 1);
  return action === READ || action === WRITE ? undefined : `neither read nor write: ${hex2(action)}`;
}

function anyReply(bytes: Uint8Array, length: number): string | undefined {
  const register = u8(bytes, 1);
  // The master's own request, heard back on a half-duplex line, has the same checksum rule as a reply.
  if (register === READ || register === WRITE) return "a request, not a reply";
  if (length < 3) return undefined;
  const status = u8(bytes, 2);
  return status === JBD_OK || status === JBD_FAILED ? undefined : `status: ${hex2(status)}`;
}

function replyFrom(bytes: Uint8Array, length: number, register: number): string | undefined {
  const got = u8(bytes, 1);
  if (got !== register) return `register: expected ${hex2(register)}, got ${hex2(got)}`;
  return anyReply(bytes, length);
}

/** The number of bytes of a whole valid frame at index 0, or why there is none. */
function checkEnvelope(
  bytes: Uint8Array,
  length: number,
  check: HeaderCheck,
  register: number,
): number | Parsed<never> {
  if (length === 0) return SHORT;
  if (bytes[0] !== START) return junk(nextIndex(bytes, length, 1, START), "no start byte DD");
  if (length < 2) return SHORT;
  const wrong = check(bytes, length, register);
  if (wrong !== undefined) return junk(nextIndex(bytes, length, 1, START), wrong);
  if (length < 4) return SHORT;
  const used = ENVELOPE + u8(bytes, 3);
  if (length < used) return SHORT;
  if (bytes[used - 1] !== END) return junk(nextIndex(bytes, length, 1, START), "no end byte 77");
  const expected = jbdChecksum(bytes, 2, used - 3);
  const got = u16(bytes, used - 3);
  return got === expected ? used : junk(nextIndex(bytes, length, 1, START), checksumWhy(expected, got, 4));
}
