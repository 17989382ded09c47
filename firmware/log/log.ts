/**
 * The one log: swap journal, audit trail and outbox in one append-only file set. An append is acknowledged only after the
 * disk has synced it. After any failed write the log is closed for writing until `reopen` has read back what was
 * acknowledged and begun a new segment. It refuses, with a code, whatever it cannot make durable within its bounds.
 */
import type { DiskFailure } from "../../hal/ports/disk.ts";
import { LOG_CODES, type LogDraft, type LogEntry, OUTBOX_ACKNOWLEDGED, type Recovered } from "./entry.ts";
import { LazyDrafts } from "./lazy-drafts.ts";
import type { LogOptions, LogStats, OneLog } from "./one-log.ts";
import { type OutboxPage, OutboxReader } from "./outbox-reader.ts";
import { AppendQueue, assertOwnKinds, type Done, type Drafted, drafted, type Pending, sumBytes } from "./queue.ts";
import { type Opened, openSegments } from "./recover.ts";
import { type Head, SegmentWriter } from "./segment-writer.ts";
import type { SegmentList } from "./segments.ts";
import { Space } from "./space.ts";

/** Reads what is there (synchronously: start-up only) and returns the log, still to be started. */
export function openLog(options: LogOptions): { readonly log: OneLog; readonly recovered: Recovered } {
  if (!/^[0-9a-f]{32}$/.test(options.logId)) throw new RangeError("logId must be 32 lower-case hex digits");
  if (options.maxBytes < 6 * options.segmentBytes) throw new RangeError("maxBytes must hold six segments");
  const opened = openSegments(options.disk, options.logId);
  return { log: new SegmentedLog(options, opened), recovered: opened.recovered };
}

/** `busy`: a write runs. `failed`: nothing is written until `reopen`. */
type Phase = "recovered" | "ready" | "busy" | "failed" | "reopening" | "closed";

const LAZY_MS = 5_000;
/** The outbox's mark does not wait once it is this far ahead: it bounds what a crash in the middle of a long drain repeats. */
const MARK_AHEAD_MAX = 500;

class SegmentedLog implements OneLog {
  private readonly options: LogOptions;
  private readonly opened: Opened;
  private readonly segments: SegmentList;
  private readonly writer: SegmentWriter;
  private readonly outbox: OutboxReader;
  private readonly queue: AppendQueue;
  private readonly space: Space;
  private readonly lazies: LazyDrafts;
  private phase: Phase = "recovered";
  private failed: DiskFailure | undefined;
  private nextN: number;
  /** The newest mark that was handed to the writer. */
  private markedN: number;
  private closers: (() => void)[] | undefined;
  private readonly counts = { appended: 0, syncs: 0, refused: 0, lastSyncMs: 0 };

  constructor(options: LogOptions, opened: Opened) {
    const { recovered, segments, headHash, nextNumber, unprovenFrom, stale } = opened;
    const { disk, clock, maxBytes, segmentBytes, onFault } = options;
    this.options = options;
    this.opened = opened;
    this.segments = segments;
    this.nextN = recovered.lastN + 1;
    this.markedN = recovered.acknowledgedN;
    const head = { n: recovered.lastN, hash: headHash };
    const { logId } = recovered;
    this.writer = new SegmentWriter({ disk, logId, segments, head, nextNumber, unprovenFrom, stale });
    const onRot = (file: string, offset: number): void => this.corrupt(file, offset, "a line's CRC does not match");
    this.outbox = new OutboxReader({ disk, clock, segments, lastN: recovered.lastN, onRot });
    this.queue = new AppendQueue(options.queueMax, segmentBytes);
    const reserveBytes = options.reserveBytes ?? Math.floor(segmentBytes / 4);
    this.space = new Space({ disk, segments, maxBytes, segmentBytes, reserveBytes, onFault });
    this.lazies = new LazyDrafts({ clock, lazyMs: options.lazyMs ?? LAZY_MS, flush: () => this.flushLazies() });
  }

  start(): void {
    if (this.phase !== "recovered") throw new Error("the log was started before");
    for (const { file, from, why } of this.opened.flaws) this.corrupt(file, from, why);
    const { failure } = this.opened.recovered;
    this.phase = "busy";
    const settle: Done = (problem) => (problem === undefined ? this.settled([]) : this.fail(problem, []));
    if (failure !== undefined) settle(failure);
    else if (this.opened.needsSegment) this.begin(settle);
    else this.writer.resume(settle);
  }

  append(drafts: readonly LogDraft[], done: Done): number {
    this.assertStarted(drafts);
    const stamped = drafts.map((draft) => drafted(draft, this.stamp()));
    const refusal = this.refusal(stamped);
    if (refusal !== undefined) {
      this.counts.refused += drafts.length;
      this.options.clock.after(0, () => done(refusal));
      return 0;
    }
    this.enqueueLazies();
    const firstN = this.enqueue(stamped, done);
    this.pump();
    return firstN;
  }

  appendLazily(draft: LogDraft): void {
    this.assertStarted([draft]);
    this.lazies.push(drafted(draft, this.stamp()));
  }

  syncedN(): number {
    return this.writer.head.n;
  }

  head(): Head {
    return this.writer.head;
  }

  readOutbox(after: number, limit: number, done: (result: OutboxPage) => void): void {
    this.outbox.read(after, limit, done);
  }

  outboxAcknowledged(n: number): void {
    if (!this.segments.acknowledge(Math.min(n, this.syncedN()))) return;
    this.outbox.acknowledged(this.segments.acknowledgedN);
    this.lazies.moveMark();
    this.space.retain();
    if (this.segments.acknowledgedN - this.markedN >= MARK_AHEAD_MAX) this.flushLazies();
  }

  acknowledgedN(): number {
    return this.segments.acknowledgedN;
  }

  failure(): DiskFailure | undefined {
    return this.failed;
  }

  reopen(done: Done): void {
    if (this.phase !== "failed" || this.failed === undefined) {
      this.options.clock.after(0, () => done(this.cannotReopen()));
      return;
    }
    const diskWasFull = this.failed.code === "ENOSPC";
    this.phase = "reopening";
    const settle: Done = (problem) => {
      if (problem !== undefined) {
        this.reopenFailed(problem, done);
        return;
      }
      this.failed = undefined;
      this.options.onFault({ code: "log-failed", raised: false, failure: undefined });
      this.settled([done]);
    };
    const verify = (): void =>
      this.writer.verify((problem) => (problem === undefined ? this.begin(settle) : settle(problem)));
    // A full disk: old records that were delivered make way for new ones.
    if (diskWasFull) this.space.dropOldest(verify);
    else verify();
  }

  stats(): LogStats {
    const { segments, queue, space, counts } = this;
    const { bytes, list } = segments;
    return { bytes, segments: list.length, queued: queue.entries, droppedOutbox: space.droppedOutbox, ...counts };
  }

  close(done: () => void): void {
    this.enqueueLazies();
    this.closers = [...(this.closers ?? []), done];
    if (this.phase === "ready") this.pump();
    else if (this.phase !== "busy" && this.phase !== "reopening")
      this.options.clock.after(0, () => this.finishClosing());
  }

  private assertStarted(drafts: readonly LogDraft[]): void {
    assertOwnKinds(drafts);
    if (this.phase === "recovered") throw new Error("the log was not started");
  }

  private stamp(): Pick<LogEntry, "at" | "clock" | "boot"> {
    const { clock, boot } = this.options;
    return { at: Math.round(clock.wallMs()), clock: clock.wallSynchronised() ? "ntp" : "unsynced", boot };
  }

  private refusal(drafts: readonly Drafted[]): DiskFailure | undefined {
    if (this.closers !== undefined) return { code: LOG_CODES.closed, message: "the log is closed" };
    if (this.failed !== undefined) return this.failed;
    return this.queue.refusal(drafts) ?? this.space.refusal(drafts, this.queue.bytes);
  }

  private enqueue(drafts: readonly Drafted[], done: Done | undefined): number {
    const firstN = this.nextN;
    this.nextN += drafts.length;
    this.queue.push({ drafts, bytes: sumBytes(drafts), done });
    return firstN;
  }

  private flushLazies(): void {
    this.enqueueLazies();
    this.pump();
  }

  private enqueueLazies(): void {
    if (this.phase === "recovered") return;
    for (const lazy of this.lazies.take()) {
      if (this.refusal([lazy]) === undefined) this.enqueue([lazy], undefined);
      else this.counts.refused++;
    }
    if (!this.lazies.markMoved) return;
    const { acknowledgedN: n } = this.segments;
    const record = { kind: OUTBOX_ACKNOWLEDGED, n };
    const mark = drafted({ record, outcome: true }, this.stamp());
    if (this.refusal([mark]) !== undefined) return;
    this.lazies.markMoved = false;
    this.markedN = n;
    this.enqueue([mark], undefined);
  }

  private pump(): void {
    if (this.phase !== "ready") return;
    const isFull = this.space.segmentIsFull(1);
    if (isFull && !this.lazies.isEmpty) this.enqueueLazies();
    if (isFull && this.closers === undefined && this.mayRollOver()) this.rest();
    else if (!this.queue.isEmpty) this.write();
    else this.finishClosing();
  }

  /** A new segment begins when nothing waits; only if that never happens, it begins regardless. */
  private mayRollOver(): boolean {
    return this.queue.isEmpty || this.space.segmentIsFull(2);
  }

  /** Whoever was answered just now may still have to draw the consequences: the checkpoint is taken after that. */
  private rest(): void {
    this.phase = "busy";
    this.options.clock.after(0, () => {
      if (this.mayRollOver()) {
        this.rollOver();
        return;
      }
      this.phase = "ready";
      this.pump();
    });
  }

  private write(): void {
    this.phase = "busy";
    const { clock } = this.options;
    const startedMs = clock.monotonicMs();
    this.space.writingBytes = this.queue.bytes;
    const batch = this.queue.takeAll();
    this.writer.write(
      batch,
      (entry) => this.synced(entry),
      (failure) => {
        this.space.writingBytes = 0;
        this.counts.lastSyncMs = clock.monotonicMs() - startedMs;
        if (failure !== undefined) {
          this.fail(failure, batch);
          return;
        }
        this.counts.syncs++;
        this.settled(batch.map(({ done }) => done));
      },
    );
  }

  private synced(entry: LogEntry): void {
    this.counts.appended++;
    if (entry.publish === undefined || this.segments.current === undefined) return;
    this.segments.note(this.segments.current, entry);
    this.outbox.synced(entry);
  }

  private rollOver(): void {
    this.begin((problem) => {
      // No room: the old segment goes on until something is delivered.
      if (problem === undefined || problem.code === LOG_CODES.full) this.settled([]);
      else this.fail(problem, []);
    });
  }

  private begin(settle: Done): void {
    const checkpoint = drafted({ record: this.options.checkpoint() }, this.stamp());
    const fitsInto = (bytes: number): boolean => {
      this.space.writingBytes = bytes;
      return this.space.admitsSegment(bytes);
    };
    const marked = this.segments.acknowledgedN;
    this.writer.begin(checkpoint, fitsInto, (problem) => {
      this.space.writingBytes = 0;
      if (problem === undefined) {
        this.counts.appended++;
        this.counts.syncs++;
        this.lazies.markMoved = false; // it stands in the new segment's header, unless it moved while that was written
        this.markedN = marked;
        if (this.segments.acknowledgedN > marked) this.lazies.moveMark();
      }
      settle(problem);
    });
  }

  /** Answers first, then goes on: whatever the answers append is written together. */
  private settled(answers: readonly (Done | undefined)[]): void {
    for (const done of answers) done?.(undefined);
    this.phase = "ready";
    this.space.retain();
    this.pump();
  }

  private fail(failure: DiskFailure, batch: readonly Pending[]): void {
    this.phase = "failed";
    this.failed = failure;
    this.writer.close();
    const unwritten = [...batch, ...this.queue.takeAll()];
    this.nextN = this.writer.head.n + 1;
    this.options.onFault({ code: "log-failed", raised: true, failure });
    for (const { drafts, done } of unwritten) {
      this.counts.refused += drafts.length;
      done?.(failure);
    }
    this.finishClosing();
  }

  private reopenFailed(problem: DiskFailure, done: Done): void {
    this.phase = "failed";
    this.failed = problem;
    done(problem);
    this.finishClosing();
  }

  private cannotReopen(): DiskFailure | undefined {
    if (this.phase === "closed") return { code: LOG_CODES.closed, message: "the log is closed" };
    return this.phase === "reopening" ? { code: LOG_CODES.busy, message: "the log is being reopened" } : undefined;
  }

  /** Once nothing is left to write, for whoever asked to close; nothing while nobody did. */
  private finishClosing(): void {
    const { closers } = this;
    if (closers === undefined) return;
    this.phase = "closed";
    this.lazies.cancel();
    this.writer.close();
    this.closers = [];
    for (const done of closers) done();
  }

  private corrupt(file: string, offset: number, why: string): void {
    this.options.onFault({ code: "log-corrupt", raised: true, file, offset, why });
  }
}
