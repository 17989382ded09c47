/** Counts what a line does, and says when a count is worth an act: opening the line anew, or a report. */
import type { LineSpec } from "../ports/wire.ts";
import type { BusStats } from "./bus.ts";
import { Noise } from "./noise.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const SILENCES_BEFORE_REOPEN = 3;
const SILENCES_BEFORE_REOPEN_MAX = 48;
const STRANGE_BEFORE_REPORT = 3;
const STRANGE_REPORT_EVERY_MS = 60_000;

export class BusTally {
  readonly counts: Mutable<BusStats> = {
    requests: 0,
    answered: 0,
    silent: 0,
    bad: 0,
    dropped: 0,
    echoes: 0,
    late: 0,
    unsolicitedBytes: 0,
    reopened: 0,
    lost: 0,
    babbled: 0,
    busyMs: 0,
    urgentWaitMsMax: 0,
  };
  private readonly strays: Noise;
  private silences = 0;
  private reopenAt = SILENCES_BEFORE_REOPEN;
  private strange = 0;
  private strangeReportedMs = Number.NEGATIVE_INFINITY;

  constructor(line: LineSpec) {
    this.strays = new Noise(line);
  }

  stats(echoes: number): BusStats {
    return { ...this.counts, echoes, unsolicitedBytes: this.strays.totalBytes };
  }

  /** Returns whether the line babbles. */
  noise(bytes: number, nowMs: number): boolean {
    return this.strays.add(bytes, nowMs);
  }

  freshLine(): void {
    this.strays.forget();
  }

  urgentWaited(ms: number): void {
    if (ms > this.counts.urgentWaitMsMax) this.counts.urgentWaitMsMax = ms;
  }

  heard(): void {
    this.silences = 0;
    this.reopenAt = SILENCES_BEFORE_REOPEN;
  }

  /** Returns whether the line has been silent for so long that it should be opened anew; each time the patience doubles. */
  silence(): boolean {
    this.counts.silent++;
    if (++this.silences < this.reopenAt) return false;
    this.silences = 0;
    this.reopenAt = Math.min(this.reopenAt * 2, SILENCES_BEFORE_REOPEN_MAX);
    return true;
  }

  /** An exchange had bytes in it that answered nobody. Returns whether to report it. */
  strangeBytes(nowMs: number): boolean {
    if (++this.strange < STRANGE_BEFORE_REPORT || nowMs - this.strangeReportedMs < STRANGE_REPORT_EVERY_MS)
      return false;
    this.strange = 0;
    this.strangeReportedMs = nowMs;
    return true;
  }
}
