/**
 * A DS18B20 read through the kernel's w1_slave file. A sample counts only when the codec believes it (checksum, range), it
 * is not the power-on value, and it does not jump; anything else is a miss. After a few misses in a row the reading loses
 * its quality and keeps its last good value and time.
 */
import { decodeW1Slave, type W1Reading } from "../codecs/w1-slave.ts";
import type { Clock } from "../ports/clock.ts";
import type { Quality, Reading, Watch } from "../ports/reading.ts";
import type { TextFiles } from "../ports/text-files.ts";
import type { Thermometer } from "../ports/thermometer.ts";

export interface W1ThermometerOptions {
  /** The sensor's `w1_slave` file. */
  readonly path: string;
  /** Pause between the end of one read and the start of the next; the read itself takes up to 0.75 s. */
  readonly pollMs?: number;
  /** Misses in a row before the reading loses its quality. */
  readonly missesMax?: number;
  /** A sample further than this from the last good one is believed only when the next one agrees with it. */
  readonly jumpMaxC?: number;
}

/**
 * What the sensor reports before its first conversion (DS18B20 datasheet: "the power-on reset value of the temperature
 * register is +85°C"). The codec knows it by byte 6; clones do not all set that byte, so the value alone is refused too, unless
 * the last good one stood right beside it: a boiler passes through 85 °C every hour.
 */
const POWER_ON_C = 85;
const BESIDE_C = 2;

type Sample = { readonly tempC: number } | { readonly missed: "stale" | "invalid" };

function judge(decoded: W1Reading, knownC: number | undefined): Sample {
  if (!decoded.valid) return { missed: "invalid" };
  const isBeside = knownC !== undefined && Math.abs(knownC - POWER_ON_C) <= BESIDE_C;
  if (decoded.tempC === POWER_ON_C && !isBeside) return { missed: "invalid" };
  return { tempC: decoded.tempC };
}

export function w1Thermometer(files: TextFiles, clock: Clock, options: W1ThermometerOptions): Thermometer {
  const pollMs = options.pollMs ?? 2_000;
  const missesMax = options.missesMax ?? 3;
  const jumpMaxC = options.jumpMaxC ?? 15;
  const watches: Array<Watch<number>> = [];
  let reading: Reading<number> = { value: Number.NaN, atMs: clock.monotonicMs(), quality: "stale" };
  let misses = 0;
  /** What was read last: a room keeps its temperature from one read to the next, and the same text says the same. */
  let lastText: string | undefined;
  let lastDecoded: W1Reading | undefined;
  /** A sample that jumped, waiting for the next one to agree. */
  let doubted: number | undefined;

  function tell(next: Reading<number>): void {
    reading = next;
    for (const watch of watches) watch(next);
  }

  function miss(quality: Quality): void {
    misses = Math.min(misses + 1, missesMax);
    if (misses >= missesMax && reading.quality !== quality) tell({ ...reading, quality });
  }

  function jumps(tempC: number, fromC: number | undefined): boolean {
    return fromC !== undefined && Math.abs(tempC - fromC) > jumpMaxC;
  }

  function take(sample: Sample): void {
    if ("missed" in sample) {
      miss(sample.missed);
      return;
    }
    const { tempC } = sample;
    const known = reading.quality === "good" ? reading.value : undefined;
    const agreed = doubted !== undefined && !jumps(tempC, doubted);
    if (jumps(tempC, known) && !agreed) {
      doubted = tempC;
      miss("invalid");
      return;
    }
    doubted = undefined;
    misses = 0;
    tell({ value: tempC, atMs: clock.monotonicMs(), quality: "good" });
  }

  function decode(text: string): W1Reading {
    if (text !== lastText || lastDecoded === undefined) lastDecoded = decodeW1Slave(text);
    lastText = text;
    return lastDecoded;
  }

  function poll(): void {
    files.read(options.path, (result) => {
      clock.after(pollMs, poll);
      const knownC = reading.quality === "good" ? reading.value : undefined;
      take("text" in result ? judge(decode(result.text), knownC) : { missed: "stale" });
    });
  }

  clock.after(0, poll);
  return {
    reading: () => reading,
    watch: (onChange) => void watches.push(onChange),
  };
}
