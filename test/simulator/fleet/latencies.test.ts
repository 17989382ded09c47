import fc from "fast-check";
import { expect, test } from "vitest";
import { Latencies, summaryOf } from "../../../simulator/fleet/latencies.ts";

function filled(values: readonly number[]): Latencies {
  const latencies = new Latencies();
  for (const value of values) latencies.add(value);
  return latencies;
}

test("percentiles are at most 4 % above the true ones, also added up over processes", () => {
  const value = fc.double({ min: 0.02, max: 60_000, noNaN: true });
  fc.assert(
    fc.property(fc.array(value, { minLength: 1 }), fc.array(value), (one, other) => {
      const sorted = [...one, ...other].sort((a, b) => a - b);
      const rank = (share: number) => sorted[Math.max(1, Math.ceil(sorted.length * share)) - 1] as number;
      const summary = summaryOf([filled(one).toData(), filled(other).toData()]);
      expect(summary.count).toBe(sorted.length);
      expect(summary.maxMs).toBe(sorted.at(-1));
      for (const [got, share] of [
        [summary.p50Ms, 0.5],
        [summary.p99Ms, 0.99],
      ] as const) {
        expect(got).toBeGreaterThanOrEqual(rank(share) * 0.999);
        expect(got).toBeLessThanOrEqual(rank(share) * 1.0401);
      }
    }),
  );
});

test("nothing measured is zero and no error", () => {
  expect(summaryOf([])).toEqual({ count: 0, p50Ms: 0, p99Ms: 0, maxMs: 0 });
  expect(summaryOf([filled([5]).toData()]).p99Ms).toBe(5);
});
