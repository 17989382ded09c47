/**
 * Water in air, as far as a room and a hygrometer need it. Saturation over water by the Magnus formula in the form of the
 * WMO guide (WMO-No. 8, 4.B: 6.112 hPa, 17.62, 243.12 °C), at sea level. Below the frost point the figures stay those over
 * water, which is what relative humidity means for every common sensor.
 */
const PRESSURE_HPA = 1_013.25;
/** Molar mass of water over that of dry air. */
const WATER_TO_AIR = 0.622;

export function saturationHpa(tempC: number): number {
  return 6.112 * Math.exp((17.62 * tempC) / (243.12 + tempC));
}

/** Kilograms of water with each kilogram of dry air. */
export function waterInAir(tempC: number, humidityPct: number): number {
  const vapourHpa = (saturationHpa(tempC) * humidityPct) / 100;
  return (WATER_TO_AIR * vapourHpa) / (PRESSURE_HPA - vapourHpa);
}

/** Up to 100 %; what is above that cannot stay in the air. */
export function humidityPctOf(tempC: number, waterKgPerKg: number): number {
  const vapourHpa = (PRESSURE_HPA * waterKgPerKg) / (WATER_TO_AIR + waterKgPerKg);
  return Math.min(100, (100 * vapourHpa) / saturationHpa(tempC));
}
