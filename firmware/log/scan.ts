/**
 * Checks one segment: which stretches of it are whole, chained and in sequence, and which bytes are flawed. Pure. It
 * judges nothing: whether a flaw is a torn tail or rot depends on what stands behind it, see `survey.ts`.
 */
import type { Buffer } from "node:buffer";
import { afterNewline, follows, type Line, parseHeader, readLine, readNumbers, type SegmentHeader } from "./line.ts";

/** Lines that follow one another without a gap. */
export interface Stretch {
  readonly is: "stretch";
  readonly from: number;
  to: number;
  readonly firstN: number;
  lastN: number;
  lastHash: string;
  /** The newest number that any of these lines says was synced before it was written. */
  syncedMax: number;
  lines: number;
  /** Where the last write begins: its lines all name the same newest number as synced. */
  writeFrom: number;
  /** Where the last append begins, when its end is not among these lines. */
  unended: Unended | undefined;
}

/** An append whose last entry is missing, and what stands before it. */
export interface Unended {
  readonly from: number;
  readonly lastN: number;
  readonly lastHash: string;
  readonly lines: number;
}

export interface Flaw {
  readonly is: "flaw";
  readonly from: number;
  to: number;
  readonly why: string;
}

export type Piece = Stretch | Flaw;

export interface HeaderLine {
  readonly value: SegmentHeader;
  readonly hash: string;
  readonly next: number;
}

export interface SegmentScan {
  readonly header: HeaderLine | undefined;
  readonly pieces: readonly Piece[];
  /** Number and hash of the last line; the hash is undefined when the last thing is a flaw. */
  readonly lastN: number;
  readonly lastHash: string | undefined;
}

/** The header, when its line is whole. It names the hash before it, so it can be checked on its own. */
export function readHeader(bytes: Buffer): HeaderLine | undefined {
  const line = readLine(bytes, 0, bytes.length);
  if (line === undefined) return undefined;
  const value = parseHeader(bytes, line);
  if (value === undefined || !follows(value.previous, bytes, line)) return undefined;
  return { value, hash: line.hash, next: line.next };
}

/** Checks `bytes[0..end)` given the header that was accepted for it. */
export function scanSegment(bytes: Buffer, end: number, header: HeaderLine | undefined): SegmentScan {
  const scanner = new Scanner(bytes, end);
  scanner.run(header);
  return { header, pieces: scanner.pieces, lastN: scanner.n, lastHash: scanner.hash };
}

class Scanner {
  readonly pieces: Piece[] = [];
  n = 0;
  hash: string | undefined;
  private current: Stretch | undefined;
  /** What the lines of the last write name as synced. */
  private writtenBehind = -1;
  private readonly bytes: Buffer;
  private readonly end: number;
  private readonly numbers = { n: 0, synced: 0, more: false };

  constructor(bytes: Buffer, end: number) {
    this.bytes = bytes;
    this.end = end;
  }

  run(header: HeaderLine | undefined): void {
    let at = 0;
    if (header !== undefined) {
      // The checkpoint behind it bears the number of the newest entry it covers, so that number comes a second time.
      this.n = header.value.firstN - 2;
      this.hash = header.hash;
      at = header.next;
    } else if (this.end > 0) {
      at = afterNewline(this.bytes, 0, this.end);
      this.flaw(0, at, "the segment's first line is not a header of this log");
    }
    while (at < this.end) {
      const line = readLine(this.bytes, at, this.end);
      at = line === undefined ? this.broken(at) : this.whole(at, line);
    }
  }

  private broken(at: number): number {
    const next = afterNewline(this.bytes, at, this.end);
    this.flaw(at, next, this.bytes[next - 1] === 0x0a ? "a line's CRC does not match" : "a line is cut short");
    return next;
  }

  private whole(at: number, line: Line): number {
    const { numbers } = this;
    if (!readNumbers(this.bytes, line, numbers)) {
      this.flaw(at, line.next, "a line is not an entry");
    } else if (this.hash === undefined) {
      this.begin(at, line);
    } else if (numbers.n !== this.n + 1) {
      this.flaw(at, at, `entry ${numbers.n} stands behind entry ${this.n}`);
      this.begin(at, line);
    } else if (!follows(this.hash, this.bytes, line)) {
      this.flaw(at, line.next, "a line's hash does not follow from the one before");
    } else {
      this.extend(at, line);
    }
    return line.next;
  }

  private extend(at: number, line: Line): void {
    if (this.current === undefined) {
      this.begin(at, line);
      return;
    }
    this.noteEnd(this.current, at);
    if (this.numbers.synced !== this.writtenBehind) this.beginWrite(this.current, at);
    this.current.to = line.next;
    this.current.lastN = this.numbers.n;
    this.current.lastHash = line.hash;
    this.current.lines++;
    if (this.numbers.synced > this.current.syncedMax) this.current.syncedMax = this.numbers.synced;
    this.n = this.numbers.n;
    this.hash = line.hash;
  }

  private noteEnd(stretch: Stretch, at: number): void {
    const { lastN, lastHash, lines } = stretch;
    if (!this.numbers.more) stretch.unended = undefined;
    else stretch.unended ??= { from: at, lastN, lastHash, lines };
  }

  private begin(at: number, line: Line): void {
    const { n, synced } = this.numbers;
    this.current = {
      is: "stretch",
      from: at,
      to: line.next,
      firstN: n,
      lastN: n,
      lastHash: line.hash,
      syncedMax: synced,
      lines: 1,
      writeFrom: at,
      unended: undefined,
    };
    this.beginWrite(this.current, at);
    if (this.numbers.more) this.current.unended = { from: at, lastN: n - 1, lastHash: "", lines: 0 };
    this.pieces.push(this.current);
    this.n = n;
    this.hash = line.hash;
  }

  private beginWrite(stretch: Stretch, at: number): void {
    stretch.writeFrom = at;
    this.writtenBehind = this.numbers.synced;
  }

  private flaw(from: number, to: number, why: string): void {
    const last = this.pieces.at(-1);
    if (last?.is === "flaw" && last.to === from) last.to = to;
    else this.pieces.push({ is: "flaw", from, to, why });
    this.current = undefined;
    this.hash = undefined;
  }
}
