/**
 * Two masses that exchange heat with each other and with what surrounds them: the air and the walls of a room, the inside of
 * a fridge and what stands in it. While the surroundings stay as they are, the temperatures follow a pair of exponentials,
 * and a step uses them: it is exact for any length, never overshoots, and two short steps are one long step. Nothing here
 * decides or draws anything, and no mass changes its phase.
 */

/** Constant while a step lasts. Conductances in W/K, heat capacities in J/K, both masses > 0. */
export interface TwoMasses {
  readonly innerJPerK: number;
  readonly outerJPerK: number;
  /** Between the two. Must be > 0. */
  readonly couplingWPerK: number;
  /** Each mass to its own surroundings; 0 = insulated. */
  readonly innerLeakWPerK: number;
  readonly outerLeakWPerK: number;
}

export interface TwoTemperatures {
  readonly innerC: number;
  readonly outerC: number;
}

export interface Surroundings {
  /** What the inner mass leaks to, and what the outer one does. */
  readonly innerAroundC: number;
  readonly outerAroundC: number;
  /** Heat put into each mass; negative = taken out. */
  readonly innerHeatW: number;
  readonly outerHeatW: number;
}

export interface TwoMassesStep extends TwoTemperatures {
  /** Heat that went to the surroundings meanwhile; negative = that came in. */
  readonly lostJ: number;
}

/** Below this the exponentials are close to 1 and their differences are taken from a series, or digits would cancel. */
const SERIES_BELOW = 1e-2;

/** (exp(z) - 1) / z. */
function phi1(z: number): number {
  return Math.abs(z) < 1e-12 ? 1 + z / 2 : Math.expm1(z) / z;
}

/** (exp(z) - 1 - z) / z². */
function phi2(z: number): number {
  if (Math.abs(z) >= SERIES_BELOW) return (Math.expm1(z) - z) / (z * z);
  return 1 / 2 + z * (1 / 6 + z * (1 / 24 + z * (1 / 120 + z / 720)));
}

interface Rates {
  readonly innerPerS: number;
  readonly outerPerS: number;
  /** Two different numbers, both at most 0. */
  readonly slowPerS: number;
  readonly fastPerS: number;
}

/** The two rates at which differences die out. Real, because heat flows back and forth through one coupling. */
function ratesOf(masses: TwoMasses): Rates {
  const { innerJPerK, outerJPerK, couplingWPerK, innerLeakWPerK, outerLeakWPerK } = masses;
  const innerPerS = (couplingWPerK + innerLeakWPerK) / innerJPerK;
  const outerPerS = (couplingWPerK + outerLeakWPerK) / outerJPerK;
  const cross = (couplingWPerK * couplingWPerK) / (innerJPerK * outerJPerK);
  const half = (innerPerS + outerPerS) / 2;
  const spread = Math.sqrt(((innerPerS - outerPerS) / 2) ** 2 + cross);
  // The slow rate from the product of both, since the difference of two near numbers would lose its digits.
  const leaks = innerLeakWPerK * couplingWPerK + outerLeakWPerK * couplingWPerK + innerLeakWPerK * outerLeakWPerK;
  const product = leaks / (innerJPerK * outerJPerK);
  const fastPerS = -(half + spread);
  return { innerPerS, outerPerS, slowPerS: product / fastPerS, fastPerS };
}

/** What `seconds` of these surroundings make of the temperatures. */
export function stepTwoMasses(
  masses: TwoMasses,
  from: TwoTemperatures,
  around: Surroundings,
  seconds: number,
): TwoMassesStep {
  if (!(seconds >= 0)) throw new RangeError(`a step of ${seconds} s`);
  const { innerJPerK, outerJPerK, couplingWPerK, innerLeakWPerK, outerLeakWPerK } = masses;
  const flowW = couplingWPerK * (from.outerC - from.innerC);
  const innerGainW = flowW + innerLeakWPerK * (around.innerAroundC - from.innerC) + around.innerHeatW;
  const outerGainW = -flowW + outerLeakWPerK * (around.outerAroundC - from.outerC) + around.outerHeatW;
  const innerSlope = innerGainW / innerJPerK;
  const outerSlope = outerGainW / outerJPerK;
  const rates = ratesOf(masses);

  /** f(A) applied to the slopes, for f given at both rates: the line through the two points. */
  const apply = (atSlow: number, atFast: number): readonly [number, number] => {
    const steep = (atSlow - atFast) / (rates.slowPerS - rates.fastPerS);
    const flat = atSlow - steep * rates.slowPerS;
    const inner = -rates.innerPerS * innerSlope + (couplingWPerK / innerJPerK) * outerSlope;
    const outer = (couplingWPerK / outerJPerK) * innerSlope - rates.outerPerS * outerSlope;
    return [steep * inner + flat * innerSlope, steep * outer + flat * outerSlope];
  };
  const slow = rates.slowPerS * seconds;
  const fast = rates.fastPerS * seconds;
  const [innerRise, outerRise] = apply(seconds * phi1(slow), seconds * phi1(fast));
  const square = seconds * seconds;
  const [innerArea, outerArea] = apply(square * phi2(slow), square * phi2(fast));
  return {
    innerC: from.innerC + innerRise,
    outerC: from.outerC + outerRise,
    lostJ:
      innerLeakWPerK * ((from.innerC - around.innerAroundC) * seconds + innerArea) +
      outerLeakWPerK * ((from.outerC - around.outerAroundC) * seconds + outerArea),
  };
}

/** Where the temperatures would end if the surroundings stayed for ever. Undefined while nothing leaks anywhere. */
export function restOf(masses: TwoMasses, around: Surroundings): TwoTemperatures | undefined {
  const { couplingWPerK: c, innerLeakWPerK: inner, outerLeakWPerK: outer } = masses;
  const determinant = c * inner + c * outer + inner * outer;
  if (determinant === 0) return undefined;
  const innerW = inner * around.innerAroundC + around.innerHeatW;
  const outerW = outer * around.outerAroundC + around.outerHeatW;
  return {
    innerC: ((c + outer) * innerW + c * outerW) / determinant,
    outerC: (c * innerW + (c + inner) * outerW) / determinant,
  };
}

/** Heat stored, counted from 0 °C. */
export function storedJ(masses: TwoMasses, { innerC, outerC }: TwoTemperatures): number {
  return masses.innerJPerK * innerC + masses.outerJPerK * outerC;
}
