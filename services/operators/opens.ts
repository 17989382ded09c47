/**
 * How many single bays were opened for whom within the last hour. Whoever opens bays one by one is slowed down, and a restart
 * forgets nothing of it. Openings of this run are timed by the monotonic clock; those from before the start only by their
 * stamps, and by the fact that an hour after the start all of them are older than one.
 */
import type { Durable } from "../journal/durable.ts";

/** A configuration may only allow fewer. */
export const opensPerHourMax = 6;
const hourMs = 3_600_000;
/** Keys that ever opened something; the one that did so longest ago is forgotten first. */
const askersMax = 256;

/** All unsigned requests count as one asker's: no key is called so. */
const unsigned = "";
export const openerOf = (key: string | undefined): string => key ?? unsigned;

type Moments = Readonly<Record<string, readonly number[]>>;

export interface OpensWatch {
  /** Wall ms, from the log. */
  readonly before: Moments;
  /** Monotonic. */
  readonly since: Moments;
}

export const opensAtStart = ({ operators }: Durable): OpensWatch => ({ before: operators.opens, since: {} });

/** With one more, the asker last; older ones than can still count are left out. */
export function withOpening(opens: Moments, asker: string, atMs: number): Moments {
  const { [asker]: had = [], ...others } = opens;
  const askers = Object.entries(others);
  // By the moment and not by the place in the record: names that are all digits stand first there, whenever they came.
  const oldestFirst = () => askers.sort(([, a], [, b]) => (a.at(-1) ?? 0) - (b.at(-1) ?? 0));
  const kept = askers.length < askersMax ? others : Object.fromEntries(oldestFirst().slice(1 - askersMax));
  return { ...kept, [asker]: [...had, atMs].slice(-opensPerHourMax) };
}

export function opensWithinHour(
  { before, since }: OpensWatch,
  asker: string,
  now: { readonly nowMs: number; readonly wallMs: number; readonly startedMs: number },
): number {
  const inThisRun = (since[asker] ?? []).filter((atMs) => now.nowMs - atMs < hourMs);
  // A stamp of the future says that a clock was set back, and makes nothing older.
  const earlier = now.nowMs - now.startedMs >= hourMs ? [] : (before[asker] ?? []);
  return inThisRun.length + earlier.filter((at) => now.wallMs - at < hourMs).length;
}
