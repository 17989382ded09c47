/**
 * Watches the room's heater as Marlin watches a chamber's: did it rise while on (Configuration_adv.h: WATCH_CHAMBER), does it
 * rise while off, which only a welded relay explains. Each sensor is measured against itself, so that one that comes and goes
 * makes no rise.
 */
import type { ClimateConfig } from "./config.ts";

type Temps = readonly (number | undefined)[];

export interface Watch {
  /** From where and when the rise is waited for, sensor by sensor. */
  readonly fromC: Temps;
  readonly fromMs: number;
}

export const newWatch = (temps: Temps, nowMs: number): Watch => ({ fromC: temps, fromMs: nowMs });

const joined = (fromC: Temps, temps: Temps): Temps => temps.map((tempC, at) => fromC[at] ?? tempC);

/** By so much above where its sensor began; one that is heard for the first time begins here. */
const isAbove = (tempC: number | undefined, fromC: number | undefined, byC: number): boolean =>
  tempC !== undefined && tempC >= (fromC ?? tempC) + byC;

/** The heater is on: any sensor's rise proves it. */
export function watchRise(was: Watch, temps: Temps, nowMs: number, config: ClimateConfig): Watch {
  const fromC = joined(was.fromC, temps);
  const rose = temps.some((tempC, at) => isAbove(tempC, fromC[at], config.riseC));
  return rose ? newWatch(temps, nowMs) : { fromC, fromMs: was.fromMs };
}

export const risesNot = (watch: Watch, nowMs: number, config: ClimateConfig): boolean =>
  nowMs - watch.fromMs >= config.noRiseMs;

/** The heater is off: the lowest of the window is where a rise is measured from. */
export function watchRest(was: Watch, temps: Temps, nowMs: number, config: ClimateConfig): Watch {
  if (nowMs - was.fromMs > config.weldedWindowMs) return newWatch(temps, nowMs);
  const fromC = joined(was.fromC, temps);
  const lowest = fromC.map((c, at) => (c === undefined ? undefined : Math.min(c, temps[at] ?? c)));
  const fell = lowest.some((c, at) => c !== fromC[at]);
  return fell ? newWatch(lowest, nowMs) : { fromC, fromMs: was.fromMs };
}

/** All that are heard agree on it. */
export function warmsAtRest(watch: Watch, temps: Temps, config: ClimateConfig): boolean {
  const heard = temps.filter((tempC) => tempC !== undefined);
  if (heard.length === 0) return false;
  return temps.every((tempC, at) => tempC === undefined || isAbove(tempC, watch.fromC[at], config.weldedRiseC));
}
