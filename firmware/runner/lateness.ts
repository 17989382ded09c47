/** How late scans started: a bounded histogram in milliseconds, so that a p99 costs no memory and no sorting. */
const boundsMs = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, Number.POSITIVE_INFINITY] as const;

export interface LatenessReport {
  readonly count: number;
  /** Upper bound of the bucket that holds the 99th percentile. */
  readonly p99Ms: number;
  readonly maxMs: number;
}

export interface Lateness {
  add(lateMs: number): void;
  /** The report since the last call; starts a new one. */
  take(): LatenessReport;
}

export function createLateness(): Lateness {
  let counts = boundsMs.map(() => 0);
  let total = 0;
  let maxMs = 0;
  return {
    add(lateMs) {
      const bucket = boundsMs.findIndex((boundMs) => lateMs <= boundMs);
      counts[bucket] = (counts[bucket] ?? 0) + 1;
      total++;
      if (lateMs > maxMs) maxMs = lateMs;
    },
    take() {
      let seen = 0;
      let p99Ms = 0;
      for (let bucket = 0; bucket < counts.length && seen < total * 0.99; bucket++) {
        seen += counts[bucket] ?? 0;
        p99Ms = Math.min(boundsMs[bucket] ?? maxMs, maxMs);
      }
      const report = { count: total, p99Ms: Math.round(p99Ms), maxMs: Math.round(maxMs) };
      counts = boundsMs.map(() => 0);
      total = 0;
      maxMs = 0;
      return report;
    },
  };
}
