/**
 * Whether what a pack tells of itself can be true at all. It judges one answer alone: what changed too fast, or stands still, is the
 * matter of others. What cannot be true is refused whole, since a pack with one wrong word may have more of them.
 */
import type { JbdBasic } from "../codecs/jbd-registers.ts";

/** Sensors of packs are specified for −40..125 °C; an open or shorted one reads beyond this. */
const TEMP_C_MIN = -55;
const TEMP_C_MAX = 125;
/**
 * A converter whose probe broke off tells the cold end of its table (10 kΩ NTC). A pack may be as cold as that, but then all of
 * it is: beside a sister this much warmer it is a wire that broke, and no temperature.
 */
const TABLE_END_C = -40;
const APART_C_MAX = 20;
/** The front end measures a cell up to 5 V; a pack's sum beyond that is no voltage. */
const CELL_MV_MAX = 5_000;
/** No pack of a bicycle takes or gives ten times its capacity; the word of the protocol holds 327 A. */
const C_RATE_MAX = 10;

export function isPlausible(basic: JbdBasic): boolean {
  if (basic.packMv === 0 || basic.socPct > 100) return false;
  if (basic.cellCount === 0 && basic.tempsC.length === 0) return false;
  if (basic.cellCount > 0 && basic.packMv > basic.cellCount * CELL_MV_MAX) return false;
  if (basic.nominalMah > 0 && Math.abs(basic.packMa) > basic.nominalMah * C_RATE_MAX) return false;
  return areTemperatures(basic.tempsC);
}

function areTemperatures(tempsC: readonly number[]): boolean {
  let coldestC = TEMP_C_MAX;
  let warmestC = TEMP_C_MIN;
  for (const tempC of tempsC) {
    if (tempC < TEMP_C_MIN || tempC > TEMP_C_MAX) return false;
    if (tempC < coldestC) coldestC = tempC;
    if (tempC > warmestC) warmestC = tempC;
  }
  return coldestC > TABLE_END_C || warmestC - coldestC < APART_C_MAX;
}
