/**
 * Reading and writing numbers in byte arrays, big-endian. No bounds are checked here: a parser looks at its length first.
 */
const NOTHING = new Uint8Array(0);

export function u8(bytes: Uint8Array, at: number): number {
  return bytes[at] as number;
}

export function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

export function i16(bytes: Uint8Array, at: number): number {
  return (u16(bytes, at) << 16) >> 16;
}

export function putU16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = (value >> 8) & 0xff;
  bytes[at + 1] = value & 0xff;
}

/** A copy that shares nothing with the line's buffer. (`slice` of a Node Buffer would share.) */
export function copyOf(bytes: Uint8Array, start: number, end: number): Uint8Array {
  if (end <= start) return NOTHING;
  const copy = new Uint8Array(end - start);
  for (let at = start; at < end; at++) copy[at - start] = bytes[at] as number;
  return copy;
}

/** Index of the next `wanted` at or after `from`, or `length`: where a parser may look for a frame again. */
export function nextIndex(bytes: Uint8Array, length: number, from: number, wanted: number): number {
  for (let at = from; at < length; at++) if (bytes[at] === wanted) return at;
  return length;
}

export function hex2(value: number): string {
  return value.toString(16).toUpperCase().padStart(2, "0");
}

export function hex4(value: number): string {
  return value.toString(16).toUpperCase().padStart(4, "0");
}

export function toHex(bytes: Uint8Array, start = 0, end = bytes.length): string {
  let text = "";
  for (let at = start; at < end; at++) text += hex2(bytes[at] as number);
  return text;
}

export function checksumWhy(expected: number, got: number, width: 2 | 4): string {
  const show = width === 2 ? hex2 : hex4;
  return `checksum: expected ${show(expected)}, got ${show(got)}`;
}
