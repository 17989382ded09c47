/** What a pack's own numbers say about its fitness: pure judgements, each with the number it rests on. */
import type { PackClass, SafetyConfig, StationConfig } from "../config.ts";
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

/** The hottest sensor alone, for those who ask every bay at every look. */
export function hottestC({ cellTempsC }: PackReading): number | undefined {
  let maxC = cellTempsC[0];
  if (maxC === undefined) return undefined;
  for (let at = 1; at < cellTempsC.length; at++) {
    const tempC = cellTempsC[at] as number;
    if (tempC > maxC) maxC = tempC;
  }
  return maxC;
}

/**
 * Protection bits that forbid charging (JBD General Protocol V4): 0 cell over-voltage, 2 pack over-voltage, 4 charge
 * over-temperature, 5 charge under-temperature, 8 charge over-current, 10 short circuit, 11 front-end fault. A full cell
 * (bits 0, 2) and a cold one (bit 5) are normal conditions; the others are damage.
 */
export const chargeBlockingBits = 0b1101_0011_0101;
export const damageBits = 0b1100_0000_0000;
export const overCurrentBit = 1 << 8;
/** Conditions of a healthy pack: full cells or a full pack (bits 0, 2), and too cold to charge (bit 5). */
export const normalBits = 0b0000_0010_0101;

/** What is wrong with a pack by its own numbers, the gravest first. */
export type Flaw = "hot" | "damaged" | "over-current" | "overvoltage" | "undervoltage" | "unbalanced";
export type VoltageFlaw = Extract<Flaw, "overvoltage" | "undervoltage" | "unbalanced">;

/**
 * An unwired input of the BMS reads 0 mV; a real cell at 0 V shows as pack under-voltage. Of cells that are not read yet
 * nothing is too low, too high or spread.
 */
function cellRangeMv(pack: PackReading): { readonly lowMv: number; readonly highMv: number } {
  let lowMv = Number.POSITIVE_INFINITY;
  let highMv = 0;
  for (const cellMv of pack.cellsMv) {
    if (cellMv === 0) continue;
    if (cellMv < lowMv) lowMv = cellMv;
    if (cellMv > highMv) highMv = cellMv;
  }
  return { lowMv, highMv };
}

type Numbers = { readonly packs: PackClass; readonly safety: SafetyConfig };

/** A pack whose cells are not read yet is judged by its sum alone; a spread counts only where the cells are nearly full. */
export function voltageFlaw(pack: PackReading, { packs, safety }: Numbers): VoltageFlaw | undefined {
  const cells = cellRangeMv(pack);
  if (pack.packMv > packs.cells * safety.cellMaxMv || cells.highMv > safety.cellMaxMv) return "overvoltage";
  if (pack.packMv < packs.minPackMv) return "undervoltage";
  if (cells.lowMv < safety.cellMinMv) return "undervoltage";
  return cells.highMv > safety.spreadAboveMv && cells.highMv - cells.lowMv > safety.spreadMv ? "unbalanced" : undefined;
}

export function isHot(pack: PackReading, safety: SafetyConfig): boolean {
  const maxC = hottestC(pack);
  return maxC !== undefined && maxC >= safety.hotPackC;
}

export function flawOf(pack: PackReading, config: StationConfig): Flaw | undefined {
  if (isHot(pack, config.safety)) return "hot";
  if ((pack.protectionBits & damageBits) !== 0) return "damaged";
  if ((pack.protectionBits & overCurrentBit) !== 0) return "over-current";
  return voltageFlaw(pack, config);
}

/** Not to be handed out, at the first look: a damaged pack, or one whose cells cannot be right (E15). */
export const isDamaged = (pack: PackReading, config: Numbers): boolean =>
  (pack.protectionBits & damageBits) !== 0 || voltageFlaw(pack, config) !== undefined;

/** Own packs are told by their id. Whether a pack answers cryptographically is a later service. */
export const isOwnPack = (packId: string, pattern: RegExp): boolean => pattern.test(packId);
