/**
 * First come, first served under the site limit. A bay asks for current or for warmth; asks are served in the order the packs
 * came, until the mains power is used up. Starts are staggered: at most one charger is switched on per scan.
 */
import { cellTempRangeC, chargeBlockingBits, voltageFlaw } from "../bay/condition.ts";
import type { StationConfig } from "../config.ts";
import type { PackReading } from "../readings.ts";
import type { BayState } from "../station/state.ts";

export interface ChargeAsk {
  readonly bay: number;
  readonly sinceMs: number;
  readonly wantMa: number;
  readonly wantHeat: boolean;
  readonly packMv: number;
  readonly wasMa: number;
}

export interface ChargeGrant {
  readonly chargeMa: number;
  readonly heat: boolean;
}

/** Warmer than the gate by this much before charging starts, so that sensor noise never toggles a charger at 0 °C. */
const gateMarginC = 1;

/** The current this pack may take now: none below the cold gate, a fifth of the capacity up to 5 °C, none above the hot one. */
export function wantedChargeMa(pack: PackReading, bay: BayState, config: StationConfig): number {
  const { safety, charging, packs } = config;
  if (bay.full || bay.stop !== undefined || bay.latch !== undefined) return 0;
  // What only waits for its proof is not charged meanwhile.
  if (bay.watch.flaw !== undefined || voltageFlaw(pack, config) !== undefined) return 0;
  if ((pack.protectionBits & chargeBlockingBits) !== 0) return 0;
  const range = cellTempRangeC(pack);
  if (range === undefined || range.maxC >= safety.chargeMaxC) return 0;
  const gateC = bay.chargeMa > 0 ? safety.chargeMinC + gateMarginC / 2 : safety.chargeMinC + gateMarginC;
  if (range.minC < gateC) return 0;
  return range.minC < safety.fullCurrentMinC ? Math.min(charging.deratedMa, packs.chargeMa) : packs.chargeMa;
}

/** Warmth is wanted below 5 °C until the warm mark is reached; hysteresis through what the heater did before. */
export function wantsHeat(pack: PackReading, bay: BayState, config: StationConfig): boolean {
  if (bay.stop !== undefined || bay.heaterStop !== undefined || bay.latch !== undefined) return false;
  const range = cellTempRangeC(pack);
  if (range === undefined) return false;
  return range.minC < (bay.heater === undefined ? config.safety.fullCurrentMinC : config.charging.warmToC);
}

export const chargePowerW = (chargeMa: number, packMv: number, config: StationConfig): number =>
  (chargeMa * packMv) / 1e6 / config.charging.chargerEfficiency;

/** What the cabinets draw whatever is granted: fans may run at any moment, chargers draw something while they deliver nothing. */
export function reservedW({ cabinets, charging }: StationConfig): number {
  return cabinets.reduce(
    (sum, { hasFan, bays }) => sum + (hasFan ? charging.fanW : 0) + bays.length * charging.restingW,
    0,
  );
}

/** A pack's voltage rises by this share within a scan or two of charging. */
const riseShare = 0.03;

/**
 * What this ask takes from the site limit. Whoever starts or is to get more must fit with the voltage at which charging ends: under
 * current a pack's voltage rises at once, and a charger that only just fitted would be cut again, seconds later and for ever.
 */
function askedW({ wantMa, wasMa, packMv }: ChargeAsk, config: StationConfig): number {
  const presentMv = Math.max(packMv, config.packs.minPackMv) * (1 + riseShare);
  const mv = wantMa > wasMa ? Math.max(presentMv, config.packs.chargeMv) : presentMv;
  return chargePowerW(wantMa, mv, config);
}

/** Grants in the order of arrival, from what is left of the site limit beside `besideW`. The asks need not be sorted. */
export function planCharging(asks: readonly ChargeAsk[], config: StationConfig, besideW = 0): Map<number, ChargeGrant> {
  const inOrder = [...asks].sort((one, other) => one.sinceMs - other.sinceMs || one.bay - other.bay);
  const grants = new Map<number, ChargeGrant>();
  let leftW = config.siteLimitW - besideW;
  let mayStart = true;
  for (const ask of inOrder) {
    const heat = ask.wantHeat && leftW >= config.charging.heaterW;
    if (heat) leftW -= config.charging.heaterW;
    let chargeMa = 0;
    const powerW = askedW(ask, config);
    const starts = ask.wasMa === 0;
    if (ask.wantMa > 0 && powerW <= leftW && (!starts || mayStart)) {
      chargeMa = ask.wantMa;
      leftW -= powerW;
      if (starts) mayStart = false;
    }
    grants.set(ask.bay, { chargeMa, heat });
  }
  return grants;
}
