/** The safety part of the fold: latches set and reset. A latch that stands keeps its first age. */
import type { Durable } from "../journal/durable.ts";
import type { JournalRecord } from "../journal/records.ts";

export function foldSafety(after: Durable, record: JournalRecord, at: number): Durable {
  if (record.kind !== "runaway-latched" && record.kind !== "latch-reset") return after;
  const { [record.cabinet]: standing, ...others } = after.safety.latches;
  if (record.kind === "latch-reset") return { ...after, safety: { ...after.safety, latches: others } };
  const latch = standing ?? ({ cabinet: record.cabinet, why: "runaway", since: at } as const);
  return { ...after, safety: { ...after.safety, latches: { ...others, [record.cabinet]: latch } } };
}
