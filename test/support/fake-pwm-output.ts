/** A PWM output without hardware. Passes the PWM-output conformance suite. */
import type { Clock } from "../../hal/ports/clock.ts";
import type { PwmOutput } from "../../hal/ports/pwm-output.ts";

export interface FakePwmOutput extends PwmOutput {
  /** What really happens at the load now. */
  share(): number;
  answering(answers: boolean): void;
}

const LEASE_MS_MAX = 2_000;

export function fakePwmOutput(clock: Clock): FakePwmOutput {
  let answers = true;
  let held = 0;
  let endsMs = Number.NEGATIVE_INFINITY;
  const share = (): number => (clock.monotonicMs() < endsMs ? held : 0);
  return {
    hold(wanted, untilMs) {
      if (!answers) return;
      held = Math.max(0, Math.min(1, wanted));
      endsMs = held > 0 ? Math.min(untilMs, clock.monotonicMs() + LEASE_MS_MAX) : Number.NEGATIVE_INFINITY;
    },
    state: () => (answers ? share() : "unknown"),
    share,
    answering(next) {
      answers = next;
    },
  };
}
