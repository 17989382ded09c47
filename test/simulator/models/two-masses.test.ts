import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  restOf,
  type Surroundings,
  stepTwoMasses,
  storedJ,
  type TwoMasses,
  type TwoTemperatures,
} from "../../../simulator/models/two-masses.ts";

const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const masses = fc.record<TwoMasses>({
  innerJPerK: between(1e3, 1e7),
  outerJPerK: between(1e3, 1e8),
  couplingWPerK: between(0.5, 2_000),
  innerLeakWPerK: fc.oneof(fc.constant(0), between(0.1, 2_000)),
  outerLeakWPerK: fc.oneof(fc.constant(0), between(0.1, 500)),
});
const temperatures = fc.record<TwoTemperatures>({ innerC: between(-40, 60), outerC: between(-40, 60) });
const around = fc.record<Surroundings>({
  innerAroundC: between(-40, 60),
  outerAroundC: between(-40, 60),
  innerHeatW: between(-10_000, 15_000),
  outerHeatW: between(-1_000, 1_000),
});
const seconds = fc.oneof(between(0, 10), between(0, 3_600), between(0, 864_000));
const UNHEATED = { innerHeatW: 0, outerHeatW: 0 };

describe("two masses", () => {
  test("keep every joule: what came in is stored or went out", () => {
    fc.assert(
      fc.property(masses, temperatures, around, seconds, (two, from, air, span) => {
        const to = stepTwoMasses(two, from, air, span);
        const cameInJ = (air.innerHeatW + air.outerHeatW) * span;
        const scaleJ =
          Math.abs(cameInJ) + Math.abs(to.lostJ) + Math.abs(storedJ(two, from)) + Math.abs(storedJ(two, to));
        // What was lost is a mean difference of temperatures times this; a difference near 0 has lost its last digits.
        const hottest = Math.max(...[from.innerC, from.outerC, air.innerAroundC, air.outerAroundC].map(Math.abs));
        const leakedJ = (two.innerLeakWPerK + two.outerLeakWPerK) * span * hottest;
        expect(Math.abs(cameInJ - to.lostJ - (storedJ(two, to) - storedJ(two, from)))).toBeLessThan(
          1e-8 * scaleJ + 1e-9 * leakedJ + 1e-3,
        );
      }),
    );
  });

  test("do not care into how many steps a time is cut", () => {
    fc.assert(
      fc.property(
        masses,
        temperatures,
        around,
        fc.record({ span: seconds, cuts: fc.integer({ min: 2, max: 9 }) }),
        (two, from, air, { span, cuts }) => {
          const whole = stepTwoMasses(two, from, air, span);
          let now: TwoTemperatures = from;
          let lostJ = 0;
          for (let cut = 0; cut < cuts; cut++) {
            const step = stepTwoMasses(two, now, air, span / cuts);
            now = step;
            lostJ += step.lostJ;
          }
          const closeC = 1e-6 * (1 + Math.abs(whole.innerC) + Math.abs(whole.outerC));
          expect(Math.abs(now.innerC - whole.innerC)).toBeLessThan(closeC);
          expect(Math.abs(now.outerC - whole.outerC)).toBeLessThan(closeC);
          // What is lost is the small difference of two large sums where a light mass leaks much for days.
          const sumsJ = flowScaleW(two, from, air) * span;
          expect(Math.abs(lostJ - whole.lostJ)).toBeLessThan(
            1e-6 * (1 + Math.abs(whole.lostJ)) + storeScale(two) * 1e-9 + sumsJ * 1e-11,
          );
        },
      ),
    );
  });

  test("left alone, never leave the span between the hottest and the coldest about them", () => {
    fc.assert(
      fc.property(masses, temperatures, around, seconds, (two, from, air, span) => {
        const to = stepTwoMasses(two, from, { ...air, ...UNHEATED }, span);
        const all = [from.innerC, from.outerC, air.innerAroundC, air.outerAroundC];
        for (const tempC of [to.innerC, to.outerC]) {
          expect(tempC).toBeGreaterThanOrEqual(Math.min(...all) - 1e-7);
          expect(tempC).toBeLessThanOrEqual(Math.max(...all) + 1e-7);
        }
      }),
    );
  });

  test("come to rest where the sums say, and stay there", () => {
    fc.assert(
      fc.property(masses, temperatures, around, (two, from, air) => {
        const rest = restOf(two, air);
        if (rest === undefined) return;
        // Rounding is a share of the largest number in the sums, and that may be where they came from.
        const largestC = Math.max(
          1,
          ...[rest, from].flatMap(({ innerC, outerC }) => [Math.abs(innerC), Math.abs(outerC)]),
        );
        const closeC = 1e-6 * largestC;
        const still = stepTwoMasses(two, rest, air, 86_400);
        expect(Math.abs(still.innerC - rest.innerC)).toBeLessThan(closeC);
        const late = stepTwoMasses(two, from, air, 1e12);
        expect(Math.abs(late.innerC - rest.innerC)).toBeLessThan(closeC);
        expect(Math.abs(late.outerC - rest.outerC)).toBeLessThan(closeC);
      }),
    );
  });

  test("nothing leaking anywhere, share their heat and have no end to go to", () => {
    const two: TwoMasses = {
      innerJPerK: 1_000,
      outerJPerK: 3_000,
      couplingWPerK: 10,
      innerLeakWPerK: 0,
      outerLeakWPerK: 0,
    };
    const still = { innerAroundC: 99, outerAroundC: -99, ...UNHEATED };
    const to = stepTwoMasses(two, { innerC: 40, outerC: 0 }, still, 1e6);
    expect(to.innerC).toBeCloseTo(10, 9);
    expect(to.outerC).toBeCloseTo(10, 9);
    expect(to.lostJ).toBe(0);
    expect(restOf(two, still)).toBeUndefined();
    // A kilowatt for an hour into four kilojoules a kelvin.
    const heated = stepTwoMasses(two, { innerC: 0, outerC: 0 }, { ...still, innerHeatW: 1_000 }, 3_600);
    expect(storedJ(two, heated)).toBeCloseTo(3_600_000, 3);
  });

  test("tied fast together, halve their distance to the surroundings in exactly ln 2 time constants", () => {
    const two: TwoMasses = {
      innerJPerK: 50_000,
      outerJPerK: 50_000,
      couplingWPerK: 1e9,
      innerLeakWPerK: 5,
      outerLeakWPerK: 5,
    };
    const air = { innerAroundC: -20, outerAroundC: -20, ...UNHEATED };
    const halfLifeS = (Math.LN2 * 100_000) / 10;
    let now: TwoTemperatures = { innerC: 20, outerC: 20 };
    for (const expectedC of [0, -10, -15, -17.5]) {
      now = stepTwoMasses(two, now, air, halfLifeS);
      expect(now.innerC).toBeCloseTo(expectedC, 6);
    }
  });

  test("agree with a million small steps of the plain balance", () => {
    const two: TwoMasses = {
      innerJPerK: 2e6,
      outerJPerK: 4e7,
      couplingWPerK: 900,
      innerLeakWPerK: 90,
      outerLeakWPerK: 96,
    };
    const air = { innerAroundC: -35, outerAroundC: -30, innerHeatW: 9_000, outerHeatW: 50 };
    let innerC = 15;
    let outerC = 5;
    const stepS = 0.0864;
    for (let at = 0; at < 1_000_000; at++) {
      const flowW = 900 * (outerC - innerC);
      innerC += ((flowW + 90 * (-35 - innerC) + 9_000) / 2e6) * stepS;
      outerC += ((-flowW + 96 * (-30 - outerC) + 50) / 4e7) * stepS;
    }
    const to = stepTwoMasses(two, { innerC: 15, outerC: 5 }, air, 86_400);
    expect(to.innerC).toBeCloseTo(innerC, 3);
    expect(to.outerC).toBeCloseTo(outerC, 3);
  });

  test.each([5e4, 5e5, 9.9e5, 1.1e6])(
    "lose exactly what they cool by, also where the exponentials barely move (%d s)",
    (span) => {
      const two: TwoMasses = {
        innerJPerK: 1e8,
        outerJPerK: 2e8,
        couplingWPerK: 0.1,
        innerLeakWPerK: 0.8,
        outerLeakWPerK: 1.5,
      };
      const from = { innerC: 20, outerC: 15 };
      const to = stepTwoMasses(two, from, { innerAroundC: 0, outerAroundC: 0, ...UNHEATED }, span);
      const cooledJ = two.innerJPerK * (from.innerC - to.innerC) + two.outerJPerK * (from.outerC - to.outerC);
      expect(Math.abs(to.lostJ / cooledJ - 1)).toBeLessThan(1e-10);
    },
  );

  test("refuse to go back in time", () => {
    const two = { innerJPerK: 1, outerJPerK: 1, couplingWPerK: 1, innerLeakWPerK: 1, outerLeakWPerK: 1 };
    const air = { innerAroundC: 0, outerAroundC: 0, ...UNHEATED };
    for (const span of [-1, Number.NaN]) {
      expect(() => stepTwoMasses(two, { innerC: 0, outerC: 0 }, air, span)).toThrow(RangeError);
    }
  });
});

/** Joules in one kelvin of both, for tolerances. */
function storeScale(two: TwoMasses): number {
  return (two.innerJPerK + two.outerJPerK) * 100;
}

/** Watts to the surroundings at the start, whichever way, for tolerances. */
function flowScaleW(two: TwoMasses, from: TwoTemperatures, air: Surroundings): number {
  const innerW = two.innerLeakWPerK * Math.abs(from.innerC - air.innerAroundC);
  return innerW + two.outerLeakWPerK * Math.abs(from.outerC - air.outerAroundC);
}
