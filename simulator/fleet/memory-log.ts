/**
 * The log of a telemetry station: only what the broker has not acknowledged yet, in memory. It has a cap, and at the cap it
 * takes nothing more, so that a broker which stays away costs swaps and never an event. Real stations write theirs to disk.
 */
import type { LogEntry } from "../../firmware/log/entry.ts";
import type { OutboxLog } from "../../firmware/mqtt/log-source.ts";
import type { Clock } from "../../hal/ports/clock.ts";
import type { EventData, EventKind, EventType } from "../../services/contract/event-payloads.ts";

const WAITING_MAX = 1_000;

export interface MemoryLog extends OutboxLog {
  append<K extends EventKind>(kind: K, type: EventType<K>, data: EventData): void;
  /** Whether a swap may begin. */
  hasRoom(): boolean;
  newest(): number;
  waiting(): number;
}

export function memoryLog(clock: Clock, boot: string): MemoryLog {
  let entries: LogEntry[] = [];
  let n = 0;
  const seqOf: Partial<Record<EventKind, number>> = {};
  return {
    append(kind, event_type, data) {
      const seq = (seqOf[kind] ?? 0) + 1;
      seqOf[kind] = seq;
      n++;
      entries.push({
        n,
        at: clock.wallMs(),
        // The stamp is this computer's; a fleet has no station clock whose source could be asked.
        clock: clock.wallSynchronised() ? "ntp" : "unsynced",
        boot,
        record: { kind: "told" },
        publish: { kind, stream: kind, seq, data: { event_type, ...data } },
      });
    },
    hasRoom: () => entries.length < WAITING_MAX,
    newest: () => n,
    waiting: () => entries.length,
    readOutbox(after, limit, done) {
      done({ entries: entries.filter((entry) => entry.n > after).slice(0, limit) });
    },
    outboxAcknowledged(upTo) {
      entries = entries.filter((entry) => entry.n > upTo);
    },
  };
}
