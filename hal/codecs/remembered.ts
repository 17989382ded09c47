/**
 * A parser that knows the last whole answer again. Devices that are asked many times a second mostly say the same, byte by byte;
 * the same bytes mean the same value, so they are compared with the last and not read anew. It remembers frames alone, each
 * only as the whole of what was there, and whoever gets the value must not change it.
 */
import type { Frame, Parsed } from "./parsed.ts";

export type Parser<T> = (bytes: Uint8Array, length: number) => Parsed<T>;

/** Longer answers are read each time. The longest that is asked for often has some forty bytes. */
const BYTES_MAX = 64;

export class Remembered<T> {
  private readonly bytes = new Uint8Array(BYTES_MAX);
  private length = 0;
  private last: Frame<T> | undefined;

  /** What `parse` would say. The caller sees to it that one memory serves one parser only, or forgets in between. */
  read(bytes: Uint8Array, length: number, parse: Parser<T>): Parsed<T> {
    if (this.last !== undefined && this.isSame(bytes, length)) return this.last;
    const parsed = parse(bytes, length);
    if (parsed.is === "frame" && parsed.used === length && length <= BYTES_MAX) this.keep(bytes, parsed);
    return parsed;
  }

  forget(): void {
    this.last = undefined;
  }

  private isSame(bytes: Uint8Array, length: number): boolean {
    if (length !== this.length) return false;
    for (let at = 0; at < length; at++) if (bytes[at] !== this.bytes[at]) return false;
    return true;
  }

  private keep(bytes: Uint8Array, parsed: Frame<T>): void {
    this.length = parsed.used;
    for (let at = 0; at < parsed.used; at++) this.bytes[at] = bytes[at] as number;
    this.last = parsed;
  }
}

/** The same parser, with a memory of its own. */
export function remembered<T>(parse: Parser<T>): Parser<T> {
  const memory = new Remembered<T>();
  return (bytes, length) => memory.read(bytes, length, parse);
}
