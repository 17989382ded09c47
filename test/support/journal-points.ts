/** Journal points in the words of the swap design; ends are their outcome codes. */
import type { JournalRecord } from "../../services/journal/records.ts";

export const pointOf = (record: JournalRecord): string | undefined => {
  if (record.kind === "swap-reserved") return "RESERVED";
  if (record.kind === "swap-stage") return record.stage.toUpperCase().replaceAll("-", "_");
  return record.kind === "swap-ended" ? record.outcome : undefined;
};
