/**
 * The writing end: one open segment, the head of the chain, one append at a time. It encodes, writes and moves the head
 * on success only. After a failure it writes nothing more until a new segment is begun: a later sync that "succeeds" may
 * have lost what failed before.
 */
import { Buffer } from "node:buffer";
import type { AppendFile, Disk, DiskFailure } from "../../hal/ports/disk.ts";
import { LOG_CODES, type LogEntry } from "./entry.ts";
import { encodeLine, entryBody, FORMAT, type SegmentHeader } from "./line.ts";
import type { Drafted, Pending } from "./queue.ts";
import { readHeader, scanSegment } from "./scan.ts";
import type { Segment, SegmentList } from "./segments.ts";
import { segmentFile } from "./survey.ts";

export interface Head {
  readonly n: number;
  readonly hash: string;
}

export interface SegmentWriterOptions {
  readonly disk: Disk;
  readonly logId: string;
  readonly segments: SegmentList;
  readonly head: Head;
  readonly nextNumber: number;
  readonly stale: readonly string[];
  /** Where the last write of the current segment begins, which a process before this one made. */
  readonly unprovenFrom: number;
}

type Settle = (failure: DiskFailure | undefined) => void;

export class SegmentWriter {
  head: Head;
  private readonly disk: Disk;
  private readonly logId: string;
  private readonly segments: SegmentList;
  private nextNumber: number;
  /** Files of segments that never began; they must be gone before their number is used again. */
  private stale: string[];
  private file: AppendFile | undefined;
  /** As long as nobody knows whether the last write of the process before reached the medium. */
  private unprovenFrom: number | undefined;

  constructor(options: SegmentWriterOptions) {
    this.disk = options.disk;
    this.logId = options.logId;
    this.segments = options.segments;
    this.head = options.head;
    this.nextNumber = options.nextNumber;
    this.stale = [...options.stale];
    this.unprovenFrom = options.unprovenFrom;
  }

  /** Goes on in the last segment. */
  resume(done: Settle): void {
    const { current } = this.segments;
    if (current === undefined) throw new Error("there is no segment to go on in");
    this.disk.open(current.file, (result) => {
      if ("failure" in result) return done(result.failure);
      this.file = result.file;
      this.prove(current, done);
    });
  }

  /** What the process before wrote last is written again: had its sync failed, only the cache would still hold it. */
  private prove({ file }: Segment, done: Settle): void {
    if (this.unprovenFrom === undefined) {
      done(undefined);
      return;
    }
    this.disk.writeAgain(file, this.unprovenFrom, (failure) => {
      if (failure === undefined) this.unprovenFrom = undefined;
      done(failure);
    });
  }

  /** Writes a batch. `onEntry` is told of every entry once all of them are synced, in order. */
  write(batch: readonly Pending[], onEntry: (entry: LogEntry) => void, done: Settle): void {
    const { file, segments } = this;
    const { current } = segments;
    if (file === undefined || current === undefined) throw new Error("nothing is open to write to");
    const lines: Buffer[] = [];
    let { hash } = this.head;
    let n = this.head.n;
    for (const { drafts } of batch) {
      for (const draft of drafts) {
        const numbers = { n: ++n, synced: this.head.n, more: draft !== drafts.at(-1) };
        const line = encodeLine(hash, entryBody(numbers, draft.rest));
        lines.push(line.bytes);
        hash = line.hash;
      }
    }
    const bytes = lines.length === 1 ? (lines[0] as Buffer) : Buffer.concat(lines);
    file.append(bytes, (failure) => {
      if (failure !== undefined) {
        segments.addSlack(current, bytes.length);
        return done(failure);
      }
      let entryN = this.head.n;
      this.head = { n, hash };
      segments.grow(current, bytes.length, n);
      for (const { drafts } of batch) for (const { entry } of drafts) onEntry({ n: ++entryN, ...entry });
      done(undefined);
    });
  }

  /**
   * Begins a new segment with this checkpoint: header and checkpoint in one append, so a segment has both or never began.
   * `fits` is asked with its size first.
   */
  begin(checkpoint: Drafted, fits: (bytes: number) => boolean, done: Settle): void {
    const { n } = this.head;
    const { bytes, hash } = this.encodeHead(n, checkpoint);
    if (!fits(bytes.length)) {
      done({ code: LOG_CODES.full, message: "no room for a new segment" });
      return;
    }
    const number = this.nextNumber;
    const name = segmentFile(number);
    this.stale.push(name);
    this.disk.open(name, (result) => {
      if ("failure" in result) return done(result.failure);
      result.file.append(bytes, (failure) => {
        if (failure !== undefined) {
          result.file.close();
          return done(failure);
        }
        this.stale = this.stale.filter((file) => file !== name);
        this.close();
        this.file = result.file;
        this.unprovenFrom = undefined;
        this.nextNumber = number + 1;
        this.head = { n, hash };
        const added = { number, file: name, firstN: n + 1, lastN: n, bytes: bytes.length };
        this.segments.add(added).headBytes = bytes.length;
        done(undefined);
      });
    });
  }

  /** The checkpoint bears the number of the newest entry it covers, so it takes none from those already given out. */
  private encodeHead(n: number, checkpoint: Drafted): { bytes: Buffer; hash: string } {
    const header: SegmentHeader = {
      format: FORMAT,
      log: this.logId,
      segment: this.nextNumber,
      firstN: n + 1,
      previous: this.head.hash,
      previousBytes: this.segments.current?.bytes ?? 0,
      acknowledged: this.segments.acknowledgedN,
    };
    const first = encodeLine(this.head.hash, JSON.stringify(header));
    const second = encodeLine(first.hash, entryBody({ n, synced: n, more: false }, checkpoint.rest));
    return { bytes: Buffer.concat([first.bytes, second.bytes]), hash: second.hash };
  }

  /** Reads back what was acknowledged in the last segment, and removes segments that never began. */
  verify(done: Settle): void {
    const { current } = this.segments;
    // A spot that cannot be written again must not stop the log for good: the new segment's checkpoint holds what is remembered.
    if (current === undefined) this.removeStale(done);
    else this.prove(current, () => this.readBack(current, done));
  }

  private readBack(current: Segment, done: Settle): void {
    this.disk.readAt(current.file, 0, current.bytes, (result) => {
      if ("failure" in result) done(result.failure);
      else if (this.isIntact(current, result.bytes)) this.removeStale(done);
      else done({ code: LOG_CODES.damaged, message: `${current.file} does not hold what was acknowledged` });
    });
  }

  private isIntact(segment: Segment, raw: Uint8Array): boolean {
    const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
    if (bytes.length !== segment.bytes) return false;
    return scanSegment(bytes, bytes.length, readHeader(bytes)).lastHash === this.head.hash;
  }

  private removeStale(done: Settle): void {
    const [name] = this.stale;
    if (name === undefined) {
      done(undefined);
      return;
    }
    this.disk.remove(name, (failure) => {
      // Gone already is as good.
      if (failure !== undefined && failure.code !== "ENOENT") {
        done(failure);
        return;
      }
      this.stale = this.stale.filter((file) => file !== name);
      this.removeStale(done);
    });
  }

  close(): void {
    this.file?.close();
    this.file = undefined;
  }
}
