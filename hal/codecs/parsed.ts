/**
 * What every parser of this folder answers. A parser looks at `bytes[0..length)`, keeps nothing, and never throws:
 * `frame` when the bytes begin with a whole valid frame, `short` when they may still become one, `junk` when the first
 * `used` bytes cannot. Whoever owns the buffer drops `used` bytes and asks again.
 */
export type Parsed<T> = Frame<T> | Short | Junk;

export interface Frame<T> {
  readonly is: "frame";
  readonly value: T;
  /** Bytes to drop, counted from index 0. */
  readonly used: number;
}
export interface Short {
  readonly is: "short";
}
export interface Junk {
  readonly is: "junk";
  /** At least 1: up to the next byte at which a frame could begin. */
  readonly used: number;
  readonly why: string;
}

/** One shared object, because "not yet" is by far the most frequent answer on a serial line. */
export const SHORT: Short = Object.freeze({ is: "short" });

export function frame<T>(value: T, used: number): Frame<T> {
  return { is: "frame", value, used };
}

export function junk(used: number, why: string): Junk {
  return { is: "junk", used, why };
}
