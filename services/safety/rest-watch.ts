/**
 * A bay at rest must not warm up. With heater and charger off for a while, a pack that is clearly warmer than the cabinet's
 * air and grows warmer still is heated by a relay that did not open, or from within. Where no thermometer tells the air it is
 * taken for 30 °C, so that a summer's afternoon is no fault; a real one is then found later.
 */
import { hottestC } from "../bay/condition.ts";
import type { BayLook } from "./look.ts";

export interface RestWatch {
  readonly sinceMs: number;
  /** The lowest since then, or since it was last taken anew, and when that was. */
  readonly fromC: number;
  readonly fromMs: number;
  readonly lastC: number;
  readonly sampledMs: number;
}

/** A slower rise is the weather's: a heater that cannot be switched off warms a pack by 6 to 18 °C in this time. */
const windowMs = 1_800_000;
const assumedAirC = 30;

export function watchRest(was: RestWatch | undefined, look: BayLook, heats: boolean): RestWatch | undefined {
  if (heats || look.setMa > 0) return undefined;
  const nowC = hottestC(look.pack);
  if (nowC === undefined) return undefined;
  const { nowMs, sampledMs } = look;
  if (was === undefined) return { sinceMs: nowMs, fromC: nowC, fromMs: nowMs, lastC: nowC, sampledMs };
  if (sampledMs === was.sampledMs) return was;
  const settles = nowMs - was.sinceMs <= look.config.safety.weldedSettleMs;
  const steadyC = Math.max(was.lastC, nowC);
  if (settles || steadyC < was.fromC || nowMs - was.fromMs > windowMs) {
    return { sinceMs: was.sinceMs, fromC: steadyC, fromMs: nowMs, lastC: nowC, sampledMs };
  }
  return { sinceMs: was.sinceMs, fromC: was.fromC, fromMs: was.fromMs, lastC: nowC, sampledMs };
}

/** Two samples agree, so that one odd sample is no welded relay. */
export function warmsAtRest(was: RestWatch | undefined, next: RestWatch | undefined, look: BayLook): boolean {
  if (was === undefined || next === undefined || next === was || next.fromMs !== was.fromMs) return false;
  const { weldedRiseC, weldedAboveAirC } = look.config.safety;
  const steadyC = Math.min(was.lastC, next.lastC);
  return steadyC >= next.fromC + weldedRiseC && steadyC > (look.airC ?? assumedAirC) + weldedAboveAirC;
}
