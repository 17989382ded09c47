import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeNtc, encodeNtc, NTC_MAX_C, NTC_MIN_C, type NtcDivider } from "../../../hal/codecs/ntc-thermistor.ts";

const ground: NtcDivider = { nominalOhm: 10_000, betaK: 3_950, seriesOhm: 10_000, thermistorTo: "ground" };
const supply: NtcDivider = { ...ground, thermistorTo: "supply" };

describe("a thermistor behind a divider", () => {
  test("at 25 °C has its nominal resistance, so that equal resistors halve the supply", () => {
    expect(decodeNtc(0.5, ground)).toBe(25);
    expect(decodeNtc(0.5, supply)).toBe(25);
    expect(decodeNtc(10_000 / 14_700, { ...ground, seriesOhm: 4_700 })).toBe(25);
  });

  test("follows the definition of B between 25 °C and 85 °C (IEC 60539-1)", () => {
    const ohm85 = 10_000 / Math.exp(3_950 / ((298.15 * 358.15) / (358.15 - 298.15)));
    expect(decodeNtc(ohm85 / (ohm85 + 10_000), ground)).toBeCloseTo(85, 2);
  });

  test("that is colder gives more at the ground end and less at the supply end", () => {
    expect(encodeNtc(-20, ground)).toBeGreaterThan(encodeNtc(5, ground));
    expect(encodeNtc(-20, supply)).toBeLessThan(encodeNtc(5, supply));
  });

  test.each([ground, supply, { ...ground, nominalOhm: 100_000, betaK: 4_250, seriesOhm: 4_700 }])(
    "gives back the temperature it was read at (%j)",
    (divider) => {
      fc.assert(
        fc.property(fc.double({ min: NTC_MIN_C + 0.01, max: NTC_MAX_C - 0.01, noNaN: true }), (tempC) => {
          expect(decodeNtc(encodeNtc(tempC, divider), divider)).toBeCloseTo(tempC, 1);
        }),
      );
    },
  );

  test("off, shorted or of another kind names no temperature", () => {
    for (const share of [0, 1, -0.1, 1.1, Number.NaN, 1 / 1_023, 1_022 / 1_023]) {
      expect(decodeNtc(share, ground)).toBeUndefined();
      expect(decodeNtc(share, supply)).toBeUndefined();
    }
  });

  test("never names one beyond what such parts are rated for, whatever the share", () => {
    fc.assert(
      fc.property(fc.double(), (share) => {
        const tempC = decodeNtc(share, ground);
        if (tempC !== undefined) {
          expect(tempC).toBeGreaterThanOrEqual(NTC_MIN_C);
          expect(tempC).toBeLessThanOrEqual(NTC_MAX_C);
        }
      }),
    );
  });
});
