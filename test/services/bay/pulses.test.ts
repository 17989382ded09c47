import { describe, expect, test } from "vitest";
import { pulseAllowed } from "../../../services/bay/pulses.ts";

describe("the three-pulse rule", () => {
  test("a fourth pulse waits until the first of the last three is 31 s old: 30 s, and one for the way to the coil", () => {
    expect(pulseAllowed([], 0)).toBe(true);
    expect(pulseAllowed([1_000, 2_000], 2_500)).toBe(true);
    expect(pulseAllowed([1_000, 2_000, 3_000], 31_999)).toBe(false);
    expect(pulseAllowed([1_000, 2_000, 3_000], 32_000)).toBe(true);
  });
});
