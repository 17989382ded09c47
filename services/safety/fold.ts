/** The safety part of the fold: latches set and reset. */
import type { Durable } from "../journal/durable.ts";
import type { JournalRecord } from "../journal/records.ts";

export function foldSafety(after: Durable, _record: JournalRecord, _at: number): Durable {
  return after;
}
