/**
 * What safety has in hand right now: zones that are not calm, releases under way, the emergency stop. It is rebuilt by looking;
 * only latches survive a restart, and a restart never takes up a release again. A calm station has the one calm object.
 */
import type { CabinetLayout, StationConfig } from "../config.ts";
import type { StationReadings } from "../readings.ts";
import { stationDanger } from "./danger.ts";
import type { Latch, SafetyState } from "./latches.ts";
import { calmZone, watchZone, type Zone } from "./zones.ts";

/** The extinguisher of one cabinet, once from the latch on. */
export type Release =
  /** Its intent is being written. */
  | { readonly at: "waiting"; readonly sinceMs: number }
  | { readonly at: "releasing"; readonly untilMs: number }
  /** The agent works and must not be blown away. */
  | { readonly at: "holding"; readonly untilMs: number };

export interface Alerts {
  /** Those that are not calm. */
  readonly zones: Readonly<Record<string, Zone>>;
  readonly releases: Readonly<Record<string, Release>>;
  /** When the emergency stop was seen pressed for the last time. */
  readonly stopMs: number | undefined;
  readonly stopped: boolean;
  /** When people at a cabinet were last told to leave. */
  readonly toldMs: Readonly<Record<string, number>>;
  /** Something here needs every scan. */
  readonly active: boolean;
}

export const calmAlerts: Alerts = {
  zones: {},
  releases: {},
  stopMs: undefined,
  stopped: false,
  toldMs: {},
  active: false,
};

/** A contact on its way out of the pressed position bounces. */
const stopClearMs = 3_000;
/** A fire does not wait longer than this for a disk. */
const writeMsMax = 2_000;

/** What a start finds latched: nothing is released again, and an agent released a moment ago keeps its time. */
export function bootAlerts(config: StationConfig, safety: SafetyState, nowMs: number): Alerts {
  const releases: Record<string, Release> = {};
  for (const { id, hasAerosol } of config.cabinets) {
    if (!hasAerosol || safety.latches[id] === undefined) continue;
    releases[id] = { at: "holding", untilMs: nowMs + config.safety.aerosolHoldMs };
  }
  return Object.keys(releases).length === 0 ? calmAlerts : { ...calmAlerts, releases, active: true };
}

function nextRelease(was: Release, config: StationConfig, nowMs: number): Release | undefined {
  switch (was.at) {
    case "waiting":
      return nowMs - was.sinceMs < writeMsMax ? was : beginRelease(config, nowMs);
    case "releasing":
      return nowMs < was.untilMs ? was : { at: "holding", untilMs: nowMs + config.safety.aerosolHoldMs };
    case "holding":
      return nowMs < was.untilMs ? was : undefined;
  }
}

export const beginRelease = (config: StationConfig, nowMs: number): Release => ({
  at: "releasing",
  untilMs: nowMs + config.safety.aerosolMs,
});

function watchReleases(
  was: Alerts["releases"],
  latches: Readonly<Record<string, Latch>>,
  config: StationConfig,
  nowMs: number,
): Alerts["releases"] {
  let next: Record<string, Release> | undefined;
  for (const id in was) {
    const release = was[id] as Release;
    const now = latches[id] === undefined ? undefined : nextRelease(release, config, nowMs);
    if (now === release) continue;
    next ??= { ...was };
    if (now === undefined) delete next[id];
    else next[id] = now;
  }
  return next ?? was;
}

export interface AlertSight {
  readonly readings: StationReadings;
  readonly config: StationConfig;
  readonly latches: SafetyState["latches"];
  readonly nowMs: number;
}

function watchZones(was: Alerts["zones"], { readings, config, nowMs }: AlertSight): Alerts["zones"] {
  let next: Record<string, Zone> | undefined;
  for (const cabinet of config.cabinets) {
    const zone = was[cabinet.id];
    const now = watchZone(zone ?? calmZone, { readings, cabinet, config, nowMs });
    if (now === (zone ?? calmZone)) continue;
    next ??= { ...was };
    if (now === calmZone) delete next[cabinet.id];
    else next[cabinet.id] = now;
  }
  return next ?? was;
}

const isEmpty = (record: Readonly<Record<string, unknown>>): boolean => {
  for (const _key in record) return false;
  return true;
};

/** Puts the parts together again; the same object while they are the same, the calm one when nothing is left. */
export function withParts(was: Alerts, parts: Partial<Omit<Alerts, "active">>): Alerts {
  const next = { ...was, ...parts };
  const { zones, releases, stopMs, stopped, toldMs } = next;
  const active = stopped || !isEmpty(zones) || !isEmpty(releases);
  if (!active && isEmpty(toldMs)) return calmAlerts;
  const same =
    zones === was.zones &&
    releases === was.releases &&
    stopMs === was.stopMs &&
    stopped === was.stopped &&
    toldMs === was.toldMs;
  return same ? was : { ...next, active };
}

/** One look at every zone, the emergency stop and the releases under way. */
export function lookAtAlerts(was: Alerts, sight: AlertSight): Alerts {
  const { readings, config, latches, nowMs } = sight;
  const pressed = stationDanger(readings, config, nowMs) === "emergency-stop";
  const stopped = pressed || (was.stopMs !== undefined && nowMs - was.stopMs < stopClearMs);
  const zones = watchZones(was.zones, sight);
  if (was === calmAlerts && !stopped && zones === was.zones) return was;
  const stopMs = pressed ? nowMs : stopped ? was.stopMs : undefined;
  return withParts(was, { zones, releases: watchReleases(was.releases, latches, config, nowMs), stopMs, stopped });
}

/** Everything of this cabinet is to stay off, and nobody to be let near: a signal, or a latch that waits for a person. */
export const isFire = (alerts: Alerts, latches: SafetyState["latches"], cabinet: string): boolean =>
  alerts.zones[cabinet]?.alert === true || Object.hasOwn(latches, cabinet);

/** The agent is on its way or at work: the exhaust must not carry it off, unless the configuration says that it may. */
export const isFlooded = (alerts: Alerts, cabinet: CabinetLayout, config: StationConfig): boolean =>
  alerts.releases[cabinet.id] !== undefined && !config.safety.fanDuringAerosol;
