/**
 * A thermometer made of an analog input and a thermistor before it. It keeps no time of its own: how fresh and how believable
 * a sample is, the input says; what no thermistor can be, the codec does.
 */
import { decodeNtc, type NtcDivider } from "../codecs/ntc-thermistor.ts";
import type { AnalogInput } from "../ports/analog-input.ts";
import type { Reading } from "../ports/reading.ts";
import type { Thermometer } from "../ports/thermometer.ts";
import { Sampled } from "./sampled.ts";

export function thermistor(input: AnalogInput, divider: NtcDivider): Thermometer {
  const sampled = new Sampled<number>(Number.NaN);

  function take({ value, atMs, quality }: Reading<number>): void {
    if (quality === "stale") {
      sampled.stale();
      return;
    }
    const tempC = quality === "good" ? decodeNtc(value, divider) : undefined;
    if (tempC === undefined) sampled.invalid();
    else sampled.good(tempC, atMs);
  }

  input.watch(take);
  return {
    reading: () => sampled.reading,
    watch: (onChange) => sampled.watch(onChange),
  };
}
