/**
 * The one log, seen as an outbox: which entries are messages, on which topic, in which words. An entry that cannot be put into
 * the contract's form is left out and reported, because a message that can never be sent must not hold up the others for ever.
 */
import {
  type EventData,
  type EventKind,
  type EventPayload,
  eventTypes,
} from "../../services/contract/event-payloads.ts";
import { isoFromMs } from "../../services/contract/iso-time.ts";
import { ID_PATTERN } from "../../services/contract/state-payloads.ts";
import { contract, topicFor } from "../../services/contract/topics.ts";
import type { LogEntry } from "../log/entry.ts";
import type { OutboxMessage, OutboxSource } from "./outbox.ts";

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
    acknowledged: (n) => log.outboxAcknowledged(n),
  };
}
