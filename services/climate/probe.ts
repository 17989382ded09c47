/**
 * One room sensor, and how far it is believed. Its age is the age of its last good sample, not of the last look. A sample
 * outside the sensor's range is none; one that jumps waits for the next to agree; one that never changes under the heater
 * is frozen. It refuses to believe a single sample, the first included.
 */
import type { Reading } from "../reading.ts";
import type { ClimateConfig } from "./config.ts";
import type { RoomSample } from "./readings.ts";

export interface Probe {
  /** Of the last sample looked at. */
  readonly sampledMs: number | undefined;
  readonly rawC: number | undefined;
  readonly rawPct: number | undefined;
  /** When the raw sample last said something else. */
  readonly changedMs: number;
  /** Of the last sample believed. */
  readonly goodMs: number | undefined;
  readonly tempC: number | undefined;
  /** A sample that the next one must confirm. */
  readonly doubtC: number | undefined;
  readonly isFrozen: boolean;
  readonly frozenMs: number | undefined;
  /** This sample and the one before it were beyond the hard limit. */
  readonly overs: number;
  readonly spikes: number;
}

export const newProbe: Probe = {
  sampledMs: undefined,
  rawC: undefined,
  rawPct: undefined,
  changedMs: 0,
  goodMs: undefined,
  tempC: undefined,
  doubtC: undefined,
  isFrozen: false,
  frozenMs: undefined,
  overs: 0,
  spikes: 0,
};

const oversMax = 2;

/** A new sample that is a temperature at all. */
function believe(was: Probe, tempC: number, atMs: number, config: ClimateConfig): Probe {
  const heldC = was.goodMs !== undefined && atMs - was.goodMs < config.staleMs ? was.tempC : undefined;
  const follows = heldC !== undefined && Math.abs(tempC - heldC) <= config.spikeC;
  const confirms = was.doubtC !== undefined && Math.abs(tempC - was.doubtC) <= config.spikeC;
  if (follows || confirms) return { ...was, tempC, goodMs: atMs, doubtC: undefined };
  return { ...was, doubtC: tempC, spikes: was.spikes + (heldC === undefined ? 0 : 1) };
}

function take(was: Probe, reading: Reading<RoomSample>, config: ClimateConfig): Probe {
  const { value, atMs, quality } = reading;
  const sampled = { ...was, sampledMs: atMs };
  const { tempC, humidityPct } = value;
  const isSample = quality === "good" && Number.isFinite(tempC);
  if (!isSample || tempC < config.rangeMinC || tempC > config.rangeMaxC)
    return { ...sampled, doubtC: undefined, overs: 0 };
  const moved = tempC !== was.rawC || humidityPct !== was.rawPct;
  const seen: Probe = {
    ...sampled,
    rawC: tempC,
    rawPct: humidityPct,
    changedMs: moved ? atMs : was.changedMs,
    isFrozen: was.isFrozen && !moved,
    frozenMs: moved ? undefined : was.frozenMs,
    overs: tempC > config.hardLimitC ? Math.min(was.overs + 1, oversMax) : 0,
  };
  return believe(seen, tempC, atMs, config);
}

/** `heatingSinceMs` is undefined while the heater is off: only warmth proves that a sensor must move. */
export function watchProbe(
  was: Probe,
  reading: Reading<RoomSample> | undefined,
  { nowMs, heatingSinceMs }: { readonly nowMs: number; readonly heatingSinceMs: number | undefined },
  config: ClimateConfig,
): Probe {
  const isNew =
    reading !== undefined && reading.atMs <= nowMs && (was.sampledMs === undefined || reading.atMs > was.sampledMs);
  const next = isNew ? take(was, reading, config) : was;
  if (heatingSinceMs === undefined || next.isFrozen) return next;
  if (nowMs - Math.max(next.changedMs, heatingSinceMs) < config.frozenMs) return next;
  return { ...next, isFrozen: true, frozenMs: nowMs };
}

export function isHeard(probe: Probe, nowMs: number, config: ClimateConfig): boolean {
  return probe.goodMs !== undefined && nowMs - probe.goodMs < config.staleMs;
}

/** What may lead an output now. */
export function ledBy(probe: Probe, nowMs: number, config: ClimateConfig): number | undefined {
  return isHeard(probe, nowMs, config) && !probe.isFrozen ? probe.tempC : undefined;
}
