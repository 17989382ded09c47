/** What every switched output must do, whatever is under it. One suite, run on each driver and on the fake. */
import { describe, expect, test } from "vitest";
import type { SwitchedOutput } from "../../hal/ports/switched-output.ts";
import { createVirtualClock, type VirtualClock } from "../../simulator/clock.ts";

export interface SwitchedOutputBench {
  readonly output: SwitchedOutput;
  /** Whether the load really is on. */
  isOn(): boolean;
  /** The hardware cannot be reached any more, or can again. */
  reachable(reachable: boolean): void;
  /** How long it may take until a command has worked. */
  readonly settleMs: number;
  /** How long it may take until unreachable hardware is noticed, and until it is found again. */
  readonly noticeMs: number;
}

const LEASE_MS = 2_000;

export function switchedOutputConformance(name: string, open: (clock: VirtualClock) => SwitchedOutputBench): void {
  describe(`${name} keeps the contract of the switched-output port`, () => {
    function start() {
      const clock = createVirtualClock({ wallStartMs: 0 });
      const bench = open(clock);
      const pass = (ms: number): void => void clock.runUntil(clock.nowMs + ms);
      /** Renews as the loop does, and returns whether the load was on all the time. */
      const renew = (ms: number): boolean => {
        let always = true;
        for (let left = ms; left > 0; left -= 100) {
          bench.output.hold(true, clock.nowMs + LEASE_MS);
          pass(100);
          always &&= bench.isOn();
        }
        return always;
      };
      pass(bench.noticeMs);
      return { clock, pass, renew, ...bench };
    }

    test("it starts off", () => {
      const { output, isOn } = start();
      expect(isOn()).toBe(false);
      expect(output.state()).toBe("off");
    });

    test("on while renewed, without a gap, and off at once on demand", () => {
      const { output, isOn, pass, renew, settleMs } = start();
      renew(Math.max(100, settleMs));
      expect(renew(20_000)).toBe(true);
      expect(output.state()).toBe("on");
      output.hold(false, 0);
      pass(settleMs);
      expect(isOn()).toBe(false);
      expect(output.state()).toBe("off");
    });

    test.each([500, 1_234, 2_000])("a lease of %i ms that nobody renews ends by itself, in time", (leaseMs) => {
      const { clock, output, isOn, pass, settleMs } = start();
      output.hold(true, clock.nowMs + leaseMs);
      pass(settleMs);
      expect(isOn()).toBe(true);
      pass(leaseMs - settleMs);
      expect(isOn()).toBe(false);
      expect(output.state()).toBe("off");
    });

    test("a lease is never longer than 2 s, whatever is asked", () => {
      const { clock, output, isOn, pass } = start();
      output.hold(true, clock.nowMs + 60_000);
      pass(LEASE_MS);
      expect(isOn()).toBe(false);
    });

    test("a lease in the past switches nothing on", () => {
      const { clock, output, isOn, pass, settleMs } = start();
      output.hold(true, clock.nowMs - 1);
      for (let at = 0; at < 10; at++) {
        pass(settleMs / 10);
        expect(isOn()).toBe(false);
      }
    });

    test("hardware that cannot be reached is not said to be on, and is served again by itself", () => {
      const { output, pass, renew, reachable, noticeMs, isOn } = start();
      renew(1_000);
      reachable(false);
      pass(noticeMs);
      expect(output.state()).not.toBe("on");
      reachable(true);
      pass(noticeMs);
      expect(isOn()).toBe(false);
      expect(output.state()).toBe("off");
      renew(noticeMs);
      expect(isOn()).toBe(true);
      expect(output.state()).toBe("on");
    });
  });
}
