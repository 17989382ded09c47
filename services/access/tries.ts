/**
 * Wrong tries at one reader, by the monotonic clock: so many a minute, then a pause, each twice as long as the one before. The
 * same wrong code shown again and again, as by a sticker in front of the lens, counts once, so that nobody closes a door with it.
 * Whoever is let in resets nothing: a guesser with a good code of their own would go on for ever.
 */
export interface Tries {
  /** When the wrong ones of the last minute came, each with its digest. */
  readonly wrong: readonly { readonly atMs: number; readonly digest: string }[];
  readonly blockedUntilMs: number;
  readonly pauses: number;
}

export interface TryRule {
  readonly triesPerMinute: number;
  readonly backOffMs: number;
  readonly backOffMsMax: number;
}

export const noTries: Tries = { wrong: [], blockedUntilMs: 0, pauses: 0 };

const minuteMs = 60_000;
/** After so long without a further pause the next one is short again. */
const forgiveMs = 3_600_000;

export const isBlocked = (tries: Tries, nowMs: number): boolean => nowMs < tries.blockedUntilMs;

export function wrongTry(was: Tries, digest: string, nowMs: number, rule: TryRule): Tries {
  const recent = was.wrong.filter(({ atMs }) => nowMs - atMs < minuteMs);
  if (recent.some((known) => known.digest === digest)) return was;
  const wrong = [...recent, { atMs: nowMs, digest }];
  if (wrong.length < rule.triesPerMinute) return { ...was, wrong };
  const pauses = nowMs - was.blockedUntilMs > forgiveMs ? 0 : was.pauses;
  const pauseMs = Math.min(rule.backOffMsMax, rule.backOffMs * 2 ** Math.min(pauses, 16));
  return { wrong: [], blockedUntilMs: nowMs + pauseMs, pauses: pauses + 1 };
}
