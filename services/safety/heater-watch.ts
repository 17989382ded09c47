/**
 * Watches a bay heater as Marlin watches a printer's: did it rise, did it hold, does the reading live, has it been on too
 * long, did it go too far. Bay heaters are slow, so the numbers are: 100 W under a 7.5 kg pack give 0.2 to 0.6 °C a minute,
 * which a sensor of 0.1 °C shows every 10 to 30 s once the warmth has reached it. A single odd sample counts for nothing:
 * what two samples in a row agree on is believed.
 */
import { cellTempRangeC } from "../bay/condition.ts";
import type { HeaterStop } from "../bay/stops.ts";
import type { BayLook } from "./look.ts";

export interface HeatWatch {
  readonly sinceMs: number;
  /** From where and when the next degree is waited for. */
  readonly fromC: number;
  readonly fromMs: number;
  readonly peakC: number;
  readonly temps: readonly number[];
  /** When any sensor last said something else. */
  readonly changedMs: number;
  readonly sampledMs: number;
  /** What the last sample showed, which the next must confirm. */
  readonly lastMinC: number;
  readonly lastMaxC: number;
}

/** Each degree is a proof that the heater heats. */
const provenRiseC = 1;

export function newHeat(nowMs: number, pack: BayLook["pack"], sampledMs: number): HeatWatch {
  const range = cellTempRangeC(pack) ?? { minC: 0, maxC: 0 };
  return {
    sinceMs: nowMs,
    fromC: range.minC,
    fromMs: nowMs,
    peakC: range.minC,
    temps: pack.cellTempsC,
    changedMs: nowMs,
    sampledMs,
    lastMinC: range.minC,
    lastMaxC: range.maxC,
  };
}

const same = (one: readonly number[], other: readonly number[]): boolean =>
  one.length === other.length && one.every((tempC, at) => tempC === other[at]);

export function watchHeat(was: HeatWatch, look: BayLook): HeatWatch {
  if (look.sampledMs === was.sampledMs) return was;
  const { nowMs, pack, sampledMs } = look;
  const range = cellTempRangeC(pack);
  // Without the master enable nothing heats, and nothing that does not rise is to blame.
  if (range === undefined || !look.powered) return newHeat(nowMs, pack, sampledMs);
  const steadyC = Math.min(was.lastMinC, range.minC);
  const rose = steadyC >= was.fromC + provenRiseC;
  return {
    sinceMs: was.sinceMs,
    fromC: rose ? steadyC : was.fromC,
    fromMs: rose ? nowMs : was.fromMs,
    peakC: Math.max(was.peakC, steadyC),
    temps: pack.cellTempsC,
    changedMs: same(was.temps, pack.cellTempsC) ? was.changedMs : nowMs,
    sampledMs,
    lastMinC: range.minC,
    lastMaxC: range.maxC,
  };
}

/** `next` is `was` after this look. Where they show two samples, what both agree on is believed. */
export function heaterStop(was: HeatWatch, next: HeatWatch, { nowMs, config }: BayLook): HeaterStop | undefined {
  const { safety, charging } = config;
  if (next !== was && Math.min(was.lastMaxC, next.lastMaxC) > safety.heatMaxC) return "overrun";
  if (next !== was && Math.max(was.lastMinC, next.lastMinC) <= next.peakC - safety.heaterFallC) return "fell";
  const movingSinceMs = Math.max(next.changedMs, next.sinceMs + safety.heaterLagMs);
  if (nowMs - movingSinceMs > safety.heaterFrozenMs) return "frozen";
  if (nowMs - next.fromMs > charging.noRiseMs) return "no-rise";
  return nowMs - next.sinceMs > charging.heaterMaxOnMs ? "too-long" : undefined;
}
