/**
 * The directory the one log lives in. Start-up calls are synchronous and few; appends are asynchronous and settle exactly
 * once. `append` reports success only after the bytes were written *and* synced (fdatasync), in order.
 */
export type DiskFailure = { readonly code: string; readonly message: string };

export interface AppendFile {
  /** Appends and syncs. At most one append is outstanding per file; the caller batches. */
  append(bytes: Uint8Array, done: (failure: DiskFailure | undefined) => void): void;
  close(): void;
}

/** The part of a disk that only looks. */
export interface ReadableDisk {
  /** Names of the files in the directory, sorted. Start-up only. */
  names(): string[];
  /** Whole content. Start-up only. */
  read(name: string): Uint8Array;
}

export interface Disk extends ReadableDisk {
  /** Cuts a file to `size` bytes and syncs it. Start-up only. */
  truncate(name: string, size: number): void;
  /** Opens for appending, creating it if needed (and syncing the directory). Settles exactly once. */
  open(name: string, done: (result: { readonly file: AppendFile } | { readonly failure: DiskFailure }) => void): void;
  /**
   * Writes what stands in a file from `from` on once more, to the same place, and syncs. A process before this one may have died of
   * a failed sync: then the cache still shows bytes that never reached the medium, and a later sync of the same file "succeeds"
   * without them, because Linux marks failed pages clean (Rebello et al., "Can Applications Recover from fsync Failures?", USENIX
   * ATC 2020). Written again, they are either there or known not to be. Settles exactly once.
   */
  writeAgain(name: string, from: number, done: (failure: DiskFailure | undefined) => void): void;
  /** Deletes a file. Settles exactly once. */
  remove(name: string, done: (failure: DiskFailure | undefined) => void): void;
  /** Reads part of a file while running, for the outbox. Settles exactly once. */
  readAt(
    name: string,
    offset: number,
    length: number,
    done: (result: { readonly bytes: Uint8Array } | { readonly failure: DiskFailure }) => void,
  ): void;
}
