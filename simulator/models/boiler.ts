/**
 * A boiler for hot water: it warms, it loses heat to the room, it boils away, and when its element stands dry the element
 * overheats within seconds and its thermal fuse blows for good. Pure; each part of a step (warming, boiling, standing dry)
 * is followed by its own closed form up to the moment it ends. It protects nothing by itself except through that fuse.
 */
export interface BoilerState {
  readonly waterKg: number;
  readonly waterC: number;
  /** The element itself: as warm as the water while it is covered. */
  readonly elementC: number;
  /** False once the thermal fuse has blown: no current ever again. */
  readonly fuseOk: boolean;
}

export interface BoilerStep extends BoilerState {
  readonly electricJ: number;
  /** To the room. */
  readonly lostJ: number;
  readonly boiledOffKg: number;
}

export const BOILER_W = 2_000;
export const BOILER_KG_MAX = 10;
/** Below this the element is not covered. */
export const BOILER_DRY_KG = 0.8;
/** The fuse in the element's foot. */
export const BOILER_FUSE_C = 172;
const BOILS_C = 100;
const WATER_J_PER_KG_K = 4_186;
/** Vessel and element under water. */
const VESSEL_J_PER_K = 2_000;
const ELEMENT_J_PER_K = 250;
/** Insulated: from 90 °C to 20 °C it loses about 70 W. */
const LOSS_W_PER_K = 1;
const DRY_ELEMENT_W_PER_K = 3;
const STEAM_J_PER_KG = 2_257_000;

/** Temperature of one mass after a while, and what it gave to the room meanwhile. */
interface Followed {
  readonly tempC: number;
  readonly lostJ: number;
}

interface OneMass {
  readonly jPerK: number;
  readonly leakWPerK: number;
  readonly roomC: number;
  readonly heatW: number;
}

function follow(mass: OneMass, fromC: number, seconds: number): Followed {
  const restC = mass.roomC + mass.heatW / mass.leakWPerK;
  const tempC = restC + (fromC - restC) * Math.exp((-mass.leakWPerK * seconds) / mass.jPerK);
  return { tempC, lostJ: mass.heatW * seconds - mass.jPerK * (tempC - fromC) };
}

/** When it reaches `toC` from below; Infinity when it never does. */
function reachesS(mass: OneMass, fromC: number, toC: number): number {
  if (fromC >= toC) return 0;
  const restC = mass.roomC + mass.heatW / mass.leakWPerK;
  if (restC <= toC) return Number.POSITIVE_INFINITY;
  return (mass.jPerK / mass.leakWPerK) * Math.log((restC - fromC) / (restC - toC));
}

export function boilerAt(waterKg: number, tempC: number): BoilerState {
  return { waterKg, waterC: tempC, elementC: tempC, fuseOk: true };
}

export function boilerStoredJ({ waterKg, waterC, elementC }: BoilerState): number {
  return waterJPerK(waterKg) * waterC + ELEMENT_J_PER_K * elementC;
}

export interface Drawn {
  readonly boiler: BoilerState;
  readonly kg: number;
  readonly tempC: number;
}

/** Water is taken: what there is, at most. */
export function drawWater(boiler: BoilerState, kg: number): Drawn {
  const drawnKg = Math.max(0, Math.min(kg, boiler.waterKg));
  return { boiler: { ...boiler, waterKg: boiler.waterKg - drawnKg }, kg: drawnKg, tempC: boiler.waterC };
}

/** Cold water runs in, up to the brim, and mixes; an element that was dry is quenched. Returns how much ran in. */
export function refill(boiler: BoilerState, kg: number, tempC: number): Drawn {
  const addedKg = Math.max(0, Math.min(kg, BOILER_KG_MAX - boiler.waterKg));
  const waterKg = boiler.waterKg + addedKg;
  const heatJ = waterJPerK(boiler.waterKg) * boiler.waterC + addedKg * WATER_J_PER_KG_K * tempC;
  const mixedC = heatJ / waterJPerK(waterKg);
  if (waterKg <= BOILER_DRY_KG) return { boiler: { ...boiler, waterKg, waterC: mixedC }, kg: addedKg, tempC };
  const wholeJPerK = waterJPerK(waterKg) + ELEMENT_J_PER_K;
  const evenC = (waterJPerK(waterKg) * mixedC + ELEMENT_J_PER_K * boiler.elementC) / wholeJPerK;
  return { boiler: { ...boiler, waterKg, waterC: evenC, elementC: evenC }, kg: addedKg, tempC };
}

export function stepBoiler(from: BoilerState, heating: boolean, roomC: number, seconds: number): BoilerStep {
  if (!(seconds >= 0)) throw new RangeError(`a step of ${seconds} s`);
  let now: BoilerStep = { ...from, electricJ: 0, lostJ: 0, boiledOffKg: 0 };
  let leftS = seconds;
  // Warming, boiling, standing dry, standing dead: no more parts than these follow one another.
  for (let part = 0; part < 5 && leftS > 0; part++) {
    const heatW = heating && now.fuseOk ? BOILER_W : 0;
    const { next, tookS } = nextPart(now, { heatW, roomC, leftS });
    now = {
      ...next,
      electricJ: now.electricJ + heatW * tookS,
      lostJ: now.lostJ + next.lostJ,
      boiledOffKg: now.boiledOffKg + next.boiledOffKg,
    };
    leftS -= tookS;
  }
  return now;
}

interface PartInputs {
  readonly heatW: number;
  readonly roomC: number;
  readonly leftS: number;
}

interface Part {
  readonly next: Omit<BoilerStep, "electricJ">;
  readonly tookS: number;
}

function nextPart(now: BoilerState, inputs: PartInputs): Part {
  if (now.waterKg <= BOILER_DRY_KG) return standDry(now, inputs);
  const water: OneMass = {
    jPerK: waterJPerK(now.waterKg) + ELEMENT_J_PER_K,
    leakWPerK: LOSS_W_PER_K,
    roomC: inputs.roomC,
    heatW: inputs.heatW,
  };
  const boilsInS = reachesS(water, now.waterC, BOILS_C);
  if (boilsInS > 0) {
    const tookS = Math.min(inputs.leftS, boilsInS);
    const { tempC, lostJ } = follow(water, now.waterC, tookS);
    const waterC = tookS === boilsInS ? BOILS_C : tempC;
    return { next: { ...now, waterC, elementC: waterC, lostJ, boiledOffKg: 0 }, tookS };
  }
  const steamW = inputs.heatW - LOSS_W_PER_K * (BOILS_C - inputs.roomC);
  return steamW > 0 ? boil(now, inputs, steamW) : cool(now, water, inputs.leftS);
}

function cool(now: BoilerState, water: OneMass, leftS: number): Part {
  const { tempC, lostJ } = follow(water, now.waterC, leftS);
  return { next: { ...now, waterC: tempC, elementC: tempC, lostJ, boiledOffKg: 0 }, tookS: leftS };
}

/** At the boiling point everything that is not lost becomes steam, until the element stands dry. */
function boil(now: BoilerState, { roomC, leftS }: PartInputs, steamW: number): Part {
  const kgPerS = steamW / STEAM_J_PER_KG;
  const dryInS = (now.waterKg - BOILER_DRY_KG) / kgPerS;
  const tookS = Math.min(leftS, dryInS);
  const waterKg = tookS === dryInS ? BOILER_DRY_KG : now.waterKg - kgPerS * tookS;
  const lostJ = LOSS_W_PER_K * (BOILS_C - roomC) * tookS;
  return { next: { ...now, waterKg, waterC: BOILS_C, elementC: BOILS_C, lostJ, boiledOffKg: kgPerS * tookS }, tookS };
}

/** The element is on its own, and so is what water is left. */
function standDry(now: BoilerState, { heatW, roomC, leftS }: PartInputs): Part {
  const element: OneMass = { jPerK: ELEMENT_J_PER_K, leakWPerK: DRY_ELEMENT_W_PER_K, roomC, heatW };
  const blowsInS = heatW > 0 ? reachesS(element, now.elementC, BOILER_FUSE_C) : Number.POSITIVE_INFINITY;
  const tookS = Math.min(leftS, blowsInS);
  const alone = follow(element, now.elementC, tookS);
  const water = follow({ jPerK: waterJPerK(now.waterKg), leakWPerK: LOSS_W_PER_K, roomC, heatW: 0 }, now.waterC, tookS);
  const fuseOk = now.fuseOk && tookS < blowsInS;
  const lostJ = alone.lostJ + water.lostJ;
  return { next: { ...now, waterC: water.tempC, elementC: alone.tempC, fuseOk, lostJ, boiledOffKg: 0 }, tookS };
}

function waterJPerK(kg: number): number {
  return VESSEL_J_PER_K + kg * WATER_J_PER_KG_K;
}
