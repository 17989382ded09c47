/**
 * Bytes from outside → a JSON object, or the reason why not. It measures size and nesting on the raw bytes, so that a hostile
 * payload costs one pass over at most 16 kB and is never parsed.
 */
export const PAYLOAD_BYTES_MAX = 16_384;
export const JSON_DEPTH_MAX = 8;

export type OpenedJson =
  | { readonly is: "object"; readonly value: Readonly<Record<string, unknown>> }
  | { readonly is: "refused"; readonly reason: "too-large" | "too-deep" | "malformed" };

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** What a byte outside strings does to the nesting. */
function nesting(byte: number | undefined): number {
  if (byte === 0x7b || byte === 0x5b) return 1;
  return byte === 0x7d || byte === 0x5d ? -1 : 0;
}

/** Index of the quote that ends the string opened at `start`, or the length when none does. */
function endOfString(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}

/** Deepest nesting of brackets outside strings. Says nothing about whether the JSON is valid. */
export function jsonDepth(bytes: Uint8Array): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] === QUOTE) at = endOfString(bytes, at);
    else depth += nesting(bytes[at]);
    if (depth > deepest) deepest = depth;
  }
  return deepest;
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return undefined;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function openJson(bytes: Uint8Array): OpenedJson {
  if (bytes.length > PAYLOAD_BYTES_MAX) return { is: "refused", reason: "too-large" };
  if (jsonDepth(bytes) > JSON_DEPTH_MAX) return { is: "refused", reason: "too-deep" };
  const text = textOf(bytes);
  const value = text === undefined ? undefined : parsed(text);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return { is: "refused", reason: "malformed" };
  return { is: "object", value: value as Readonly<Record<string, unknown>> };
}
