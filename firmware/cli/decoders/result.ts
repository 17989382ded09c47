/** What a decoder of the `decode` command answers, and how a frame is looked for in bytes that may hold more than it. */
import { toHex } from "../../../hal/codecs/bytes.ts";
import type { Parsed } from "../../../hal/codecs/parsed.ts";

export type Direction = "req" | "resp" | "event" | "read";

/** Key names carry their unit (`voltage_V`), because the output is read by people and by scripts without a schema. */
export type Fields = Readonly<Record<string, unknown>>;

export type ErrorCode = "E_CHECKSUM" | "E_SHORT" | "E_JUNK" | "E_VALUE" | "E_MISMATCH" | "E_DEVICE";

export type Decoded =
  | { readonly is: "decoded"; readonly fields: Fields }
  /** `fields` is what can be shown although it must not be believed. */
  | { readonly is: "refused"; readonly code: ErrorCode; readonly message: string; readonly fields?: Fields };

export interface Input {
  readonly bytes: Uint8Array;
  readonly direction: Direction | undefined;
  /** The request that the bytes answer. */
  readonly request: Uint8Array | undefined;
  readonly device: string | undefined;
}

export function refused(code: ErrorCode, message: string, fields?: Fields): Decoded {
  return fields === undefined ? { is: "refused", code, message } : { is: "refused", code, message, fields };
}

export type Found<T> = { readonly value: T; readonly at: number; readonly end: number } | Decoded;

const WEIGHT: Readonly<Record<string, number>> = { E_CHECKSUM: 3, E_SHORT: 2, E_JUNK: 1 };

export interface Search {
  /** Ends the search at what is still short, instead of stepping over it: for lines that carry bare text as well. */
  readonly stopAtShort: boolean;
}

/**
 * The first whole frame, wherever it begins: all bytes are here, so what is still short will stay short and is stepped
 * over. When there is none, the most telling reason is given: a wrong checksum before a missing end before noise.
 */
export function findFrame<T>(
  bytes: Uint8Array,
  parse: (bytes: Uint8Array, length: number) => Parsed<T>,
  search: Search = { stopAtShort: false },
): Found<T> {
  let reason: Decoded = refused("E_SHORT", "no bytes");
  let weight = 0;
  let at = 0;
  while (at < bytes.length) {
    const view = bytes.subarray(at);
    const parsed = parse(view, view.length);
    if (parsed.is === "frame") return { value: parsed.value, at, end: at + parsed.used };
    const found = reasonOf(parsed, view.length);
    const foundWeight = WEIGHT[found.code] ?? 0;
    if (foundWeight > weight) {
      weight = foundWeight;
      reason = refused(found.code, at === 0 ? found.message : `${found.message} (at byte ${at})`);
    }
    if (parsed.is === "short" && search.stopAtShort) break;
    at += parsed.is === "junk" ? parsed.used : 1;
  }
  return reason;
}

function reasonOf(parsed: Exclude<Parsed<never>, { is: "frame" }>, left: number): { code: ErrorCode; message: string } {
  if (parsed.is === "short") return { code: "E_SHORT", message: `the frame is not complete: ${left} bytes are here` };
  const code = parsed.why.startsWith("checksum") ? "E_CHECKSUM" : "E_JUNK";
  return { code, message: parsed.why };
}

/** Adds what stood before and after the frame. */
export function decoded(fields: Fields, bytes: Uint8Array, at: number, end: number): Decoded {
  return {
    is: "decoded",
    fields: {
      ...fields,
      ...(at > 0 ? { skippedHex: toHex(bytes, 0, at) } : {}),
      ...(end < bytes.length ? { restHex: toHex(bytes, end) } : {}),
    },
  };
}

/** Finds a frame and says what it means; `meaning` may still refuse it. */
export function decodeFirst<T>(
  bytes: Uint8Array,
  parse: (bytes: Uint8Array, length: number) => Parsed<T>,
  meaning: (value: T) => Fields | Decoded,
  search?: Search,
): Decoded {
  const found = findFrame(bytes, parse, search);
  if ("is" in found) return found;
  const meant = meaning(found.value);
  return isDecoded(meant) ? meant : decoded(meant, bytes, found.at, found.end);
}

function isDecoded(value: Fields | Decoded): value is Decoded {
  const kind = (value as { readonly is?: unknown }).is;
  return kind === "refused" || kind === "decoded";
}
