/**
 * What the one log promises to the rest of the firmware, and what it must be given. Types only.
 */
import type { Clock } from "../../hal/ports/clock.ts";
import type { Disk, DiskFailure } from "../../hal/ports/disk.ts";
import type { CheckpointRecord, LogDraft, LogFault } from "./entry.ts";
import type { OutboxPage } from "./outbox-reader.ts";
import type { Done } from "./queue.ts";
import type { Head } from "./segment-writer.ts";

export interface LogStats {
  readonly bytes: number;
  readonly segments: number;
  readonly appended: number;
  readonly syncs: number;
  readonly queued: number;
  /** Appends refused or failed, lazy ones included. */
  readonly refused: number;
  readonly droppedOutbox: number;
  readonly lastSyncMs: number;
}

export interface OneLog {
  /**
   * Begins writing. Call once, when the state that `checkpoint` returns has been recovered. Reports damage and failures
   * found at opening through `onFault`.
   */
  start(): void;
  /**
   * Appends in order; `done(undefined)` only after the sync, and never from inside the call. Drafts queued while a write
   * runs go into the next one together. After a power cut the drafts of one append are all there, or none. Returns the
   * first draft's number, 0 when refused.
   */
  append(drafts: readonly LogDraft[], done: Done): number;
  /** May wait a little for company. Whether it is kept at all is told by nobody: for counters and cursors only. */
  appendLazily(draft: LogDraft): void;
  /** The newest number known to be on the disk. */
  syncedN(): number;
  head(): Head;
  /** Entries with a `publish` part and n > `after`, oldest first, at most `limit`. Never from inside the call. */
  readOutbox(after: number, limit: number, done: (result: OutboxPage) => void): void;
  /** Everything up to `n` was delivered. The mark is kept in the log, lazily: losing it only repeats a delivery. */
  outboxAcknowledged(n: number): void;
  acknowledgedN(): number;
  /** Why nothing can be written, undefined while all is well. */
  failure(): DiskFailure | undefined;
  /** After a failure: reads back what was acknowledged, and goes on in a new segment if that is whole. */
  reopen(done: Done): void;
  stats(): LogStats;
  /** Writes what is queued, then closes. Appends after this are refused. */
  close(done: () => void): void;
}

export interface LogOptions {
  readonly disk: Disk;
  readonly clock: Clock;
  /** 32 lower-case hex digits, used if the disk holds no log yet. */
  readonly logId: string;
  readonly boot: string;
  readonly maxBytes: number;
  readonly segmentBytes: number;
  /** Entries that may wait for the disk. */
  readonly queueMax: number;
  /** Left free by intents, so that what was begun can be finished in the log. Default: a quarter of a segment. */
  readonly reserveBytes?: number;
  /** How long a lazy draft may wait. Default 5,000. */
  readonly lazyMs?: number;
  /**
   * The folded durable state, called when a segment begins, from a turn of the log's own: it must reflect every entry that
   * was acknowledged. The log waits for a moment when nothing is queued, running or unanswered; only if none comes while
   * a segment grows to twice its size, entries may follow that a state folded at append already reflects. Fold so that
   * an entry twice does no harm, or keep the newest folded n in the checkpoint.
   */
  checkpoint(): CheckpointRecord;
  onFault(fault: LogFault): void;
}
