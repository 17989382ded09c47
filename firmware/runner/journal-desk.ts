/**
 * Between the core and the one log: turns record effects into log drafts, folds what was recovered back into durable state,
 * tells the core when the log fails, and tries to reopen it. It decides nothing about what is recorded.
 */
import type { Clock } from "../../hal/ports/clock.ts";
import type { Disk } from "../../hal/ports/disk.ts";
import type { Effect } from "../../services/effects.ts";
import { type Durable, emptyDurable } from "../../services/journal/durable.ts";
import type { JournalRecord } from "../../services/journal/records.ts";
import { applyEntry } from "../../services/publication.ts";
import { CHECKPOINT, type LogDraft, type LogEntry, type LogFault, type Recovered } from "../log/entry.ts";
import { openLog } from "../log/log.ts";
import type { OneLog } from "../log/one-log.ts";
import { UnwrittenEvents } from "./unwritten-events.ts";

type RecordEffect = Extract<Effect, { do: "record" }>;

/** Segments are small, so that a full disk costs one segment and recovery reads little. */
const segmentBytesMax = 1_048_576;
const queueMax = 2_000;
const reopenMs = 5_000;

export interface JournalDesk {
  readonly log: OneLog;
  readonly logId: string;
  readonly durable: Durable;
  readonly recovered: Recovered;
  /** Wall ms: it is never earlier than this, whatever the clock says. */
  timeFloorMs(): number;
  append(effects: readonly RecordEffect[], done: (failure: string | undefined) => void): void;
  /** Events that will never be delivered: telemetry at the cap of the log, and what the log could not be given in time. */
  droppedEvents(): number;
  start(): void;
  close(done: () => void): void;
}

export interface JournalDeskOptions {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly logId: string;
  readonly boot: string;
  readonly maxBytes: number;
  /** The durable state that everything acknowledged amounts to. */
  readonly durableNow: () => Durable;
  readonly onFault: (fault: LogFault) => void;
  /** Events that the log had refused are in it after all. */
  readonly writtenLate?: () => void;
}

/** Only what could still be called off is an intent; everything else happened and must be kept if there is any room. */
const isIntent = (record: JournalRecord): boolean =>
  record.kind === "swap-reserved" ||
  record.kind === "swap-bay-chosen" ||
  record.kind === "request-taken" ||
  record.kind === "operator-opening";

function draftOf({ record, at, publish }: RecordEffect): LogDraft {
  const draft = { record, ...(at === undefined ? {} : { at }), ...(isIntent(record) ? {} : { outcome: true }) };
  if (publish === undefined) return draft;
  const { kind, stream, seq, type, data } = publish;
  return { ...draft, publish: { kind, stream, seq, data: { event_type: type, ...data } } };
}

/** The same fold as while running. What stands behind damage is true as well, it only may not be the whole truth. */
export function foldEntries(entries: readonly LogEntry[]): Durable {
  let durable = emptyDurable;
  for (const { record, at, publish } of entries) {
    // A checkpoint may already hold what was decided but not yet appended when it was taken; that is not counted twice.
    if (publish !== undefined && publish.seq <= (durable.streamSeq[publish.stream] ?? 0)) continue;
    // The log's own schema is the journal's; unknown kinds fall through the fold unchanged.
    durable = applyEntry(durable, {
      record: record as unknown as JournalRecord,
      at,
      ...(publish === undefined ? {} : { publish }),
    });
  }
  return durable;
}

/** A run that ended well wrote so last; a log that ends with anything else was cut off, by a crash or by the mains. */
export function endedByCrash(entries: readonly LogEntry[]): boolean {
  const last = entries.at(-1)?.record.kind;
  return last !== undefined && last !== "stopping";
}

/** Only stamps that a time source vouched for: a clock that once ran ahead must not hold the floor up for ever. */
function recoveredFloorMs(entries: readonly LogEntry[]): number {
  let floorMs = 0;
  for (const { at, clock, record } of entries) {
    const kept = record.kind === CHECKPOINT && typeof record.timeFloorMs === "number" ? record.timeFloorMs : 0;
    floorMs = Math.max(floorMs, kept, clock === "ntp" ? at : 0);
  }
  return floorMs;
}

export function openJournalDesk(options: JournalDeskOptions): JournalDesk {
  const { disk, clock, boot } = options;
  const segmentBytes = Math.min(segmentBytesMax, Math.floor(options.maxBytes / 8));
  const opened = openLog({
    disk,
    clock,
    boot,
    logId: options.logId,
    maxBytes: options.maxBytes,
    segmentBytes,
    queueMax,
    checkpoint: () => ({ kind: CHECKPOINT, durable: options.durableNow(), timeFloorMs: timeFloorMs() }),
    onFault: (fault) => {
      options.onFault(fault);
      if (fault.code === "log-failed" && fault.raised) retry();
    },
  });
  const { log, recovered } = opened;
  const unwritten = new UnwrittenEvents({ clock, log, written: () => options.writtenLate?.() });
  const recoveredMs = recoveredFloorMs([...recovered.entries, ...recovered.afterDamage]);
  const timeFloorMs = (): number => Math.max(recoveredMs, clock.wallSynchronised() ? clock.wallMs() : 0);
  let closed = false;
  let retrying = false;

  function retry(): void {
    if (retrying || closed) return;
    retrying = true;
    clock.after(reopenMs, () => {
      retrying = false;
      if (closed || log.failure() === undefined) return;
      log.reopen((failure) => {
        if (failure !== undefined) retry();
      });
    });
  }

  return {
    log,
    logId: recovered.logId,
    recovered,
    timeFloorMs,
    durable: foldEntries([...recovered.entries, ...recovered.afterDamage]),
    append(effects, done) {
      unwritten.offer();
      const drafts = effects.map(draftOf);
      log.append(drafts, (failure) => {
        if (failure !== undefined) unwritten.keep(drafts, failure);
        done(failure === undefined ? undefined : `${failure.code}: ${failure.message}`);
      });
    },
    droppedEvents: () => log.stats().droppedOutbox + unwritten.dropped,
    start: () => log.start(),
    close(done) {
      closed = true;
      unwritten.offer();
      unwritten.stop();
      log.close(done);
    },
  };
}
