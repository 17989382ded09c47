/**
 * Seeded randomness that can be split: each subsystem draws from a stream of its own, derived from the seed and its name
 * alone, so one more rider does not change the weather. It refuses to be seeded by anything but a text.
 *
 * The generator is sfc32 (Chris Doty-Humphrey, PractRand); seeding mixes the text with FNV-1a and splitmix32.
 */
import type { Random } from "../hal/ports/random.ts";

export interface SplitRandom extends Random {
  /** Full path of the stream, for messages: `seed/weather/gusts`. */
  readonly name: string;
  /** A stream that depends on this stream's name and `name` only, never on what was drawn before. */
  split(name: string): SplitRandom;
  /** Uniform integer in [0, n). */
  int(n: number): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  chance(probability: number): boolean;
  /** Exponentially distributed with this mean. */
  exponential(mean: number): number;
  normal(mean: number, deviation: number): number;
  pick<T>(list: readonly T[]): T;
}

const TO_UNIT = 1 / 4_294_967_296;

function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return hash >>> 0;
}

class Stream implements SplitRandom {
  readonly name: string;
  private a = 0;
  private b = 0;
  private c = 0;
  private counter = 1;

  constructor(name: string) {
    this.name = name;
    let mixed = hashText(name);
    const word = (): number => {
      mixed = (mixed + 0x9e3779b9) | 0;
      let z = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
      z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
      return z ^ (z >>> 15);
    };
    this.a = word();
    this.b = word() ^ name.length;
    // A second hash, over the reversed text, so that two names that collide in FNV-1a still differ here.
    this.c = word() ^ hashText([...name].reverse().join(""));
    for (let round = 0; round < 12; round++) this.next();
  }

  next(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + sum;
    this.c |= 0;
    return (sum >>> 0) * TO_UNIT;
  }

  split(name: string): SplitRandom {
    return new Stream(`${this.name}/${name}`);
  }

  int(n: number): number {
    return Math.floor(this.next() * n);
  }

  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  exponential(mean: number): number {
    return -Math.log(1 - this.next()) * mean;
  }

  normal(mean: number, deviation: number): number {
    // Box–Muller, one of the pair: keeping the other would make a draw depend on what was drawn before it.
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return mean + deviation * radius * Math.cos(2 * Math.PI * this.next());
  }

  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new RangeError(`nothing to pick from in stream ${this.name}`);
    return list[this.int(list.length)] as T;
  }
}

export function createRandom(seed: string): SplitRandom {
  return new Stream(seed);
}
