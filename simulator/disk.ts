/**
 * A disk in memory that behaves like the worst honest one: what was not synced may be lost at a power cut in part, in any
 * 512-byte pieces, and a failed sync loses its data for good even if a later one succeeds. Latency and tears are drawn
 * from given randomness on a given clock, so a run repeats. It never lies about a sync that it reported as done.
 */
import type { Clock, Timer } from "../hal/ports/clock.ts";
import type { AppendFile, Disk, DiskFailure } from "../hal/ports/disk.ts";
import type { Random } from "../hal/ports/random.ts";
import { failure, MemoryAppendFile, type PowerCut, type StoredFile, systemError, torn } from "./disk-parts.ts";

export interface SimulatedDiskOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** A write with its sync takes between these. Default 2 to 6 ms (a good SD card; bad ones stall for seconds). */
  readonly syncMsMin?: number;
  readonly syncMsMax?: number;
  /** Default: unbounded. */
  readonly capacityBytes?: number;
}

/** What goes wrong next. Each is consumed by the append it strikes, except `readOnly`. */
export type DiskTrouble = "write-fails" | "sync-fails" | "short-write";

export interface SimulatedDisk extends Disk {
  /**
   * The power goes. Synced bytes stay; of the rest any pieces survive. Nothing that was under way ever calls back, and
   * files opened before are dead.
   */
  crash(random: Random): void;
  /** The next append fails in this way, with EIO (`short-write`: ENOSPC). */
  trouble(kind: DiskTrouble): void;
  /** Every append fails with EIO, until told otherwise. */
  setFailing(failing: boolean): void;
  /** Of what is not synced when the power next goes, this is left. */
  nextCrash(how: PowerCut): void;
  /**
   * Calls once, when bytes of the next append ("append"), or a file that is new or removed ("name"), stand in the cache and not yet
   * on the medium. Returns how to call it off.
   */
  whenUnsynced(what: "append" | "name", run: () => void): () => void;
  /** Everything that starts from now on takes this much longer, until set to 0. */
  stall(ms: number): void;
  setCapacity(bytes: number): void;
  setReadOnly(readOnly: boolean): void;
  /** Flips one bit of what is stored: rot. */
  flip(name: string, offset: number, bit: number): void;
  usedBytes(): number;
  /** Syncs that were reported as done. */
  syncs(): number;
  /** False from a write that failed to the next one that was done. */
  takesWrites(): boolean;
  /** A disk with the same durable content and nothing under way, for trying several futures. */
  fork(options: SimulatedDiskOptions): SimulatedDisk;
  /** The same disk at this instant, what is not durable included, for letting the power go there and not here. */
  double(options: SimulatedDiskOptions): SimulatedDisk;
  /** Puts a file in place as if it had always been there. */
  put(name: string, bytes: Uint8Array): void;
}

export function simulatedDisk(options: SimulatedDiskOptions): SimulatedDisk {
  return new MemoryDisk(options);
}

class MemoryDisk implements SimulatedDisk {
  private readonly options: SimulatedDiskOptions;
  private readonly files = new Map<string, StoredFile>();
  /** Removed, but the removal is not durable yet. */
  private readonly removed = new Map<string, StoredFile>();
  private readonly underWay = new Set<Timer>();
  private capacityBytes: number;
  private readOnly = false;
  private stallMs = 0;
  private nextTrouble: DiskTrouble | undefined;
  private failing = false;
  private cut: PowerCut = "anything";
  private readonly watchers = new Map<() => void, "append" | "name">();
  private syncCount = 0;
  private lastFailed = false;
  private powerCuts = 0;

  constructor(options: SimulatedDiskOptions) {
    this.options = options;
    this.capacityBytes = options.capacityBytes ?? Number.POSITIVE_INFINITY;
  }

  names(): string[] {
    return [...this.files.keys()].sort();
  }

  read(name: string): Uint8Array {
    const file = this.existing(name);
    return file.bytes.slice(0, file.length);
  }

  truncate(name: string, size: number): void {
    if (this.readOnly) throw systemError("EROFS", `read-only file system, truncate '${name}'`);
    const file = this.existing(name);
    this.resize(file, size);
    file.synced = size;
    file.lost = file.lost.filter((range) => range.from < size);
  }

  open(name: string, done: (result: { readonly file: AppendFile } | { readonly failure: DiskFailure }) => void): void {
    if (this.readOnly) {
      this.later(() => done({ failure: this.failed("EROFS", name) }));
      return;
    }
    const file = this.files.get(name) ?? { bytes: new Uint8Array(0), length: 0, synced: 0, lost: [], named: false };
    this.files.set(name, file);
    if (!file.named) this.tellUnsynced("name");
    this.later(() => {
      file.named = true;
      done({ file: new MemoryAppendFile(this, file) });
    });
  }

  writeAgain(name: string, from: number, done: (failure: DiskFailure | undefined) => void): void {
    const file = this.files.get(name);
    const code = file === undefined ? "ENOENT" : this.readOnly ? "EROFS" : this.failing ? "EIO" : undefined;
    this.later(() => {
      if (file === undefined || code !== undefined) return done(this.failed(code ?? "EIO", name));
      file.lost = file.lost.flatMap(({ from: start, to }) =>
        start < from ? [{ from: start, to: Math.min(to, from) }] : [],
      );
      file.synced = Math.max(file.synced, file.length);
      this.synced();
      done(undefined);
    });
  }

  remove(name: string, done: (failure: DiskFailure | undefined) => void): void {
    const file = this.files.get(name);
    if (this.readOnly || file === undefined) {
      this.later(() => done(failure(this.readOnly ? "EROFS" : "ENOENT", name)));
      return;
    }
    this.files.delete(name);
    this.removed.set(name, file);
    this.tellUnsynced("name");
    this.later(() => {
      this.removed.delete(name);
      done(undefined);
    });
  }

  readAt(
    name: string,
    offset: number,
    length: number,
    done: (result: { readonly bytes: Uint8Array } | { readonly failure: DiskFailure }) => void,
  ): void {
    this.later(() => {
      const file = this.files.get(name);
      if (file === undefined) done({ failure: failure("ENOENT", name) });
      else done({ bytes: file.bytes.slice(offset, Math.min(offset + length, file.length)) });
    });
  }

  crash(random: Random): void {
    for (const timer of this.underWay) timer.cancel();
    this.underWay.clear();
    this.powerCuts++;
    for (const [name, file] of this.removed) if (random.next() < 0.5) this.files.set(name, file);
    this.removed.clear();
    for (const [name, file] of this.files) {
      if (!file.named && random.next() < 0.5) this.files.delete(name);
      else this.tear(file, random);
      file.named = true;
    }
    this.cut = "anything";
  }

  trouble(kind: DiskTrouble): void {
    this.nextTrouble = kind;
  }

  setFailing(failing: boolean): void {
    this.failing = failing;
  }

  nextCrash(how: PowerCut): void {
    this.cut = how;
  }

  whenUnsynced(what: "append" | "name", run: () => void): () => void {
    // Under a name of its own, should the same be asked for twice.
    const watcher = (): void => run();
    this.watchers.set(watcher, what);
    return () => this.watchers.delete(watcher);
  }

  stall(ms: number): void {
    this.stallMs = ms;
  }

  setCapacity(bytes: number): void {
    this.capacityBytes = bytes;
  }

  setReadOnly(readOnly: boolean): void {
    this.readOnly = readOnly;
  }

  flip(name: string, offset: number, bit: number): void {
    const file = this.existing(name);
    if (offset >= file.length) throw new RangeError(`${name} has ${file.length} bytes`);
    file.bytes[offset] = (file.bytes[offset] as number) ^ (1 << bit);
  }

  usedBytes(): number {
    let sum = 0;
    for (const file of this.files.values()) sum += file.length;
    return sum;
  }

  syncs(): number {
    return this.syncCount;
  }

  takesWrites(): boolean {
    return !this.lastFailed;
  }

  fork(options: SimulatedDiskOptions): SimulatedDisk {
    const copy = new MemoryDisk(options);
    for (const [name, file] of this.files) copy.put(name, file.bytes.subarray(0, file.synced));
    return copy;
  }

  double(options: SimulatedDiskOptions): SimulatedDisk {
    const copy = new MemoryDisk(options);
    const twin = (file: StoredFile): StoredFile => ({ ...file, bytes: file.bytes.slice(), lost: [...file.lost] });
    for (const [name, file] of this.files) copy.files.set(name, twin(file));
    for (const [name, file] of this.removed) copy.removed.set(name, twin(file));
    return copy;
  }

  put(name: string, bytes: Uint8Array): void {
    const { length } = bytes;
    // Not `bytes.slice()`: a Buffer's slice shares its memory.
    this.files.set(name, { bytes: new Uint8Array(bytes), length, synced: length, lost: [], named: true });
  }

  /** For open files: the number of power cuts so far; a file of an earlier life does nothing. */
  life(): number {
    return this.powerCuts;
  }

  appendTo(file: StoredFile, bytes: Uint8Array, done: (failure: DiskFailure | undefined) => void): void {
    const trouble = this.nextTrouble;
    this.nextTrouble = undefined;
    if (this.readOnly || this.failing || trouble === "write-fails") {
      const code = this.readOnly ? "EROFS" : "EIO";
      this.later(() => done(this.failed(code, "write")));
      return;
    }
    const room = Math.max(0, this.capacityBytes - this.usedBytes());
    const wanted = trouble === "short-write" ? Math.floor(bytes.length / 2) : bytes.length;
    const taken = Math.min(room, wanted);
    const from = file.length;
    this.resize(file, from + taken);
    file.bytes.set(bytes.subarray(0, taken), from);
    const to = file.length;
    this.tellUnsynced("append");
    this.later(() => {
      if (taken < bytes.length) done(this.failed("ENOSPC", "write"));
      else if (trouble === "sync-fails") {
        file.lost.push({ from, to });
        done(this.failed("EIO", "fdatasync"));
      } else {
        // A process that died may have left this behind, and the next one may have cut the file or gone on with it.
        file.synced = Math.max(file.synced, Math.min(to, file.length));
        this.synced();
        done(undefined);
      }
    });
  }

  later(run: () => void): void {
    const { clock, random, syncMsMin = 2, syncMsMax = 6 } = this.options;
    const delayMs = this.stallMs + syncMsMin + random.next() * (syncMsMax - syncMsMin);
    const timer = clock.after(delayMs, () => {
      this.underWay.delete(timer);
      run();
    });
    this.underWay.add(timer);
  }

  private synced(): void {
    this.syncCount++;
    this.lastFailed = false;
  }

  private failed(code: string, what: string): DiskFailure {
    this.lastFailed = true;
    return failure(code, what);
  }

  private existing(name: string): StoredFile {
    const file = this.files.get(name);
    if (file === undefined) throw systemError("ENOENT", `no such file, open '${name}'`);
    return file;
  }

  private resize(file: StoredFile, length: number): void {
    if (length > file.bytes.length) {
      const grown = new Uint8Array(Math.max(length, file.bytes.length * 2, 4_096));
      grown.set(file.bytes.subarray(0, file.length));
      file.bytes = grown;
    }
    if (length < file.length) file.bytes.fill(0, length, file.length);
    file.length = length;
  }

  private tear(file: StoredFile, random: Random): void {
    for (const { from, to } of file.lost) file.bytes.fill(0, from, Math.min(to, file.length));
    file.lost = [];
    const end = torn(file, this.cut, random);
    this.resize(file, end);
    file.synced = end;
  }

  /** They are told when whoever wrote has gone on to something else. */
  private tellUnsynced(what: "append" | "name"): void {
    for (const [run, waitsFor] of [...this.watchers]) {
      if (waitsFor !== what) continue;
      this.watchers.delete(run);
      this.options.clock.after(0, run);
    }
  }
}
