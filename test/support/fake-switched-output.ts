/** A switched output without hardware. Passes the switched-output conformance suite. */
import type { Clock } from "../../hal/ports/clock.ts";
import type { SwitchedOutput } from "../../hal/ports/switched-output.ts";

export interface FakeSwitchedOutput extends SwitchedOutput {
  isOn(): boolean;
  reachable(reachable: boolean): void;
}

export function fakeSwitchedOutput(clock: Clock): FakeSwitchedOutput {
  let untilMs = Number.NEGATIVE_INFINITY;
  let reachable = true;
  const isOn = () => clock.monotonicMs() < untilMs;
  return {
    isOn,
    reachable(next) {
      reachable = next;
    },
    hold(on, leaseMs) {
      if (reachable) untilMs = on ? Math.min(leaseMs, clock.monotonicMs() + 2_000) : Number.NEGATIVE_INFINITY;
    },
    state: () => (reachable ? (isOn() ? "on" : "off") : "unknown"),
  };
}
