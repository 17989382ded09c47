/**
 * Opens what is on the disk: cuts off torn and abandoned tails, picks the checkpoint to start from, and reads the entries
 * behind it. It never bridges damage: what stands behind a flaw is handed over apart.
 */
import { Buffer } from "node:buffer";
import type { Disk, DiskFailure, ReadableDisk } from "../../hal/ports/disk.ts";
import { CHECKPOINT, type Damage, type LogEntry, OUTBOX_ACKNOWLEDGED, type Recovered } from "./entry.ts";
import { parseEntry, readLine } from "./line.ts";
import { SegmentList } from "./segments.ts";
import { type PlacedFlaw, type PlacedStretch, type Survey, survey } from "./survey.ts";

export interface Opened {
  readonly recovered: Recovered;
  readonly flaws: readonly PlacedFlaw[];
  readonly segments: SegmentList;
  readonly headHash: string;
  /** The last segment is missing or damaged: writing goes on in a new one. */
  readonly needsSegment: boolean;
  readonly nextNumber: number;
  /** Where the last write of the last segment begins: nobody knows yet whether its sync succeeded. */
  readonly unprovenFrom: number;
  /** Files of segments that never began, which could not be emptied. */
  readonly stale: readonly string[];
}

/** Start-up only: reads the whole log, once, and the last segments twice. */
export function openSegments(disk: Disk, newLogId: string): Opened {
  const found = survey(disk);
  const { failure, stale } = trim(disk, found);
  const reader = new EntryReader(disk);
  const { entries, afterDamage, complete, unparsed, events } = selectEntries(reader, found);
  const flaws = [...found.flaws, ...unparsed];
  const acknowledgedN = newestAcknowledged(found, [...entries, ...afterDamage]);
  const segments = indexSegments({ reader, found, acknowledgedN, events });
  const logId = found.logId ?? newLogId;
  const recovered: Recovered = {
    logId,
    entries,
    complete,
    afterDamage,
    lastN: found.lastN,
    acknowledgedN,
    damage: describeDamage(flaws[0], found),
    tornBytes: found.torn?.bytes ?? 0,
    failure,
  };
  return {
    recovered,
    flaws,
    segments,
    headHash: found.lastHash ?? logId,
    needsSegment: found.segments.at(-1)?.flawed ?? true,
    nextNumber: found.nextNumber,
    unprovenFrom: lastWrite(found),
    stale,
  };
}

/** Header and checkpoint are one write. */
function lastWrite({ stretches }: Survey): number {
  const last = stretches.at(-1);
  if (last === undefined) return 0;
  const isHead = last.firstOfSegment && last.writeFrom === last.from;
  return isHead ? 0 : Math.min(last.writeFrom, last.to);
}

/** What a log says to somebody who only looks. */
export interface ReadLog {
  readonly logId: string | undefined;
  readonly entries: readonly LogEntry[];
  /** Whole, but behind damage: true as well, and perhaps not the whole truth. */
  readonly afterDamage: readonly LogEntry[];
  readonly complete: boolean;
  readonly damage: Damage;
  readonly lastN: number;
}

/** The same reading without touching anything, for a second process beside the controller. */
export function readSegments(disk: ReadableDisk): ReadLog {
  const found = survey(disk);
  const { entries, afterDamage, complete, unparsed } = selectEntries(new EntryReader(disk), found);
  const damage = describeDamage(found.flaws[0] ?? unparsed[0], found);
  return { logId: found.logId, entries, afterDamage, complete, damage, lastN: found.lastN };
}

function trim(disk: Disk, found: Survey): { failure: DiskFailure | undefined; stale: string[] } {
  let failure: DiskFailure | undefined;
  const stale: string[] = [];
  for (const { file, size } of found.trims) {
    try {
      disk.truncate(file, size);
    } catch (error) {
      failure ??= asFailure(error);
      if (size === 0) stale.push(file);
    }
  }
  return { failure, stale };
}

function asFailure(error: unknown): DiskFailure {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return { code: typeof code === "string" ? code : "EIO", message: String(message ?? error) };
}

function describeDamage(flaw: PlacedFlaw | undefined, found: Survey): Damage {
  if (flaw !== undefined) return { kind: "corrupt", file: flaw.file, offset: flaw.from, why: flaw.why };
  if (found.torn !== undefined) return { kind: "torn-tail", file: found.torn.file, bytes: found.torn.bytes };
  return { kind: "none" };
}

/** Reads entries of stretches, keeping the last file: stretches of one file are asked for one after the other. */
class EntryReader {
  private readonly disk: ReadableDisk;
  private file = "";
  private bytes: Buffer = Buffer.alloc(0);

  constructor(disk: ReadableDisk) {
    this.disk = disk;
  }

  /** Gives every entry to `visit`, undefined for what turns out not to be one, until it returns false. */
  each(stretch: PlacedStretch, visit: (entry: LogEntry | undefined, from: number, to: number) => boolean): void {
    const bytes = this.load(stretch.file);
    for (let at = stretch.from; at < stretch.to; ) {
      const line = readLine(bytes, at, stretch.to);
      const next = line?.next ?? stretch.to;
      if (!visit(line && parseEntry(bytes, line), at, next)) return;
      at = next;
    }
  }

  /** Nothing when the disk no longer gives what it gave a moment ago: its entries then count as damaged. */
  private load(file: string): Buffer {
    if (file === this.file) return this.bytes;
    this.file = file;
    try {
      const raw = this.disk.read(file);
      this.bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
    } catch {
      this.bytes = Buffer.alloc(0);
    }
    return this.bytes;
  }

  first(stretch: PlacedStretch): LogEntry | undefined {
    let found: LogEntry | undefined;
    this.each(stretch, (entry) => {
      found = entry;
      return false;
    });
    return found;
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface Selection {
  readonly entries: LogEntry[];
  readonly afterDamage: LogEntry[];
  readonly complete: boolean;
  /** Lines whose CRC and hash are right but whose body is no entry (somebody wrote them on purpose), or that vanished. */
  readonly unparsed: PlacedFlaw[];
  /** Entries for the outbox, by file, of every file that was read here. */
  readonly events: Map<string, LogEntry[]>;
}

function selectEntries(reader: EntryReader, found: Survey): Selection {
  const { stretches } = found;
  const events = new Map<string, LogEntry[]>();
  const selection = { entries: [], afterDamage: [], complete: true, unparsed: [], events } as Mutable<Selection>;
  const baseAt = findBase(reader, stretches);
  const run = stretches[baseAt]?.run;
  for (let at = Math.max(baseAt, 0); at < stretches.length; at++) {
    const stretch = stretches[at] as PlacedStretch;
    if (stretch.run !== run) selection.complete = false;
    const ofFile = events.get(stretch.file) ?? [];
    events.set(stretch.file, ofFile);
    reader.each(stretch, (entry, from, to) => {
      if (entry === undefined) {
        selection.complete = false;
        selection.unparsed.push({ is: "flaw", file: stretch.file, from, to, why: "a line is not an entry" });
        return true;
      }
      (selection.complete ? selection.entries : selection.afterDamage).push(entry);
      if (entry.publish !== undefined) ofFile.push(entry);
      return true;
    });
  }
  if (baseAt < 0 && found.flaws.length > 0) selection.complete = false;
  return selection;
}

/** The newest stretch that begins with a segment's checkpoint, -1 when there is none. */
function findBase(reader: EntryReader, stretches: readonly PlacedStretch[]): number {
  for (let at = stretches.length - 1; at >= 0; at--) {
    const stretch = stretches[at] as PlacedStretch;
    if (stretch.firstOfSegment && reader.first(stretch)?.record.kind === CHECKPOINT) return at;
  }
  return -1;
}

function newestAcknowledged(found: Survey, entries: readonly LogEntry[]): number {
  let newest = 0;
  for (const { header } of found.segments) newest = Math.max(newest, header?.value.acknowledged ?? 0);
  for (const { record } of entries) {
    if (record.kind === OUTBOX_ACKNOWLEDGED) newest = Math.max(newest, Number(record.n) || 0);
  }
  return Math.min(newest, found.lastN);
}

interface Index {
  readonly reader: EntryReader;
  readonly found: Survey;
  readonly acknowledgedN: number;
  readonly events: ReadonlyMap<string, readonly LogEntry[]>;
}

/** What the outbox still has to send decides which segments may be dropped, so it is counted once here. */
function indexSegments({ reader, found, acknowledgedN, events }: Index): SegmentList {
  const list = new SegmentList(acknowledgedN);
  for (const { number, file, firstN, lastN, bytes } of found.segments) {
    const segment = list.add({ number, file, firstN, lastN, bytes });
    for (const entry of events.get(file) ?? []) list.note(segment, entry);
    if (lastN <= acknowledgedN || events.has(file)) continue;
    for (const stretch of found.stretches) {
      if (stretch.file !== file) continue;
      reader.each(stretch, (entry) => {
        if (entry?.publish !== undefined) list.note(segment, entry);
        return true;
      });
    }
  }
  return list;
}
