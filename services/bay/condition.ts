/** What a pack's own numbers say about its fitness: pure judgements, each with the number it rests on. */
import type { PackClass, SafetyConfig } from "../config.ts";
import type { PackReading } from "../readings.ts";

/** Hottest and coldest sensor; undefined when the pack has none, which no rule may take for a good temperature. */
export function cellTempRangeC(pack: PackReading): { readonly minC: number; readonly maxC: number } | undefined {
  const first = pack.cellTempsC[0];
  if (first === undefined) return undefined;
  let minC = first;
  let maxC = first;
  for (const tempC of pack.cellTempsC) {
    if (tempC < minC) minC = tempC;
    if (tempC > maxC) maxC = tempC;
  }
  return { minC, maxC };
}

/**
 * Protection bits that forbid charging (JBD General Protocol V4): 0 cell over-voltage, 2 pack over-voltage, 4 charge
 * over-temperature, 5 charge under-temperature, 8 charge over-current, 10 short circuit, 11 front-end fault. A full cell
 * (bits 0, 2) and a cold one (bit 5) are normal conditions; the others are damage.
 */
export const chargeBlockingBits = 0b1101_0011_0101;
export const damageBits = 0b1100_0000_0000;
/** Conditions of a healthy pack: full cells or a full pack (bits 0, 2), and too cold to charge (bit 5). */
export const normalBits = 0b0000_0010_0101;

/** A cell below 2 V, or a spread above 0.1 V while the pack is above 3.8 V a cell, is a damaged pack (E15). */
export function isDamaged(pack: PackReading, packs: PackClass): boolean {
  if ((pack.protectionBits & damageBits) !== 0) return true;
  if (pack.packMv < packs.minPackMv) return true;
  let lowMv = Number.POSITIVE_INFINITY;
  let highMv = 0;
  for (const cellMv of pack.cellsMv) {
    if (cellMv === 0) continue; // An unwired input of the BMS reads 0 mV; a real cell at 0 V would show as pack under-voltage.
    if (cellMv < lowMv) lowMv = cellMv;
    if (cellMv > highMv) highMv = cellMv;
  }
  if (highMv === 0) return false;
  return lowMv < 2_000 || (highMv > 3_800 && highMv - lowMv > 100);
}

export function isHot(pack: PackReading, safety: SafetyConfig): boolean {
  const range = cellTempRangeC(pack);
  return range !== undefined && range.maxC >= safety.hotPackC;
}

/** Own packs are told by their id. Whether a pack answers cryptographically is a later service. */
export const isOwnPack = (packId: string, pattern: RegExp): boolean => pattern.test(packId);
