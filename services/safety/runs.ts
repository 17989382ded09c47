/**
 * A run: samples of one sensor that all said danger, without a good one in between that said otherwise. A spike is a run of one
 * sample and proves nothing; a head that chatters never gets beyond a short run. It judges one sensor and knows no other.
 */
import type { Reading } from "../reading.ts";

export interface Run {
  /** Monotonic times of its first and its newest sample. */
  readonly firstMs: number;
  readonly lastMs: number;
  readonly samples: number;
}

/** Fewer samples may be one mistake of one sensor, told twice. */
const samplesMin = 3;
/** Two samples further apart belong to no common run. The slowest safety sensor, the air's thermometer, is read every 10 s. */
const gapMsMax = 45_000;
/** What burns stops answering. A run of a sensor that fell silent counts this long; one good sample ends it at once. */
const silentMsMax = 600_000;

export function follow<T>(
  was: Run | undefined,
  reading: Reading<T> | undefined,
  isDanger: (value: T) => boolean | undefined,
  nowMs: number,
): Run | undefined {
  const kept = was !== undefined && nowMs - was.lastMs <= silentMsMax ? was : undefined;
  if (reading === undefined || reading.quality !== "good") return kept;
  const danger = isDanger(reading.value);
  if (danger === undefined) return kept;
  const { atMs } = reading;
  if (!danger) return kept !== undefined && atMs >= kept.lastMs ? undefined : kept;
  if (kept === undefined || atMs - kept.lastMs > gapMsMax) {
    return nowMs - atMs > silentMsMax ? undefined : { firstMs: atMs, lastMs: atMs, samples: 1 };
  }
  return atMs <= kept.lastMs ? kept : { firstMs: kept.firstMs, lastMs: atMs, samples: kept.samples + 1 };
}

/** Long enough, and seen often enough, to be believed. */
export const isConfirmed = (run: Run | undefined, confirmMs: number): boolean =>
  run !== undefined && run.samples >= samplesMin && run.lastMs - run.firstMs >= confirmMs;
