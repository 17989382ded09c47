/**
 * What the one log holds and what it says about itself: entries, drafts, faults, damage. Types and names only; nothing
 * here reads or writes.
 */
import type { DiskFailure } from "../../hal/ports/disk.ts";

export interface LogRecord {
  readonly kind: string;
  readonly [key: string]: unknown;
}

/** The part of an entry that the outbox sends. `seq` counts per stream and is given by the caller. */
export interface LogPublish {
  readonly kind: string;
  readonly stream: string;
  readonly seq: number;
  readonly data: unknown;
}

export interface LogEntry {
  /** Sequence over the life of the log, from 1. */
  readonly n: number;
  /** Wall time in ms; worth no more than `clock` says. */
  readonly at: number;
  readonly clock: "ntp" | "unsynced";
  readonly boot: string;
  readonly record: LogRecord;
  readonly publish?: LogPublish;
}

export interface LogDraft {
  readonly record: LogRecord;
  /** Wall time in ms of what is recorded, where that is earlier than the append. */
  readonly at?: number;
  readonly publish?: LogPublish;
  /** The outcome of something that was already begun: it may use the reserve that intents must leave free. */
  readonly outcome?: boolean;
}

/** Folded durable state, the first record of every segment. */
export interface CheckpointRecord extends LogRecord {
  readonly kind: typeof CHECKPOINT;
}

/** Kinds that only the log itself writes. */
export const CHECKPOINT = "checkpoint";
export const OUTBOX_ACKNOWLEDGED = "outbox-acknowledged";

/** The only stream whose unacknowledged events may be dropped at the cap: what it holds can be measured again. */
export const DROPPABLE_STREAM = "telemetry";

/** The largest line that is accepted, checkpoints excepted: one entry must never crowd out the others. */
export const ENTRY_MAX_BYTES = 65_536;

/** Reasons of the log's own; everything else is the code of the disk (`ENOSPC`, `EIO`, `EROFS`, …). */
export const LOG_CODES = {
  queueFull: "E_LOG_QUEUE_FULL",
  full: "E_LOG_FULL",
  tooLarge: "E_LOG_ENTRY_TOO_LARGE",
  closed: "E_LOG_CLOSED",
  damaged: "E_LOG_DAMAGED",
  busy: "E_LOG_BUSY",
} as const;

/** Raised and cleared like every fault; `failed` and `full` clear by themselves when their cause is gone. */
export type LogFault =
  | {
      readonly code: "log-corrupt";
      readonly raised: true;
      readonly file: string;
      readonly offset: number;
      readonly why: string;
    }
  | { readonly code: "log-failed"; readonly raised: boolean; readonly failure: DiskFailure | undefined }
  | { readonly code: "log-full"; readonly raised: boolean; readonly bytes: number }
  | { readonly code: "outbox-dropped"; readonly raised: true; readonly dropped: number };

export type Damage =
  | { readonly kind: "none" }
  | { readonly kind: "torn-tail"; readonly file: string; readonly bytes: number }
  | { readonly kind: "corrupt"; readonly file: string; readonly offset: number; readonly why: string };

/** What was on the disk when the log was opened. */
export interface Recovered {
  readonly logId: string;
  /** The last checkpoint that can be relied on, and everything that follows it without a gap. */
  readonly entries: readonly LogEntry[];
  /** Whether `entries` reach the present. False: acknowledged records after them are damaged; ask a person. */
  readonly complete: boolean;
  /** Entries that are whole but stand after damage, so that something before them is missing. Empty when complete. */
  readonly afterDamage: readonly LogEntry[];
  readonly lastN: number;
  readonly acknowledgedN: number;
  readonly damage: Damage;
  /** Bytes of an append that was torn and never acknowledged; they were cut off. */
  readonly tornBytes: number;
  /** Why the log opened closed for writing (a tail that could not be cut, for example). */
  readonly failure: DiskFailure | undefined;
}
