import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createVirtualClock } from "../../simulator/clock.ts";

const clockAt = (wallStartMs = 1_000_000) => createVirtualClock({ wallStartMs });

describe("the virtual clock", () => {
  test("stands still until somebody runs it, then jumps from one timer to the next", () => {
    const clock = clockAt();
    const seen: number[] = [];
    clock.after(250, () => seen.push(clock.monotonicMs()));
    clock.after(10, () => seen.push(clock.monotonicMs()));
    expect(clock.monotonicMs()).toBe(0);
    clock.runUntil(100);
    expect(seen).toEqual([10]);
    expect(clock.monotonicMs()).toBe(100);
    clock.runUntil(300);
    expect(seen).toEqual([10, 250]);
    expect(clock.nowMs).toBe(300);
  });

  test("runs timers due at the same instant in the order they were made, also those made meanwhile", () => {
    const clock = clockAt();
    const seen: string[] = [];
    clock.after(5, () => {
      seen.push("a");
      clock.after(0, () => seen.push("c"));
    });
    clock.after(5, () => seen.push("b"));
    clock.runUntil(5);
    expect(seen).toEqual(["a", "b", "c"]);
  });

  test("runs whatever order the delays come in, sorted by due time and then by age, and nothing that was cancelled", () => {
    const plan = fc.array(fc.record({ delay: fc.integer({ min: 0, max: 50 }), cancel: fc.boolean() }), {
      maxLength: 2_000,
    });
    fc.assert(
      fc.property(plan, (timers) => {
        const clock = clockAt();
        const seen: number[] = [];
        const made = timers.map(({ delay }, index) => clock.after(delay, () => seen.push(index)));
        for (const [index, { cancel }] of timers.entries()) if (cancel) made[index]?.cancel();
        expect(clock.pending()).toBe(timers.filter(({ cancel }) => !cancel).length);
        clock.runUntil(50);
        const expected = timers
          .map(({ delay, cancel }, index) => ({ delay, cancel, index }))
          .filter(({ cancel }) => !cancel)
          .sort((one, other) => one.delay - other.delay || one.index - other.index)
          .map(({ index }) => index);
        expect(seen).toEqual(expected);
        expect(clock.pending()).toBe(0);
        expect(clock.eventsRun()).toBe(expected.length);
      }),
      { numRuns: 200 },
    );
  });

  test("keeps its promises while timers are made and cancelled inside timers", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 300 }), (choices) => {
        const clock = clockAt();
        let lastMs = 0;
        let wrong = 0;
        let at = 0;
        const open: Array<{ cancel(): void; dead: boolean }> = [];
        const act = (): void => {
          if (clock.nowMs < lastMs) wrong++;
          lastMs = clock.nowMs;
          const choice = choices[at++];
          if (choice === undefined) return;
          const victim = open[choice % Math.max(1, open.length)];
          if (choice % 3 === 0 && victim !== undefined) {
            victim.dead = true;
            victim.cancel();
            victim.cancel();
          }
          for (let copies = choice % 4; copies > 0; copies--) {
            const entry = { cancel: () => {}, dead: false };
            const timer = clock.after(choice % 97, () => {
              if (entry.dead) wrong++;
              act();
            });
            entry.cancel = () => timer.cancel();
            open.push(entry);
          }
        };
        for (let start = 0; start < 5; start++) clock.after(start, act);
        clock.runUntil(1_000_000, 10_000);
        expect(wrong).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  test("forgets cancelled timers instead of hoarding them", () => {
    const clock = clockAt();
    let ran = 0;
    clock.after(10_000, () => ran++);
    for (let renewal = 0; renewal < 100_000; renewal++) clock.after(9_000, () => ran++).cancel();
    expect(clock.pending()).toBe(1);
    clock.runUntil(20_000);
    expect(ran).toBe(1);
  });

  test("treats a delay that is negative or no number as none", () => {
    const clock = clockAt();
    clock.runUntil(100);
    const seen: number[] = [];
    clock.after(-50, () => seen.push(clock.nowMs));
    clock.after(Number.NaN, () => seen.push(clock.nowMs));
    clock.runUntil(100);
    expect(seen).toEqual([100, 100]);
  });

  test("never goes back", () => {
    const clock = clockAt();
    clock.runUntil(500);
    clock.runUntil(100);
    expect(clock.monotonicMs()).toBe(500);
  });

  test("stops after a bounded number of timers and can go on from there", () => {
    const clock = clockAt();
    let ran = 0;
    const again = (): void => {
      ran++;
      clock.after(0, again);
    };
    clock.after(7, again);
    expect(clock.runUntil(10, 1_000)).toBe(false);
    expect(ran).toBe(1_000);
    expect(clock.nowMs).toBe(7);
  });

  test("steps one timer at a time and says when none is left", () => {
    const clock = clockAt();
    clock.after(3, () => {});
    expect(clock.nextDueMs()).toBe(3);
    expect(clock.step()).toBe(true);
    expect(clock.nowMs).toBe(3);
    expect(clock.step()).toBe(false);
    expect(clock.nextDueMs()).toBeUndefined();
  });

  test("says so when a timer sets itself again for the same instant without end, instead of never coming back", () => {
    const clock = clockAt();
    const again = (): void => void clock.after(0, again);
    clock.after(5, again);
    expect(() => clock.runUntil(10)).toThrow("time stands still at 5 ms");
  });

  test("lets wall time jump without moving monotonic time or a timer", () => {
    const clock = clockAt(1_000_000);
    let ranAtMs = 0;
    clock.after(60, () => {
      ranAtMs = clock.monotonicMs();
    });
    clock.runUntil(10.5);
    expect(clock.wallMs()).toBe(1_000_010);
    clock.jumpWall(-3_600_000);
    clock.setSynchronised(false);
    clock.runUntil(100);
    expect(clock.wallMs()).toBe(1_000_100 - 3_600_000);
    expect(clock.wallSynchronised()).toBe(false);
    expect(ranAtMs).toBe(60);
  });
});
