/**
 * Keeps the log within its bytes: what is admitted, when a segment is full, which old segments go. It refuses intents
 * before outcomes and never makes room by dropping what the outbox has not delivered.
 */
import type { Disk } from "../../hal/ports/disk.ts";
import type { LogFault } from "./entry.ts";
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

  /** Two checkpoints stay free besides the reserve: the next segment must always be able to begin. */
  admits(bytes: number, outcome: boolean): boolean {
    const { segments, maxBytes, reserveBytes } = this.options;
    const used = segments.bytes + this.writingBytes + bytes;
    return used + 2 * this.checkpointBytes + (outcome ? 0 : reserveBytes) <= maxBytes;
  }

  /** Says once that the log is full. */
  refused(): void {
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
      const dropped = segments.dropOldest();
      this.droppedOutbox += dropped;
      if (dropped > 0) this.options.onFault({ code: "outbox-dropped", raised: true, dropped: this.droppedOutbox });
      done(true);
    });
  }

  private clearFull(): void {
    if (!this.fullRaised || !this.admits(this.options.segmentBytes, false)) return;
    this.fullRaised = false;
    this.options.onFault({ code: "log-full", raised: false, bytes: this.options.segments.bytes });
  }
}
