/** The ledger's part of the fold: where each record says that a pack went. */
import type { Durable } from "../journal/durable.ts";
import type { JournalRecord } from "../journal/records.ts";

/** `before` is the durable state before the record, `after` the one with the swap's own part of it already applied. */
export function foldLedger(_before: Durable, after: Durable, _record: JournalRecord, _at: number): Durable {
  return after;
}
