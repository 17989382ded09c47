/**
 * When a bay may charge or heat, derived a second time and from the sources alone, with the numbers of a station that changes
 * none: what the controller's own rules are held against, whatever the readings.
 */
import type { Reading } from "../../services/reading.ts";
import type { BayReadings, PackReading } from "../../services/readings.ts";

const goodWithin = <T>(reading: Reading<T> | undefined, nowMs: number, maxMs: number): T | undefined =>
  reading?.quality === "good" && nowMs - reading.atMs <= maxMs ? reading.value : undefined;

/** Door, latch and presence within 5 s; the pack within 2 s (rule 9), and with a temperature (rule 2). */
function packToPower(readings: BayReadings | undefined, nowMs: number): PackReading | string {
  if (readings === undefined) return "not read";
  if (goodWithin(readings.doorShut, nowMs, 5_000) !== true) return "door switch not shut";
  if (goodWithin(readings.latched, nowMs, 5_000) !== true) return "not latched";
  if (goodWithin(readings.present, nowMs, 5_000) !== true) return "not present";
  const pack = goodWithin(readings.pack, nowMs, 2_000);
  if (pack === undefined) return "pack not heard";
  return pack.cellTempsC.length === 0 ? "no temperature" : pack;
}

/** Over-voltage, over-temperature, under-temperature, over-current, short circuit, broken front end (JBD V4). */
const forbiddingBits = [0, 2, 4, 5, 8, 10, 11];

function whyNotCharge({ cellTempsC, cellsMv, packMv, protectionBits }: PackReading): string | undefined {
  if (Math.min(...cellTempsC) < 0) return "below 0 °C";
  if (Math.max(...cellTempsC) > 45) return "above 45 °C";
  if (forbiddingBits.some((bit) => ((protectionBits >> bit) & 1) === 1)) return "the pack forbids it";
  const cells = cellsMv.filter((cellMv) => cellMv !== 0);
  if (cells.some((cellMv) => cellMv > 4_250) || packMv > 13 * 4_250) return "a cell above 4.25 V";
  return cells.some((cellMv) => cellMv < 2_000) || packMv < 26_000 ? "a cell below 2 V" : undefined;
}

/** Bays beside it in a row of bays, told hot lately. */
export function hotBeside(bays: readonly (BayReadings | undefined)[], beside: readonly number[], nowMs: number) {
  return beside.some((bay) => {
    const pack = goodWithin(bays[bay]?.pack, nowMs, 12_000);
    return pack?.cellTempsC.some((tempC) => tempC >= 60) === true;
  });
}

/** Why what was granted must not be; undefined when it may. */
export function whyNotPowered(
  granted: { readonly chargeMa: number; readonly heater: boolean },
  readings: BayReadings | undefined,
  nowMs: number,
): string | undefined {
  const pack = packToPower(readings, nowMs);
  if (typeof pack === "string") return pack;
  if (granted.heater && Math.max(...pack.cellTempsC) > 30) return "heated above 30 °C";
  return granted.chargeMa > 0 ? whyNotCharge(pack) : undefined;
}
