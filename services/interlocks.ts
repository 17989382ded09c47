/**
 * The last word. Takes all readings and all wanted levels and removes what is unsafe, each removal with its reason. It knows
 * no swap, no rider and no operator: nothing can argue with it, and it only ever takes away. Loss of a safety sensor is
 * never "normal": what was not heard is treated as the worst it could be.
 */
import { cellTempRangeC, chargeBlockingBits, isHot, voltageFlaw } from "./bay/condition.ts";
import { doorOf } from "./bay/door.ts";
import { neighboursOf } from "./bay/neighbours.ts";
import { chargePowerW } from "./charging/plan.ts";
import type { BayLayout, CabinetLayout, StationConfig } from "./config.ts";
import type { BayLevels, Levels, SafetyLevels } from "./levels.ts";
import { fresh } from "./reading.ts";
import type { BayReadings, StationReadings } from "./readings.ts";
import { type Alerts, isFlooded } from "./safety/alerts.ts";
import { type CabinetDanger, cabinetDanger } from "./safety/danger.ts";
import type { SafetyState } from "./safety/latches.ts";

export type RemovalReason =
  | CabinetDanger
  /** Two signals agreed that packs burn; a person on site has not reset it yet. */
  | "runaway"
  /** Heat alone, or a danger that is gone only a moment. */
  | "alert"
  | "door-not-shut"
  | "not-present"
  | "pack-not-heard"
  | "no-temperature"
  | "too-cold"
  | "too-hot"
  | "protection"
  | "overvoltage"
  | "undervoltage"
  | "neighbour-hot"
  | "charger-not-heard"
  | "lock-energised"
  | "site-limit"
  | "master-enable-off";

export interface Removal {
  readonly bay: number;
  readonly what: "charge" | "heat";
  readonly reason: RemovalReason;
}

export interface InterlockFacts {
  readonly nowMs: number;
  /** The bay whose lock coil may be energised now. */
  readonly lockBay: number | undefined;
  /** The guardian holds the master enable; without it every contactor is dead anyway, and nothing may pretend otherwise. */
  readonly masterEnabled: boolean;
  readonly alerts: Alerts;
  readonly latches: SafetyState["latches"];
}

/** Why nothing of this cabinet may charge or heat now; undefined when nothing of the cabinet as a whole forbids it. */
export function cabinetStop(
  readings: StationReadings,
  cabinet: CabinetLayout,
  facts: Pick<InterlockFacts, "nowMs" | "alerts" | "latches">,
  config: StationConfig,
): RemovalReason | undefined {
  const { alerts, latches, nowMs } = facts;
  if (latches[cabinet.id] !== undefined) return "runaway";
  const danger = cabinetDanger(readings, cabinet, nowMs, config);
  if (danger !== undefined) return danger;
  const zone = alerts.zones[cabinet.id];
  if (zone?.alert === true) return "alert";
  if (alerts.stopped) return "emergency-stop";
  return zone?.wet === true ? "water" : undefined;
}

/** No extinguisher without the latch of two signals that is in the log, and only while its one release lasts. */
function heldAerosols(wanted: SafetyLevels["aerosols"], facts: InterlockFacts): SafetyLevels["aerosols"] {
  let held: Record<string, boolean> | undefined;
  for (const id in wanted) {
    if (wanted[id] !== true) continue;
    if (facts.latches[id] !== undefined && facts.alerts.releases[id]?.at === "releasing") continue;
    held ??= { ...wanted };
    held[id] = false;
  }
  return held ?? wanted;
}

/** The exhaust runs in smoke, and stands still while an agent works: whatever was wanted. */
function heldFan(wanted: boolean, cabinet: CabinetLayout, stop: RemovalReason | undefined, pass: Pass): boolean {
  if (isFlooded(pass.facts.alerts, cabinet, pass.config)) return false;
  return wanted || stop === "smoke" || stop === "runaway" || stop === "alert" || stop === "conductor";
}

function unsafeBay(readings: BayReadings, layout: BayLayout, facts: InterlockFacts, config: StationConfig) {
  const { safety } = config;
  if (!facts.masterEnabled) return "master-enable-off";
  if (facts.lockBay === layout.bay) return "lock-energised";
  if (doorOf(readings, layout, facts.nowMs, safety) !== "shut") return "door-not-shut";
  if (fresh(readings.present, facts.nowMs, safety.contactHeardMs) !== true) return "not-present";
  const pack = fresh(readings.pack, facts.nowMs, safety.packHeardMs);
  if (pack === undefined) return "pack-not-heard";
  const range = cellTempRangeC(pack);
  if (range === undefined) return "no-temperature";
  return { pack, range };
}

/** An idle charger is asked every 10 s; one that misses two answers is stale at once, whatever its age. */
const chargerHeardMs = 15_000;

function unsafeCharge(
  readings: BayReadings,
  layout: BayLayout,
  facts: InterlockFacts,
  config: StationConfig,
): RemovalReason | undefined {
  const seen = unsafeBay(readings, layout, facts, config);
  if (typeof seen === "string") return seen;
  if (seen.range.minC < config.safety.chargeMinC) return "too-cold";
  if (seen.range.maxC > config.safety.chargeMaxC) return "too-hot";
  if ((seen.pack.protectionBits & chargeBlockingBits) !== 0) return "protection";
  const flaw = voltageFlaw(seen.pack, config);
  if (flaw !== undefined && flaw !== "unbalanced") return flaw; // A spread is judged when it lasts; these two at once.
  // What cannot be told to stop must not go on: the contactor takes the current away from a charger that does not answer.
  return fresh(readings.charger, facts.nowMs, chargerHeardMs) === undefined ? "charger-not-heard" : undefined;
}

function unsafeHeat(
  readings: BayReadings,
  layout: BayLayout,
  facts: InterlockFacts,
  config: StationConfig,
): RemovalReason | undefined {
  const seen = unsafeBay(readings, layout, facts, config);
  if (typeof seen === "string") return seen;
  return seen.range.maxC > config.safety.heatMaxC ? "too-hot" : undefined;
}

interface Pass {
  readonly readings: StationReadings;
  readonly facts: InterlockFacts;
  readonly config: StationConfig;
  readonly removed: Removal[];
}

/** A pack that was heard this long ago was hot a moment ago: one at rest is asked every 5 s, and again when it is silent. */
const hotHeardMs = 12_000;

function besideHot(bay: number, { readings, facts, config }: Pass): boolean {
  for (const beside of neighboursOf(bay, config)) {
    const pack = fresh(readings.bays[beside]?.pack, facts.nowMs, hotHeardMs);
    if (pack !== undefined && isHot(pack, config.safety)) return true;
  }
  return false;
}

type Unsafe = typeof unsafeCharge;

/** Undefined when what is wanted may be. */
function against(unsafe: Unsafe, layout: BayLayout, zone: RemovalReason | undefined, pass: Pass) {
  if (zone !== undefined) return zone;
  if (besideHot(layout.bay, pass)) return "neighbour-hot";
  const readings = pass.readings.bays[layout.bay];
  return readings === undefined ? "not-present" : unsafe(readings, layout, pass.facts, pass.config);
}

function passBay(wanted: BayLevels, layout: BayLayout, zone: RemovalReason | undefined, pass: Pass): BayLevels {
  if (wanted.chargeMa === 0 && !wanted.heater) return wanted;
  let { chargeMa, heater } = wanted;
  const bay = layout.bay;
  const againstCharge = chargeMa > 0 ? against(unsafeCharge, layout, zone, pass) : undefined;
  if (againstCharge !== undefined) {
    chargeMa = 0;
    pass.removed.push({ bay, what: "charge", reason: againstCharge });
  }
  const againstHeat = heater ? against(unsafeHeat, layout, zone, pass) : undefined;
  if (againstHeat !== undefined) {
    heater = false;
    pass.removed.push({ bay, what: "heat", reason: againstHeat });
  }
  if (againstCharge === undefined && againstHeat === undefined) return wanted;
  return { chargeMa, chargeMv: wanted.chargeMv, heater, attended: wanted.attended, watchPack: wanted.watchPack };
}

/** Drops whole bays, last number first, until the sum of what is commanded fits the site limit. */
function holdSiteLimit(bays: (BayLevels | undefined)[], pass: Pass): void {
  let totalW = 0;
  for (let bay = 1; bay < bays.length; bay++) {
    const levels = bays[bay];
    if (levels === undefined) continue;
    const packMv = pass.readings.bays[bay]?.pack?.value?.packMv ?? pass.config.packs.chargeMv;
    const powerW =
      chargePowerW(levels.chargeMa, packMv, pass.config) + (levels.heater ? pass.config.charging.heaterW : 0);
    if (totalW + powerW <= pass.config.siteLimitW) {
      totalW += powerW;
      continue;
    }
    bays[bay] = {
      chargeMa: 0,
      chargeMv: levels.chargeMv,
      heater: false,
      attended: levels.attended,
      watchPack: levels.watchPack,
    };
    if (levels.chargeMa > 0) pass.removed.push({ bay, what: "charge", reason: "site-limit" });
    if (levels.heater) pass.removed.push({ bay, what: "heat", reason: "site-limit" });
  }
}

export function interlock(
  wanted: Levels,
  readings: StationReadings,
  facts: InterlockFacts,
  config: StationConfig,
): { readonly levels: Levels; readonly removed: readonly Removal[] } {
  const pass: Pass = { readings, facts, config, removed: [] };
  const dangers: Record<string, RemovalReason | undefined> = {};
  const fans: Record<string, boolean> = { ...wanted.fans };
  for (const cabinet of config.cabinets) {
    const stop = cabinetStop(readings, cabinet, facts, config);
    dangers[cabinet.id] = stop;
    if (cabinet.hasFan) fans[cabinet.id] = heldFan(fans[cabinet.id] ?? false, cabinet, stop, pass);
  }
  const bays = wanted.bays.map((levels, bay) => {
    const layout = config.bays[bay];
    if (levels === undefined || layout === undefined) return undefined;
    return passBay(levels, layout, dangers[layout.cabinet], pass);
  });
  holdSiteLimit(bays, pass);
  const aerosols = heldAerosols(wanted.safety.aerosols, facts);
  const safety = aerosols === wanted.safety.aerosols ? wanted.safety : { ...wanted.safety, aerosols };
  return { levels: { bays, fans, safety }, removed: pass.removed };
}
