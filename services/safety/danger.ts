/**
 * What the safety contacts say right now, each taken for the worst it could mean: an alarm that went silent is still an alarm,
 * and a contact that is configured and not heard is never "normal". It remembers nothing; what must last is the zone's.
 */
import type { CabinetLayout, StationConfig } from "../config.ts";
import { fresh, type Reading } from "../reading.ts";
import type { StationReadings } from "../readings.ts";

export type StationDanger = "emergency-stop" | "emergency-stop-lost";
export type CabinetDanger =
  | "smoke"
  | "smoke-lost"
  | "conductor"
  | "conductor-lost"
  | "water"
  | "water-lost"
  | StationDanger;

function says(reading: Reading<boolean> | undefined, nowMs: number, heardMs: number): "yes" | "no" | "lost" {
  if (reading?.value === true && reading.quality !== "invalid") return "yes"; // Old smoke is still smoke.
  return fresh(reading, nowMs, heardMs) === undefined ? "lost" : "no";
}

/** The emergency stop of the station; a stop that is not heard holds the chargers off as if it were pressed. */
export function stationDanger(
  readings: StationReadings,
  config: StationConfig,
  nowMs: number,
): StationDanger | undefined {
  if (!config.hasEmergencyStop) return undefined;
  const said = says(readings.station.emergencyStop, nowMs, config.safety.smokeHeardMs);
  return said === "no" ? undefined : said === "yes" ? "emergency-stop" : "emergency-stop-lost";
}

/** One contact of a cabinet, of those that it has. */
export function contactDanger<K extends "smoke" | "conductor" | "water">(
  contact: K,
  readings: StationReadings,
  cabinet: CabinetLayout,
  { nowMs, config }: { readonly nowMs: number; readonly config: StationConfig },
): K | `${K}-lost` | undefined {
  const wired =
    contact === "smoke" ? cabinet.hasSmoke : contact === "conductor" ? cabinet.hasConductor : cabinet.hasWater;
  if (!wired) return undefined;
  const said = says(readings.cabinets[cabinet.id]?.[contact], nowMs, config.safety.smokeHeardMs);
  return said === "no" ? undefined : said === "yes" ? contact : `${contact}-lost`;
}

/** Why nothing of this cabinet may charge or heat, as far as contacts can tell; the gravest reason, undefined for none. */
export function cabinetDanger(
  readings: StationReadings,
  cabinet: CabinetLayout,
  nowMs: number,
  config: StationConfig,
): CabinetDanger | undefined {
  const at = { nowMs, config };
  const smoke = contactDanger("smoke", readings, cabinet, at);
  if (smoke === "smoke") return smoke;
  const conductor = contactDanger("conductor", readings, cabinet, at);
  if (conductor === "conductor") return conductor;
  const station = stationDanger(readings, config, nowMs);
  if (station === "emergency-stop") return station;
  const water = contactDanger("water", readings, cabinet, at);
  if (water === "water") return water;
  return smoke ?? conductor ?? station ?? water;
}
