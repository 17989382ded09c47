import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  PERSON_W,
  type RoomInputs,
  type RoomState,
  roomAt,
  roomHumidityPct,
  roomMasses,
  roomStoredJ,
  stepRoom,
  UNION_ROOM,
} from "../../../simulator/models/heated-room.ts";
import { humidityPctOf, saturationHpa, waterInAir } from "../../../simulator/models/humid-air.ts";
import { createWeather } from "../../../simulator/models/weather.ts";
import { createRandom } from "../../../simulator/random.ts";

const IDLE: RoomInputs = {
  outdoorC: -20,
  outdoorHumidityPct: 60,
  heaterW: 0,
  coolerW: 0,
  otherW: 0,
  people: 0,
  doorOpen: false,
};
const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const inputs = fc.record<RoomInputs>({
  outdoorC: between(-35, 42),
  outdoorHumidityPct: between(5, 100),
  heaterW: between(0, 15_000),
  coolerW: between(0, 8_000),
  otherW: between(0, 2_000),
  people: fc.nat(12),
  doorOpen: fc.boolean(),
});
const states = fc
  .record({ airC: between(-10, 40), wallC: between(-10, 40), humidityPct: between(1, 99) })
  .map(({ airC, wallC, humidityPct }): RoomState => ({ airC, wallC, waterKgPerKg: waterInAir(airC, humidityPct) }));
const span = between(0.1, 7_200);

/** Watts that keep the closed room at this temperature. */
const needW = (insideC: number, outdoorC: number): number => {
  const { couplingWPerK, innerLeakWPerK, outerLeakWPerK } = roomMasses(UNION_ROOM);
  return (innerLeakWPerK + 1 / (1 / couplingWPerK + 1 / outerLeakWPerK)) * (insideC - outdoorC);
};

/** Ten-second pieces and one-second pieces; a whole two minutes in one piece would be many times further off. */
const DOOR_CLOSE_C = 0.03;

describe("the heated room", () => {
  test("needs about as much heat as a renewed building of its size: nine to ten kilowatts at -35 °C", () => {
    expect(needW(20, -35)).toBeGreaterThan(9_000);
    expect(needW(20, -35)).toBeLessThan(10_500);
    const rest = stepRoom(UNION_ROOM, roomAt(20, 30), { ...IDLE, outdoorC: -35, heaterW: needW(20, -35) }, 1e9);
    expect(rest.airC).toBeCloseTo(20, 6);
  });

  test("keeps every joule, whoever is in it and whatever stands open", () => {
    fc.assert(
      fc.property(states, inputs, span, (from, acting, seconds) => {
        const to = stepRoom(UNION_ROOM, from, acting, seconds);
        const changeJ = roomStoredJ(UNION_ROOM, to) - roomStoredJ(UNION_ROOM, from);
        const scaleJ = Math.abs(to.heatedJ) + Math.abs(to.lostJ) + Math.abs(roomStoredJ(UNION_ROOM, from));
        expect(Math.abs(to.heatedJ - to.lostJ - changeJ)).toBeLessThan(1e-9 * scaleJ + 1);
        const heatW = acting.heaterW - acting.coolerW + acting.otherW + PERSON_W * acting.people;
        expect(to.heatedJ).toBeCloseTo(heatW * seconds, 3);
      }),
    );
  });

  test("with its door closed it does not care into how many steps a time is cut", () => {
    fc.assert(
      fc.property(states, inputs, span, (from, acting, seconds) => {
        const closed = { ...acting, doorOpen: false };
        const whole = stepRoom(UNION_ROOM, from, closed, seconds);
        const half = stepRoom(UNION_ROOM, from, closed, seconds / 2);
        const twice = stepRoom(UNION_ROOM, half, closed, seconds / 2);
        expect(twice.airC).toBeCloseTo(whole.airC, 8);
        expect(twice.wallC).toBeCloseTo(whole.wallC, 8);
      }),
    );
  });

  test("with its door open, steps of a second and of two minutes tell nearly the same", () => {
    const open = { ...IDLE, outdoorC: -35, doorOpen: true, heaterW: 12_000 };
    const coarse = stepRoom(UNION_ROOM, roomAt(20, 30), open, 120);
    let fine: RoomState = roomAt(20, 30);
    for (let at = 0; at < 120; at++) fine = stepRoom(UNION_ROOM, fine, open, 1);
    expect(Math.abs(coarse.airC - fine.airC)).toBeLessThan(DOOR_CLOSE_C);
    // Two minutes of open door at -35 °C cost the air a few degrees, not all of them.
    expect(fine.airC).toBeLessThan(19);
    expect(fine.airC).toBeGreaterThan(12);
  });

  test("unheated, falls to the weather without ever passing it or swinging back", () => {
    fc.assert(
      fc.property(between(-35, 42), fc.boolean(), fc.constantFrom(1, 60, 900, 86_400), (outdoorC, doorOpen, stepS) => {
        let now: RoomState = roomAt(20, 40);
        const up = outdoorC > 20;
        for (let at = 0; at < 60; at++) {
          const next = stepRoom(UNION_ROOM, now, { ...IDLE, outdoorC, doorOpen: doorOpen && stepS < 1_000 }, stepS);
          const slackC = 1e-9;
          expect(up ? next.airC >= now.airC - slackC : next.airC <= now.airC + slackC).toBe(true);
          expect(up ? next.airC <= outdoorC + slackC : next.airC >= outdoorC - slackC).toBe(true);
          now = next;
        }
      }),
      { numRuns: 60 },
    );
  });

  test("its air answers a heater within the hour, its walls within days", () => {
    const heated = { ...IDLE, outdoorC: 0, heaterW: 8_000 };
    const hour = stepRoom(UNION_ROOM, roomAt(0, 60), heated, 3_600);
    expect(hour.airC).toBeGreaterThan(5);
    expect(hour.wallC).toBeLessThan(hour.airC / 3);
    const day = stepRoom(UNION_ROOM, roomAt(0, 60), heated, 86_400);
    const week = stepRoom(UNION_ROOM, roomAt(0, 60), heated, 7 * 86_400);
    expect(week.airC - day.airC).toBeGreaterThan(3);
  });

  test("a power cut in the coldest night leaves hours, not minutes, before it freezes", () => {
    const warm: RoomState = stepRoom(
      UNION_ROOM,
      roomAt(20, 30),
      { ...IDLE, outdoorC: -35, heaterW: needW(20, -35) },
      1e9,
    );
    let hours = 0;
    let now = warm;
    while (now.airC > 0 && hours < 200) {
      now = stepRoom(UNION_ROOM, now, { ...IDLE, outdoorC: -35 }, 3_600);
      hours++;
    }
    expect(hours).toBeGreaterThan(6);
    expect(hours).toBeLessThan(48);
  });

  test("dry in winter, damp with people in it, never over 100 %", () => {
    const winter = stepRoom(UNION_ROOM, roomAt(20, 50), { ...IDLE, outdoorC: -25, heaterW: needW(20, -25) }, 86_400);
    expect(roomHumidityPct(winter)).toBeLessThan(5);
    const crowd = stepRoom(UNION_ROOM, roomAt(20, 30), { ...IDLE, outdoorC: 18, people: 12 }, 3 * 3_600);
    expect(roomHumidityPct(crowd)).toBeGreaterThan(50);
    fc.assert(
      fc.property(states, inputs, span, (from, acting, seconds) => {
        const to = stepRoom(UNION_ROOM, from, acting, seconds);
        const humidityPct = roomHumidityPct(to);
        expect(to.waterKgPerKg).toBeLessThanOrEqual(waterInAir(to.airC, 100));
        expect(humidityPct).toBeGreaterThan(0);
        expect(humidityPct).toBeLessThanOrEqual(100);
      }),
    );
  });

  test("halves its water's distance to the outdoors in exactly ln 2 air changes, and each person adds what they breathe", () => {
    const dry = { ...IDLE, outdoorC: 0, outdoorHumidityPct: 50, heaterW: needW(20, 0) };
    const outdoors = waterInAir(0, 50);
    const halfLifeS = (Math.LN2 * 3_600) / UNION_ROOM.airChangesPerHour;
    const from: RoomState = stepRoom(UNION_ROOM, { ...roomAt(20, 0), waterKgPerKg: 0.008 }, dry, 0);
    const half = stepRoom(UNION_ROOM, from, dry, halfLifeS);
    expect(half.waterKgPerKg - outdoors).toBeCloseTo((0.008 - outdoors) / 2, 12);
    const rest = stepRoom(UNION_ROOM, from, { ...dry, people: 4 }, 1e6);
    // Four people, 55 W of latent heat each, into half a room volume of air an hour.
    const airKgPerS = (118 * 3 * 1.2 * 0.5) / 3_600;
    expect(rest.waterKgPerKg - outdoors).toBeCloseTo((4 * 55) / 2_500_000 / airKgPerS, 9);
  });

  test("a month of the station's own weather, with a plain thermostat, stays at its temperature", () => {
    const weather = createWeather({ meanC: -5 }, Date.UTC(2026, 0, 1), createRandom("month"));
    let now: RoomState = roomAt(18, 30);
    let heating = false;
    for (let minute = 0; minute < 30 * 1_440; minute++) {
      heating = now.airC < 17.5 || (heating && now.airC < 18.5);
      const outdoorC = weather.outdoorC(minute * 60_000);
      now = stepRoom(UNION_ROOM, now, { ...IDLE, outdoorC, heaterW: heating ? 12_000 : 0, people: 1 }, 60);
      if (minute > 60) expect(now.airC > 17 && now.airC < 19).toBe(true);
    }
  });
});

describe("humid air", () => {
  // WMO guide and common psychrometric tables: saturation pressure over water.
  test.each([
    [0, 6.11],
    [10, 12.27],
    [20, 23.37],
    [30, 42.43],
  ])("at %d °C holds vapour of %d hPa", (tempC, hpa) => {
    expect(Math.abs(saturationHpa(tempC) - hpa)).toBeLessThan(0.01 * hpa);
  });

  test("water in air and relative humidity are each other's inverse", () => {
    fc.assert(
      fc.property(between(-40, 45), between(0.1, 100), (tempC, humidityPct) => {
        expect(humidityPctOf(tempC, waterInAir(tempC, humidityPct))).toBeCloseTo(humidityPct, 6);
      }),
    );
  });
});
