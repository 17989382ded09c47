/**
 * The bay state of the swap design: what a bay may be used for, judged from presence, door, pack and flags together. `empty`
 * is proven by every signal (no presence, no voltage, no answer); a bay with anything unexplained in it is
 * `occupied-unknown` and is never offered.
 */
import type { BayLayout, StationConfig } from "../config.ts";
import { fresh } from "../reading.ts";
import type { BayReadings, PackReading } from "../readings.ts";
import type { BayState } from "../station/state.ts";
import { cellTempRangeC, normalBits } from "./condition.ts";
import { doorOf } from "./door.ts";

export type BayPhase = "empty" | "occupied-unknown" | "quarantined" | "charging" | "warming" | "waiting" | "ready";

export interface BaySight {
  readonly state: BayState;
  readonly layout: BayLayout;
  readonly readings: BayReadings;
}

/** The pack when it was heard recently enough to be handed out or judged; older news is history. */
const packHeardMsMax = 12_000;
/** A voltage on an "empty" connector above this is a pack nobody can see. */
const liveMv = 10_000;
/** A pack that is still plugged in answers within this, because it is asked anew when its swap ends. */
const emptySettleMs = 1_500;
/** A charger that is off is asked for its voltage every ten seconds, so this long it may still tell the old one. */
const voltageLagMs = 15_000;
/** An answer that was on its way when the contact opened. */
const lingerMs = 500;

export function heardPack(readings: BayReadings, nowMs: number): PackReading | undefined {
  return fresh(readings.pack, nowMs, packHeardMsMax);
}

export function phaseOf(sight: BaySight, nowMs: number, config: StationConfig): BayPhase {
  const { state, readings } = sight;
  const present = fresh(readings.present, nowMs, config.safety.contactHeardMs);
  const pack = heardPack(readings, nowMs);
  if (state.latch !== undefined) return "quarantined"; // Dead until a person on site has looked, even when it is empty.
  if (present === undefined) return "occupied-unknown";
  if (!present) return provenEmpty(sight, nowMs, config) ? "empty" : "occupied-unknown";
  return pack?.packId === undefined ? "occupied-unknown" : occupiedPhase(state, pack, config);
}

/** Every signal says empty: shut door, no presence, no answer, no voltage on a connector that is switched off (E10). */
function provenEmpty({ state, layout, readings }: BaySight, nowMs: number, config: StationConfig): boolean {
  const absentSinceMs = state.absentSinceMs ?? nowMs;
  // What was heard before the pack left is history; what is heard after it left is a ghost.
  const after = (atMs = 0) => nowMs - absentSinceMs < emptySettleMs || atMs > absentSinceMs + lingerMs;
  if (heardPack(readings, nowMs) !== undefined && after(readings.pack?.atMs)) return false;
  const outMv = fresh(readings.charger, nowMs, packHeardMsMax)?.outMv ?? 0;
  const voltageIsNews = state.absentSinceMs === undefined || nowMs - absentSinceMs > voltageLagMs;
  if (outMv > liveMv && state.chargeMa === 0 && voltageIsNews) return false;
  return doorOf(readings, layout, nowMs, config.safety) === "shut";
}

/**
 * A heater comes on at the mark of full current, to keep a pack warm that was warm already; only one that is well below it
 * is still on its way, and not handed out before it got there (E14).
 */
const keptWarmC = 0.5;
const isStillCold = (minC: number | undefined, { safety }: StationConfig): boolean =>
  minC === undefined || minC < safety.fullCurrentMinC - keptWarmC;

function occupiedPhase(state: BayState, pack: PackReading, config: StationConfig): BayPhase {
  if (state.stop !== undefined) return "quarantined";
  const range = cellTempRangeC(pack);
  if (state.heater !== undefined && state.chargeMa === 0 && isStillCold(range?.minC, config)) return "warming";
  const warm = range !== undefined && range.minC >= config.safety.chargeMinC;
  const alarm = (pack.protectionBits & ~normalBits) !== 0 || state.watch.flaw !== undefined;
  if (warm && !alarm && pack.socPct >= config.charging.targetSocPct) return "ready";
  return state.chargeMa > 0 ? "charging" : "waiting";
}

/** Minutes until this pack could be handed out, as an honest round figure; undefined when it is not on its way. */
export function readyInMinutes(sight: BaySight, nowMs: number, config: StationConfig): number | undefined {
  const pack = heardPack(sight.readings, nowMs);
  if (pack === undefined) return undefined;
  const phase = phaseOf(sight, nowMs, config);
  if (phase === "ready") return 0;
  if (phase !== "charging" && phase !== "warming" && phase !== "waiting") return undefined;
  const missingMah = (Math.max(0, config.charging.targetSocPct - pack.socPct) / 100) * config.packs.capacityMah;
  const chargeMinutes = (missingMah / config.packs.chargeMa) * 60;
  const coldC = config.charging.warmToC - (cellTempRangeC(pack)?.minC ?? config.charging.warmToC);
  const degreesPerMinute = 0.5; // 100 W into a pack of about 10 kJ/K, less what leaks away.
  return Math.max(1, Math.ceil(chargeMinutes + Math.max(0, coldC) / degreesPerMinute));
}
