import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  CAN_J_PER_K,
  COMPRESSOR_REST_S,
  DEFROST_W,
  type FridgeInputs,
  type FridgeState,
  fridgeAt,
  fridgeStoredJ,
  restock,
  stepFridge,
  takeCan,
} from "../../../simulator/models/fridge.ts";

const IDLE: FridgeInputs = { roomC: 22, roomHumidityPct: 50, compressorOn: false, doorOpen: false, defrostOn: false };
const RUNNING: FridgeInputs = { ...IDLE, compressorOn: true };
const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const states = fc
  .record({ airC: between(-10, 40), cansC: between(-10, 40), cans: fc.nat(300), frostKg: between(0, 1) })
  .map((some): FridgeState => ({ ...fridgeAt(0, 0), ...some }));
const inputs = fc.record<FridgeInputs>({
  roomC: between(-20, 42),
  roomHumidityPct: between(5, 100),
  compressorOn: fc.boolean(),
  doorOpen: fc.boolean(),
  defrostOn: fc.boolean(),
});

describe("the fridge", () => {
  test("keeps every joule, in every state, through a defrost and out of it", () => {
    fc.assert(
      fc.property(states, inputs, between(0, 7_200), (from, acting, seconds) => {
        const to = stepFridge(from, acting, seconds);
        const changeJ = fridgeStoredJ(to) - fridgeStoredJ(from);
        const scaleJ = Math.abs(to.cooledJ) + Math.abs(to.leakedInJ) + Math.abs(fridgeStoredJ(from)) + to.warmedJ;
        expect(Math.abs(to.leakedInJ + to.warmedJ - to.cooledJ - changeJ)).toBeLessThan(1e-9 * scaleJ + 1);
        expect(to.frostKg).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test("never becomes colder than its evaporator nor, closed and off, warmer than the room", () => {
    fc.assert(
      fc.property(states, inputs, between(0, 864_000), (from, acting, seconds) => {
        const { airC, cansC } = stepFridge(from, { ...acting, defrostOn: false }, seconds);
        const lowest = Math.min(-12, acting.roomC, from.airC, from.cansC) - 1e-7;
        const highest = Math.max(acting.roomC, from.airC, from.cansC) + 1e-7;
        for (const tempC of [airC, cansC]) expect(tempC >= lowest && tempC <= highest).toBe(true);
      }),
    );
  });

  test("cools a full load of warm cans within a day and keeps it near 4 °C at less than half duty", () => {
    let now = restock(fridgeAt(5, 0), 200, 22);
    let runS = 0;
    for (let minute = 0; minute < 3 * 1_440; minute++) {
      const running = now.compressor === "running";
      const wanted = running ? now.airC > 3 : now.airC > 5 && now.restedS >= COMPRESSOR_REST_S;
      now = stepFridge(now, { ...IDLE, compressorOn: wanted }, 60);
      if (minute >= 1_440) {
        expect(now.cansC > 1 && now.cansC < 7).toBe(true);
        runS += now.compressor === "running" ? 60 : 0;
      }
    }
    expect(now.stalls).toBe(0);
    expect(runS / (2 * 86_400)).toBeGreaterThan(0.1);
    expect(runS / (2 * 86_400)).toBeLessThan(0.5);
  });

  test("a compressor started before it rested stalls until it is switched off, draws much and cools nothing", () => {
    let now: FridgeState = stepFridge(stepFridge(fridgeAt(8, 50), RUNNING, 600), IDLE, COMPRESSOR_REST_S - 1);
    const stalled = stepFridge(now, RUNNING, 60);
    expect(stalled).toMatchObject({ compressor: "stalled", stalls: 1, cooledJ: 0 });
    expect(stalled.electricJ).toBeGreaterThan(60 * 500);
    expect(stepFridge(stalled, RUNNING, 600)).toMatchObject({ compressor: "stalled", stalls: 1 });
    now = stepFridge(stalled, IDLE, COMPRESSOR_REST_S);
    expect(stepFridge(now, RUNNING, 60)).toMatchObject({ compressor: "running", stalls: 1 });
  });

  test("frost takes its strength, and a defrost gives it back for exactly the heat of melting", () => {
    const iced: FridgeState = { ...fridgeAt(8, 0), frostKg: 0.4 };
    const weak = stepFridge(iced, RUNNING, 600).cooledJ;
    expect(weak).toBeLessThan(0.6 * stepFridge(fridgeAt(8, 0), RUNNING, 600).cooledJ);
    const meltS = (0.4 * 334_000) / DEFROST_W;
    const before = stepFridge(iced, { ...IDLE, defrostOn: true }, meltS - 1);
    expect(before.frostKg).toBeGreaterThan(0);
    expect(before.warmedJ).toBe(0);
    const after = stepFridge(iced, { ...IDLE, defrostOn: true }, meltS + 60);
    expect(after.frostKg).toBe(0);
    expect(after.warmedJ).toBeCloseTo(60 * DEFROST_W, 6);
  });

  test("only a door open while it runs brings frost, more of it when the room is damp", () => {
    const frost = (acting: Partial<FridgeInputs>) => stepFridge(fridgeAt(5, 0), { ...RUNNING, ...acting }, 600).frostKg;
    expect(frost({ doorOpen: false })).toBe(0);
    expect(frost({ doorOpen: true, compressorOn: false })).toBe(0);
    expect(frost({ doorOpen: true, roomC: -5 })).toBe(0);
    expect(frost({ doorOpen: true, roomHumidityPct: 100 })).toBeCloseTo(2 * frost({ doorOpen: true }), 9);
  });

  test("new cans mix with the cold ones by their heat, and nobody takes a can that is not there", () => {
    const mixed = restock(fridgeAt(4, 100), 100, 24);
    expect(fridgeStoredJ(mixed) - fridgeStoredJ(fridgeAt(4, 100))).toBeCloseTo(100 * CAN_J_PER_K * 24, 3);
    expect(mixed.cansC).toBeGreaterThan(13.5);
    expect(mixed.cansC).toBeLessThan(14);
    expect(takeCan(mixed)?.cans).toBe(199);
    expect(takeCan(fridgeAt(4, 0))).toBeUndefined();
  });
});
