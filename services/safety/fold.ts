/** The safety part of the fold: latches set and reset. A latch that stands keeps its first age. */
import type { Durable } from "../journal/durable.ts";
import type { JournalRecord } from "../journal/records.ts";
import { inLayoutOf } from "../one-layout.ts";
import { foldBaySafety } from "./bay-fold.ts";
import { emptyBaySafety } from "./bay-state.ts";
import { emptySafety, type SafetyState } from "./latches.ts";

function foldLatches(was: SafetyState["latches"], record: JournalRecord, at: number): SafetyState["latches"] {
  if (record.kind !== "runaway-latched" && record.kind !== "latch-reset") return was;
  const { [record.cabinet]: standing, ...others } = was;
  if (record.kind === "latch-reset") return others;
  return { ...others, [record.cabinet]: standing ?? { cabinet: record.cabinet, why: "runaway", since: at } };
}

export function foldSafety(after: Durable, record: JournalRecord, at: number): Durable {
  const was = after.safety.bays;
  const folded = foldBaySafety(was, record, at);
  const bays = folded === was ? was : inLayoutOf(emptyBaySafety, folded);
  const latches = foldLatches(after.safety.latches, record, at);
  if (bays === was && latches === after.safety.latches) return after;
  return { ...after, safety: inLayoutOf(emptySafety, { ...after.safety, bays, latches }) };
}
