/** Counts that the state does not keep: how swaps ended and how long they took, and locks that failed. Fed with every record. */
import { owedOutcomes } from "../../services/journal/endings.ts";
import type { JournalRecord } from "../../services/journal/records.ts";
import { outcomes } from "../../services/swap/outcomes.ts";

export type SwapResult = "completed" | "refused" | "cancelled" | "owed";

export interface Tally {
  recorded(record: JournalRecord): void;
  readonly swaps: Readonly<Record<SwapResult, number>>;
  /** By bay. */
  readonly lockFailures: ReadonlyMap<string, number>;
  /** Called with the duration of each swap that handed a pack out, in ms. */
  onDuration: ((durationMs: number) => void) | undefined;
}

export function createTally(): Tally {
  const swaps = { completed: 0, refused: 0, cancelled: 0, owed: 0 };
  const lockFailures = new Map<string, number>();
  const ended = ({ outcome, durationMs }: Extract<JournalRecord, { kind: "swap-ended" }>): void => {
    const result = owedOutcomes.has(outcome)
      ? "owed"
      : outcomes[outcome].class === "completed"
        ? "completed"
        : "cancelled";
    swaps[result]++;
    if (result === "completed" && durationMs !== undefined) tally.onDuration?.(durationMs);
  };
  const tally: Tally = {
    swaps,
    lockFailures,
    onDuration: undefined,
    recorded(record) {
      if (record.kind === "swap-ended") ended(record);
      else if (record.kind === "scan-refused") swaps.refused++;
      else if (record.kind === "fault-raised" && record.code === "bay-lock-failed")
        lockFailures.set(record.subject, (lockFailures.get(record.subject) ?? 0) + 1);
    },
  };
  return tally;
}
