/**
 * The one log, seen as an outbox: which entries are messages, on which topic, in which words. An entry that cannot be put into
 * the contract's form is left out and reported, because a message that can never be sent must not hold up the others for ever.
 */
import {
  type EventData,
  type EventKind,
  type EventPayload,
  eventTypes,
  urgentKinds,
} from "../../services/contract/event-payloads.ts";
import { isoFromMs } from "../../services/contract/iso-time.ts";
import { ID_PATTERN } from "../../services/contract/state-payloads.ts";
import { contract, topicFor } from "../../services/contract/topics.ts";
import type { LogEntry } from "../log/entry.ts";
import type { OutboxMessage, OutboxSource } from "./outbox-source.ts";

/** What an entry publishes: `data` of its `publish` part. The type is split off when the message is made. */
export type PublishedData<K extends EventKind = EventKind> = EventData & {
  readonly event_type: EventPayload<K>["event_type"];
};

/** The part of the log that an outbox needs. */
export interface OutboxLog {
  readOutbox(
    after: number,
    limit: number,
    done: (
      page: { readonly entries: readonly LogEntry[] } | { readonly failure: { readonly message: string } },
    ) => void,
  ): void;
  outboxAcknowledged(n: number): void;
}

export interface LogSourceOptions {
  readonly log: OutboxLog;
  /** Id of the log: with the number of the entry it makes the id of the event. */
  readonly logId: string;
  readonly station: string;
  /** Entries that were read at the start, and up to where they are known to be delivered. */
  readonly found?: { readonly entries: readonly LogEntry[]; readonly delivered: number };
  /** An entry was left out. */
  unsendable(entry: LogEntry, why: string): void;
}

function isEventKind(kind: string): kind is EventKind {
  return Object.hasOwn(eventTypes, kind);
}

/** The message of an entry, or why it cannot have one. The same entry always gives the same bytes. */
export function eventMessage(
  entry: LogEntry,
  options: Pick<LogSourceOptions, "logId" | "station">,
): OutboxMessage | string {
  const { publish, n } = entry;
  if (publish === undefined) return "it publishes nothing";
  if (!isEventKind(publish.kind)) return `no such kind of event: ${publish.kind}`;
  if (!ID_PATTERN.test(publish.stream)) return `not an id: ${publish.stream}`;
  if (typeof publish.data !== "object" || publish.data === null) return "its data is no object";
  const { event_type, ...data } = publish.data as Record<string, unknown>;
  if (typeof event_type !== "string") return "its data names no event_type";
  const payload = {
    event_type,
    id: `${options.logId}-${n}`,
    stream: publish.stream,
    seq: publish.seq,
    at: isoFromMs(entry.at),
    clock: entry.clock,
    data,
  };
  const topic = topicFor(contract.event, { station: options.station, kind: publish.kind });
  return { n, topic, payload: JSON.stringify(payload) };
}

/** The urgent ones among entries, as messages; what has no form is left to whoever reads all of them. */
function urgentOf(entries: readonly LogEntry[], options: LogSourceOptions): OutboxMessage[] {
  return entries.flatMap((entry) => {
    if (entry.publish === undefined || !urgentKinds.has(entry.publish.kind)) return [];
    const message = eventMessage(entry, options);
    return typeof message === "string" ? [] : [message];
  });
}

export function logSource(options: LogSourceOptions): OutboxSource {
  const { log } = options;
  return {
    read(after, limit, done) {
      log.readOutbox(after, limit, (page) => {
        if ("failure" in page) {
          done({ failure: page.failure.message });
          return;
        }
        const messages: OutboxMessage[] = [];
        for (const entry of page.entries) {
          const message = eventMessage(entry, options);
          if (typeof message === "string") options.unsendable(entry, message);
          else messages.push(message);
        }
        done({ messages, lastN: page.entries.at(-1)?.n ?? after, complete: page.entries.length < limit });
      });
    },
    readUrgent(after, limit, done) {
      log.readOutbox(after, limit, (page) => {
        if ("failure" in page) done({ failure: page.failure.message });
        else {
          const { entries } = page;
          const lastN = entries.at(-1)?.n ?? after;
          done({ messages: urgentOf(entries, options), lastN, complete: entries.length < limit });
        }
      });
    },
    urgentAtStart() {
      const { entries = [], delivered = 0 } = options.found ?? {};
      return urgentOf(
        entries.filter(({ n }) => n > delivered),
        options,
      );
    },
    acknowledged: (n) => log.outboxAcknowledged(n),
  };
}
