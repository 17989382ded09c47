/** What every lock must do, whatever is under it. One suite, run on each driver and on the fake. */
import { describe, expect, test } from "vitest";
import type { Lock, PulseOutcome } from "../../hal/ports/lock.ts";
import type { Reading } from "../../hal/ports/reading.ts";
import { createVirtualClock, type VirtualClock } from "../../simulator/clock.ts";

export interface LockBench {
  readonly lock: Lock;
  /** Coil pulses that really happened. */
  pulses(): number;
  /** Somebody pushes the door shut. */
  shut(): void;
  /** Nobody answers any more, or does again. */
  answering(answers: boolean): void;
  /** Long enough for a pulse and its feedback, and for a dead lock to be noticed and found again. */
  readonly noticeMs: number;
}

export function lockConformance(name: string, open: (clock: VirtualClock) => LockBench): void {
  describe(`${name} keeps the contract of the lock port`, () => {
    function start() {
      const clock = createVirtualClock({ wallStartMs: 0 });
      const bench = open(clock);
      const told: Array<Reading<boolean>> = [];
      bench.lock.watch((reading) => told.push(reading));
      const pass = (ms = bench.noticeMs): void => void clock.runUntil(clock.nowMs + ms);
      const pulse = (): PulseOutcome[] => {
        const outcomes: PulseOutcome[] = [];
        bench.lock.pulse((outcome) => outcomes.push(outcome));
        return outcomes;
      };
      return { clock, told, pass, pulse, ...bench };
    }

    test("nobody knows the latch before the first answer, and everybody after it", () => {
      const { lock, told, pass } = start();
      expect(lock.feedback().quality).not.toBe("good");
      pass();
      expect(lock.feedback()).toMatchObject({ value: true, quality: "good" });
      expect(told.at(-1)).toBe(lock.feedback());
    });

    test("a pulse drives the coil once, settles once, never within the call, and the latch is seen to give way", () => {
      const { lock, pulse, pulses, pass, shut } = start();
      pass();
      const outcomes = pulse();
      expect(outcomes).toEqual([]);
      pass();
      expect(outcomes).toMatchObject([{ is: "driven" }]);
      expect(pulses()).toBe(1);
      expect(lock.feedback()).toMatchObject({ value: false, quality: "good" });
      shut();
      pass();
      expect(lock.feedback()).toMatchObject({ value: true, quality: "good" });
      expect(pulses()).toBe(1);
    });

    test("a second pulse while the first is out fails and drives nothing", () => {
      const { pulse, pulses, pass } = start();
      pass();
      const first = pulse();
      const second = pulse();
      pass();
      expect(first).toMatchObject([{ is: "driven" }]);
      expect(second).toMatchObject([{ is: "failed" }]);
      expect(pulses()).toBe(1);
    });

    test("a dead lock: the pulse fails once, is not repeated later, feedback turns stale and comes back by itself", () => {
      const { lock, pulse, pulses, pass, answering, told } = start();
      pass();
      const last = lock.feedback();
      answering(false);
      const outcomes = pulse();
      pass();
      expect(outcomes).toMatchObject([{ is: "failed" }]);
      expect(lock.feedback()).toEqual({ ...last, atMs: lock.feedback().atMs, quality: "stale" });
      expect(told.filter((reading) => reading.quality === "stale")).toHaveLength(1);
      answering(true);
      pass();
      expect(lock.feedback()).toMatchObject({ value: true, quality: "good" });
      expect(outcomes).toHaveLength(1);
      expect(pulses()).toBe(0);
    });

    test("somebody at the door makes feedback come sooner", () => {
      const { clock, lock, pass, pulse, shut } = start();
      pass();
      lock.attend(true);
      pulse();
      pass();
      shut();
      const shutMs = clock.nowMs;
      pass(300);
      expect(lock.feedback()).toMatchObject({ value: true, quality: "good" });
      expect(lock.feedback().atMs).toBeGreaterThan(shutMs);
      lock.attend(false);
    });
  });
}
