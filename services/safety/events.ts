/** What the outside is told of bay and cabinet safety. */
import { memberMark, type Publication } from "../contract/publication.ts";
import { baySafetyEvent } from "./bay-events.ts";
import type { SafetyRecord } from "./records.ts";

export function safetyEvent(record: SafetyRecord): Publication | undefined {
  if (record.kind !== "runaway-latched" && record.kind !== "latch-reset") return baySafetyEvent(record);
  const { cabinet } = record;
  const about = { kind: "safety", stream: "safety" } as const;
  if (record.kind === "runaway-latched")
    return { ...about, type: "runaway", data: { cabinet, detail: record.signals } };
  return { ...about, type: "latch-reset", data: { cabinet, by: memberMark(record.by) } };
}
