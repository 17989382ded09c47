/** What of the amenities stays off until a person on site has looked: records, and the fold back. */

import type { Words } from "../words.ts";
import type { HotWaterLatch } from "./hot-water.ts";

export type AmenityLatchRecord =
  | { readonly kind: "amenity-latched"; readonly id: string; readonly why: HotWaterLatch }
  | { readonly kind: "amenity-reset"; readonly id: string; readonly by: string };

/** By amenity. The first cause stands. */
export type AmenityLatches = Readonly<Record<string, { readonly why: HotWaterLatch; readonly since: number }>>;

export function foldAmenityLatches(was: AmenityLatches, record: { readonly kind: string }, at: number): AmenityLatches {
  const known = record as AmenityLatchRecord;
  switch (known.kind) {
    case "amenity-latched":
      return was[known.id] === undefined ? { ...was, [known.id]: { why: known.why, since: at } } : was;
    case "amenity-reset": {
      const { [known.id]: _gone, ...others } = was;
      return others;
    }
    default:
      return was;
  }
}

export const resetRefusals = {
  "amenity-not-latched": { zh: "设备未锁停，无需复位", en: "It is not latched; there is nothing to reset." },
  "amenity-not-on-site": { zh: "只能在现场复位", en: "It is reset on site only." },
} as const satisfies Record<string, Words>;

export function judgeAmenityReset(
  order: { readonly id: string; readonly by: string; readonly onSite: boolean },
  latches: AmenityLatches,
): { readonly record: AmenityLatchRecord } | { readonly refused: keyof typeof resetRefusals } {
  if (!order.onSite) return { refused: "amenity-not-on-site" };
  if (latches[order.id] === undefined) return { refused: "amenity-not-latched" };
  return { record: { kind: "amenity-reset", id: order.id, by: order.by } };
}
