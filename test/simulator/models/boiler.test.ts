import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  BOILER_DRY_KG,
  BOILER_FUSE_C,
  BOILER_KG_MAX,
  BOILER_W,
  boilerAt,
  boilerStoredJ,
  drawWater,
  refill,
  stepBoiler,
} from "../../../simulator/models/boiler.ts";

const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const JOULES_PER_KG_STEAM = 2_257_000;

describe("the boiler", () => {
  test("keeps every joule: warming, boiling, standing dry and standing dead", () => {
    fc.assert(
      fc.property(
        between(0, BOILER_KG_MAX),
        between(1, 99),
        fc.boolean(),
        between(-10, 40),
        (waterKg, tempC, heating, roomC) => {
          for (const seconds of [0, 30, 600, 7_200, 86_400]) {
            const from = boilerAt(waterKg, tempC);
            const to = stepBoiler(from, heating, roomC, seconds);
            // Steam leaves at 100 °C: with its heat of boiling, and with the heat its water held.
            const steamJ = to.boiledOffKg * (JOULES_PER_KG_STEAM + 4_186 * 100);
            const changeJ = boilerStoredJ(to) - boilerStoredJ(from);
            expect(Math.abs(to.electricJ - to.lostJ - steamJ - changeJ)).toBeLessThan(1e-8 * (to.electricJ + 1e6));
            expect(to.waterKg + to.boiledOffKg).toBeCloseTo(waterKg, 9);
          }
        },
      ),
    );
  });

  test("left alone, halves its distance to the room in exactly ln 2 time constants", () => {
    const halfLifeS = Math.LN2 * (2_000 + 250 + 8 * 4_186);
    let now = boilerAt(8, 92);
    for (const expectedC of [56, 38, 29]) {
      now = stepBoiler(now, false, 20, halfLifeS);
      expect(now.waterC).toBeCloseTo(expectedC, 9);
      expect(now.elementC).toBe(now.waterC);
    }
  });

  test("does not care into how many steps a time is cut", () => {
    fc.assert(
      fc.property(
        between(0, 10),
        between(1, 99),
        between(1, 40_000),
        fc.integer({ min: 2, max: 7 }),
        (kg, c, s, cuts) => {
          const whole = stepBoiler(boilerAt(kg, c), true, 20, s);
          let now = boilerAt(kg, c);
          for (let cut = 0; cut < cuts; cut++) now = stepBoiler(now, true, 20, s / cuts);
          expect(now.waterC).toBeCloseTo(whole.waterC, 5);
          expect(now.elementC).toBeCloseTo(whole.elementC, 4);
          expect(now.waterKg).toBeCloseTo(whole.waterKg, 7);
        },
      ),
    );
  });

  test("boils at 100 °C and not above, and boils away at the rate of its power", () => {
    const boiling = stepBoiler(boilerAt(8, 99.9), true, 20, 3_600);
    expect(boiling.waterC).toBe(100);
    expect(boiling.boiledOffKg).toBeGreaterThan(2.9);
    expect(boiling.boiledOffKg).toBeLessThan((BOILER_W * 3_600) / JOULES_PER_KG_STEAM);
  });

  test("left boiling, its element stands dry and the fuse blows within half a minute, for good", () => {
    const dry = stepBoiler(boilerAt(BOILER_DRY_KG, 60), true, 20, 10);
    expect(dry.fuseOk).toBe(true);
    expect(dry.elementC).toBeGreaterThan(100);
    const blown = stepBoiler(boilerAt(8, 20), true, 20, 86_400);
    expect(blown.fuseOk).toBe(false);
    expect(blown.waterKg).toBe(BOILER_DRY_KG);
    expect(blown.electricJ).toBeLessThan(86_400 * BOILER_W * 0.2);
    const later = stepBoiler(refill(blown, 5, 10).boiler, true, 20, 3_600);
    expect(later).toMatchObject({ fuseOk: false, electricJ: 0 });
  });

  test("the element never passes the fuse's temperature", () => {
    fc.assert(
      fc.property(between(0, 2), between(1, 99), between(0, 20_000), (kg, tempC, seconds) => {
        expect(stepBoiler(boilerAt(kg, tempC), true, 25, seconds).elementC).toBeLessThanOrEqual(BOILER_FUSE_C + 1e-6);
      }),
    );
  });

  test("gives no more water than it has, takes no more than it holds, and mixes by heat", () => {
    expect(drawWater(boilerAt(2, 80), 5)).toMatchObject({ kg: 2, tempC: 80, boiler: { waterKg: 0 } });
    expect(drawWater(boilerAt(2, 80), -1).kg).toBe(0);
    expect(refill(boilerAt(8, 80), 5, 10).kg).toBeCloseTo(2, 12);
    fc.assert(
      fc.property(between(0, 10), between(1, 99), between(0, 10), between(1, 30), (kg, tempC, added, coldC) => {
        const from = boilerAt(kg, tempC);
        const { boiler, kg: ranInKg } = refill(from, added, coldC);
        expect(boilerStoredJ(boiler)).toBeCloseTo(boilerStoredJ(from) + ranInKg * 4_186 * coldC, 3);
        expect(boiler.waterKg).toBeLessThanOrEqual(BOILER_KG_MAX);
      }),
    );
  });
});
