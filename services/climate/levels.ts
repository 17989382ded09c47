/**
 * What the room's outputs hold, derived afresh from the state, and the last word over it: taken from the readings themselves,
 * by a way of its own, only ever taking away. It refuses heat without a recent sample, heat beside coolness, and any feed
 * behind a latch.
 */
import type { ClimateConfig } from "./config.ts";
import type { ClimateLook } from "./readings.ts";
import type { ClimateDurable } from "./records.ts";
import type { ClimateState } from "./state.ts";

export interface ClimateLevels {
  /** 0 = off; an on/off heater knows 0 and 100. */
  readonly heaterPct: number;
  /** The contactor before the heater: it opens when the heater's own switch cannot be trusted, and when nobody sees what it does. */
  readonly heaterFeed: boolean;
  readonly cooler: boolean;
}

export const restingClimate: ClimateLevels = { heaterPct: 0, heaterFeed: false, cooler: false };

export function climateLevels(state: ClimateState, durable: ClimateDurable): ClimateLevels {
  const isLatched = durable.latch !== undefined || state.latching !== undefined;
  // A heater that is told to be off may be on by a welded relay, and without a temperature nothing would ever show it.
  const isSeen = state.roomC !== undefined;
  const heaterFeed = !isLatched && isSeen && state.stop !== "too-hot";
  return {
    heaterPct: heaterFeed && state.at === "heat" ? state.heaterPct : 0,
    heaterFeed,
    cooler: state.at === "cool",
  };
}

export type ClimateRemoval = "no-sample" | "too-hot" | "latched" | "both" | "master-enable-off";

/** Samples that are young enough and temperatures at all. */
function recentC({ sensors, nowMs }: ClimateLook, config: ClimateConfig): readonly number[] {
  return sensors.flatMap((reading) => {
    if (reading?.quality !== "good" || nowMs - reading.atMs >= config.staleMs) return [];
    const { tempC } = reading.value;
    return tempC >= config.rangeMinC && tempC <= config.rangeMaxC ? [tempC] : [];
  });
}

export function interlockClimate(
  wanted: ClimateLevels,
  look: ClimateLook,
  durable: ClimateDurable,
  config: ClimateConfig,
): { readonly levels: ClimateLevels; readonly removed: readonly ClimateRemoval[] } {
  const recent = recentC(look, config);
  const isHot = recent.some((tempC) => tempC > config.hardLimitC);
  const heats = wanted.heaterPct > 0;
  const feeds = heats || wanted.heaterFeed;
  const removed: ClimateRemoval[] = [];
  if (durable.latch !== undefined && feeds) removed.push("latched");
  if (isHot && feeds) removed.push("too-hot");
  if (recent.length === 0 && (heats || wanted.cooler)) removed.push("no-sample");
  if (!look.powered && heats) removed.push("master-enable-off");
  if (heats && wanted.cooler) removed.push("both");
  if (removed.length === 0) return { levels: wanted, removed };
  return {
    levels: {
      heaterPct: 0,
      heaterFeed: wanted.heaterFeed && durable.latch === undefined && !isHot,
      cooler: wanted.cooler && !heats && recent.length > 0,
    },
    removed,
  };
}
