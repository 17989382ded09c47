/**
 * How the devices of one protocol on one line hear: requests are cut out of the bytes, whatever pieces they come in, and
 * bytes that belong to other devices or to nobody are passed over. What is left over is forgotten after a silence, as a
 * real device forgets a frame that never ended.
 */
import type { Parsed } from "../../hal/codecs/parsed.ts";
import { Remembered } from "../../hal/codecs/remembered.ts";
import type { Clock } from "../../hal/ports/clock.ts";

const FORGET_MS = 100;
const BUFFER_SIZE = 1_024;
/** A controller asks the same few questions again and again; each is known again where its first bytes lead. A power of two. */
const KNOWN_MAX = 64;

export interface RequestReaderOptions<T> {
  readonly clock: Clock;
  readonly parse: (bytes: Uint8Array, length: number) => Parsed<T>;
  readonly handle: (request: T) => void;
}

export class RequestReader<T> {
  private readonly clock: Clock;
  private readonly parse: (bytes: Uint8Array, length: number) => Parsed<T>;
  private readonly handle: (request: T) => void;
  private readonly known: (Remembered<T> | undefined)[] = new Array<Remembered<T> | undefined>(KNOWN_MAX).fill(
    undefined,
  );
  private buffer: Uint8Array | undefined;
  private kept = 0;
  private keptAtMs = 0;

  constructor(options: RequestReaderOptions<T>) {
    this.clock = options.clock;
    this.parse = options.parse;
    this.handle = options.handle;
  }

  receive(bytes: Uint8Array, length: number): void {
    if (this.kept === 0) {
      // Nearly always a chunk is exactly one request, and no byte needs to be kept.
      const found = this.knownAt(bytes, length).read(bytes, length, this.parse);
      if (found.is === "frame" && found.used === length) {
        this.handle(found.value);
        return;
      }
    }
    this.keep(bytes, length);
    this.drain();
  }

  /** Address, function or register stand in these bytes, in all protocols of this station. */
  private knownAt(bytes: Uint8Array, length: number): Remembered<T> {
    const sixth = length > 5 ? (bytes[5] as number) : 0;
    const third = length > 2 ? (bytes[2] as number) : 0;
    const second = length > 1 ? (bytes[1] as number) : 0;
    const at = ((bytes[0] ?? 0) + 3 * second + 5 * third + 7 * sixth) & (KNOWN_MAX - 1);
    const known = this.known[at] ?? new Remembered<T>();
    this.known[at] = known;
    return known;
  }

  private keep(bytes: Uint8Array, length: number): void {
    const nowMs = this.clock.monotonicMs();
    this.buffer ??= new Uint8Array(BUFFER_SIZE);
    if (nowMs - this.keptAtMs > FORGET_MS || this.kept + length > BUFFER_SIZE) this.kept = 0;
    const fits = Math.min(length, BUFFER_SIZE);
    this.buffer.set(bytes.subarray(length - fits, length), this.kept);
    this.kept += fits;
    this.keptAtMs = nowMs;
  }

  private drain(): void {
    const buffer = this.buffer as Uint8Array;
    while (this.kept > 0) {
      const found = this.parse(buffer, this.kept);
      if (found.is === "short") return;
      buffer.copyWithin(0, found.used, this.kept);
      this.kept -= found.used;
      if (found.is === "frame") this.handle(found.value);
    }
  }
}
