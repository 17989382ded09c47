import type { Reading, Watch } from "./reading.ts";

/** One relative humidity. What cannot be (over 100 %) is `invalid`, never passed on as a number to act upon. */
export interface Hygrometer {
  /** %RH; NaN until the first good sample. */
  reading(): Reading<number>;
  watch(onChange: Watch<number>): void;
}
