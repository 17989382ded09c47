/**
 * Everything that is watched over one bay while its pack is heard, put together: what was seen so far, and what follows from
 * it now. Remembered only as long as the same pack stands there; what must outlast a restart is journalled as a stop.
 */
import { cellTempRangeC } from "../bay/condition.ts";
import type { BayLatchCause, BayStop } from "../bay/stops.ts";
import { type CurrentWatch, currentStop, quietCurrents, watchCurrents } from "./current-watch.ts";
import { type FlawWatch, provenFlaw, watchFlaw } from "./flaw-watch.ts";
import { type BayLook, lasts, since } from "./look.ts";
import { type ProgressWatch, progressStop, watchProgress } from "./progress-watch.ts";
import { type RestWatch, warmsAtRest, watchRest } from "./rest-watch.ts";

export interface BayWatch {
  readonly flaw: FlawWatch | undefined;
  readonly currents: CurrentWatch;
  readonly progress: ProgressWatch | undefined;
  readonly rest: RestWatch | undefined;
  /** Since when sensors of this pack contradict each other. */
  readonly disagreesSinceMs: number | undefined;
  /** The sample that first showed a temperature beyond the hard limit. */
  readonly beyondMs: number | undefined;
}

export const newWatch: BayWatch = {
  flaw: undefined,
  currents: quietCurrents,
  progress: undefined,
  rest: undefined,
  disagreesSinceMs: undefined,
  beyondMs: undefined,
};

export interface Judgement {
  readonly watch: BayWatch;
  readonly stop: BayStop | undefined;
  readonly latch: BayLatchCause | undefined;
}

/** How long sensors must contradict each other: a pad heats one side of a pack first. */
const disagreesMs = 60_000;
export const sensorsDisagree = (watch: BayWatch, nowMs: number): boolean =>
  lasts(watch.disagreesSinceMs, disagreesMs, nowMs);

/** `heats`: the heater was granted at the last look. */
export function judgeBay(was: BayWatch, look: BayLook, heats: boolean): Judgement {
  const { safety } = look.config;
  const range = cellTempRangeC(look.pack);
  const beyond = range !== undefined && range.maxC >= safety.hardLimitC;
  const disagrees = range !== undefined && range.maxC - range.minC > safety.temperatureSpreadC;
  const flaw = watchFlaw(was.flaw, look);
  const currents = watchCurrents(was.currents, look);
  const progress = watchProgress(was.progress, look);
  const rest = watchRest(was.rest, look, heats);
  const disagreesSinceMs = since(was.disagreesSinceMs, disagrees, look.nowMs);
  const beyondMs = since(was.beyondMs, beyond, look.sampledMs);
  const stop = provenFlaw(flaw, look) ?? currentStop(currents, look) ?? progressStop(progress, look);
  const beyondProven = beyondMs !== undefined && look.sampledMs > beyondMs;
  const welded = warmsAtRest(was.rest, rest, look);
  const latch = beyondProven ? "over-temperature" : welded ? "heater-welded" : undefined;
  // Most looks find what the last one found, and then there is nothing to be made.
  const sameParts = flaw === was.flaw && currents === was.currents && progress === was.progress && rest === was.rest;
  const same = sameParts && disagreesSinceMs === was.disagreesSinceMs && beyondMs === was.beyondMs;
  return { watch: same ? was : { flaw, currents, progress, rest, disagreesSinceMs, beyondMs }, stop, latch };
}
