import type { Reading, Watch } from "./reading.ts";

/** One temperature. Values outside the sensor's physical range are `invalid`, never passed on as numbers to act upon. */
export interface Thermometer {
  /** °C; NaN until the first good sample. */
  reading(): Reading<number>;
  watch(onChange: Watch<number>): void;
}
