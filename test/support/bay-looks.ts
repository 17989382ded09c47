/** Looks at one bay, one a second, for tests of the watches: what they find first, and after how many seconds. */
import type { BayLatchCause, BayStop, HeaterStop } from "../../services/bay/stops.ts";
import type { StationConfig } from "../../services/config.ts";
import type { PackReading } from "../../services/readings.ts";
import { judgeBay, newWatch } from "../../services/safety/bay-watch.ts";
import { heaterStop, newHeat, watchHeat } from "../../services/safety/heater-watch.ts";
import type { BayLook } from "../../services/safety/look.ts";
import { benchConfig, pack } from "./bench-config.ts";

export const looksConfig: StationConfig = benchConfig();

/** What is unlike a quiet bay with a pack of 20 % at 20 °C. */
export interface Shown extends Partial<Omit<BayLook, "pack" | "charger">> {
  readonly pack?: Partial<PackReading>;
  readonly outMa?: number | undefined;
}

export function lookAt(nowMs: number, shown: Shown = {}): BayLook {
  const { pack: more, outMa = 0, ...rest } = shown;
  return {
    nowMs,
    config: looksConfig,
    pack: pack("yz-1", more),
    sampledMs: nowMs,
    charger: "outMa" in shown && shown.outMa === undefined ? undefined : { outMv: 48_000, outMa },
    setMa: 0,
    powered: true,
    airC: 20,
    ...rest,
  };
}

/** A charge that flows and gains, second by second. */
export const charging = (second: number, more: Shown = {}): Shown => ({
  setMa: 12_000,
  outMa: 12_000,
  ...more,
  pack: { packMa: 12_000, packMv: 48_000 + Math.floor(second / 10) * 10, ...more.pack },
});

export interface Found {
  readonly what: BayStop | BayLatchCause;
  readonly atS: number;
}

/** The first thing found within so many seconds. */
export function findStop(seconds: number, shownAt: (second: number) => Shown, heats = false): Found | undefined {
  let watch = newWatch;
  for (let second = 0; second <= seconds; second++) {
    const judged = judgeBay(watch, lookAt(second * 1_000, shownAt(second)), heats);
    const what = judged.latch ?? judged.stop;
    if (what !== undefined) return { what, atS: second };
    watch = judged.watch;
  }
  return undefined;
}

/** The same for a heater that is on; `tempsAt` gives what the sensors say. */
export function findHeaterStop(
  seconds: number,
  tempsAt: (second: number) => readonly number[],
  more: Shown = {},
): { readonly what: HeaterStop; readonly atS: number } | undefined {
  const shown = (second: number): Shown => ({ ...more, pack: { cellTempsC: tempsAt(second) } });
  let watch = newHeat(0, lookAt(0, shown(0)).pack, 0);
  for (let second = 1; second <= seconds; second++) {
    const look = lookAt(second * 1_000, shown(second));
    const next = watchHeat(watch, look);
    const what = heaterStop(watch, next, look);
    if (what !== undefined) return { what, atS: second };
    watch = next;
  }
  return undefined;
}
