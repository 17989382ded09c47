/** A contact without hardware, sampled every 100 ms. Passes the digital-input conformance suite. */
import type { Clock } from "../../hal/ports/clock.ts";
import type { DigitalInput } from "../../hal/ports/digital-input.ts";
import type { Reading, Watch } from "../../hal/ports/reading.ts";

export interface FakeDigitalInput extends DigitalInput {
  set(holds: boolean): void;
  readable(readable: boolean): void;
}

export function fakeDigitalInput(clock: Clock): FakeDigitalInput {
  const watches: Array<Watch<boolean>> = [];
  let holds = false;
  let readable = true;
  let reading: Reading<boolean> = { value: false, atMs: clock.monotonicMs(), quality: "stale" };

  function sample(): void {
    clock.after(100, sample);
    if (!readable && reading.quality === "stale") return;
    reading = readable
      ? { value: holds, atMs: clock.monotonicMs(), quality: "good" }
      : { ...reading, quality: "stale" };
    for (const watch of watches) watch(reading);
  }
  clock.after(100, sample);

  return {
    set(next) {
      holds = next;
    },
    readable(next) {
      readable = next;
    },
    reading: () => reading,
    watch: (onChange) => void watches.push(onChange),
    attend() {},
    guard() {},
  };
}
