/** The faults of the amenities: each one's row for the catalogue; the subject is the amenity's id. */
import type { FaultEntry } from "../fault-entry.ts";
import type { HotWaterState, HotWaterStop } from "./hot-water.ts";

export const amenityFaultCatalogue = {
  "hot-water-latched": {
    severity: "danger",
    inhibits: "hot water: element, feed and inlet",
    clearedBy: "local-reset",
    zh: "热水器已锁停（干烧、漏水或超温）",
    en: "Hot water latched off: boiled dry, leaking or too hot",
    mend: "Inspect boiler, level and floor on site, then reset it there.",
  },
  "hot-water-stopped": {
    severity: "warning",
    inhibits: "hot water",
    clearedBy: "itself",
    zh: "热水器停用（缺水或传感器异常）",
    en: "Hot water is stopped: no water, or a sensor that is not heard",
    mend: "Check the inlet, the level contact, the leak sensor and the temperature sensor.",
  },
  "aed-missing": {
    severity: "error",
    inhibits: "nothing",
    clearedBy: "itself",
    zh: "AED 不在位",
    en: "The AED is not in its place",
    mend: "Find out who needed it; hang it back charged and with new pads.",
  },
  "rescue-contact-lost": {
    severity: "warning",
    inhibits: "nothing",
    clearedBy: "itself",
    zh: "急救柜触点失联",
    en: "A contact of the first-aid cabinet is lost",
    mend: "Check the contact's wiring.",
  },
  "locker-overdue": {
    severity: "info",
    inhibits: "the locker",
    clearedBy: "itself",
    zh: "充电格物品超时未取",
    en: "Something lies in a charging locker for too long",
    mend: "Open the locker by an operator's order and keep what was found.",
  },
} as const satisfies Record<string, FaultEntry>;

const latching: ReadonlySet<HotWaterStop> = new Set(["dry-boil", "leak", "too-hot"]);

export function hotWaterFault(state: HotWaterState): "hot-water-latched" | "hot-water-stopped" | undefined {
  const { stop } = state;
  if (stop === undefined || stop === "stopped") return undefined;
  return latching.has(stop) ? "hot-water-latched" : "hot-water-stopped";
}
