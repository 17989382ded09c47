import { expect, test } from "vitest";
import { nodeRandom } from "../../../firmware/platform/node-random.ts";

test("random numbers lie in [0, 1), fill it evenly, and differ from one generator to the next", () => {
  const random = nodeRandom();
  const other = nodeRandom();
  const buckets = new Array<number>(10).fill(0);
  const seen = new Set<number>();
  for (let i = 0; i < 20_000; i++) {
    const value = random.next();
    expect(value >= 0 && value < 1).toBe(true);
    buckets[Math.floor(value * 10)]! += 1;
    seen.add(value);
    seen.add(other.next());
  }
  expect(seen.size).toBe(40_000);
  // 2,000 are expected; ten standard deviations (42 each) away means a broken generator, not bad luck.
  for (const count of buckets) expect(Math.abs(count - 2_000)).toBeLessThan(420);
});
