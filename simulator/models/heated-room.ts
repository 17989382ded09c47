/**
 * A room of 118 m² with people in it: its air (with what stands in it) and its walls as two masses, windows, leaks, a door
 * that may stand open, a heater, a cooler, and the water that people breathe out. Pure: a state, what acts on it, and how
 * long give the next state. It knows no controller, draws nothing, and counts every joule that enters or leaves.
 */
import { humidityPctOf, waterInAir } from "./humid-air.ts";
import { stepTwoMasses, storedJ, type TwoMasses } from "./two-masses.ts";

/** The building. Areas in m², U-values in W/(m² K). */
export interface RoomPlan {
  readonly floorM2: number;
  readonly heightM: number;
  /** Outer walls and roof, without windows. The floor lies on heated rooms or on the ground. */
  readonly opaqueM2: number;
  readonly opaqueUValue: number;
  readonly windowM2: number;
  readonly windowUValue: number;
  /** Air that goes through cracks and the fan, in room volumes an hour. */
  readonly airChangesPerHour: number;
  readonly doorM2: number;
  readonly doorHeightM: number;
}

/**
 * The reference station: 118 m² on the ground floor, 3 m high, two outer walls of it glazed in part. U-values of a renewed
 * building in the severe cold zone, somewhat worse than the code for new ones (GB 55015-2021), half an air change an hour.
 */
export const UNION_ROOM: RoomPlan = {
  floorM2: 118,
  heightM: 3,
  opaqueM2: 234,
  opaqueUValue: 0.37,
  windowM2: 15,
  windowUValue: 2,
  airChangesPerHour: 0.5,
  doorM2: 2.1,
  doorHeightM: 2.1,
};

export interface RoomState {
  readonly airC: number;
  readonly wallC: number;
  /** Kilograms of water with each kilogram of dry air. */
  readonly waterKgPerKg: number;
}

export interface RoomInputs {
  readonly outdoorC: number;
  readonly outdoorHumidityPct: number;
  /** Into the air. */
  readonly heaterW: number;
  /** Taken out of the air: heat, not electricity. */
  readonly coolerW: number;
  /** Sun, lights, machines. */
  readonly otherW: number;
  readonly people: number;
  readonly doorOpen: boolean;
}

export interface RoomStep extends RoomState {
  /** Net heat put in by heater, cooler, people and the rest. */
  readonly heatedJ: number;
  /** Through walls, windows, cracks and door; negative in summer. */
  readonly lostJ: number;
}

const AIR_KG_PER_M3 = 1.2;
const AIR_J_PER_KG_K = 1_005;
/** Air alone would cool in minutes: furniture, cabinets and the skin of the walls move with it. */
const FURNISHED_FACTOR = 5;
/** The part of the walls' mass that takes part: 200 kg of masonry behind each square metre. */
const WALL_J_PER_M2_K = 200 * 880;
/** From the air to the middle of that mass: surface film (8) and a few centimetres of masonry. */
const INNER_WALL_W_PER_M2_K = 4;
/** A seated person at light work (ASHRAE Fundamentals, nonresidential heat gain): 75 W of heat, 55 W as moisture. */
export const PERSON_W = 75;
const PERSON_WATER_KG_PER_S = 55 / 2_500_000;
/**
 * Air through an open door, driven by the difference in temperature: a third of the area, the square root of
 * g H ΔT / T (Brown and Solvason, 1962), and 0.6 for the edges.
 */
const DOOR_COEFFICIENT = 0.6 / 3;
const GRAVITY = 9.81;
const ZERO_C_K = 273.15;
/** The door's flow follows the temperatures: it is kept constant no longer than this. */
const DOOR_STEP_S = 10;
/** Wind and people moving stir some air through an open door even when it is equally warm on both sides, m³/s. */
const DOOR_STIR_M3_PER_S = 0.05;

/** The two masses of the room with its door closed, and with this much air a second going through the door. */
export function roomMasses(plan: RoomPlan, doorM3PerS = 0): TwoMasses {
  const { innerW, wallW } = { innerW: plan.opaqueM2 * INNER_WALL_W_PER_M2_K, wallW: plan.opaqueM2 * plan.opaqueUValue };
  return {
    innerJPerK: airKg(plan) * AIR_J_PER_KG_K * FURNISHED_FACTOR,
    outerJPerK: plan.opaqueM2 * WALL_J_PER_M2_K,
    couplingWPerK: innerW,
    innerLeakWPerK: plan.windowM2 * plan.windowUValue + airW(crackM3PerS(plan) + doorM3PerS),
    // In series with the coupling this makes the wall's U-value.
    outerLeakWPerK: 1 / (1 / wallW - 1 / innerW),
  };
}

export function roomAt(tempC: number, humidityPct: number): RoomState {
  return { airC: tempC, wallC: tempC, waterKgPerKg: waterInAir(tempC, humidityPct) };
}

export function roomHumidityPct({ airC, waterKgPerKg }: RoomState): number {
  return humidityPctOf(airC, waterKgPerKg);
}

export function roomStoredJ(plan: RoomPlan, { airC, wallC }: RoomState): number {
  return storedJ(roomMasses(plan), { innerC: airC, outerC: wallC });
}

export function stepRoom(plan: RoomPlan, from: RoomState, inputs: RoomInputs, seconds: number): RoomStep {
  let now: RoomState = from;
  let heatedJ = 0;
  let lostJ = 0;
  const pieces = inputs.doorOpen ? Math.max(1, Math.ceil(seconds / DOOR_STEP_S)) : 1;
  for (let piece = 0; piece < pieces; piece++) {
    const step = stepPiece(plan, now, inputs, seconds / pieces);
    now = step;
    heatedJ += step.heatedJ;
    lostJ += step.lostJ;
  }
  return { airC: now.airC, wallC: now.wallC, waterKgPerKg: now.waterKgPerKg, heatedJ, lostJ };
}

function stepPiece(plan: RoomPlan, from: RoomState, inputs: RoomInputs, seconds: number): RoomStep {
  const doorM3PerS = inputs.doorOpen ? doorFlow(plan, from.airC, inputs.outdoorC) : 0;
  const heatW = inputs.heaterW - inputs.coolerW + inputs.otherW + inputs.people * PERSON_W;
  const { innerC, outerC, lostJ } = stepTwoMasses(
    roomMasses(plan, doorM3PerS),
    { innerC: from.airC, outerC: from.wallC },
    { innerAroundC: inputs.outdoorC, outerAroundC: inputs.outdoorC, innerHeatW: heatW, outerHeatW: 0 },
    seconds,
  );
  const waterKgPerKg = moisture(plan, from, inputs, { doorM3PerS, seconds });
  // What the colder air cannot hold runs down the windows.
  const mostKgPerKg = waterInAir(innerC, 100);
  return {
    airC: innerC,
    wallC: outerC,
    waterKgPerKg: Math.min(waterKgPerKg, mostKgPerKg),
    heatedJ: heatW * seconds,
    lostJ,
  };
}

/** The air is exchanged at a rate; the water in it follows exponentially. */
function moisture(
  plan: RoomPlan,
  from: RoomState,
  inputs: RoomInputs,
  flow: { readonly doorM3PerS: number; readonly seconds: number },
): number {
  const exchangedPerS = (crackM3PerS(plan) + flow.doorM3PerS) / volumeM3(plan);
  const breathedPerS = (inputs.people * PERSON_WATER_KG_PER_S) / airKg(plan);
  const restKgPerKg = waterInAir(inputs.outdoorC, inputs.outdoorHumidityPct) + breathedPerS / exchangedPerS;
  return restKgPerKg + (from.waterKgPerKg - restKgPerKg) * Math.exp(-exchangedPerS * flow.seconds);
}

function doorFlow(plan: RoomPlan, airC: number, outdoorC: number): number {
  const meanK = (airC + outdoorC) / 2 + ZERO_C_K;
  const drive = Math.sqrt((GRAVITY * plan.doorHeightM * Math.abs(airC - outdoorC)) / meanK);
  return DOOR_STIR_M3_PER_S + DOOR_COEFFICIENT * plan.doorM2 * drive;
}

function volumeM3(plan: RoomPlan): number {
  return plan.floorM2 * plan.heightM;
}

function airKg(plan: RoomPlan): number {
  return volumeM3(plan) * AIR_KG_PER_M3;
}

function crackM3PerS(plan: RoomPlan): number {
  return (volumeM3(plan) * plan.airChangesPerHour) / 3_600;
}

/** W/K carried by this much air a second. */
function airW(m3PerS: number): number {
  return m3PerS * AIR_KG_PER_M3 * AIR_J_PER_KG_K;
}
