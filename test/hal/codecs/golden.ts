/** The golden frames, and ways to deliver bytes to a parser as a serial line does: in pieces that fall anywhere. */

import { parseDpmReply, parseDpmRequest } from "../../../hal/codecs/dpm86.ts";
import { parseGm65, parseGm65Command } from "../../../hal/codecs/gm65.ts";
import { parseJbdReply, parseJbdRequest } from "../../../hal/codecs/jbd.ts";
import { parseLockAck, parseLockRequest, parseLockStatus } from "../../../hal/codecs/lock-8a.ts";
import {
  encodeModbusCoils,
  encodeModbusRead,
  parseModbusReply,
  parseModbusRequest,
} from "../../../hal/codecs/modbus-rtu.ts";
import type { Parsed } from "../../../hal/codecs/parsed.ts";
import dpm86 from "./frames/dpm86-ascii.json" with { type: "json" };
import gm65 from "./frames/gm65.json" with { type: "json" };
import jbd from "./frames/jbd.json" with { type: "json" };
import lock8a from "./frames/lock-8a.json" with { type: "json" };
import modbus from "./frames/modbus-rtu.json" with { type: "json" };
import w1 from "./frames/sysfs-w1-slave.json" with { type: "json" };

export interface Golden {
  readonly protocol: string;
  readonly name: string;
  readonly way: string;
  readonly hex: string;
  readonly expect?: Readonly<Record<string, unknown>>;
  readonly refuse?: boolean;
  readonly device?: string;
  readonly request?: string;
  readonly chunks?: readonly string[];
}

interface GoldenFile {
  readonly protocol: string;
  readonly frames: readonly unknown[];
}

function framesOf(file: GoldenFile): Golden[] {
  return file.frames.map((entry) => ({ protocol: file.protocol, ...(entry as Omit<Golden, "protocol">) }));
}

export const GOLDEN: readonly Golden[] = [jbd, lock8a, dpm86, modbus, gm65, w1].flatMap(framesOf);
/** What is spoken on a line, without the sensor files. */
export const SPOKEN = GOLDEN.filter(({ protocol }) => protocol !== "sysfs-w1_slave");

export function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex").toUpperCase();
}

export type Parser = (bytes: Uint8Array, length: number) => Parsed<unknown>;

/** The parser that a driver, or the simulated device for requests, would use on this frame. */
export function parserFor(golden: Golden): Parser {
  const bytes = bytesOf(golden.hex);
  const request = golden.way === "req";
  switch (golden.protocol) {
    case "jbd":
      return request ? parseJbdRequest : parseJbdReply;
    case "lock-8a":
      if (request) return parseLockRequest;
      return bytes[0] === 0x80 ? parseLockStatus : parseLockAck;
    case "dpm86-ascii":
      return request ? parseDpmRequest : parseDpmReply;
    case "gm65":
      return request ? parseGm65Command : parseGm65;
    case "modbus-rtu": {
      const address = bytes[0]!;
      if (request) return (view, length) => parseModbusRequest(view, length, address);
      const asked = modbusRequestFor(bytes);
      return (view, length) => parseModbusReply(view, length, asked);
    }
    default:
      throw new Error(`no parser for ${golden.protocol}`);
  }
}

/** A request that this reply could be the answer to. */
export function modbusRequestFor(reply: Uint8Array): Uint8Array {
  const [address = 0, fn = 0, count = 0] = reply;
  if (fn === 15) return encodeModbusCoils(address, (reply[2]! << 8) | reply[3]!, new Array(reply[5]!).fill(true));
  if (fn === 5 || fn === 6) return reply;
  if (fn >= 0x80) return encodeModbusRead(address, (fn & 0x7f) as 1, 0, 1);
  return encodeModbusRead(address, fn as 1, 0, fn <= 2 ? 8 * count : count / 2);
}

export interface Delivery {
  readonly values: unknown[];
  readonly junk: string[];
  /** Bytes left over, waiting for more. */
  readonly left: number;
}

/** Hands the pieces over one after the other and takes out whatever has become whole. */
export function deliver(parse: Parser, pieces: readonly Uint8Array[]): Delivery {
  let buffer = new Uint8Array(0);
  const values: unknown[] = [];
  const junk: string[] = [];
  for (const piece of pieces) {
    buffer = Uint8Array.from([...buffer, ...piece]);
    for (;;) {
      const parsed = parse(buffer, buffer.length);
      if (parsed.is === "short") break;
      if (parsed.used < 1 || parsed.used > buffer.length) throw new Error(`used ${parsed.used} of ${buffer.length}`);
      if (parsed.is === "frame") values.push(parsed.value);
      else junk.push(parsed.why);
      buffer = buffer.slice(parsed.used);
      if (buffer.length === 0) break;
    }
  }
  return { values, junk, left: buffer.length };
}

/** The checksums once more, bit by bit and sum by sum, so that the codecs' tables are not checked with themselves. */
export const naive = {
  modbus(bytes: Uint8Array): number {
    let crc = 0xffff;
    for (const byte of bytes) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
    }
    return crc;
  },
  xmodem(bytes: Uint8Array): number {
    let crc = 0;
    for (const byte of bytes) {
      crc ^= byte << 8;
      for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
    }
    return crc;
  },
  maxim(bytes: Uint8Array): number {
    let crc = 0;
    for (const byte of bytes) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0x8c : crc >> 1;
    }
    return crc;
  },
  xor(bytes: Uint8Array): number {
    return bytes.reduce((result, byte) => result ^ byte, 0);
  },
  sum(bytes: Uint8Array): number {
    return bytes.reduce((result, byte) => result + byte, 0);
  },
};
