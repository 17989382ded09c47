/** How much to heat and whether to cool, at the edge of each number. */
import { describe, expect, test } from "vitest";
import { ClimateConfig } from "../../../services/climate/config.ts";
import { atRest, type Control, drive } from "../../../services/climate/control.ts";
import { type ClimateState, newClimate } from "../../../services/climate/state.ts";

const config = ClimateConfig.parse({});
const piConfig = ClimateConfig.parse({ proportional: {} });
const nowMs = 100_000_000;
const longAgoMs = nowMs - 10_000_000;
const calm: ClimateState = { ...newClimate(longAgoMs, 2), lookedMs: nowMs - 1_000 };
const { hysteresisC, frostC } = config;
const heatC = 18;
const coolC = 27;

const roomAt = (coldC: number, hotC = coldC) => ({ coldC, hotC, meanC: (coldC + hotC) / 2 });

interface Given {
  readonly was?: Partial<ClimateState>;
  readonly room: Control["room"];
  readonly more?: Partial<Control>;
  readonly of?: ClimateConfig;
}

const driven = ({ was = {}, room, more = {}, of = config }: Given) =>
  drive(
    {
      nowMs,
      was: { ...calm, ...was },
      room,
      disagrees: false,
      targets: { heatC, coolC, why: "occupied" },
      mayHeat: true,
      ...more,
    },
    of,
  );
const at = (given: Given) => driven(given).at;

describe("an on/off heater", () => {
  const heating = { at: "heat", sinceMs: longAgoMs } as const;

  test("comes on one hysteresis below its target, and stays on until it is reached", () => {
    expect(driven({ room: roomAt(heatC - hysteresisC - 0.1) })).toEqual({ at: "heat", heaterPct: 100, integralPct: 0 });
    expect(driven({ room: roomAt(heatC - hysteresisC) })).toEqual(atRest);
    expect(at({ was: heating, room: roomAt(heatC - 0.1) })).toBe("heat");
    expect(at({ was: heating, room: roomAt(heatC) })).toBe("rest");
  });

  test("stays on its least time, unless a sensor is a hysteresis above the target", () => {
    const young = (ageMs: number) => ({ at: "heat", sinceMs: nowMs - ageMs }) as const;
    expect(at({ was: young(config.heaterMinOnMs - 1), room: roomAt(heatC + 0.5) })).toBe("heat");
    expect(at({ was: young(config.heaterMinOnMs), room: roomAt(heatC + 0.5) })).toBe("rest");
    expect(at({ was: young(0), room: roomAt(heatC, heatC + hysteresisC) })).toBe("rest");
  });

  test("stays off its least time, unless the room comes near to frost", () => {
    const rested = (ageMs: number) => ({ heatedMs: nowMs - ageMs });
    expect(at({ was: rested(config.heaterMinOffMs - 1), room: roomAt(10) })).toBe("rest");
    expect(at({ was: rested(config.heaterMinOffMs), room: roomAt(10) })).toBe("heat");
    expect(at({ was: rested(0), room: roomAt(frostC + hysteresisC - 0.1) })).toBe("heat");
    expect(at({ was: rested(0), room: roomAt(frostC + hysteresisC) })).toBe("rest");
  });

  test("waits after cooling, unless the room comes near to frost or it heats already", () => {
    const cooled = (ageMs: number, more: object = {}) => ({ cooledMs: nowMs - ageMs, ...more });
    expect(at({ was: cooled(config.changeoverMs - 1), room: roomAt(10) })).toBe("rest");
    expect(at({ was: cooled(config.changeoverMs), room: roomAt(10) })).toBe("heat");
    expect(at({ was: cooled(0), room: roomAt(frostC) })).toBe("heat");
    expect(at({ was: cooled(0, heating), room: roomAt(10) })).toBe("heat");
  });

  test("is none where it is forbidden or not there", () => {
    expect(driven({ room: roomAt(0), more: { mayHeat: false } })).toEqual(atRest);
    expect(driven({ room: roomAt(0), of: { ...config, hasHeater: false } })).toEqual(atRest);
    expect(driven({ was: heating, room: roomAt(0), more: { mayHeat: false } })).toEqual(atRest);
  });

  test("between sensors that disagree holds the frost floor by the colder, and ends at the warmest target by the hotter", () => {
    const more = { disagrees: true };
    expect(at({ room: roomAt(frostC + hysteresisC - 0.1, 17), more })).toBe("heat");
    expect(at({ room: roomAt(frostC + hysteresisC, 17), more })).toBe("rest");
    expect(at({ was: heating, room: roomAt(frostC + 2 * hysteresisC - 0.1, 17), more })).toBe("heat");
    expect(at({ was: heating, room: roomAt(frostC + 2 * hysteresisC, 17), more })).toBe("rest");
    expect(at({ room: roomAt(0, 17.9), more })).toBe("heat");
    expect(at({ room: roomAt(0, 18), more })).toBe("rest");
    const fine = { ...config, hysteresisC: 0.5 };
    expect(at({ was: heating, room: roomAt(frostC + 0.9, 17), more, of: fine })).toBe("heat");
    expect(at({ was: heating, room: roomAt(frostC + 1, 17), more, of: fine })).toBe("rest");
    const warmer = { ...config, periods: [...config.periods, { ...config.periods[0]!, heatC: 20 }] };
    expect(at({ room: roomAt(0, 19), more, of: warmer })).toBe("heat");
    expect(at({ room: roomAt(0, 17), more, of: piConfig })).toBe("heat");
  });
});

describe("a proportional heater", () => {
  const pct = (meanC: number, was: Partial<ClimateState> = {}, targetC = heatC) =>
    driven({
      room: roomAt(meanC),
      was,
      of: piConfig,
      more: { targets: { heatC: targetC, coolC: undefined, why: "occupied" } },
    });

  test("gives power by the degrees that are missing, between nothing and everything", () => {
    expect(pct(17).heaterPct).toBeCloseTo(30, 0);
    expect(pct(16).heaterPct).toBeCloseTo(60, 0);
    expect(pct(5)).toMatchObject({ at: "heat", heaterPct: 100 });
    expect(pct(19)).toEqual({ at: "rest", heaterPct: 0, integralPct: 0 });
  });

  test("gives none where it would be less than worth it", () => {
    expect(pct(17.9, { lookedMs: nowMs }).heaterPct).toBe(0);
    expect(pct(17.9, { lookedMs: nowMs }).at).toBe("rest");
    expect(pct(18, { integralPct: 5, lookedMs: nowMs })).toMatchObject({ at: "heat", heaterPct: 5 });
    expect(pct(18, { integralPct: 4.9, lookedMs: nowMs })).toMatchObject({
      at: "rest",
      heaterPct: 0,
      integralPct: 4.9,
    });
  });

  test("remembers what was missing, at most five seconds for one look, and forgets it when it is too warm", () => {
    const grown = (ms: number, meanC = 17, integralPct = 20) =>
      pct(meanC, { integralPct, lookedMs: nowMs - ms }).integralPct;
    expect(grown(4_000)).toBeCloseTo(20 + (1.5 * 4) / 60, 6);
    expect(grown(5_000)).toBeCloseTo(20 + (1.5 * 5) / 60, 6);
    expect(grown(60_000)).toBeCloseTo(20 + (1.5 * 5) / 60, 6);
    expect(grown(4_000, 18.5)).toBeCloseTo(20 - (0.75 * 4) / 60, 6);
  });

  test("does not wind up against its ends: neither at full power, nor at none", () => {
    expect(pct(5, { integralPct: 40, lookedMs: nowMs - 4_000 }).integralPct).toBe(40);
    expect(pct(25, { integralPct: 40, lookedMs: nowMs - 4_000 }).integralPct).toBe(40);
    expect(pct(18, { integralPct: 100, lookedMs: nowMs - 4_000 })).toMatchObject({ heaterPct: 100, integralPct: 100 });
    expect(pct(18, { integralPct: 0, lookedMs: nowMs - 4_000 }).integralPct).toBe(0);
    expect(pct(17.99, { integralPct: 99.6, lookedMs: nowMs - 4_000 }).integralPct).toBeGreaterThan(99.6);
  });
});

describe("the cooler", () => {
  const cooling = (ageMs: number) => ({ at: "cool", sinceMs: nowMs - ageMs }) as const;
  const cooled = { at: "cool", heaterPct: 0, integralPct: 0 };

  test("comes on a hysteresis above its target, and goes off at it", () => {
    expect(driven({ room: roomAt(coolC + hysteresisC + 0.1) })).toEqual(cooled);
    expect(at({ room: roomAt(coolC + hysteresisC) })).toBe("rest");
    expect(driven({ was: cooling(1e6), room: roomAt(coolC + 0.1) })).toEqual(cooled);
    expect(at({ was: cooling(1e6), room: roomAt(coolC) })).toBe("rest");
  });

  test("runs its least time, and goes off for everything graver", () => {
    expect(at({ was: cooling(config.coolerMinOnMs - 1), room: roomAt(20) })).toBe("cool");
    expect(at({ was: cooling(config.coolerMinOnMs), room: roomAt(20) })).toBe("rest");
    expect(at({ was: cooling(0), room: roomAt(config.coolMinC) })).toBe("rest");
    expect(at({ was: cooling(0), room: roomAt(config.coolMinC + 0.1) })).toBe("cool");
    expect(at({ was: cooling(0), room: roomAt(30), more: { disagrees: true } })).toBe("rest");
    expect(
      at({ was: cooling(1e6), room: roomAt(30), more: { targets: { heatC, coolC: undefined, why: "frost" } } }),
    ).toBe("rest");
  });

  test("rests after itself and after the heater, and is none where nothing is to be cooled", () => {
    const hot = roomAt(35);
    const restMs = config.coolerMinOffMs + 2_000;
    expect(at({ was: { coolerOffMs: nowMs - config.coolerMinOffMs + 1 }, room: hot })).toBe("rest");
    expect(at({ was: { coolerOffMs: nowMs - restMs }, room: hot })).toBe("cool");
    expect(at({ was: { heatedMs: nowMs - config.changeoverMs + 1 }, room: hot })).toBe("rest");
    expect(at({ was: { heatedMs: nowMs - config.changeoverMs }, room: hot })).toBe("cool");
    expect(at({ room: hot, of: { ...config, hasCooler: false } })).toBe("rest");
    expect(at({ room: hot, more: { targets: { heatC, coolC: undefined, why: "frost" } } })).toBe("rest");
    expect(at({ room: hot, more: { disagrees: true } })).toBe("rest");
  });

  test("waits for the heater where both are wanted", () => {
    const more = { targets: { heatC: 18, coolC: 14, why: "occupied" } } as const;
    const heats = { at: "heat", heaterPct: 100, integralPct: 0 };
    expect(driven({ room: roomAt(16.5), more, of: { ...config, coolMinC: 15 } })).toEqual(heats);
  });

  test("never begins at the look at which the heater ends, and runs on in a room without a heater that is near to frost", () => {
    expect(at({ was: { at: "heat", sinceMs: longAgoMs, coolerOffMs: longAgoMs }, room: roomAt(35) })).toBe("rest");
    const cold = { ...config, frostC: 20 };
    expect(at({ was: cooling(0), room: roomAt(20.9), of: cold })).toBe("rest");
    expect(at({ was: cooling(0), room: roomAt(20.9), of: { ...cold, hasHeater: false } })).toBe("cool");
  });
});
