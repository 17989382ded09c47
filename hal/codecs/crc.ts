/**
 * The checksums of the station's devices, each over `bytes[start..end)`. The cyclic ones are driven by tables made once.
 */
function table(entries: Uint16Array | Uint8Array, step: (value: number) => number): void {
  for (let index = 0; index < 256; index++) {
    let value = index;
    for (let bit = 0; bit < 8; bit++) value = step(value);
    entries[index] = value;
  }
}

const MODBUS = new Uint16Array(256);
table(MODBUS, (value) => ((value & 1) === 1 ? (value >>> 1) ^ 0xa001 : value >>> 1));

const MAXIM = new Uint8Array(256);
table(MAXIM, (value) => ((value & 1) === 1 ? (value >>> 1) ^ 0x8c : value >>> 1));

// Most significant bit first: the index enters at the top, so the table is made from shifted indices.
const XMODEM = new Uint16Array(256);
for (let index = 0; index < 256; index++) {
  let value = index << 8;
  for (let bit = 0; bit < 8; bit++) value = (value & 0x8000) !== 0 ? ((value << 1) ^ 0x1021) & 0xffff : value << 1;
  XMODEM[index] = value;
}

/** Polynomial A001 (reflected 8005), start FFFF. On the wire the low byte comes first. */
export function crc16Modbus(bytes: Uint8Array, start: number, end: number): number {
  let crc = 0xffff;
  for (let at = start; at < end; at++) crc = (crc >>> 8) ^ (MODBUS[(crc ^ (bytes[at] as number)) & 0xff] as number);
  return crc;
}

/** Polynomial 1021, start 0, nothing reflected. */
export function crc16Xmodem(bytes: Uint8Array, start: number, end: number): number {
  let crc = 0;
  for (let at = start; at < end; at++) {
    crc = ((crc << 8) & 0xffff) ^ (XMODEM[(crc >>> 8) ^ (bytes[at] as number)] as number);
  }
  return crc;
}

/** Dallas/Maxim 1-Wire CRC: polynomial 31 reflected (8C), start 0. */
export function crc8Maxim(bytes: Uint8Array, start: number, end: number): number {
  let crc = 0;
  for (let at = start; at < end; at++) crc = MAXIM[crc ^ (bytes[at] as number)] as number;
  return crc;
}

export function xor8(bytes: Uint8Array, start: number, end: number): number {
  let result = 0;
  for (let at = start; at < end; at++) result ^= bytes[at] as number;
  return result;
}

export function sum8(bytes: Uint8Array, start: number, end: number): number {
  let sum = 0;
  for (let at = start; at < end; at++) sum += bytes[at] as number;
  return sum & 0xff;
}

/** 0x10000 minus the sum of the bytes (JBD General Protocol V4). An empty sum gives 0000, as the vendor's ack shows. */
export function jbdChecksum(bytes: Uint8Array, start: number, end: number): number {
  let sum = 0;
  for (let at = start; at < end; at++) sum += bytes[at] as number;
  return (0x10000 - sum) & 0xffff;
}
