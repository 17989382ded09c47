/** What the room looks like at this look: the sensors that may lead, whether they agree, people and the door. */
import { fresh } from "../reading.ts";
import type { ClimateConfig } from "./config.ts";
import { isHeard, ledBy, type Probe, watchProbe } from "./probe.ts";
import type { ClimateLook } from "./readings.ts";
import type { ClimateState } from "./state.ts";

export interface Sight {
  readonly probes: readonly Probe[];
  /** Sensor by sensor, what may lead. */
  readonly temps: readonly (number | undefined)[];
  readonly room: { readonly coldC: number; readonly hotC: number; readonly meanC: number } | undefined;
  readonly disagreeSinceMs: number | undefined;
  readonly disagrees: boolean;
  /** One sample beyond the hard limit is enough to switch off; two in a row latch. */
  readonly overs: number;
  readonly seenMs: number;
  readonly isEmpty: boolean;
  readonly doorOpenSinceMs: number | undefined;
  readonly isDoorOpen: boolean;
}

function roomOf(temps: Sight["temps"]): Sight["room"] {
  const heard = temps.filter((tempC) => tempC !== undefined);
  if (heard.length === 0) return undefined;
  const sum = heard.reduce((total, tempC) => total + tempC, 0);
  return { coldC: Math.min(...heard), hotC: Math.max(...heard), meanC: sum / heard.length };
}

function oversOf(probes: readonly Probe[], nowMs: number, config: ClimateConfig): number {
  // An over that is too old to be heard says nothing any more: the heater is off for want of a sensor then.
  const recent = probes.filter(
    (probe) => isHeard(probe, nowMs, config) || nowMs - (probe.sampledMs ?? 0) < config.staleMs,
  );
  return Math.max(0, ...recent.map((probe) => probe.overs));
}

export function sightOf(was: ClimateState, look: ClimateLook, config: ClimateConfig): Sight {
  const { nowMs } = look;
  const heatingSinceMs = was.at === "heat" ? was.sinceMs : undefined;
  const probes = was.probes.map((probe, at) => watchProbe(probe, look.sensors[at], { nowMs, heatingSinceMs }, config));
  const temps = probes.map((probe) => ledBy(probe, nowMs, config));
  const room = roomOf(temps);
  const differs = room !== undefined && room.hotC - room.coldC > config.disagreeC;
  const disagreeSinceMs = differs ? (was.disagreeSinceMs ?? nowMs) : undefined;
  const occupied = fresh(look.occupied, nowMs, config.presenceHeardMs);
  const seenMs = occupied === false ? was.seenMs : nowMs;
  const isShut = fresh(look.doorShut, nowMs, config.presenceHeardMs);
  const doorOpenSinceMs = isShut === false ? (was.doorOpenSinceMs ?? nowMs) : undefined;
  return {
    probes,
    temps,
    room,
    disagreeSinceMs,
    disagrees: disagreeSinceMs !== undefined && nowMs - disagreeSinceMs >= config.disagreeMs,
    overs: oversOf(probes, nowMs, config),
    seenMs,
    isEmpty: nowMs - seenMs >= config.emptyAfterMs,
    doorOpenSinceMs,
    isDoorOpen: doorOpenSinceMs !== undefined && nowMs - doorOpenSinceMs >= config.doorOpenMs,
  };
}
