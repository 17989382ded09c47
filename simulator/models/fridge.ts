/**
 * A drinks fridge with a glass door: its air, its cans, an evaporator that freezes up, and a compressor that does not start
 * against its own pressure. Pure. While running, the evaporator is a cold place the air leaks to, so the inside can never
 * become colder than it. It refuses nothing that a controller may do wrong: a start too early stalls and is counted. Cans do
 * not freeze in this model: below 0 °C they only get colder.
 */
import { stepTwoMasses, type TwoMasses } from "./two-masses.ts";

export interface FridgeState {
  readonly airC: number;
  readonly cansC: number;
  readonly cans: number;
  /** `stalled`: told to run, and humming against its own pressure until it is switched off. */
  readonly compressor: "off" | "running" | "stalled";
  /** Since the compressor last stopped; Infinity when it has rested for long. */
  readonly restedS: number;
  readonly frostKg: number;
  /** Starts against pressure, each of which costs life. */
  readonly stalls: number;
}

export interface FridgeInputs {
  readonly roomC: number;
  readonly roomHumidityPct: number;
  readonly compressorOn: boolean;
  readonly doorOpen: boolean;
  /** The heater at the evaporator: it melts what is there and warms the air afterwards. */
  readonly defrostOn: boolean;
}

export interface FridgeStep extends FridgeState {
  readonly electricJ: number;
  /** Heat taken out by the evaporator. */
  readonly cooledJ: number;
  /** Heat that came in from the room. */
  readonly leakedInJ: number;
  /** Heat of the defrost heater that went into the air. */
  readonly warmedJ: number;
}

/** 300 l, glass door: what keeps 25 K with about 75 W. */
const WALL_W_PER_K = 3;
const OPEN_DOOR_W_PER_K = 60;
/** Liner, shelves, fan and the air itself. */
const INSIDE_J_PER_K = 40_000;
/** The shelves stay when the last can is gone. */
const SHELF_J_PER_K = 5_000;
/** 0.33 l of water and a can. */
export const CAN_J_PER_K = 0.33 * 4_186 + 15;
const CANS_W_PER_K = 12;
const EVAPORATOR_C = -12;
const EVAPORATOR_W_PER_K = 16;
/** The evaporator with this much frost on it has lost most of what it could do. */
const FROST_KG_FULL = 0.5;
const FROST_LOSS = 0.75;
const RUNNING_W = 120;
const STALLED_W = 600;
/** Pressures need about three minutes to even out; a start before that stalls. */
export const COMPRESSOR_REST_S = 180;
export const DEFROST_W = 150;
const MELTING_J_PER_KG = 334_000;
/** Through an open door at 20 °C and 50 % humidity, with the evaporator cold. */
const FROST_KG_PER_S = 0.00005;
const FAN_W = 5;

export function fridgeAt(tempC: number, cans: number): FridgeState {
  return {
    airC: tempC,
    cansC: tempC,
    cans,
    compressor: "off",
    restedS: Number.POSITIVE_INFINITY,
    frostKg: 0,
    stalls: 0,
  };
}

/** Cans of this temperature are put in. */
export function restock(fridge: FridgeState, cans: number, tempC: number): FridgeState {
  const before = cansJPerK(fridge.cans);
  const after = cansJPerK(fridge.cans + cans);
  return { ...fridge, cans: fridge.cans + cans, cansC: (before * fridge.cansC + (after - before) * tempC) / after };
}

/** One can is taken, if there is one. */
export function takeCan(fridge: FridgeState): FridgeState | undefined {
  return fridge.cans > 0 ? { ...fridge, cans: fridge.cans - 1 } : undefined;
}

export function fridgeStoredJ({ airC, cansC, cans }: FridgeState): number {
  return INSIDE_J_PER_K * airC + cansJPerK(cans) * cansC;
}

export function stepFridge(from: FridgeState, inputs: FridgeInputs, seconds: number): FridgeStep {
  const switched = switchCompressor(from, inputs.compressorOn);
  const meltS = inputs.defrostOn ? Math.min(seconds, (switched.frostKg * MELTING_J_PER_KG) / DEFROST_W) : 0;
  if (meltS <= 0 || meltS >= seconds) return stepEvenly(switched, inputs, seconds, meltS > 0);
  const melting = stepEvenly(switched, inputs, meltS, true);
  const dry = stepEvenly({ ...melting, frostKg: 0 }, inputs, seconds - meltS, false);
  return {
    ...dry,
    electricJ: melting.electricJ + dry.electricJ,
    cooledJ: melting.cooledJ + dry.cooledJ,
    leakedInJ: melting.leakedInJ + dry.leakedInJ,
    warmedJ: melting.warmedJ + dry.warmedJ,
  };
}

function switchCompressor(from: FridgeState, on: boolean): FridgeState {
  if (!on) return from.compressor === "off" ? from : { ...from, compressor: "off", restedS: 0 };
  if (from.compressor !== "off") return from;
  const rested = from.restedS >= COMPRESSOR_REST_S;
  return rested ? { ...from, compressor: "running" } : { ...from, compressor: "stalled", stalls: from.stalls + 1 };
}

/** Nothing is switched, and frost either melts all the time or not at all. */
function stepEvenly(from: FridgeState, inputs: FridgeInputs, seconds: number, melting: boolean): FridgeStep {
  const running = from.compressor === "running";
  const roomW = WALL_W_PER_K + (inputs.doorOpen ? OPEN_DOOR_W_PER_K : 0);
  const evaporatorW = running ? evaporatorWPerK(from.frostKg) : 0;
  const heaterW = inputs.defrostOn && !melting ? DEFROST_W : 0;
  const masses: TwoMasses = {
    innerJPerK: INSIDE_J_PER_K,
    outerJPerK: cansJPerK(from.cans),
    couplingWPerK: CANS_W_PER_K,
    innerLeakWPerK: roomW + evaporatorW,
    outerLeakWPerK: 0,
  };
  const aroundC = (roomW * inputs.roomC + evaporatorW * EVAPORATOR_C) / (roomW + evaporatorW);
  const around = { innerAroundC: aroundC, outerAroundC: aroundC, innerHeatW: heaterW, outerHeatW: 0 };
  const step = stepTwoMasses(masses, { innerC: from.airC, outerC: from.cansC }, around, seconds);
  // The air's mean over the step, from the heat that left it: it parts that heat between evaporator and room.
  const airCs = step.lostJ / masses.innerLeakWPerK + aroundC * seconds;
  return {
    airC: step.innerC,
    cansC: step.outerC,
    cans: from.cans,
    compressor: from.compressor,
    restedS: from.compressor === "off" ? from.restedS + seconds : 0,
    frostKg: frostAfter(from, inputs, seconds, melting),
    stalls: from.stalls,
    electricJ: (electricW(from) + (inputs.defrostOn ? DEFROST_W : 0)) * seconds,
    cooledJ: evaporatorW * (airCs - EVAPORATOR_C * seconds),
    leakedInJ: roomW * (inputs.roomC * seconds - airCs),
    warmedJ: heaterW * seconds,
  };
}

function electricW({ compressor }: FridgeState): number {
  return FAN_W + (compressor === "running" ? RUNNING_W : compressor === "stalled" ? STALLED_W : 0);
}

function evaporatorWPerK(frostKg: number): number {
  return EVAPORATOR_W_PER_K * (1 - FROST_LOSS * Math.min(1, frostKg / FROST_KG_FULL));
}

/** Air from a room that is colder than the inside brings no frost. */
function frostAfter(from: FridgeState, inputs: FridgeInputs, seconds: number, melting: boolean): number {
  const meltedKg = melting ? (DEFROST_W * seconds) / MELTING_J_PER_KG : 0;
  const damp = (inputs.roomHumidityPct / 50) * Math.max(0, Math.min(2, inputs.roomC / 20));
  const grownKg = inputs.doorOpen && from.compressor === "running" ? FROST_KG_PER_S * damp * seconds : 0;
  return Math.max(0, from.frostKg + grownKg - meltedKg);
}

function cansJPerK(cans: number): number {
  return SHELF_J_PER_K + cans * CAN_J_PER_K;
}
