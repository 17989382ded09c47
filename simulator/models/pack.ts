/**
 * One e-bike pack with its BMS: charge by coulombs, voltage under current, heat, protections, and the counters that judges
 * read. It knows neither bay nor time: whoever carries it says how long which current and surroundings lasted.
 */
import { cellOcvMv, resistanceFactor } from "./pack-chemistry.ts";

export interface PackSpec {
  readonly id: string;
  readonly cells: number;
  readonly capacityMah: number;
  readonly soc: number;
  readonly tempC: number;
  /** Of the whole pack at 25 °C. Default 60 mΩ. */
  readonly resistanceOhm?: number;
  readonly cycles?: number;
  /** Difference between the highest and the lowest cell, mV. Default 6. */
  readonly spreadMv?: number;
  /** "YYYY-MM-DD". */
  readonly productionDate?: string;
}

/** Protection bits by their place in register 03 (JBD General Protocol V4). */
export const PROTECTION = {
  cellOver: 1 << 0,
  cellUnder: 1 << 1,
  packOver: 1 << 2,
  packUnder: 1 << 3,
  chargeHot: 1 << 4,
  chargeCold: 1 << 5,
  dischargeHot: 1 << 6,
  dischargeCold: 1 << 7,
  chargeOver: 1 << 8,
  /** Set while a MOS is off because somebody wrote register E1. */
  mosLocked: 1 << 12,
} as const;

const CHARGE_BLOCKERS =
  PROTECTION.cellOver | PROTECTION.packOver | PROTECTION.chargeHot | PROTECTION.chargeCold | PROTECTION.chargeOver;
const DISCHARGE_BLOCKERS =
  PROTECTION.cellUnder | PROTECTION.packUnder | PROTECTION.dischargeHot | PROTECTION.dischargeCold;

/** Conditions of a healthy pack: full cells, a full pack, too cold to charge. With any other its BMS tells an alarm. */
export const HEALTHY_BITS = PROTECTION.cellOver | PROTECTION.packOver | PROTECTION.chargeCold;

/** Trip and release of each protection that depends on temperature, °C. */
const TEMPERATURE_LIMITS = [
  { bit: PROTECTION.chargeHot, hot: true, tripC: 55, releaseC: 50 },
  { bit: PROTECTION.chargeCold, hot: false, tripC: -5, releaseC: 0 },
  { bit: PROTECTION.dischargeHot, hot: true, tripC: 65, releaseC: 60 },
  { bit: PROTECTION.dischargeCold, hot: false, tripC: -20, releaseC: -15 },
] as const;

const CELL_OVER_MV = 4_250;
const CELL_OVER_RELEASE_MV = 4_150;
const CELL_UNDER_MV = 2_700;
const CELL_UNDER_RELEASE_MV = 3_000;

/** J/K: about 7.5 kg of cells and housing at 1 kJ/(kg·K). */
export const PACK_HEAT_CAPACITY = 7_500;
/** How much warmer the other two sensors are than the coldest cell: the middle of a pack lags behind its skin. */
const SENSOR_OFFSETS_C = [0, 0.4, 0.8] as const;

export class Pack {
  readonly id: string;
  readonly cells: number;
  readonly capacityMah: number;
  readonly cycles: number;
  readonly productionDate: string;
  /** Temperature of the coldest cell. */
  tempC: number;
  /** Open-circuit voltage and resistance of the whole pack as it is now. */
  ocvMv = 0;
  resistanceOhm = 0;
  chargeMosWanted = true;
  dischargeMosWanted = true;
  protectionBits = 0;
  chargedCoulombs = 0;
  chargeBelowZeroCoulombs = 0;
  chargeBelowZeroSeconds = 0;
  energyInJ = 0;
  heatLossJ = 0;
  peakMv = 0;
  /** The current of the last step, mA, + into the pack. */
  flowMa = 0;
  private coulombs: number;
  private readonly fullCoulombs: number;
  private readonly resistance25: number;
  private readonly cellOffsetsMv: readonly number[];

  constructor(spec: PackSpec) {
    this.id = spec.id;
    this.cells = spec.cells;
    this.capacityMah = spec.capacityMah;
    this.cycles = spec.cycles ?? 0;
    this.productionDate = spec.productionDate ?? "2025-06-01";
    this.fullCoulombs = spec.capacityMah * 3.6;
    this.coulombs = spec.soc * this.fullCoulombs;
    this.tempC = spec.tempC;
    this.resistance25 = spec.resistanceOhm ?? 0.06;
    this.cellOffsetsMv = spreadOf(spec.cells, spec.spreadMv ?? 6);
    this.refresh();
  }

  get soc(): number {
    return this.coulombs / this.fullCoulombs;
  }

  /** Whole percent, as the BMS counts them. */
  get socPct(): number {
    return Math.max(0, Math.min(100, Math.round((100 * this.coulombs) / this.fullCoulombs)));
  }

  get remainingMah(): number {
    return this.coulombs / 3.6;
  }

  /** At the terminals, with the current of the last step. */
  get packMv(): number {
    return this.ocvMv + this.flowMa * this.resistanceOhm;
  }

  get chargeMosOn(): boolean {
    return this.chargeMosWanted && (this.protectionBits & CHARGE_BLOCKERS) === 0;
  }

  get dischargeMosOn(): boolean {
    return this.dischargeMosWanted && (this.protectionBits & DISCHARGE_BLOCKERS) === 0;
  }

  /** Cell temperatures as its sensors see them. Never warmer than true: a BMS reports tenths, cut off downwards. */
  sensorTempsC(): number[] {
    const out: number[] = [];
    for (const offset of SENSOR_OFFSETS_C) out.push(Math.floor((this.tempC + offset) * 10) / 10);
    return out;
  }

  get hottestCellC(): number {
    return this.tempC + SENSOR_OFFSETS_C[2];
  }

  cellsMv(): number[] {
    const mean = this.packMv / this.cells;
    return this.cellOffsetsMv.map((offset) => Math.round(mean + offset));
  }

  /** What a charger at this set-point pushes in: constant current until its voltage is reached, then what is left. */
  currentFor(setMa: number, setMv: number): number {
    if (setMa <= 0 || !this.chargeMosOn) return 0;
    const left = (setMv - this.ocvMv) / this.resistanceOhm;
    return left <= 0 ? 0 : Math.min(setMa, left);
  }

  /** `seconds` pass with `flowMa` flowing in and `heatW` coming from outside. Keep steps short: nothing changes within one. */
  pass(seconds: number, flowMa: number, heatW: number): void {
    let heat = heatW * seconds;
    this.flowMa = flowMa;
    if (flowMa > 0) {
      const amperes = flowMa / 1_000;
      const loss = amperes * amperes * this.resistanceOhm * seconds;
      const moved = amperes * seconds;
      const packMv = this.packMv;
      heat += loss;
      this.heatLossJ += loss;
      this.energyInJ += (packMv / 1_000) * moved;
      this.chargedCoulombs += moved;
      if (this.tempC < 0) {
        this.chargeBelowZeroCoulombs += moved;
        this.chargeBelowZeroSeconds += seconds;
      }
      if (packMv > this.peakMv) this.peakMv = packMv;
      this.coulombs += moved;
      if (this.coulombs > this.fullCoulombs) this.coulombs = this.fullCoulombs;
    }
    this.tempC += heat / PACK_HEAT_CAPACITY;
    this.refresh();
  }

  /** Sets what a ride did to it: charge and temperature, between two visits. */
  rode(soc: number, tempC: number): void {
    this.coulombs = Math.max(0, Math.min(1, soc)) * this.fullCoulombs;
    this.tempC = tempC;
    this.flowMa = 0;
    this.refresh();
  }

  /** Heats or cools it at once. */
  setTemp(tempC: number): void {
    this.tempC = tempC;
    this.refresh();
  }

  /** Register E1 was written. */
  commandMos(chargeOn: boolean, dischargeOn: boolean): void {
    this.chargeMosWanted = chargeOn;
    this.dischargeMosWanted = dischargeOn;
    this.protect();
  }

  /** Pulled off the bay's connector: a pack that leaves must work on the bike, so the BMS forgets what a cabinet wrote. */
  unplugged(): void {
    this.flowMa = 0;
    this.commandMos(true, true);
  }

  private refresh(): void {
    this.ocvMv = cellOcvMv(this.soc) * this.cells;
    this.resistanceOhm = this.resistance25 * resistanceFactor(this.tempC);
    this.protect();
  }

  private protect(): void {
    const temp = this.tempC;
    const cellMv = this.packMv / this.cells;
    const quiet = temp > 0 && temp < 50 && cellMv > CELL_UNDER_RELEASE_MV && cellMv < CELL_OVER_RELEASE_MV;
    // By far the most steps end here: inside every release limit no protection can be set.
    let bits = quiet ? 0 : this.limits(temp, cellMv);
    if (!this.chargeMosWanted || !this.dischargeMosWanted) bits |= PROTECTION.mosLocked;
    this.protectionBits = bits;
  }

  private limits(tempC: number, cellMv: number): number {
    let bits = this.protectionBits & ~PROTECTION.mosLocked;
    for (const limit of TEMPERATURE_LIMITS) {
      const hotter = limit.hot ? tempC + SENSOR_OFFSETS_C[2] : -tempC;
      const sign = limit.hot ? 1 : -1;
      if (hotter > sign * limit.tripC) bits |= limit.bit;
      else if (hotter < sign * limit.releaseC) bits &= ~limit.bit;
    }
    const over = PROTECTION.cellOver | PROTECTION.packOver;
    const under = PROTECTION.cellUnder | PROTECTION.packUnder;
    if (cellMv > CELL_OVER_MV) bits |= over;
    else if (cellMv < CELL_OVER_RELEASE_MV) bits &= ~over;
    if (cellMv < CELL_UNDER_MV) bits |= under;
    else if (cellMv > CELL_UNDER_RELEASE_MV) bits &= ~under;
    return bits;
  }
}

/** Offsets of the cells from their mean: they add up to nothing and differ by `spreadMv` at most. */
function spreadOf(cells: number, spreadMv: number): number[] {
  const out: number[] = [];
  for (let cell = 0; cell < cells; cell++) out.push(spreadMv * (cell / (cells - 1) - 0.5));
  return out;
}
