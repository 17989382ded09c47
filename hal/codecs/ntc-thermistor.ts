/**
 * A thermistor behind a divider: share of the supply ↔ temperature, by the B value that every data sheet gives (IEC 60539-1:
 * B = T1·T2/(T2−T1) · ln(R1/R2)). It refuses to name a temperature where the parts could not have made the voltage: a wire off,
 * a short, or a part that is not the one configured.
 */
export interface NtcDivider {
  /** Resistance of the thermistor at 25 °C. */
  readonly nominalOhm: number;
  readonly betaK: number;
  /** The fixed resistor in series with it. */
  readonly seriesOhm: number;
  /** Which end of the divider the thermistor is: with `ground` a colder one gives a higher voltage. */
  readonly thermistorTo: "ground" | "supply";
}

const ZERO_C_K = 273.15;
const NOMINAL_K = 25 + ZERO_C_K;
/** What leaded NTC thermistors are rated for; beyond it the B equation is far off as well. */
export const NTC_MIN_C = -55;
export const NTC_MAX_C = 125;

/** °C to the hundredth; undefined where no thermistor can be. */
export function decodeNtc(share: number, divider: NtcDivider): number | undefined {
  if (!(share > 0 && share < 1)) return undefined;
  const ratio = share / (1 - share);
  const ohm = divider.seriesOhm * (divider.thermistorTo === "ground" ? ratio : 1 / ratio);
  const kelvin = 1 / (1 / NOMINAL_K + Math.log(ohm / divider.nominalOhm) / divider.betaK);
  // Near its end the logarithm makes the sum zero or negative, and the quotient infinite or absurd.
  const tempC = Math.round((kelvin - ZERO_C_K) * 100) / 100;
  return tempC >= NTC_MIN_C && tempC <= NTC_MAX_C ? tempC : undefined;
}

/** What the converter sees at this temperature, as a share of its range. */
export function encodeNtc(tempC: number, divider: NtcDivider): number {
  const ohm = divider.nominalOhm * Math.exp(divider.betaK * (1 / (tempC + ZERO_C_K) - 1 / NOMINAL_K));
  const ofSupply = ohm / (ohm + divider.seriesOhm);
  return divider.thermistorTo === "ground" ? ofSupply : 1 - ofSupply;
}
