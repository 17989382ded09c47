/**
 * Everything that can enter the core. Sensors do not come as events: they stand in the process image (`readings.ts`), and an
 * event only says that it is worth looking now. That makes a lost edge harmless, because the next look sees the same image.
 */
import type { JournalRecord } from "./journal/records.ts";
import type { OperatorRequest } from "./operators/requests.ts";

export type StationEvent =
  /** The scan: time passed. */
  | { readonly type: "tick" }
  /** A contact, a pack or a smoke head changed; the image already holds the new reading. */
  | { readonly type: "noticed" }
  /**
   * A code was read at a cabinet. `late`, here and at the readers of the room: the process stood still, and nobody knows for how
   * long this waited, nor whether whoever showed it still stands there. The
   * digest is SHA-256 of the text, because the text is a secret.
   */
  | { readonly type: "scan"; readonly cabinet: string; readonly digest: string; readonly late?: true }
  /** A code was read at a reader of the room. The text is a secret while it lives: no log, no record, no diary has it. */
  | {
      readonly type: "room-code";
      readonly reader: string;
      readonly text: string;
      readonly digest: string;
      readonly late?: true;
    }
  | {
      readonly type: "room-card";
      readonly reader: string;
      /** SHA-256 of the card's identity. */
      readonly card: string;
      readonly challenge: "answered" | "failed" | "none";
      /** The random challenge that the reader made for this presentation. */
      readonly nonce: string;
      readonly late?: true;
    }
  /** What a `room-written` effect waited for is on disk. */
  | { readonly type: "room-written"; readonly token: string }
  /** A signed access list arrived, from the broker or from its file at start. */
  | { readonly type: "access-list"; readonly text: string; readonly digest: string }
  /** The pulse of an unlock effect goes out: its record is on disk, and it is still wanted. */
  | { readonly type: "lock-sent"; readonly bay: number }
  /** What became of an unlock effect. */
  | { readonly type: "lock-driven"; readonly bay: number }
  | { readonly type: "lock-failed"; readonly bay: number; readonly why: string }
  /** What a `release` effect waited for is written. */
  | { readonly type: "release-due"; readonly cabinet: string }
  /** A record could not be written; whatever waited for it was not done. */
  | { readonly type: "journal-failed"; readonly swap: string | undefined; readonly why: string }
  /** An accepted operator request (already checked for form, age and repetition). */
  | { readonly type: "request"; readonly request: OperatorRequest }
  /** Facts about the controller itself that raise or clear a fault. */
  | { readonly type: "condition"; readonly code: string; readonly subject: string; readonly present: boolean }
  /** Something the process did or refused, to be written down and told. */
  | { readonly type: "told"; readonly record: ToldRecord }
  /** The date at the station: told at midnight, and at a start as soon as the clock is confirmed. */
  | { readonly type: "date"; readonly date: string; readonly known: boolean }
  /** Stop is wanted: no new swaps; running ones are finished by the caller's grace. */
  | { readonly type: "stopping" };

export type ToldRecord = Extract<
  JournalRecord,
  { kind: "started" | "stopping" | "request-refused" | "announced" | "security-noticed" }
>;
