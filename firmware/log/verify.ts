/**
 * Checks a whole log for an audit: every CRC, every hash, every number, every link between segments. It changes nothing
 * and repairs nothing.
 *
 * The chain alone shows that nothing inside it was changed, left out or put in. Whoever can write the files can also
 * compute a new chain, or cut the newest entries off; that is found by comparing with a head that was published earlier
 * (the anchor).
 */
import { Buffer } from "node:buffer";
import type { ReadableDisk } from "../../hal/ports/disk.ts";
import { afterNewline, readLine, readNumbers } from "./line.ts";
import type { Head } from "./segment-writer.ts";
import { type PlacedStretch, survey } from "./survey.ts";

export interface ChainFlaw {
  readonly kind: "corrupt" | "torn-tail" | "anchor";
  readonly file: string;
  readonly offset: number;
  readonly bytes: number;
  /** The last entry that is whole before it, 0 when there is none. */
  readonly afterN: number;
  readonly why: string;
}

export interface ChainReport {
  readonly ok: boolean;
  readonly logId: string | undefined;
  readonly segments: number;
  readonly bytes: number;
  /** Entries and checkpoints. */
  readonly records: number;
  readonly firstN: number;
  /** Compare it with what the station publishes, and keep it as the next anchor. */
  readonly head: Head | undefined;
  readonly flaws: readonly ChainFlaw[];
}

const wholeBefore = (stretches: readonly PlacedStretch[], file: string, offset: number): number => {
  const before = stretches.filter((piece) => piece.file < file || (piece.file === file && piece.to <= offset));
  return before.reduce((newest, { lastN }) => Math.max(newest, lastN), 0);
};

/** `anchor`: number and hash of an entry as they were published; it must still be in the log, or be older than it. */
export function verifyChain(disk: ReadableDisk, anchor?: Head): ChainReport {
  const found = survey(disk);
  const flaws: ChainFlaw[] = found.flaws.map(({ file, from, to, why }) => {
    return {
      kind: "corrupt",
      file,
      offset: from,
      bytes: to - from,
      afterN: wholeBefore(found.stretches, file, from),
      why,
    };
  });
  if (found.torn !== undefined) flaws.push({ kind: "torn-tail", afterN: found.lastN, ...found.torn });
  const firstN = found.stretches[0]?.firstN ?? 0;
  if (anchor !== undefined && anchor.n >= firstN) {
    // A checkpoint bears its last entry's number, so the anchor may stand at either side of a segment's end.
    const near = found.segments.filter(({ firstN: first, lastN, bytes }) => {
      return bytes > 0 && first - 1 <= anchor.n && anchor.n <= lastN;
    });
    if (!near.some(({ file, bytes }) => holdsAnchor(disk, file, bytes, anchor))) {
      const why = `entry ${anchor.n} is not the one that was published`;
      flaws.push({ kind: "anchor", file: near.at(-1)?.file ?? "", offset: 0, bytes: 0, afterN: found.lastN, why });
    }
  }
  const head = found.lastHash === undefined ? undefined : { n: found.lastN, hash: found.lastHash };
  return {
    ok: flaws.length === 0,
    logId: found.logId,
    segments: found.segments.length,
    bytes: found.segments.reduce((sum, segment) => sum + segment.bytes, 0),
    records: found.stretches.reduce((sum, stretch) => sum + stretch.lines, 0),
    firstN,
    head,
    flaws,
  };
}

function holdsAnchor(disk: ReadableDisk, file: string, end: number, anchor: Head): boolean {
  const raw = disk.read(file);
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  const numbers = { n: 0, synced: 0, more: false };
  for (let at = 0; at < end; at = afterNewline(bytes, at, end)) {
    const line = readLine(bytes, at, end);
    if (line === undefined || !readNumbers(bytes, line, numbers) || numbers.n !== anchor.n) continue;
    if (line.hash === anchor.hash) return true;
  }
  return false;
}
