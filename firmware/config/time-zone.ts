/**
 * Time zones by their IANA names only. Offsets are refused, because they know no summer time and newer versions of Node accept
 * what older ones do not; `Etc/GMT+8` is refused, because it means eight hours *behind* UTC (POSIX counts westwards).
 */
import { editDistance } from "./nearest.ts";

export type ZoneVerdict =
  | { readonly is: "good" }
  | { readonly is: "unknown" | "offset"; readonly nearest: string }
  /** `behind`: the name says plus and means minus. */
  | { readonly is: "sign"; readonly behind: boolean; readonly hours: number; readonly nearest: string };

/** Names people write for the zone they live in. */
const habits: Readonly<Record<string, string>> = {
  beijing: "Asia/Shanghai",
  peking: "Asia/Shanghai",
  china: "Asia/Shanghai",
  cst: "Asia/Shanghai",
  liaoyuan: "Asia/Shanghai",
  changchun: "Asia/Shanghai",
};
const HOME = "Asia/Shanghai";
/** A fixed moment (2026-01-01) to compare offsets at; which one hardly matters, but it must not be "now". */
const MOMENT_MS = 1_767_225_600_000;

function offsetMinutes(text: string): number | undefined {
  const found = /^(?:UTC|GMT)?\s*([+-])(\d{1,2})(?::?(\d{2}))?$/i.exec(text);
  if (found === null) return undefined;
  const minutes = Number(found[2]) * 60 + Number(found[3] ?? 0);
  return found[1] === "-" ? -minutes : minutes;
}

function offsetOfZone(zone: string): number | undefined {
  const parts = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" }).formatToParts(MOMENT_MS);
  const name = parts.find((part) => part.type === "timeZoneName")?.value ?? "";
  return name === "GMT" ? 0 : offsetMinutes(name);
}

function zoneWithOffset(minutes: number): string {
  const zones = [HOME, ...Intl.supportedValuesOf("timeZone")];
  return zones.find((zone) => offsetOfZone(zone) === minutes) ?? HOME;
}

function isKnown(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

function cityOf(zone: string): string {
  return zone.slice(zone.lastIndexOf("/") + 1);
}

function nearestZone(name: string): string {
  const asked = name.trim().replaceAll(" ", "_");
  const habit = habits[cityOf(asked).toLowerCase()];
  if (habit !== undefined) return habit;
  let best = HOME;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const zone of [HOME, ...Intl.supportedValuesOf("timeZone")]) {
    const distance = Math.min(editDistance(asked, zone), editDistance(asked, cityOf(zone)) + 0.5);
    if (distance < bestDistance) {
      best = zone;
      bestDistance = distance;
    }
  }
  return bestDistance <= asked.length / 2 ? best : HOME;
}

export function judgeTimeZone(name: string): ZoneVerdict {
  const minutes = offsetMinutes(name);
  if (minutes !== undefined) return { is: "offset", nearest: zoneWithOffset(minutes) };
  const etc = /^Etc\/GMT([+-])0?([1-9]\d?)$/i.exec(name);
  if (etc !== null) {
    const hours = Number(etc[2]);
    // Whoever writes Etc/GMT+8 wants UTC+8; whoever writes Etc/GMT-8 has it already.
    return { is: "sign", behind: etc[1] === "+", hours, nearest: zoneWithOffset(hours * 60) };
  }
  if (isKnown(name)) return { is: "good" };
  return { is: "unknown", nearest: nearestZone(name) };
}
