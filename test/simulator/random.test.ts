import { describe, expect, test } from "vitest";
import { createRandom, type SplitRandom } from "../../simulator/random.ts";

const take = (stream: SplitRandom, count: number) => Array.from({ length: count }, () => stream.next());

describe("seeded randomness", () => {
  test("gives the same numbers for the same seed, and others for another", () => {
    expect(take(createRandom("7"), 50)).toEqual(take(createRandom("7"), 50));
    expect(take(createRandom("7"), 50)).not.toEqual(take(createRandom("8"), 50));
  });

  test("splits into streams that depend on names alone, so one more draw elsewhere changes nothing", () => {
    const one = createRandom("7");
    const other = createRandom("7");
    take(other, 123);
    take(other.split("riders"), 17);
    expect(take(one.split("weather"), 20)).toEqual(take(other.split("weather"), 20));
    expect(take(one.split("weather"), 20)).not.toEqual(take(one.split("riders"), 20));
    expect(one.split("a").split("b").name).toBe("7/a/b");
  });

  test("names that differ only in order or by one letter give streams that have nothing in common", () => {
    const names = ["bay-1", "bay-2", "bay-11", "1-yab", "ab", "ba", "", "a", "aa"];
    const firsts = names.map((name) => createRandom("s").split(name).next());
    expect(new Set(firsts).size).toBe(names.length);
  });

  test("is even: bytes of the stream fall into each of 256 bins as often as chance says", () => {
    const stream = createRandom("even");
    const bins = new Array<number>(256).fill(0);
    const draws = 256_000;
    for (let draw = 0; draw < draws; draw++) {
      const bin = stream.int(256);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    const expected = draws / 256;
    const chiSquare = bins.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // 255 degrees of freedom: the middle 99.98 % lie between these.
    expect(chiSquare).toBeGreaterThan(180);
    expect(chiSquare).toBeLessThan(345);
  });

  const shapes: ReadonlyArray<{
    name: string;
    draw: (stream: SplitRandom) => number;
    mean: number;
    deviation: number;
  }> = [
    { name: "between", draw: (stream) => stream.between(10, 20), mean: 15, deviation: 10 / Math.sqrt(12) },
    { name: "exponential", draw: (stream) => stream.exponential(4), mean: 4, deviation: 4 },
    { name: "normal", draw: (stream) => stream.normal(20, 8), mean: 20, deviation: 8 },
    { name: "chance", draw: (stream) => (stream.chance(0.3) ? 1 : 0), mean: 0.3, deviation: Math.sqrt(0.21) },
  ];
  test.each(shapes)("$name has the mean and the spread it promises", ({ name, draw, mean, deviation }) => {
    const stream = createRandom(`shape/${name}`);
    const count = 50_000;
    const values = Array.from({ length: count }, () => draw(stream));
    const sampleMean = values.reduce((sum, value) => sum + value, 0) / count;
    const sampleVariance = values.reduce((sum, value) => sum + (value - sampleMean) ** 2, 0) / (count - 1);
    expect(Math.abs(sampleMean - mean)).toBeLessThan((4 * deviation) / Math.sqrt(count));
    expect(Math.sqrt(sampleVariance) / deviation).toBeGreaterThan(0.97);
    expect(Math.sqrt(sampleVariance) / deviation).toBeLessThan(1.03);
  });

  test("picks every entry sooner or later and refuses an empty list", () => {
    const stream = createRandom("pick");
    const picked = new Set(Array.from({ length: 200 }, () => stream.pick(["a", "b", "c"])));
    expect(picked).toEqual(new Set(["a", "b", "c"]));
    expect(() => stream.pick([])).toThrow(/nothing to pick from/);
  });
});
