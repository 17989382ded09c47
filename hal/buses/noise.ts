/**
 * Counts bytes that belong to no answer and says when a line babbles: more than half of what the line can carry in a
 * second (1 kB at most) is not noise any more but somebody who does not stop.
 */
import type { LineSpec } from "../ports/wire.ts";
import { byteMs } from "./timing.ts";

const WINDOW_MS = 1_000;
const LIMIT_BYTES_MAX = 1_024;
/** Short bursts at low rates, such as a greeting at power-up, are never babble. */
const LIMIT_BYTES_MIN = 128;

export class Noise {
  totalBytes = 0;
  private readonly limitBytes: number;
  private windowBytes = 0;
  private windowFromMs = Number.NEGATIVE_INFINITY;

  constructor(line: LineSpec) {
    const halfOfALine = WINDOW_MS / byteMs(line) / 2;
    this.limitBytes = Math.max(LIMIT_BYTES_MIN, Math.min(LIMIT_BYTES_MAX, halfOfALine));
  }

  /** Returns whether the line babbles. */
  add(bytes: number, nowMs: number): boolean {
    this.totalBytes += bytes;
    if (nowMs - this.windowFromMs > WINDOW_MS) {
      this.windowFromMs = nowMs;
      this.windowBytes = 0;
    }
    this.windowBytes += bytes;
    return this.windowBytes > this.limitBytes;
  }

  forget(): void {
    this.windowBytes = 0;
  }
}
