/** A reading's time and quality say when its value was measured, whatever is learnt of the device later. */
import { describe, expect, test } from "vitest";
import { Sampled } from "../../../hal/drivers/sampled.ts";
import type { Reading } from "../../../hal/ports/reading.ts";

describe("the reading of one thing", () => {
  test("is stale before anything was measured", () => {
    expect(new Sampled("nothing").reading).toEqual({ value: "nothing", atMs: 0, quality: "stale" });
  });

  test("keeps its last value and time when the device falls silent or says what cannot be", () => {
    const sampled = new Sampled(0);
    sampled.good(7, 1_000);
    sampled.stale();
    expect(sampled.reading).toEqual({ value: 7, atMs: 1_000, quality: "stale" });
    sampled.invalid();
    expect(sampled.reading).toEqual({ value: 7, atMs: 1_000, quality: "invalid" });
  });

  test("does not become good or younger by what is learnt of it afterwards", () => {
    const sampled = new Sampled({ mv: 0, name: "" });
    sampled.good({ mv: 48_000, name: "" }, 1_000);
    sampled.stale();
    sampled.amend({ mv: 48_000, name: "yz-1" });
    expect(sampled.reading).toEqual({ value: { mv: 48_000, name: "yz-1" }, atMs: 1_000, quality: "stale" });
  });

  test("of something that is another thing now is stale, whatever it was", () => {
    const sampled = new Sampled(0);
    sampled.good(7, 1_000);
    sampled.forget(0);
    expect(sampled.reading).toEqual({ value: 0, atMs: 1_000, quality: "stale" });
  });

  test("is told at every change, and not when the same silence goes on", () => {
    const sampled = new Sampled(0);
    const heard: Reading<number>[] = [];
    sampled.watch((reading) => heard.push(reading));
    sampled.good(1, 10);
    sampled.stale();
    sampled.stale();
    sampled.good(1, 30);
    expect(heard.map(({ atMs, quality }) => `${quality} ${atMs}`)).toEqual(["good 10", "stale 10", "good 30"]);
  });
});
