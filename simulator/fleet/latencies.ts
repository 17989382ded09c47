/**
 * Latencies of millions of messages in a fixed number of counters, so that several processes can be added up. A percentile is
 * the upper end of its counter's range, at most 4 % too high.
 */
const STEP = 1.04;
const LEAST_MS = 0.01;
/** Reaches beyond ten minutes. */
const BUCKETS = 460;

export interface LatencySummary {
  readonly count: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export class Latencies {
  private readonly counts = new Uint32Array(BUCKETS);
  private maxMs = 0;

  add(ms: number): void {
    const bucket = ms <= LEAST_MS ? 0 : Math.min(BUCKETS - 1, Math.ceil(Math.log(ms / LEAST_MS) / Math.log(STEP)));
    this.counts[bucket] = (this.counts[bucket] as number) + 1;
    if (ms > this.maxMs) this.maxMs = ms;
  }

  /** As plain data, for another process. */
  toData(): LatencyData {
    return { counts: [...this.counts], maxMs: this.maxMs };
  }
}

export interface LatencyData {
  readonly counts: readonly number[];
  readonly maxMs: number;
}

export function summaryOf(parts: readonly LatencyData[]): LatencySummary {
  const counts = Array.from({ length: BUCKETS }, (_unused, at) =>
    parts.reduce((sum, part) => sum + (part.counts[at] ?? 0), 0),
  );
  const count = counts.reduce((sum, one) => sum + one, 0);
  const maxMs = parts.reduce((most, part) => Math.max(most, part.maxMs), 0);
  const at = (share: number): number => {
    let left = Math.max(1, Math.ceil(count * share));
    const bucket = counts.findIndex((one) => {
      left -= one;
      return left <= 0;
    });
    return count === 0 ? 0 : Math.min(maxMs, LEAST_MS * STEP ** bucket);
  };
  return { count, p50Ms: at(0.5), p99Ms: at(0.99), maxMs };
}
