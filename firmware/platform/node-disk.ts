/**
 * The disk port on a real directory. After start-up nothing here blocks: writes, syncs, reads and removals run in the
 * thread pool. A file that failed once refuses every further append, because a sync that succeeds after one that failed
 * does not bring back what the kernel has already given up (Linux marks failed pages clean).
 */
import {
  close,
  closeSync,
  fdatasync,
  fstat,
  fsync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  open,
  openSync,
  read,
  readdirSync,
  readFileSync,
  unlink,
  write,
} from "node:fs";
import { join } from "node:path";
import type { AppendFile, Disk, DiskFailure, ReadableDisk } from "../../hal/ports/disk.ts";

type Settle = (failure: DiskFailure | undefined) => void;

/** Creates the directory when it is missing, readable for the service's group only. Throws when that is impossible. */
export function nodeDisk(directory: string): Disk {
  mkdirSync(directory, { recursive: true, mode: 0o750 });
  return new NodeDisk(directory);
}

/** Looks at a directory that may be another process's: nothing is created, claimed, cut or written. */
export function readableDisk(directory: string): ReadableDisk {
  const disk = new NodeDisk(directory);
  return { names: () => disk.names(), read: (name) => disk.read(name) };
}

function asFailure(error: NodeJS.ErrnoException): DiskFailure {
  return { code: error.code ?? "EIO", message: error.message };
}

class NodeDisk implements Disk {
  private readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
  }

  names(): string[] {
    const entries = readdirSync(this.directory, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name)
      .sort();
  }

  read(name: string): Uint8Array {
    return readFileSync(this.path(name));
  }

  truncate(name: string, size: number): void {
    const fd = openSync(this.path(name), "r+");
    try {
      ftruncateSync(fd, size);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  }

  open(name: string, done: (result: { readonly file: AppendFile } | { readonly failure: DiskFailure }) => void): void {
    open(this.path(name), "a", 0o640, (error, fd) => {
      if (error !== null) {
        done({ failure: asFailure(error) });
        return;
      }
      // The name is durable only once its directory is.
      this.syncDirectory((failure) => {
        if (failure === undefined) done({ file: new NodeAppendFile(fd) });
        else close(fd, () => done({ failure }));
      });
    });
  }

  writeAgain(name: string, from: number, done: Settle): void {
    open(this.path(name), "r+", (error, fd) => {
      if (error === null) rewrite(fd, from, (failure) => close(fd, () => done(failure)));
      else done(asFailure(error));
    });
  }

  remove(name: string, done: Settle): void {
    unlink(this.path(name), (error) => {
      if (error === null) this.syncDirectory(done);
      else done(asFailure(error));
    });
  }

  readAt(
    name: string,
    offset: number,
    length: number,
    done: (result: { readonly bytes: Uint8Array } | { readonly failure: DiskFailure }) => void,
  ): void {
    open(this.path(name), "r", (error, fd) => {
      if (error !== null) {
        done({ failure: asFailure(error) });
        return;
      }
      readFully(fd, new Uint8Array(length), offset, (result) => close(fd, () => done(result)));
    });
  }

  private syncDirectory(done: Settle): void {
    open(this.directory, "r", (error, fd) => {
      if (error !== null) {
        done(asFailure(error));
        return;
      }
      fsync(fd, (problem) => close(fd, () => done(problem === null ? undefined : asFailure(problem))));
    });
  }

  private path(name: string): string {
    return join(this.directory, name);
  }
}

/** Reads until the buffer is full or the file ends. */
function readFully(
  fd: number,
  into: Uint8Array,
  offset: number,
  done: (result: { readonly bytes: Uint8Array } | { readonly failure: DiskFailure }) => void,
): void {
  const step = (filled: number): void => {
    if (filled === into.length) {
      done({ bytes: into });
      return;
    }
    read(fd, into, filled, into.length - filled, offset + filled, (error, count) => {
      if (error !== null) done({ failure: asFailure(error) });
      else if (count === 0) done({ bytes: into.subarray(0, filled) });
      else step(filled + count);
    });
  };
  step(0);
}

function rewrite(fd: number, from: number, done: Settle): void {
  fstat(fd, (error, stats) => {
    if (error !== null) {
      done(asFailure(error));
      return;
    }
    readFully(fd, new Uint8Array(Math.max(0, stats.size - from)), from, (read) => {
      if ("bytes" in read) writeFully(fd, read.bytes, { from: 0, at: from }, done);
      else done(read.failure);
    });
  });
}

/** Writes `bytes` from index `from` on and syncs. `at`: offset of the first of all bytes in the file; null goes on at its end. */
function writeFully(fd: number, bytes: Uint8Array, where: { from: number; at: number | null }, done: Settle): void {
  const { from, at } = where;
  write(fd, bytes, from, bytes.length - from, at === null ? null : at + from, (error, written) => {
    if (error !== null) done(asFailure(error));
    else if (written === 0 && from < bytes.length) done({ code: "ENOSPC", message: "the disk took nothing" });
    else if (from + written < bytes.length) writeFully(fd, bytes, { from: from + written, at }, done);
    else fdatasync(fd, (problem) => done(problem === null ? undefined : asFailure(problem)));
  });
}

class NodeAppendFile implements AppendFile {
  private readonly fd: number;
  private busy = false;
  private closed = false;
  private failed: DiskFailure | undefined;

  constructor(fd: number) {
    this.fd = fd;
  }

  append(bytes: Uint8Array, done: Settle): void {
    if (this.busy) throw new Error("an append is outstanding already");
    const refusal = this.closed ? { code: "EBADF", message: "the file is closed" } : this.failed;
    if (refusal !== undefined) {
      setImmediate(() => done(refusal));
      return;
    }
    this.busy = true;
    writeFully(this.fd, bytes, { from: 0, at: null }, (failure) => {
      this.busy = false;
      this.failed = failure;
      if (this.closed) this.release();
      done(failure);
    });
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    if (!this.busy) this.release();
  }

  private release(): void {
    // Everything acknowledged is synced, so there is nothing left that closing could report.
    close(this.fd, () => {});
  }
}
