/**
 * Reads every segment on the disk and tells what can be relied on: which stretches of entries follow one another, what is
 * damaged, and whether that is the tail of an append that a power cut tore (to be cut off) or rot among acknowledged
 * records (to be reported, never skipped in silence). It changes nothing on the disk.
 *
 * A tear and rot are told apart by what the records say themselves: each names the newest record that was already synced
 * when it was written. Only one append is ever outstanding, so if anything behind the damage names the damaged record or
 * a later one as synced, the damaged one had been acknowledged.
 */
import { Buffer } from "node:buffer";
import type { ReadableDisk } from "../../hal/ports/disk.ts";
import { type Flaw, type HeaderLine, readHeader, type SegmentScan, type Stretch, scanSegment } from "./scan.ts";

const NAME = /^log-(\d{8})\.yzl$/;

export function segmentFile(number: number): string {
  return `log-${String(number).padStart(8, "0")}.yzl`;
}

export interface SurveyedSegment {
  readonly number: number;
  readonly file: string;
  readonly header: HeaderLine | undefined;
  readonly firstN: number;
  readonly lastN: number;
  /** Bytes that count; the file may be longer (see `Survey.trims`). */
  readonly bytes: number;
  readonly flawed: boolean;
}

export interface PlacedStretch extends Stretch {
  readonly file: string;
  /** Stretches of the same run follow one another without a gap, across segments too. */
  readonly run: number;
  readonly firstOfSegment: boolean;
}

export interface PlacedFlaw extends Flaw {
  readonly file: string;
}

export interface Survey {
  readonly logId: string | undefined;
  readonly segments: readonly SurveyedSegment[];
  readonly stretches: readonly PlacedStretch[];
  /** Damage among acknowledged records, oldest first. */
  readonly flaws: readonly PlacedFlaw[];
  /** The torn tail: where it begins and how many bytes it has. */
  readonly torn:
    | { readonly file: string; readonly offset: number; readonly bytes: number; readonly why: string }
    | undefined;
  /** What to cut off: the torn tail, and ends that were abandoned after a failed write. */
  readonly trims: readonly { readonly file: string; readonly size: number }[];
  readonly lastN: number;
  readonly lastHash: string | undefined;
  /** Number for the next new segment. */
  readonly nextNumber: number;
}

interface FileScan {
  readonly number: number;
  readonly file: string;
  readonly size: number;
  readonly unreadable: boolean;
  readonly end: number;
  readonly scan: SegmentScan;
}

type Placed =
  | { readonly is: "header"; readonly fileAt: number; readonly syncedMax: number }
  | { readonly is: "stretch"; readonly fileAt: number; readonly piece: Stretch; run: number }
  | Torn;
type Torn = { readonly is: "flaw"; readonly fileAt: number; readonly piece: Flaw; afterN: number };

export function survey(disk: ReadableDisk): Survey {
  const { logId, files } = scanFiles(disk);
  const placed = place(files, logId);
  const cutAt = findTear(placed);
  const cut = cutAt < 0 ? undefined : (placed[cutAt] as Torn);
  const kept = cutAt < 0 ? placed : placed.slice(0, cutAt);
  const whole = withoutUnended(kept, cut);
  return { logId, ...describe(files, whole.kept, whole.cut) };
}

/** An append is kept whole or not at all: entries of one that was torn behind them were never acknowledged either. */
function withoutUnended(
  kept: readonly Placed[],
  cut: Torn | undefined,
): { kept: readonly Placed[]; cut: Torn | undefined } {
  const last = kept.at(-1);
  const unended = last?.is === "stretch" ? last.piece.unended : undefined;
  if (last?.is !== "stretch" || unended === undefined) return { kept, cut };
  const { fileAt, piece } = last;
  const { from, lastN, lastHash, lines } = unended;
  const end = cut?.fileAt === fileAt ? cut.piece.to : piece.to;
  const torn: Torn = { is: "flaw", fileAt, piece: flawAt(from, end, "an append is cut short"), afterN: lastN };
  const before = kept.slice(0, -1);
  if (lines === 0) return { kept: before, cut: torn };
  return {
    kept: [...before, { ...last, piece: { ...piece, to: from, lastN, lastHash, lines, unended: undefined } }],
    cut: torn,
  };
}

interface Loaded {
  readonly number: number;
  readonly file: string;
  readonly bytes: Buffer;
  readonly header: HeaderLine | undefined;
  readonly unreadable: string | undefined;
}

function scanFiles(disk: ReadableDisk): { logId: string | undefined; files: FileScan[] } {
  const names = disk.names().filter((name) => NAME.test(name));
  names.sort();
  const files: FileScan[] = [];
  let logId: string | undefined;
  const load = (file: string | undefined): Loaded | undefined => {
    if (file === undefined) return undefined;
    const loaded = loadSegment(disk, file, logId);
    logId ??= loaded.header?.value.log;
    return loaded;
  };
  // One segment is read ahead, because its header says where the one before it ends.
  let current = load(names[0]);
  for (let at = 1; current !== undefined; at++) {
    const next = load(names[at]);
    files.push(scanFile(current, next));
    current = next;
  }
  return { logId, files };
}

function loadSegment(disk: ReadableDisk, file: string, logId: string | undefined): Loaded {
  const number = Number(NAME.exec(file)?.[1]);
  try {
    const raw = disk.read(file);
    const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
    const header = readHeader(bytes);
    const ours = header?.value.segment === number && (logId === undefined || header.value.log === logId);
    return { number, file, bytes, header: ours ? header : undefined, unreadable: undefined };
  } catch (error) {
    return { number, file, bytes: Buffer.alloc(0), header: undefined, unreadable: (error as Error).message };
  }
}

function scanFile(loaded: Loaded, next: Loaded | undefined): FileScan {
  const { number, file, bytes } = loaded;
  const stated = next?.number === number + 1 ? next.header?.value.previousBytes : undefined;
  const end = Math.min(stated ?? bytes.length, bytes.length);
  const scan = scanSegment(bytes, end, loaded.header);
  const missing = missingPart(loaded, scan, stated);
  const whole = missing === undefined ? scan : withFlaw(scan, missing);
  return { number, file, size: bytes.length, unreadable: loaded.unreadable !== undefined, end, scan: whole };
}

function missingPart(loaded: Loaded, scan: SegmentScan, stated: number | undefined): Flaw | undefined {
  const size = loaded.bytes.length;
  if (loaded.unreadable !== undefined) return flawAt(0, 0, `the segment cannot be read: ${loaded.unreadable}`);
  if (stated !== undefined && stated > size) return flawAt(size, size, "the segment is shorter than the next one says");
  if (scan.header !== undefined && scan.pieces.length === 0) return flawAt(0, size, "the segment has no checkpoint");
  return undefined;
}

function flawAt(from: number, to: number, why: string): Flaw {
  return { is: "flaw", from, to, why };
}

function withFlaw(scan: SegmentScan, flaw: Flaw): SegmentScan {
  return { ...scan, pieces: [...scan.pieces, flaw], lastHash: undefined };
}

/** Everything in the order it was written, with links between segments checked. */
function place(files: readonly FileScan[], logId: string | undefined): Placed[] {
  const placed: Placed[] = [];
  let run = 0;
  let newestN = 0;
  for (let fileAt = 0; fileAt < files.length; fileAt++) {
    const { scan } = files[fileAt] as FileScan;
    const before = files[fileAt - 1]?.scan;
    if (scan.header !== undefined) {
      const why = brokenLink(scan.header, before, logId);
      if (why !== undefined) {
        placed.push({ is: "flaw", fileAt, piece: flawAt(0, 0, why), afterN: newestN });
        run++;
      }
      placed.push({ is: "header", fileAt, syncedMax: scan.header.value.firstN - 1 });
    }
    for (const piece of scan.pieces) {
      if (piece.is === "stretch") {
        placed.push({ is: "stretch", fileAt, piece, run });
        newestN = Math.max(newestN, piece.lastN);
      } else {
        placed.push({ is: "flaw", fileAt, piece, afterN: newestN });
        run++;
      }
    }
  }
  return placed;
}

function brokenLink(
  header: HeaderLine,
  before: SegmentScan | undefined,
  logId: string | undefined,
): string | undefined {
  const { firstN, previous, previousBytes } = header.value;
  // Older segments are dropped when the log is full, so the oldest one is believed, unless it claims to be the first.
  if (before === undefined) {
    const isFirst = firstN === 1 && previousBytes === 0;
    return isFirst && previous !== logId ? "the log does not begin with its id" : undefined;
  }
  if (before.lastHash === undefined) return undefined; // the segment before ends in a flaw that is already known
  if (before.lastHash === previous && before.lastN + 1 === firstN) return undefined;
  return "the segment does not follow from the one before";
}

/** Index of the first flaw that belongs to a torn append, -1 when there is none. */
function findTear(placed: readonly Placed[]): number {
  const after: After = { synced: -1, newestN: -1, nextN: Number.POSITIVE_INFINITY };
  let tear = -1;
  for (let at = placed.length - 1; at >= 0; at--) {
    const item = placed[at] as Placed;
    if (item.is === "header") after.synced = Math.max(after.synced, item.syncedMax);
    else if (item.is === "stretch") {
      after.synced = Math.max(after.synced, item.piece.syncedMax);
      after.newestN = Math.max(after.newestN, item.piece.lastN);
      after.nextN = item.piece.firstN;
    } else if (couldBeTorn(item.piece, item.afterN, after)) tear = at;
    else break;
  }
  return tear;
}

/** What stands behind a flaw: the newest number it knows to be synced, its newest and its first number. */
interface After {
  synced: number;
  newestN: number;
  nextN: number;
}

/** Whether the flaw may be what a power cut left of one append that was never acknowledged. `n`: newest before it. */
function couldBeTorn(flaw: Flaw, n: number, after: After): boolean {
  // A tear leaves broken bytes, not merely missing lines; and whoever knows a newer number as synced proves there was none.
  if (flaw.to === flaw.from || after.synced > n) return false;
  // Header and checkpoint are one append, synced before the segment's first entry is written.
  if (flaw.from === 0) return after.newestN <= n;
  // Broken bytes between two neighbouring records took no record away: somebody put them there.
  return after.nextN > n + 1;
}

type Description = Omit<Survey, "logId">;

function describe(files: readonly FileScan[], kept: readonly Placed[], cut: Torn | undefined): Description {
  const stretches: PlacedStretch[] = [];
  const flaws: PlacedFlaw[] = [];
  const seen = new Set<number>();
  for (const item of kept) {
    const file = (files[item.fileAt] as FileScan).file;
    if (item.is === "flaw") flaws.push({ ...item.piece, file });
    if (item.is !== "stretch") continue;
    stretches.push({ ...item.piece, file, run: item.run, firstOfSegment: !seen.has(item.fileAt) });
    seen.add(item.fileAt);
  }
  const segments = describeSegments({ files, stretches, flaws, cut });
  const last = stretches.at(-1);
  const lastNumber = segments.at(-1)?.number;
  return {
    segments,
    stretches,
    flaws,
    ...tail({ files, segments, cut }),
    lastN: stretches.reduce((newest, stretch) => Math.max(newest, stretch.lastN), 0),
    lastHash: last?.lastHash,
    nextNumber: lastNumber === undefined ? (files[0]?.number ?? 1) : lastNumber + 1,
  };
}

interface Parts {
  readonly files: readonly FileScan[];
  readonly stretches: readonly PlacedStretch[];
  readonly flaws: readonly PlacedFlaw[];
  readonly cut: Torn | undefined;
}

/** The segments that stay: up to the cut, and the one that is cut if it keeps an entry. */
function describeSegments(parts: Parts): SurveyedSegment[] {
  const { files, cut } = parts;
  const segments: SurveyedSegment[] = [];
  let lastN = 0;
  for (let at = 0; at < files.length && at <= (cut?.fileAt ?? files.length); at++) {
    const { file, number, scan, end, size, unreadable } = files[at] as FileScan;
    const own = parts.stretches.filter((stretch) => stretch.file === file);
    const isCut = at === cut?.fileAt;
    if ((isCut && own.length === 0) || (size === 0 && !unreadable)) continue;
    const firstN = scan.header?.value.firstN ?? own[0]?.firstN ?? lastN + 1;
    lastN = Math.max(lastN, own.at(-1)?.lastN ?? lastN);
    const flawed = parts.flaws.some((flaw) => flaw.file === file);
    segments.push({ number, file, header: scan.header, firstN, lastN, bytes: isCut ? cut.piece.from : end, flawed });
  }
  return segments;
}

function tail(parts: {
  readonly files: readonly FileScan[];
  readonly segments: readonly SurveyedSegment[];
  readonly cut: Torn | undefined;
}): Pick<Survey, "torn" | "trims"> {
  const { files, segments, cut } = parts;
  const trims: { file: string; size: number }[] = [];
  let tornBytes = 0;
  for (let at = 0; at < files.length; at++) {
    const { file, size } = files[at] as FileScan;
    const bytes = segments.find((segment) => segment.file === file)?.bytes ?? 0;
    if (size > bytes) trims.push({ file, size: bytes });
    if (cut !== undefined && at >= cut.fileAt) tornBytes += size - bytes;
  }
  if (cut === undefined) return { torn: undefined, trims };
  const { file } = files[cut.fileAt] as FileScan;
  const offset = segments.find((segment) => segment.file === file)?.bytes ?? 0;
  return { torn: { file, offset, bytes: tornBytes, why: cut.piece.why }, trims };
}
