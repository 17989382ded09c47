/** The safety part of the fold: latches set and reset. A latch that stands keeps its first age. */
import type { Durable } from "../journal/durable.ts";
import type { JournalRecord } from "../journal/records.ts";
import { foldBaySafety } from "./bay-fold.ts";
import type { SafetyState } from "./latches.ts";

function foldLatches(was: SafetyState["latches"], record: JournalRecord, at: number): SafetyState["latches"] {
  if (record.kind !== "runaway-latched" && record.kind !== "latch-reset") return was;
  const { [record.cabinet]: standing, ...others } = was;
  if (record.kind === "latch-reset") return others;
  return { ...others, [record.cabinet]: standing ?? { cabinet: record.cabinet, why: "runaway", since: at } };
}

export function foldSafety(after: Durable, record: JournalRecord, at: number): Durable {
  const bays = foldBaySafety(after.safety.bays, record, at);
  const latches = foldLatches(after.safety.latches, record, at);
  if (bays === after.safety.bays && latches === after.safety.latches) return after;
  return { ...after, safety: { ...after.safety, bays, latches } };
}
