import fc from "fast-check";
import { expect, test } from "vitest";
import { fullBucket, takeToken } from "../../../services/requests/bucket.ts";

const rule = { perSecond: 20, burst: 40 };

function grantedOf(askedAtMs: readonly number[]): number {
  let bucket = fullBucket(rule, askedAtMs[0] ?? 0);
  let granted = 0;
  for (const atMs of askedAtMs) {
    const taken = takeToken(bucket, rule, atMs);
    bucket = taken.bucket;
    if (taken.granted) granted++;
  }
  return granted;
}

test("1,000 in one second pass 40 at once and 20 more as time goes by", () => {
  expect(grantedOf(Array.from({ length: 1_000 }, (_, index) => index))).toBe(40 + 19);
});

test("20 a second pass for ever", () => {
  expect(grantedOf(Array.from({ length: 2_000 }, (_, index) => index * 50))).toBe(2_000);
});

test("never more than the burst and the rate allow, however the questions fall", () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(gaps, (list) => {
      let at = 0;
      const asked = list.map((gap) => {
        at += gap;
        return at;
      });
      const span = at - (asked[0] ?? 0);
      return grantedOf(asked) <= rule.burst + (span * rule.perSecond) / 1_000 + 1e-9;
    }),
  );
});

test("a clock that goes back grants nothing extra", () => {
  let { bucket } = takeToken(fullBucket(rule, 1_000), rule, 1_000);
  for (let asked = 1; asked < 40; asked++) bucket = takeToken(bucket, rule, 1_000).bucket;
  bucket = takeToken(bucket, rule, 0).bucket;
  expect(takeToken(bucket, rule, 1_000).granted).toBe(false);
});
