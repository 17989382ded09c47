/** What an outbox sends and where it finds it: entries of the one log as messages. Types only. */

/** One entry of the log, ready to be sent. The text is made from the entry alone, so a re-send is the same message. */
export interface OutboxMessage {
  readonly n: number;
  readonly topic: string;
  readonly payload: string;
}

export type OutboxBatch =
  | {
      readonly messages: readonly OutboxMessage[];
      /** The last entry that was looked at; messages after it have not been. */
      readonly lastN: number;
      /** There was nothing more on disk when this was read. */
      readonly complete: boolean;
    }
  /** Not readable now; asked again later. */
  | { readonly failure: string };

/** What the outbox needs of the log. */
export interface OutboxSource {
  /** At most `limit` messages with numbers above `after`, in order and without leaving one out. Settles once. */
  read(after: number, limit: number, done: (batch: OutboxBatch) => void): void;
  /** The same, but of the urgent ones only; what cannot be sent is not reported here, because `read` comes to it as well. */
  readUrgent(after: number, limit: number, done: (batch: OutboxBatch) => void): void;
  /** Urgent ones that were found at the start and are not known to be delivered; as far as it knows without reading on. */
  urgentAtStart(): readonly OutboxMessage[];
  /**
   * Message `n` and all before it were delivered. Called for messages only: the log notes the mark as an entry of its own, and
   * that entry must not become the reason for the next mark.
   */
  acknowledged(n: number): void;
}
