/** Randomness of the machine, from the kernel's generator: unpredictable, and not repeatable. */
import { getRandomValues } from "node:crypto";
import type { Random } from "../../hal/ports/random.ts";

const WORDS = 256;

export function nodeRandom(): Random {
  const pool = new Uint32Array(WORDS);
  let used = WORDS;
  return {
    next() {
      if (used >= WORDS) {
        getRandomValues(pool);
        used = 0;
      }
      // 53 bits, as many as a double holds: 27 of one word, 26 of the next.
      const high = (pool[used] as number) >>> 5;
      const low = (pool[used + 1] as number) >>> 6;
      used += 2;
      return (high * 67_108_864 + low) / 9_007_199_254_740_992;
    },
  };
}
