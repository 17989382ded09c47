import { describe, expect, test } from "vitest";
import { fresh, type Quality } from "../../services/reading.ts";
import { emptyBayReadings } from "../../services/readings.ts";

const read = (ageMs: number, quality: Quality = "good") => ({ value: 7, atMs: 10_000 - ageMs, quality });

describe("asking a reading", () => {
  test("gives its value while it is good and young enough", () => {
    expect(fresh(read(0), 10_000, 2_000)).toBe(7);
    expect(fresh(read(2_000), 10_000, 2_000)).toBe(7);
  });

  test("gives nothing when it is old, stale, invalid or was never made: nothing is never taken for normal", () => {
    expect(fresh(read(2_001), 10_000, 2_000)).toBeUndefined();
    expect(fresh(read(0, "stale"), 10_000, 2_000)).toBeUndefined();
    expect(fresh(read(0, "invalid"), 10_000, 2_000)).toBeUndefined();
    expect(fresh(undefined, 10_000, 2_000)).toBeUndefined();
  });

  test("of a bay that was never read gives nothing at all", () => {
    expect(Object.values(emptyBayReadings())).toEqual([undefined, undefined, undefined, undefined, undefined]);
  });
});
