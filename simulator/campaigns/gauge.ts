/**
 * Looks at the station once a minute and keeps how busy its parts were, so that a share of riders who were not served can be
 * explained by numbers: packs ready, packs too cold, bays charging, heaters on, power drawn. It reads the truth and changes
 * nothing.
 */
import type { VirtualClock } from "../clock.ts";
import type { BayTruth } from "../truth-types.ts";
import type { World } from "../world-types.ts";

const everyMs = 60_000;
const flowingMa = 50;

/** Means over the looks, whole station; the last three are shares of the looks. */
export interface Gauged {
  readonly looks: number;
  readonly readyPacks: number;
  readonly coldPacks: number;
  readonly chargingBays: number;
  readonly heaters: number;
  readonly emptyBays: number;
  readonly powerW: number;
  readonly roomC: number;
  readonly coldestAirC: number;
  /** Power within a charger's start of the site limit: more could not have been granted. */
  readonly atSiteLimitPct: number;
  /** Cabinets without a ready pack. */
  readonly withoutReadyPct: number;
}

export interface Gauge {
  read(): Gauged;
}

interface Sums {
  ready: number;
  cold: number;
  charging: number;
  heaters: number;
  empty: number;
  powerW: number;
  roomC: number;
  atLimit: number;
  withoutReady: number;
}

const none = (): Sums => ({
  ready: 0,
  cold: 0,
  charging: 0,
  heaters: 0,
  empty: 0,
  powerW: 0,
  roomC: 0,
  atLimit: 0,
  withoutReady: 0,
});

function addBay(sums: Sums, bay: BayTruth, chargeMinC: number): void {
  if (bay.ready) sums.ready++;
  if (bay.empty) sums.empty++;
  if (bay.chargeMa > flowingMa) sums.charging++;
  if (bay.heaterOn) sums.heaters++;
  if (bay.pack !== undefined && bay.pack.cellTempC < chargeMinC) sums.cold++;
}

export interface GaugeOptions {
  readonly world: World;
  readonly clock: VirtualClock;
  readonly siteLimitW: number;
  /** What one more charger would draw. */
  readonly startW: number;
  /** Below this a pack may not be charged yet. */
  readonly chargeMinC: number;
}

export function createGauge({ world, clock, siteLimitW, startW, chargeMinC }: GaugeOptions): Gauge {
  const sums = none();
  let looks = 0;
  let coldestAirC = Number.POSITIVE_INFINITY;
  const { truth } = world;
  function look(): void {
    looks++;
    for (const bay of truth.bays) {
      addBay(sums, bay, chargeMinC);
      coldestAirC = Math.min(coldestAirC, bay.airTempC);
    }
    for (const { bays } of truth.cabinets) if (!bays.some((bay) => bay.ready)) sums.withoutReady++;
    sums.powerW += truth.mainsW;
    sums.roomC += truth.roomC;
    if (truth.mainsW > siteLimitW - startW) sums.atLimit++;
    clock.after(everyMs, look);
  }
  clock.after(everyMs, look);
  const round = (value: number, digits = 1): number => Number(value.toFixed(digits));
  return {
    read: () => {
      const mean = (sum: number): number => (looks === 0 ? 0 : sum / looks);
      return {
        looks,
        readyPacks: round(mean(sums.ready)),
        coldPacks: round(mean(sums.cold)),
        chargingBays: round(mean(sums.charging)),
        heaters: round(mean(sums.heaters)),
        emptyBays: round(mean(sums.empty)),
        powerW: Math.round(mean(sums.powerW)),
        roomC: round(mean(sums.roomC)),
        coldestAirC: round(coldestAirC),
        atSiteLimitPct: round(mean(sums.atLimit) * 100),
        withoutReadyPct: round((mean(sums.withoutReady) / Math.max(1, truth.cabinets.length)) * 100),
      };
    },
  };
}
