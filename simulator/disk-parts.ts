/**
 * Parts of the disk in memory: a file as it is stored, what a power cut leaves of it, an open file, and the words of failures. They
 * know no clock and no directory.
 */
import type { AppendFile, DiskFailure } from "../hal/ports/disk.ts";
import type { Random } from "../hal/ports/random.ts";

export const SECTOR_BYTES = 512;

/** What a power cut leaves of what was not synced: anything, nothing at all, or a beginning with holes in it. */
export type PowerCut = "anything" | "drops" | "tears";

export interface StoredFile {
  bytes: Uint8Array;
  /** Bytes as a reader sees them; those from `synced` on are not durable. */
  length: number;
  synced: number;
  /** Ranges whose sync failed: readers see them until the power goes, the medium never got them. */
  lost: { from: number; to: number }[];
  /** The name itself is durable. */
  named: boolean;
}

/** How much of a file is left after a power cut. Pieces that never got there are holes. */
export function torn({ bytes, synced, length }: StoredFile, how: PowerCut, random: Random): number {
  if (how === "drops") return synced;
  // The size is written with the data or before it: behind the last piece kept there may be nothing, or a hole.
  const end = synced + Math.floor(random.next() * (length - synced + 1));
  if (how === "tears") {
    const middle = synced + Math.ceil((length - synced) / 2);
    bytes.fill(0, middle, length);
    return length;
  }
  if (random.next() >= 0.5) return random.next() < 0.25 ? length : end;
  for (let at = synced; at < end; ) {
    const next = Math.min(end, (Math.floor(at / SECTOR_BYTES) + 1) * SECTOR_BYTES);
    if (random.next() < 0.5) bytes.fill(0, at, next);
    at = next;
  }
  return end;
}

/** What an open file needs of the disk it is on. */
export interface FileKeeper {
  /** The number of power cuts so far; a file of an earlier life does nothing. */
  life(): number;
  later(run: () => void): void;
  appendTo(file: StoredFile, bytes: Uint8Array, done: (failure: DiskFailure | undefined) => void): void;
}

export class MemoryAppendFile implements AppendFile {
  private readonly disk: FileKeeper;
  private readonly file: StoredFile;
  private readonly bornIn: number;
  private busy = false;
  private closed = false;
  private failed: DiskFailure | undefined;

  constructor(disk: FileKeeper, file: StoredFile) {
    this.disk = disk;
    this.file = file;
    this.bornIn = disk.life();
  }

  append(bytes: Uint8Array, done: (failure: DiskFailure | undefined) => void): void {
    if (this.busy) throw new Error("an append is outstanding already");
    if (this.disk.life() !== this.bornIn) return; // the process that opened it died with the power
    const refusal = this.closed ? failure("EBADF", "write") : this.failed;
    if (refusal !== undefined) {
      this.disk.later(() => done(refusal));
      return;
    }
    this.busy = true;
    this.disk.appendTo(this.file, bytes, (problem) => {
      this.busy = false;
      this.failed = problem;
      done(problem);
    });
  }

  /** Closing does not sync: it would hide a missing sync. */
  close(): void {
    this.closed = true;
  }
}

const MESSAGES: Record<string, string> = {
  ENOSPC: "no space left on device",
  EIO: "i/o error",
  EROFS: "read-only file system",
  ENOENT: "no such file or directory",
  EBADF: "bad file descriptor",
};

export function failure(code: string, what: string): DiskFailure {
  return { code, message: `${code}: ${MESSAGES[code] ?? "error"}, ${what}` };
}

export function systemError(code: string, message: string): Error {
  return Object.assign(new Error(`${code}: ${message}`), { code });
}
