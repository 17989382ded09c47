/** The operators' part of the fold: what they ordered, until they order something else. */
import type { Durable } from "../journal/durable.ts";
import type { JournalRecord } from "../journal/records.ts";

export function foldOperators(after: Durable, _record: JournalRecord, _at: number): Durable {
  return after;
}
