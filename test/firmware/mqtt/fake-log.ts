/** The log as the outbox sees it, in memory: entries are on disk as soon as they are appended. */

import type { LogEntry } from "../../../firmware/log/entry.ts";
import type { OutboxLog } from "../../../firmware/mqtt/log-source.ts";
import type { Clock } from "../../../hal/ports/clock.ts";

export interface FakeLog extends OutboxLog {
  readonly entries: LogEntry[];
  /** Appends one entry; with a stream it is an event, numbered in it. Returns its number. */
  append(stream?: string): number;
  readonly newest: () => number;
  /** Everything up to here was reported as delivered. */
  acknowledgedN: number;
  /** The next reads fail. */
  failReads: number;
  reads: number;
}

export function createFakeLog(clock: Clock): FakeLog {
  const entries: LogEntry[] = [];
  const seqs = new Map<string, number>();
  const log: FakeLog = {
    entries,
    acknowledgedN: 0,
    failReads: 0,
    reads: 0,
    newest: () => entries.length,
    append(stream) {
      const n = entries.length + 1;
      const entry = { n, at: clock.wallMs(), clock: "ntp", boot: "b", record: { kind: "note" } } as const;
      if (stream === undefined) entries.push(entry);
      else {
        const seq = (seqs.get(stream) ?? 0) + 1;
        seqs.set(stream, seq);
        const data = { event_type: "started", swap: `s-${seq}`, cabinet: "a" };
        entries.push({ ...entry, publish: { kind: "swap", stream, seq, data } });
      }
      return n;
    },
    readOutbox(after, limit, done) {
      log.reads++;
      clock.after(1, () => {
        if (log.failReads > 0) {
          log.failReads--;
          done({ failure: { message: "EIO" } });
          return;
        }
        const found: LogEntry[] = [];
        // Entry n stands at index n - 1.
        for (let at = after; at < entries.length && found.length < limit; at++) {
          const entry = entries[at];
          if (entry?.publish !== undefined) found.push(entry);
        }
        done({ entries: found });
      });
    },
    outboxAcknowledged(n) {
      log.acknowledgedN = n;
    },
  };
  return log;
}
