/** A token bucket, pure: so many a second on average, so many at once. Time is monotonic; a clock that stands still only refuses. */
export interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
}

export interface BucketRule {
  readonly perSecond: number;
  readonly burst: number;
}

export function fullBucket(rule: BucketRule, nowMs: number): Bucket {
  return { tokens: rule.burst, atMs: nowMs };
}

/** The bucket after asking for one token, and whether there was one. */
export function takeToken(was: Bucket, rule: BucketRule, nowMs: number): { bucket: Bucket; granted: boolean } {
  const elapsedMs = Math.max(0, nowMs - was.atMs);
  const tokens = Math.min(rule.burst, was.tokens + (elapsedMs * rule.perSecond) / 1_000);
  const granted = tokens >= 1;
  return { bucket: { tokens: granted ? tokens - 1 : tokens, atMs: Math.max(was.atMs, nowMs) }, granted };
}
