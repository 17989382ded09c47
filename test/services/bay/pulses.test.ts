import { describe, expect, test } from "vitest";
import { pulseAllowed, pulseNumber, pulsesBefore, pulseWindowMs } from "../../../services/bay/pulses.ts";
import { emptyDurable } from "../../../services/journal/durable.ts";

describe("the three-pulse rule", () => {
  test("a fourth pulse waits until the first of the last three is 31 s old: 30 s, and one for the way to the coil", () => {
    expect(pulseAllowed([], 0)).toBe(true);
    expect(pulseAllowed([1_000, 2_000], 2_500)).toBe(true);
    expect(pulseAllowed([1_000, 2_000, 3_000], 31_999)).toBe(false);
    expect(pulseAllowed([1_000, 2_000, 3_000], 32_000)).toBe(true);
  });

  test("holds over a restart: what was driven before it counts as driven now, because nobody knows how long ago it was", () => {
    const { safety } = emptyDurable;
    const durable = { ...emptyDurable, safety: { ...safety, bays: { ...safety.bays, pulses: { 2: 3, 4: 1 } } } };
    const nowMs = 500_000;
    expect(pulseAllowed(pulsesBefore(2, durable, nowMs), nowMs)).toBe(false);
    expect(pulseAllowed(pulsesBefore(2, durable, nowMs), nowMs + pulseWindowMs)).toBe(true);
    expect(pulseAllowed(pulsesBefore(4, durable, nowMs), nowMs)).toBe(true);
    expect(pulsesBefore(3, durable, nowMs)).toEqual([]);
  });

  test("looks at the last three only: what came before them is over", () => {
    expect(pulseAllowed([0, 20_000, 21_000, 22_000], 50_999)).toBe(false);
    expect(pulseAllowed([0, 20_000, 21_000, 22_000], 51_000)).toBe(true);
  });

  test("numbers a pulse among those of its window, itself included", () => {
    expect(pulseNumber([], 0)).toBe(1);
    expect(pulseNumber([1_000, 2_000], 31_999)).toBe(3);
    expect(pulseNumber([1_000, 2_000], 32_000)).toBe(2);
    expect(pulseNumber([1_000, 2_000], 33_000)).toBe(1);
  });
});
