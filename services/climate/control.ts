/**
 * How much to heat, and whether to cool, when nothing forbids it. Minimum times yield to the frost floor. It refuses to heat
 * and cool in the same look, and to cool a room whose sensors disagree.
 */
import { offLateMsMax } from "../lease.ts";
import type { ClimateConfig, ProportionalHeater } from "./config.ts";
import type { Sight } from "./sight.ts";
import type { ClimateState } from "./state.ts";
import type { Targets } from "./targets.ts";

export interface Drive {
  readonly at: ClimateState["at"];
  readonly heaterPct: number;
  readonly integralPct: number;
}

export const atRest: Drive = { at: "rest", heaterPct: 0, integralPct: 0 };

export interface Control {
  readonly nowMs: number;
  readonly was: ClimateState;
  readonly room: NonNullable<Sight["room"]>;
  readonly disagrees: boolean;
  readonly targets: Targets;
  readonly mayHeat: boolean;
}

const passed = (fromMs: number | undefined, nowMs: number, ms: number): boolean =>
  fromMs === undefined || nowMs - fromMs >= ms;

const isFrosty = ({ room }: Control, config: ClimateConfig): boolean => room.coldC < config.frostC + config.hysteresisC;

/** Which sensor is right nobody knows: the colder one asks for the frost floor, the hotter one ends it. */
function heatsDisagreeing({ was, room }: Control, config: ClimateConfig): boolean {
  const capC = Math.max(...config.periods.map((period) => period.heatC));
  if (room.hotC >= capC) return false;
  return room.coldC < config.frostC + (was.at === "heat" ? 2 : 1) * config.hysteresisC;
}

function heatsOnOff(control: Control, config: ClimateConfig): boolean {
  const { nowMs, was, room, targets } = control;
  if (was.at === "heat") {
    if (room.meanC < targets.heatC) return true;
    return !passed(was.sinceMs, nowMs, config.heaterMinOnMs) && room.hotC < targets.heatC + config.hysteresisC;
  }
  if (room.meanC >= targets.heatC - config.hysteresisC) return false;
  return isFrosty(control, config) || passed(was.heatedMs, nowMs, config.heaterMinOffMs);
}

/** At most this much time is integrated for one look, so that a pause is never taken for a cold room. */
const lookMsMax = 5_000;

function proportional({ nowMs, was, room, targets }: Control, rule: ProportionalHeater): Drive {
  const errorC = targets.heatC - room.meanC;
  const wantedPct = rule.gainPctPerC * errorC + was.integralPct;
  const isWound = (wantedPct >= 100 && errorC > 0) || (wantedPct <= 0 && errorC < 0);
  const minutes = Math.min(nowMs - was.lookedMs, lookMsMax) / 60_000;
  const grownPct = isWound ? was.integralPct : was.integralPct + rule.resetPctPerCMin * errorC * minutes;
  const integralPct = Math.min(Math.max(grownPct, 0), 100);
  const pct = Math.min(Math.max(rule.gainPctPerC * errorC + integralPct, 0), 100);
  const heaterPct = pct < rule.minPct ? 0 : pct;
  return { at: heaterPct > 0 ? "heat" : "rest", heaterPct, integralPct };
}

function heat(control: Control, config: ClimateConfig): Drive {
  const { nowMs, was, disagrees } = control;
  if (!control.mayHeat || !config.hasHeater) return atRest;
  if (!isFrosty(control, config) && was.at !== "heat" && !passed(was.cooledMs, nowMs, config.changeoverMs))
    return atRest;
  if (!disagrees && config.proportional !== undefined) return proportional(control, config.proportional);
  const heats = disagrees ? heatsDisagreeing(control, config) : heatsOnOff(control, config);
  return heats ? { at: "heat", heaterPct: 100, integralPct: 0 } : atRest;
}

function cools({ nowMs, was, room, disagrees, targets }: Control, config: ClimateConfig): boolean {
  if (!config.hasCooler || disagrees || room.coldC <= config.coolMinC) return false;
  if (was.at === "cool") {
    if (!passed(was.sinceMs, nowMs, config.coolerMinOnMs)) return true;
    return targets.coolC !== undefined && room.meanC > targets.coolC;
  }
  if (targets.coolC === undefined || room.meanC <= targets.coolC + config.hysteresisC) return false;
  return (
    passed(was.coolerOffMs, nowMs, config.coolerMinOffMs + offLateMsMax) &&
    passed(was.heatedMs, nowMs, config.changeoverMs)
  );
}

export function drive(control: Control, config: ClimateConfig): Drive {
  const { was } = control;
  // Whoever runs goes on first; the other one waits for a look at which nothing runs.
  if (was.at === "cool")
    return cools(control, config) && !(isFrosty(control, config) && config.hasHeater)
      ? { ...atRest, at: "cool" }
      : atRest;
  const heating = heat(control, config);
  if (heating.at === "heat" || was.at === "heat") return heating;
  return cools(control, config) ? { ...atRest, at: "cool" } : heating;
}
