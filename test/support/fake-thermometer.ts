/** A thermometer without hardware: one sample a second of what the test says. Passes the thermometer conformance suite. */
import type { Clock } from "../../hal/ports/clock.ts";
import type { Reading, Watch } from "../../hal/ports/reading.ts";
import type { Thermometer } from "../../hal/ports/thermometer.ts";

export interface FakeThermometer extends Thermometer {
  /** A temperature, `nonsense` (the sensor lies) or `silent` (it is gone). */
  set(sample: number | "nonsense" | "silent"): void;
}

export function fakeThermometer(clock: Clock): FakeThermometer {
  const watches: Array<Watch<number>> = [];
  let sample: number | "nonsense" | "silent" = "silent";
  let reading: Reading<number> = { value: Number.NaN, atMs: clock.monotonicMs(), quality: "stale" };

  function poll(): void {
    clock.after(1_000, poll);
    const quality = sample === "silent" ? "stale" : sample === "nonsense" ? "invalid" : "good";
    if (quality !== "good" && quality === reading.quality) return;
    reading =
      typeof sample === "number"
        ? { value: sample, atMs: clock.monotonicMs(), quality: "good" }
        : { ...reading, quality };
    for (const watch of watches) watch(reading);
  }

  clock.after(1_000, poll);
  return {
    set(next) {
      sample = next;
    },
    reading: () => reading,
    watch: (onChange) => void watches.push(onChange),
  };
}
