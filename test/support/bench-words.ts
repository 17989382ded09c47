/** How the station bench puts records and lost answers into words. */
import type { Effect } from "../../services/effects.ts";
import type { JournalRecord } from "../../services/journal/records.ts";

/** Journal point of a record, in the words of the swap design; the end of a swap is its outcome code. */
export const pointOf = (record: JournalRecord): string | undefined => {
  if (record.kind === "swap-reserved") return "RESERVED";
  if (record.kind === "swap-stage") return record.stage.toUpperCase().replaceAll("-", "_");
  return record.kind === "swap-ended" ? record.outcome : undefined;
};

/** What an asker hears when the record of the answer could not be written. */
export const unrecorded = ({ id, verb }: Extract<Effect, { do: "respond" }>): Effect => ({
  do: "respond",
  id,
  verb,
  status: "error",
  reason: "cannot-record",
});
