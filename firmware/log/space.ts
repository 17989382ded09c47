/**
 * Keeps the log within its bytes: what is admitted, when a segment is full, which old segments go. It refuses intents
 * before outcomes and never makes room by dropping what the outbox has not delivered.
 */
import type { Disk, DiskFailure } from "../../hal/ports/disk.ts";
import { LOG_CODES, type LogFault } from "./entry.ts";
import { type Drafted, isTelemetry, sumBytes } from "./queue.ts";
import type { SegmentList } from "./segments.ts";

export interface SpaceOptions {
  readonly disk: Disk;
  readonly segments: SegmentList;
  readonly maxBytes: number;
  readonly segmentBytes: number;
  readonly reserveBytes: number;
  onFault(fault: LogFault): void;
}

/** Assumed size of a header and checkpoint until one was written. */
const CHECKPOINT_GUESS_BYTES = 4_096;

export class Space {
  /** Bytes accepted but not yet in a segment: queued ones are given with each question. */
  writingBytes = 0;
  droppedOutbox = 0;
  private readonly options: SpaceOptions;
  private checkpointBytes = CHECKPOINT_GUESS_BYTES;
  private fullRaised = false;
  private removing = false;

  constructor(options: SpaceOptions) {
    this.options = options;
  }

  /** Why these drafts cannot be taken, behind `queuedBytes` of others. Telemetry that makes way is counted as dropped. */
  refusal(drafts: readonly Drafted[], queuedBytes: number): DiskFailure | undefined {
    const bytes = queuedBytes + sumBytes(drafts);
    if (drafts.every(isTelemetry) && this.telemetryMakesWay(bytes)) {
      this.dropped(drafts.length);
      return { code: LOG_CODES.full, message: "telemetry makes way for events that must not be lost" };
    }
    const outcome = drafts.every((draft) => draft.outcome);
    if (this.admits(bytes, outcome)) return undefined;
    this.refused();
    return { code: LOG_CODES.full, message: "undelivered events fill the log" };
  }

  /** Two checkpoints stay free besides the reserve: the next segment must always be able to begin. */
  private admits(bytes: number, outcome: boolean): boolean {
    const { segments, maxBytes, reserveBytes } = this.options;
    const used = segments.bytes + this.writingBytes + bytes;
    return used + 2 * this.checkpointBytes + (outcome ? 0 : reserveBytes) <= maxBytes;
  }

  /**
   * Whether telemetry has to make way: half of the bytes are used and the oldest segment waits for events that must not be lost,
   * so nothing can be dropped to make room. It is refused before any of those is.
   */
  private telemetryMakesWay(bytes: number): boolean {
    const { segments, maxBytes } = this.options;
    const used = segments.bytes + this.writingBytes + bytes;
    return used > maxBytes / 2 && segments.list.length > 2 && segments.expendable() === undefined;
  }

  /** Counts and tells events that will never be delivered. */
  private dropped(count: number): void {
    if (count === 0) return;
    this.droppedOutbox += count;
    this.options.onFault({ code: "outbox-dropped", raised: true, dropped: this.droppedOutbox });
  }

  /** Says once that the log is full. */
  private refused(): void {
    if (this.fullRaised) return;
    this.fullRaised = true;
    this.options.onFault({ code: "log-full", raised: true, bytes: this.options.segments.bytes });
  }

  /** Whether a new segment of this size may begin; its size is the guess for the next one. */
  admitsSegment(bytes: number): boolean {
    this.checkpointBytes = Math.max(bytes, CHECKPOINT_GUESS_BYTES);
    return this.options.segments.bytes + bytes <= this.options.maxBytes;
  }

  /** Time for a new segment, `times` over, and room for it. */
  segmentIsFull(times: 1 | 2): boolean {
    const { segments, segmentBytes, maxBytes } = this.options;
    const { current } = segments;
    if (current === undefined || current.bytes - current.headBytes < times * segmentBytes) return false;
    return segments.bytes + this.checkpointBytes <= maxBytes;
  }

  /** Drops what may go until the next segment fits, however long it grows; one file at a time, oldest first. */
  retain(): void {
    const { segments, maxBytes, segmentBytes } = this.options;
    const target = maxBytes - 3 * segmentBytes - 2 * this.checkpointBytes;
    if (segments.bytes > target) this.dropOldest((dropped) => dropped && this.retain());
    this.clearFull();
  }

  /** Drops the oldest segment if it may go. `done` tells whether one went. */
  dropOldest(done: (dropped: boolean) => void): void {
    const { disk, segments } = this.options;
    const oldest = segments.expendable();
    if (oldest === undefined || this.removing) {
      done(false);
      return;
    }
    this.removing = true;
    disk.remove(oldest.file, (failure) => {
      this.removing = false;
      if (failure !== undefined && failure.code !== "ENOENT") return done(false);
      this.dropped(segments.dropOldest());
      done(true);
    });
  }

  private clearFull(): void {
    if (!this.fullRaised || !this.admits(this.options.segmentBytes, false)) return;
    this.fullRaised = false;
    this.options.onFault({ code: "log-full", raised: false, bytes: this.options.segments.bytes });
  }
}
