/**
 * Hands the outbox its backlog in pages: from memory what is recent, from the disk what is older. It reads synced bytes
 * only, checks every line's CRC, and reports rot instead of stepping over it in silence.
 */
import { Buffer } from "node:buffer";
import type { Clock } from "../../hal/ports/clock.ts";
import type { Disk, DiskFailure } from "../../hal/ports/disk.ts";
import type { LogEntry } from "./entry.ts";
import { afterNewline, parseEntry, readLine, readNumbers } from "./line.ts";
import type { Segment, SegmentList } from "./segments.ts";

export type OutboxPage = { readonly entries: LogEntry[] } | { readonly failure: DiskFailure };

export interface OutboxReaderOptions {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly segments: SegmentList;
  /** The newest number when the log was opened: nothing up to it is in memory. */
  readonly lastN: number;
  onRot(file: string, offset: number): void;
}

const RECENT_MAX = 256;
/** A page is read in pieces of about its own size: most events are smaller than this. */
const EVENT_BYTES = 512;
const CHUNK_BYTES_MIN = 4_096;
const CHUNK_BYTES_MAX = 65_536;

interface Page {
  readonly after: number;
  readonly limit: number;
  readonly entries: LogEntry[];
  readonly done: (result: OutboxPage) => void;
  segment: Segment;
  offset: number;
  chunkBytes: number;
}

export class OutboxReader {
  private readonly options: OutboxReaderOptions;
  private readonly recent: LogEntry[] = [];
  /** Every event newer than this is in `recent`. */
  private recentAfter: number;
  /** Where the last page from the disk ended, so that a long backlog is read once. */
  private resume = { n: Number.POSITIVE_INFINITY, segment: 0, offset: 0 };

  constructor(options: OutboxReaderOptions) {
    this.options = options;
    this.recentAfter = options.lastN;
  }

  /** Told of every synced event, in order. */
  synced(entry: LogEntry): void {
    this.recent.push(entry);
    if (this.recent.length > RECENT_MAX) this.forget(1);
  }

  acknowledged(n: number): void {
    let count = 0;
    while ((this.recent[count]?.n ?? Number.POSITIVE_INFINITY) <= n) count++;
    if (count > 0) this.forget(count);
  }

  /** At least one, and no more than there are. */
  private forget(count: number): void {
    const gone = this.recent.splice(0, count);
    this.recentAfter = (gone.at(-1) as LogEntry).n;
  }

  read(after: number, limit: number, done: (result: OutboxPage) => void): void {
    if (!(limit >= 1)) throw new RangeError("a page has at least one entry");
    const segment = after >= this.recentAfter ? undefined : this.options.segments.firstAfter(after);
    if (segment === undefined) {
      const entries = this.pick(after, limit);
      // Never from inside the call: the caller's own call must have returned first.
      this.options.clock.after(0, () => done({ entries }));
      return;
    }
    const resumed = after >= this.resume.n && this.resume.segment === segment.number;
    const offset = resumed ? this.resume.offset : 0;
    const chunkBytes = Math.min(CHUNK_BYTES_MAX, Math.max(CHUNK_BYTES_MIN, limit * EVENT_BYTES));
    this.step({ after, limit, entries: [], done, segment, offset, chunkBytes });
  }

  private pick(after: number, limit: number): LogEntry[] {
    const from = this.recent.findIndex((entry) => entry.n > after);
    return from < 0 ? [] : this.recent.slice(from, from + limit);
  }

  private step(page: Page): void {
    const length = Math.min(page.chunkBytes, page.segment.bytes - page.offset);
    if (length <= 0) {
      this.nextSegment(page);
      return;
    }
    const { file } = page.segment;
    this.options.disk.readAt(file, page.offset, length, (result) => {
      if ("failure" in result) this.failed(page, result.failure);
      else if (result.bytes.length < length) this.failed(page, { code: "EIO", message: `${file} is too short` });
      else this.take(page, Buffer.from(result.bytes.buffer, result.bytes.byteOffset, length));
    });
  }

  private take(page: Page, bytes: Buffer): void {
    const isLast = page.offset + bytes.length >= page.segment.bytes;
    let at = 0;
    while (at < bytes.length && page.entries.length < page.limit) {
      const next = afterNewline(bytes, at, bytes.length);
      if (bytes[next - 1] !== 0x0a && !isLast) break;
      this.takeLine(page, bytes.subarray(at, next), page.offset + at);
      at = next;
    }
    // A line longer than the chunk: read on from its start with a larger one.
    if (at === 0) page.chunkBytes *= 2;
    page.offset += at;
    if (page.entries.length < page.limit) {
      this.step(page);
      return;
    }
    // A full page holds at least one entry.
    this.resume = { n: (page.entries.at(-1) as LogEntry).n, segment: page.segment.number, offset: page.offset };
    page.done({ entries: page.entries });
  }

  private takeLine(page: Page, bytes: Buffer, offset: number): void {
    const line = readLine(bytes, 0, bytes.length);
    if (line === undefined) {
      this.options.onRot(page.segment.file, offset);
      return;
    }
    const numbers = { n: 0, synced: 0, more: false };
    if (!readNumbers(bytes, line, numbers) || numbers.n <= page.after) return;
    const entry = parseEntry(bytes, line);
    if (entry?.publish !== undefined) page.entries.push(entry);
  }

  private nextSegment(page: Page): void {
    const next = this.options.segments.nextOf(page.segment.number);
    if (next === undefined) {
      page.done({ entries: page.entries });
      return;
    }
    page.segment = next;
    page.offset = 0;
    this.step(page);
  }

  private failed(page: Page, failure: DiskFailure): void {
    // The segment may have been dropped while it was read; what it held was acknowledged or given up.
    if (this.options.segments.list.includes(page.segment)) page.done({ failure });
    else this.nextSegment(page);
  }
}
