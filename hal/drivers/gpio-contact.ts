/**
 * A contact on a header line. Edges make it quick, a look every second makes it sure: a lost edge is found, the reading's
 * age stays true, and a line that cannot be read goes stale. It believes an edge only after the contact settled.
 */
import type { Clock, Timer } from "../ports/clock.ts";
import type { DigitalInput } from "../ports/digital-input.ts";
import type { GpioInput } from "../ports/gpio.ts";
import type { Reading, Watch } from "../ports/reading.ts";

export interface GpioContactOptions {
  /** The contact's named meaning holds while the line is low. */
  readonly inverted: boolean;
  /** How long a contact may bounce after an edge. */
  readonly settleMs?: number;
  /** How often the line is looked at without an edge. */
  readonly confirmMs?: number;
}

export function gpioContact(input: GpioInput, clock: Clock, options: GpioContactOptions): DigitalInput {
  const settleMs = options.settleMs ?? 10;
  const confirmMs = options.confirmMs ?? 1_000;
  const watches: Array<Watch<boolean>> = [];
  let reading: Reading<boolean> = { value: false, atMs: clock.monotonicMs(), quality: "stale" };
  let settling: Timer | undefined;

  function tell(next: Reading<boolean>): void {
    reading = next;
    for (const watch of watches) watch(next);
  }

  function sample(): void {
    let high: boolean;
    try {
      high = input.read();
    } catch {
      if (reading.quality === "good") tell({ ...reading, quality: "stale" });
      return;
    }
    tell({ value: high !== options.inverted, atMs: clock.monotonicMs(), quality: "good" });
  }

  function confirm(): void {
    clock.after(confirmMs, confirm);
    if (settling === undefined) sample();
  }

  input.watch(() => {
    settling?.cancel();
    settling = clock.after(settleMs, () => {
      settling = undefined;
      sample();
    });
  });
  sample();
  clock.after(confirmMs, confirm);
  return {
    reading: () => reading,
    watch: (onChange) => void watches.push(onChange),
    attend() {
      // Edges come by themselves; there is nothing to hurry.
    },
    guard() {
      // The same.
    },
  };
}
