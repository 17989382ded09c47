import type { Reading, Watch } from "./reading.ts";

/**
 * One voltage, as a share of the converter's range: 0 at its bottom, 1 at its top. What it means (a temperature, a brightness)
 * is for whoever knows the part behind it. Nothing that keeps anybody safe may hang on it: an expander goes on saying its
 * last words when its cable is out, so a driver stamps what the board itself said, never what a library repeats.
 */
export interface AnalogInput {
  /** 0–1; NaN until the first good sample. Pinned to either end it is `invalid`: a short or a broken wire. */
  reading(): Reading<number>;
  watch(onChange: Watch<number>): void;
}
