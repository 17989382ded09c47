/** What the outside is told of bay safety: each stop, its end, and latches. */
import type { Publication } from "../contract/publication.ts";
import type { BaySafetyRecord } from "./bay-records.ts";

export function baySafetyEvent(record: BaySafetyRecord): Publication | undefined {
  const about = { kind: "safety", stream: "safety" } as const;
  switch (record.kind) {
    case "bay-stopped":
    case "bay-heater-stopped": {
      const pack = record.packId === undefined ? {} : { packId: record.packId };
      return { ...about, type: record.kind, data: { bay: record.bay, reason: record.why, ...pack } };
    }
    case "bay-released":
      return { ...about, type: "bay-released", data: { bay: record.bay, reason: record.because } };
    case "bay-latched":
      return { ...about, type: "bay-latched", data: { cabinet: record.cabinet, bay: record.bay, reason: record.why } };
    case "bay-pulsed":
      return undefined;
  }
}
