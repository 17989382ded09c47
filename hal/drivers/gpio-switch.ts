/**
 * A switched output on a header line. The lease is kept by this driver alone, because a GPIO line stays as it is when the
 * process dies: whatever must fall then hangs behind the master enable, which the guardian drops.
 */
import type { Clock, Timer } from "../ports/clock.ts";
import type { GpioOutput } from "../ports/gpio.ts";
import type { SwitchedOutput } from "../ports/switched-output.ts";

export interface GpioSwitchOptions {
  /** The load is on while the line is low. */
  readonly inverted: boolean;
}

/** The longest lease of a level (one for all drivers). */
const LEASE_MAX_MS = 2_000;
/** A switch-off that the kernel refused is tried again this soon. */
const RETRY_MS = 100;

export function gpioSwitch(output: GpioOutput, clock: Clock, options: GpioSwitchOptions): SwitchedOutput {
  let lease: Timer | undefined;
  let state: "on" | "off" | "unknown" = "unknown";

  function write(on: boolean): void {
    try {
      if (state !== (on ? "on" : "off")) output.write(on !== options.inverted);
      state = output.read() !== options.inverted ? "on" : "off";
    } catch {
      state = "unknown";
    }
  }

  function switchOff(): void {
    lease?.cancel();
    lease = undefined;
    write(false);
    if (state !== "off") lease = clock.after(RETRY_MS, switchOff);
  }

  switchOff();
  return {
    hold(on, untilMs) {
      const leftMs = Math.min(untilMs - clock.monotonicMs(), LEASE_MAX_MS);
      if (!on || !(leftMs > 0)) {
        switchOff();
        return;
      }
      lease?.cancel();
      lease = clock.after(leftMs, switchOff);
      write(true);
    },
    state: () => state,
  };
}
