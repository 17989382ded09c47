/** What every digital input must do, whatever is under it. One suite, run on each driver and on the fake. */
import { describe, expect, test } from "vitest";
import type { DigitalInput } from "../../hal/ports/digital-input.ts";
import type { Reading } from "../../hal/ports/reading.ts";
import { createVirtualClock, type VirtualClock } from "../../simulator/clock.ts";

export interface DigitalInputBench {
  readonly input: DigitalInput;
  /** Whether the condition that the contact is named after holds. */
  set(holds: boolean): void;
  readable(readable: boolean): void;
  /** Long enough for a change to be seen, and for a lost input to be noticed and found again. */
  readonly noticeMs: number;
}

export function digitalInputConformance(name: string, open: (clock: VirtualClock) => DigitalInputBench): void {
  describe(`${name} keeps the contract of the digital-input port`, () => {
    function start() {
      const clock = createVirtualClock({ wallStartMs: 0 });
      const bench = open(clock);
      const told: Array<Reading<boolean>> = [];
      bench.input.watch((reading) => told.push(reading));
      const pass = (ms = bench.noticeMs): void => void clock.runUntil(clock.nowMs + ms);
      return { clock, told, pass, ...bench };
    }

    test("both levels are told, with the time of the sample", () => {
      const { clock, input, set, pass, told } = start();
      for (const holds of [true, false, true]) {
        const beforeMs = clock.nowMs;
        set(holds);
        pass();
        expect(input.reading()).toMatchObject({ value: holds, quality: "good" });
        expect(input.reading().atMs).toBeGreaterThan(beforeMs);
        expect(input.reading().atMs).toBeLessThanOrEqual(clock.nowMs);
        expect(told.at(-1)).toBe(input.reading());
      }
    });

    test("a contact that does not move is confirmed again and again", () => {
      const { input, set, pass } = start();
      set(true);
      pass();
      const first = input.reading();
      pass();
      expect(input.reading().atMs).toBeGreaterThan(first.atMs);
      expect(input.reading()).not.toBe(first);
    });

    test("a lost input is stale with its last value and age, is told once, and comes back by itself", () => {
      const { input, set, readable, pass, told } = start();
      set(true);
      pass();
      const last = input.reading();
      readable(false);
      pass();
      expect(input.reading()).toMatchObject({ value: true, quality: "stale" });
      expect(input.reading().atMs).toBeLessThanOrEqual(last.atMs + 100);
      expect(told.filter((reading) => reading.quality === "stale")).toHaveLength(1);
      set(false);
      readable(true);
      pass();
      expect(input.reading()).toMatchObject({ value: false, quality: "good" });
    });

    test("while somebody stands at the door a change is seen within 300 ms", () => {
      const { input, set, pass } = start();
      set(true);
      pass();
      input.attend(true);
      pass(100);
      set(false);
      pass(300);
      expect(input.reading()).toMatchObject({ value: false, quality: "good" });
    });

    test("danger is seen within 150 ms, whether or not somebody stands at a door", () => {
      const { input, set, pass } = start();
      input.guard();
      for (const attended of [true, false]) {
        input.attend(attended);
        set(false);
        pass();
        set(true);
        pass(150);
        expect(input.reading()).toMatchObject({ value: true, quality: "good" });
      }
    });
  });
}
