import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { nodeClock } from "../../../firmware/platform/node-clock.ts";
import { until } from "../../support/until.ts";

describe("the real clock keeps the promises of the clock port", () => {
  // The host's timers are faked here, so that weeks pass at once; what is tested is the order and the arithmetic on top.
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("timers due at the same instant run in the order they were made, whatever their delays", () => {
    const clock = nodeClock();
    const ran: string[] = [];
    clock.after(10, () => ran.push("made first, 10 ms"));
    vi.advanceTimersByTime(5);
    clock.after(5, () => ran.push("made second, 5 ms"));
    clock.after(4, () => ran.push("made last, due earlier"));
    vi.advanceTimersByTime(5);
    expect(ran).toEqual(["made last, due earlier", "made first, 10 ms", "made second, 5 ms"]);
  });

  test("a timer asked for in sixty days does not run at once, and runs in sixty days", () => {
    const clock = nodeClock();
    const day = 86_400_000;
    let ran = false;
    clock.after(60 * day, () => {
      ran = true;
    });
    vi.advanceTimersByTime(60 * day - 1);
    expect(ran).toBe(false);
    vi.advanceTimersByTime(1);
    expect(ran).toBe(true);
  });

  test("a cancelled timer never runs, and cancelling again or afterwards does nothing", () => {
    const clock = nodeClock();
    const ran: string[] = [];
    const cancelled = clock.after(5, () => ran.push("cancelled"));
    const kept = clock.after(5, () => ran.push("kept"));
    cancelled.cancel();
    cancelled.cancel();
    vi.advanceTimersByTime(10);
    kept.cancel();
    expect(ran).toEqual(["kept"]);
  });

  test("a thousand cancelled deadlines leave the next one in its place", () => {
    const clock = nodeClock();
    const ran: number[] = [];
    for (let i = 0; i < 1_000; i++) clock.after(100 + i, () => ran.push(i)).cancel();
    clock.after(3_000, () => ran.push(-1));
    for (let i = 0; i < 1_000; i++) {
      const timer = clock.after(100 + i, () => ran.push(i));
      if (i % 250 !== 0) timer.cancel();
    }
    vi.advanceTimersByTime(3_000);
    expect(ran).toEqual([0, 250, 500, 750, -1]);
  });

  test("a timer made by a timer waits for the next turn, so that two of them cannot starve the process", () => {
    const clock = nodeClock();
    let runs = 0;
    const again = (): void => {
      runs++;
      clock.after(0, again);
    };
    clock.after(0, again);
    vi.advanceTimersToNextTimer();
    expect(runs).toBe(1);
    vi.advanceTimersToNextTimer();
    expect(runs).toBe(2);
  });

  test("a timer that throws does not take the others with it", () => {
    const clock = nodeClock();
    const ran: string[] = [];
    clock.after(1, () => {
      throw new Error("a bug");
    });
    clock.after(1, () => ran.push("same instant"));
    clock.after(2, () => ran.push("later"));
    expect(() => vi.advanceTimersByTime(1)).toThrow("a bug");
    vi.advanceTimersByTime(2);
    expect(ran).toEqual(["same instant", "later"]);
  });

  test("a negative or senseless delay means now", () => {
    const clock = nodeClock();
    const ran: string[] = [];
    clock.after(Number.NaN, () => ran.push("NaN"));
    clock.after(-5, () => ran.push("negative"));
    vi.advanceTimersByTime(1);
    expect(ran).toEqual(["NaN", "negative"]);
  });
});

describe("the real clock on the real host", () => {
  const directory = mkdtempSync(join(tmpdir(), "yizhan-clock-"));
  afterEach(() => rmSync(join(directory, "synchronized"), { force: true }));

  test("no timer runs before its time", async () => {
    const clock = nodeClock();
    const early: number[] = [];
    let left = 50;
    for (let i = 0; i < 50; i++) {
      const startMs = clock.monotonicMs();
      const delayMs = 1 + i * 0.7;
      clock.after(delayMs, () => {
        left--;
        if (clock.monotonicMs() - startMs < delayMs) early.push(delayMs);
      });
    }
    await until(() => left === 0, { what: "fifty timers" });
    expect(early).toEqual([]);
  });

  test("wall time counts as synchronised only once a time source left its mark, and then for good", () => {
    const mark = join(directory, "synchronized");
    const clock = nodeClock({ synchronisedFiles: [join(directory, "other"), mark], recheckMs: 0 });
    expect(clock.wallSynchronised()).toBe(false);
    writeFileSync(mark, "");
    expect(clock.wallSynchronised()).toBe(true);
    rmSync(mark);
    expect(clock.wallSynchronised()).toBe(true);
  });

  test("wall time is the host's", () => {
    const before = Date.now();
    const wallMs = nodeClock().wallMs();
    expect(wallMs).toBeGreaterThanOrEqual(before);
    expect(wallMs).toBeLessThanOrEqual(Date.now());
  });
});
