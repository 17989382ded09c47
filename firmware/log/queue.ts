/**
 * What waits to be written: numbered drafts in order, and lazy ones that wait for company. Both are bounded; it refuses
 * rather than grow.
 */
import { Buffer } from "node:buffer";
import type { DiskFailure } from "../../hal/ports/disk.ts";
import {
  CHECKPOINT,
  DROPPABLE_STREAM,
  ENTRY_MAX_BYTES,
  LOG_CODES,
  type LogDraft,
  type LogEntry,
  OUTBOX_ACKNOWLEDGED,
} from "./entry.ts";
import { BODY_OFFSET, entryRest } from "./line.ts";

export type Done = (failure: DiskFailure | undefined) => void;

/** A draft with its stamp, its text, and the most bytes its line can have. */
export interface Drafted {
  readonly entry: Omit<LogEntry, "n">;
  readonly rest: string;
  readonly bytes: number;
  readonly outcome: boolean;
}

/** CRC, hash, both numbers of up to 16 digits with their names, the mark of an append that goes on, newline. */
const LINE_OVERHEAD = BODY_OFFSET + 60 + 1;

export function drafted(draft: LogDraft, stamp: Pick<LogEntry, "at" | "clock" | "boot">): Drafted {
  const { record, publish } = draft;
  const at = draft.at === undefined ? stamp.at : Math.round(draft.at);
  const entry = { ...stamp, at, record, ...(publish === undefined ? {} : { publish }) };
  const rest = entryRest(entry);
  return { entry, rest, bytes: Buffer.byteLength(rest) + LINE_OVERHEAD, outcome: draft.outcome === true };
}

/** Whether it may be dropped undelivered. */
export const isTelemetry = ({ entry }: Drafted): boolean => entry.publish?.stream === DROPPABLE_STREAM;

/** Kinds of the log's own are bugs in a caller, not refusals. */
export function assertOwnKinds(drafts: readonly LogDraft[]): void {
  if (drafts.length === 0) throw new RangeError("append needs at least one draft");
  for (const { record } of drafts) {
    if (record.kind === CHECKPOINT || record.kind === OUTBOX_ACKNOWLEDGED) {
      throw new RangeError(`records of kind ${record.kind} are written by the log itself`);
    }
  }
}

export interface Pending {
  readonly drafts: readonly Drafted[];
  readonly bytes: number;
  readonly done: Done | undefined;
}

export class AppendQueue {
  private waiting: Pending[] = [];
  private readonly maxEntries: number;
  private readonly maxBytes: number;
  entries = 0;
  bytes = 0;

  constructor(maxEntries: number, segmentBytes: number) {
    this.maxEntries = maxEntries;
    this.maxBytes = Math.max(segmentBytes, 2 * ENTRY_MAX_BYTES);
  }

  get isEmpty(): boolean {
    return this.waiting.length === 0;
  }

  refusal(drafts: readonly Drafted[]): DiskFailure | undefined {
    if (drafts.some((draft) => draft.bytes > ENTRY_MAX_BYTES)) {
      return { code: LOG_CODES.tooLarge, message: "an entry is larger than the log takes" };
    }
    const fits = this.entries + drafts.length <= this.maxEntries && this.bytes + sumBytes(drafts) <= this.maxBytes;
    return fits ? undefined : { code: LOG_CODES.queueFull, message: "the disk does not keep up" };
  }

  push(pending: Pending): void {
    this.waiting.push(pending);
    this.entries += pending.drafts.length;
    this.bytes += pending.bytes;
  }

  takeAll(): Pending[] {
    const taken = this.waiting;
    this.waiting = [];
    this.entries = 0;
    this.bytes = 0;
    return taken;
  }
}

export function sumBytes(drafts: readonly Drafted[]): number {
  let sum = 0;
  for (const draft of drafts) sum += draft.bytes;
  return sum;
}
