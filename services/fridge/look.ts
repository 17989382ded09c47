/** What the fridge sees at one look. It refuses to take what was not heard for normal. */
import { fresh, type Reading } from "../reading.ts";
import type { FridgeConfig } from "./config.ts";

export interface FridgeLook {
  /** Monotonic. */
  readonly nowMs: number;
  /** Wall ms, date and minute of the day of the station; undefined while the wall clock is not trusted. */
  readonly wall: { readonly ms: number; readonly date: string; readonly minuteOfDay: number } | undefined;
  readonly airC: Reading<number> | undefined;
  readonly evaporatorC: Reading<number> | undefined;
  /** Around the fridge. */
  readonly ambientC: Reading<number> | undefined;
  readonly doorShut: Reading<boolean> | undefined;
  /** Where a meter tells. */
  readonly powerW: Reading<number> | undefined;
  /** Where a sensor counts the drinks. */
  readonly stock: Reading<number> | undefined;
}

/** A temperature that is young enough and one at all. */
export function tempOf(reading: Reading<number> | undefined, nowMs: number, config: FridgeConfig): number | undefined {
  const tempC = fresh(reading, nowMs, config.staleMs - 1);
  if (tempC === undefined || !(tempC >= config.rangeMinC && tempC <= config.rangeMaxC)) return undefined;
  return tempC;
}
