/**
 * Outdoor temperature: the year, the day, and slow noise drawn hour by hour from its own stream. It depends on nothing that
 * happens in the station, so asking more or less often changes nothing.
 */

import type { WeatherOptions } from "../option-types.ts";
import type { SplitRandom } from "../random.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const YEAR_DAYS = 365.2425;
/** The coldest day of the year, counted from the first of January, and the warmest hour of the day. */
const COLDEST_DAY = 18;
const WARMEST_HOUR = 15;
/** How much of the noise of one hour is left in the next: about a day and a half to forget. */
const NOISE_KEPT = 0.97;

export interface Weather {
  /** Outdoors, °C, `atMs` after the start of the world. Ask in any order. */
  outdoorC(atMs: number): number;
}

/** `localStartMs`: local wall time at the start of the world (UTC plus offset), as milliseconds since 1970. */
export function createWeather(options: WeatherOptions, localStartMs: number, random: SplitRandom): Weather {
  const meanC = options.meanC ?? 6;
  const yearlyC = options.yearlySwingC ?? 19;
  const dailyC = options.dailySwingC ?? 5;
  const noiseC = options.noiseC ?? 3;
  const fresh = noiseC * Math.sqrt(1 - NOISE_KEPT * NOISE_KEPT);
  const noise: number[] = [random.normal(0, noiseC)];

  const noiseAt = (hour: number): number => {
    while (noise.length <= hour + 1)
      noise.push((noise[noise.length - 1] as number) * NOISE_KEPT + random.normal(0, fresh));
    return noise[hour] as number;
  };
  const outdoorC = (atMs: number): number => {
    if (options.fixedC !== undefined) return options.fixedC;
    const local = localStartMs + atMs;
    const year = Math.cos((2 * Math.PI * (local / DAY_MS - COLDEST_DAY)) / YEAR_DAYS);
    const day = Math.cos((2 * Math.PI * (local / HOUR_MS - WARMEST_HOUR)) / 24);
    const hours = Math.max(0, atMs) / HOUR_MS;
    const hour = Math.floor(hours);
    const before = noiseAt(hour);
    const after = noiseAt(hour + 1);
    return meanC - yearlyC * year + dailyC * day + before + (after - before) * (hours - hour);
  };
  return { outdoorC };
}
