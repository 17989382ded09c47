/**
 * The segments on the disk, their sizes, and which of them may go. It never lets a segment go that holds an event the
 * outbox has not delivered, telemetry excepted, and never the last two: should the newest checkpoint turn out to be
 * unreadable, the one before it must still be there.
 */
import { DROPPABLE_STREAM, type LogEntry } from "./entry.ts";

export interface Segment {
  readonly number: number;
  readonly file: string;
  readonly firstN: number;
  lastN: number;
  /** Synced bytes. */
  bytes: number;
  /** Bytes of header and checkpoint. */
  headBytes: number;
  /** Bytes of failed writes that may stand behind the synced ones. */
  slackBytes: number;
  /** The newest event in it that must be delivered before it may go. */
  keepN: number;
  /** Events in it that may be dropped undelivered, those not yet acknowledged. */
  droppable: number[];
}

export interface NewSegment {
  readonly number: number;
  readonly file: string;
  readonly firstN: number;
  readonly lastN: number;
  readonly bytes: number;
}

export class SegmentList {
  readonly list: Segment[] = [];
  acknowledgedN: number;
  private sum = 0;

  constructor(acknowledgedN: number) {
    this.acknowledgedN = acknowledgedN;
  }

  get bytes(): number {
    return this.sum;
  }

  get current(): Segment | undefined {
    return this.list.at(-1);
  }

  add(segment: NewSegment): Segment {
    const added: Segment = { ...segment, headBytes: 0, slackBytes: 0, keepN: 0, droppable: [] };
    this.list.push(added);
    this.sum += added.bytes;
    return added;
  }

  grow(segment: Segment, bytes: number, lastN: number): void {
    segment.bytes += bytes;
    segment.lastN = lastN;
    this.sum += bytes;
  }

  addSlack(segment: Segment, bytes: number): void {
    segment.slackBytes += bytes;
    this.sum += bytes;
  }

  /** Remembers that the outbox has to send this entry. */
  note(segment: Segment, entry: LogEntry): void {
    if (entry.n <= this.acknowledgedN || entry.publish === undefined) return;
    if (entry.publish.stream === DROPPABLE_STREAM) segment.droppable.push(entry.n);
    else segment.keepN = entry.n;
  }

  /** True when the mark moved. */
  acknowledge(n: number): boolean {
    if (n <= this.acknowledgedN) return false;
    this.acknowledgedN = n;
    for (const segment of this.list) {
      if (segment.droppable.length > 0) segment.droppable = segment.droppable.filter((waiting) => waiting > n);
    }
    return true;
  }

  /** The oldest segment, if it may go. */
  expendable(): Segment | undefined {
    const oldest = this.list[0];
    return oldest !== undefined && this.list.length > 2 && oldest.keepN <= this.acknowledgedN ? oldest : undefined;
  }

  /** Forgets the oldest segment once its file is gone; tells how many undelivered events went with it. */
  dropOldest(): number {
    const oldest = this.list.shift();
    if (oldest === undefined) return 0;
    this.sum -= oldest.bytes + oldest.slackBytes;
    return oldest.droppable.length;
  }

  /** The first segment that holds anything newer than `n`. */
  firstAfter(n: number): Segment | undefined {
    return this.list.find((segment) => segment.lastN > n);
  }

  /** The segment that follows on `number`. */
  nextOf(number: number): Segment | undefined {
    return this.list.find((segment) => segment.number > number);
  }
}
