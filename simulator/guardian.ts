/** The guardian of the simulated computer: the same promise as the second process makes, kept on the virtual clock. */
import type { MasterEnablePort } from "../firmware/runner/platform.ts";
import type { Clock, Timer } from "../hal/ports/clock.ts";
import type { GpioOutput } from "../hal/ports/gpio.ts";

const beatTimeoutMs = 800;

export function simulatedGuardian(output: GpioOutput, inverted: boolean, clock: Clock): MasterEnablePort {
  let on = false;
  let lastBeatMs = Number.NEGATIVE_INFINITY;
  let watch: Timer | undefined;

  function drop(): void {
    on = false;
    watch?.cancel();
    watch = undefined;
    output.write(inverted);
  }

  function look(): void {
    const leftMs = lastBeatMs + beatTimeoutMs - clock.monotonicMs();
    if (leftMs <= 0) drop();
    else watch = clock.after(leftMs, look);
  }

  drop();
  return {
    arm() {
      if (on) return;
      on = true;
      lastBeatMs = clock.monotonicMs();
      output.write(!inverted);
      watch = clock.after(beatTimeoutMs, look);
    },
    beat() {
      lastBeatMs = clock.monotonicMs();
    },
    isOn: () => on,
    close(done) {
      drop();
      clock.after(0, done);
    },
  };
}
