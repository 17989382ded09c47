/** What every PWM output must do, whatever is under it. One suite, run on each driver and on the fake. */
import { describe, expect, test } from "vitest";
import type { PwmOutput } from "../../hal/ports/pwm-output.ts";
import { createVirtualClock, type VirtualClock } from "../../simulator/clock.ts";

export interface PwmOutputBench {
  readonly output: PwmOutput;
  /** What really happens at the load now. */
  share(): number;
  answering(answers: boolean): void;
  /** Long enough for a command to be confirmed, and for a dead device to be noticed and found again. */
  readonly noticeMs: number;
}

export function pwmOutputConformance(name: string, open: (clock: VirtualClock) => PwmOutputBench): void {
  describe(`${name} keeps the contract of the PWM-output port`, () => {
    function start() {
      const clock = createVirtualClock({ wallStartMs: 0 });
      const bench = open(clock);
      const pass = (ms: number): void => void clock.runUntil(clock.nowMs + ms);
      const renew = (share: number, ms: number): void => {
        for (let left = ms; left > 0; left -= 100) {
          bench.output.hold(share, clock.nowMs + 1_000);
          pass(100);
        }
      };
      pass(bench.noticeMs);
      return { clock, pass, renew, ...bench };
    }

    test("it is off until somebody holds it, and drives what it is told while it is held", () => {
      const { output, share, renew } = start();
      expect(share()).toBe(0);
      for (const wanted of [0.25, 1, 0.5]) {
        renew(wanted, 3_000);
        expect(share()).toBeCloseTo(wanted, 2);
        expect(output.state()).toBeCloseTo(wanted, 2);
      }
    });

    test("without a renewal it goes off by itself, and no lease is longer than two seconds", () => {
      const { output, share, pass, renew, clock } = start();
      renew(0.8, 2_000);
      pass(1_100);
      expect(share()).toBe(0);
      output.hold(0.8, clock.nowMs + 60_000);
      pass(2_200);
      expect(share()).toBe(0);
      expect(output.state()).toBe(0);
    });

    test("nothing is off at once, and needs no lease", () => {
      const { output, share, pass, renew } = start();
      renew(0.8, 2_000);
      output.hold(0, 0);
      pass(200);
      expect(share()).toBe(0);
    });

    test.each([
      [-1, 0],
      [7, 1],
    ])("a share of %d is driven as %d", (wanted, driven) => {
      const { share, renew } = start();
      renew(wanted, 1_000);
      expect(share()).toBe(driven);
    });

    test("a device that is gone is unknown, and known again when it is back", () => {
      const { output, renew, answering, pass, noticeMs } = start();
      renew(0.5, 1_000);
      answering(false);
      pass(noticeMs);
      expect(output.state()).toBe("unknown");
      answering(true);
      pass(noticeMs);
      renew(0.5, 1_000);
      expect(output.state()).toBeCloseTo(0.5, 2);
    });
  });
}
