/**
 * Addresses in the frames of a line's devices, so that a meddler on the wire can speak as somebody else with a right checksum. It
 * knows where the address stands and what seals the frame; what a frame means is the codecs' business.
 */
import { crc16Modbus, xor8 } from "../../hal/codecs/crc.ts";
import type { AddressedKind } from "./targets.ts";

const ZERO = 0x30;

export function addressOf(kind: AddressedKind, bytes: Uint8Array): number | undefined {
  if (kind === "lock-8a") return bytes[1];
  if (kind !== "dpm86") return bytes[0];
  const [, tens, ones] = bytes;
  return tens === undefined || ones === undefined ? undefined : 10 * (tens - ZERO) + (ones - ZERO);
}

/** The same frame from or to somebody else, sealed anew. */
export function readdressed(kind: AddressedKind, frame: Uint8Array, address: number): Uint8Array {
  const bytes = Uint8Array.from(frame);
  if (kind === "dpm86") {
    bytes[1] = ZERO + Math.floor(address / 10);
    bytes[2] = ZERO + (address % 10);
    return bytes;
  }
  const end = bytes.length;
  if (kind === "lock-8a") {
    bytes[1] = address;
    bytes[end - 1] = xor8(bytes, 0, end - 1);
    return bytes;
  }
  bytes[0] = address;
  const crc = crc16Modbus(bytes, 0, end - 2);
  bytes[end - 2] = crc & 0xff;
  bytes[end - 1] = crc >> 8;
  return bytes;
}
