/**
 * Fire watch: one zone a cabinet. Any one signal stops the zone and calls people out; only smoke together with heat, both
 * lasting, is a thermal runaway. Signals are counted by independent sensors: several heads of one kind are one signal. It
 * releases nothing itself, and it forgets a zone that has been calm for a while.
 */
import { hottestC } from "../bay/condition.ts";
import type { CabinetLayout, StationConfig } from "../config.ts";
import type { PackReading, StationReadings } from "../readings.ts";
import { contactDanger } from "./danger.ts";
import { follow, isConfirmed, type Run } from "./runs.ts";

export interface Zone {
  readonly smoke: Run | undefined;
  /** The runaway conductor: a cable or contact that closes when it was heated through. */
  readonly conductor: Run | undefined;
  readonly air: Run | undefined;
  /** By bay: every pack has sensors of its own. */
  readonly packs: Readonly<Record<string, Run>>;
  /** When a signal was there for the last time. */
  readonly dangerMs: number | undefined;
  /** At least one signal, now or a moment ago: everything off, nobody to be let near. */
  readonly alert: boolean;
  /** When water was there for the last time. */
  readonly wetMs: number | undefined;
  readonly wet: boolean;
}

const noRuns: Zone["packs"] = {};

export const calmZone: Zone = {
  smoke: undefined,
  conductor: undefined,
  air: undefined,
  packs: noRuns,
  dangerMs: undefined,
  alert: false,
  wetMs: undefined,
  wet: false,
};

export interface ZoneSight {
  readonly readings: StationReadings;
  readonly cabinet: CabinetLayout;
  readonly config: StationConfig;
  readonly nowMs: number;
}

const isTrue = (value: boolean): boolean => value;

function followPacks(was: Zone["packs"], { readings, cabinet, config, nowMs }: ZoneSight): Zone["packs"] {
  const { runawayC } = config.safety;
  const hot = (pack: PackReading | undefined): boolean | undefined => {
    const maxC = pack === undefined ? undefined : hottestC(pack);
    return maxC === undefined ? undefined : maxC >= runawayC;
  };
  let next: Record<string, Run> | undefined;
  for (const bay of cabinet.bays) {
    const run = was[bay];
    const now = follow(run, readings.bays[bay]?.pack, hot, nowMs);
    if (now === run) continue;
    next ??= { ...was };
    if (now === undefined) delete next[bay];
    else next[bay] = now;
  }
  if (next === undefined) return was;
  return Object.keys(next).length === 0 ? noRuns : next;
}

const anyConfirmed = (packs: Zone["packs"], confirmMs: number): boolean => {
  for (const bay in packs) if (isConfirmed(packs[bay], confirmMs)) return true;
  return false;
};

/** The second signal's sources, by name; each alone is enough beside smoke. */
export function heatSignals(zone: Zone, confirmMs: number): string[] {
  const found: string[] = [];
  for (const bay in zone.packs) if (isConfirmed(zone.packs[bay], confirmMs)) found.push(`pack in bay ${bay}`);
  if (isConfirmed(zone.air, confirmMs)) found.push("cabinet air");
  if (isConfirmed(zone.conductor, confirmMs)) found.push("runaway conductor");
  return found;
}

/** What agrees that packs burn: smoke first, then every source of heat; undefined while one of the two is missing. */
export function runawaySignals(zone: Zone, confirmMs: number): string | undefined {
  if (!isConfirmed(zone.smoke, confirmMs)) return undefined;
  const heat = heatSignals(zone, confirmMs);
  return heat.length === 0 ? undefined : ["smoke", ...heat].join(", ");
}

const same = (one: Zone, other: Zone): boolean =>
  one.smoke === other.smoke &&
  one.conductor === other.conductor &&
  one.air === other.air &&
  one.packs === other.packs &&
  one.dangerMs === other.dangerMs &&
  one.alert === other.alert &&
  one.wetMs === other.wetMs &&
  one.wet === other.wet;

/** The zone after one more look; the same object while nothing is different. */
export function watchZone(was: Zone, sight: ZoneSight): Zone {
  const { readings, cabinet, config, nowMs } = sight;
  const { runawayC, runawayConfirmMs, dangerClearMs } = config.safety;
  const here = readings.cabinets[cabinet.id];
  const smoke = cabinet.hasSmoke ? follow(was.smoke, here?.smoke, isTrue, nowMs) : undefined;
  const conductor = cabinet.hasConductor ? follow(was.conductor, here?.conductor, isTrue, nowMs) : undefined;
  const air = follow(was.air, here?.airTempC, (airTempC) => airTempC >= runawayC, nowMs);
  const packs = followPacks(was.packs, sight);
  const danger =
    contactDanger("smoke", readings, cabinet, sight) === "smoke" ||
    contactDanger("conductor", readings, cabinet, sight) === "conductor" ||
    isConfirmed(air, runawayConfirmMs) ||
    anyConfirmed(packs, runawayConfirmMs);
  const water = contactDanger("water", readings, cabinet, sight) === "water";
  const lasts = (sinceMs: number | undefined) => sinceMs !== undefined && nowMs - sinceMs < dangerClearMs;
  const alert = danger || lasts(was.dangerMs);
  const wet = water || lasts(was.wetMs);
  const dangerMs = danger ? nowMs : alert ? was.dangerMs : undefined;
  const wetMs = water ? nowMs : wet ? was.wetMs : undefined;
  const next: Zone = { smoke, conductor, air, packs, dangerMs, alert, wetMs, wet };
  if (same(next, calmZone)) return calmZone;
  return same(next, was) ? was : next;
}

/** Whether a signal is there at this instant; after it is gone the alert still lasts a while. */
export const hasSignal = (zone: Zone, nowMs: number): boolean => zone.dangerMs === nowMs;
