/**
 * What a cell of the simulated packs does: open-circuit voltage, resistance and usable charge by temperature. Shapes of a
 * nickel-manganese-cobalt cell, rounded; they give a controller realistic numbers and prove nothing about a real cell.
 */

/** Open-circuit mV of one cell at 0, 10, … 100 % charge. At 100 % it equals the end-of-charge voltage: current dies out. */
const OCV_MV = [3_000, 3_450, 3_550, 3_610, 3_660, 3_730, 3_820, 3_910, 3_990, 4_080, 4_200] as const;

/** Below 25 °C resistance grows by this factor per kelvin: about 3 times at 0 °C, capped for the deepest cold. */
const RESISTANCE_PER_K = 0.045;
const RESISTANCE_FACTOR_MAX = 8;

/** Open-circuit voltage of one cell, mV, at `soc` 0..1. */
export function cellOcvMv(soc: number): number {
  if (soc <= 0) return OCV_MV[0];
  if (soc >= 1) return OCV_MV[10];
  const at = Math.floor(soc * 10);
  const low = OCV_MV[at] as number;
  return low + ((OCV_MV[at + 1] as number) - low) * (soc * 10 - at);
}

/** Resistance at `tempC` relative to that at 25 °C. */
export function resistanceFactor(tempC: number): number {
  if (tempC >= 25) return 1;
  return Math.min(RESISTANCE_FACTOR_MAX, Math.exp(RESISTANCE_PER_K * (25 - tempC)));
}

/** Share of the charge that can be drawn at `tempC`: all at 25 °C, 0.8 at 0 °C, 0.5 at -25 °C and no less than 0.4. */
export function usableShare(tempC: number): number {
  if (tempC >= 25) return 1;
  if (tempC >= 0) return 0.8 + (0.2 * tempC) / 25;
  return Math.max(0.4, 0.8 + (0.3 * tempC) / 25);
}
