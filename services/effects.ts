/**
 * What happens once. Effects of one step are carried out in order, and whatever follows a `record` waits until that record is
 * on disk: intent is written before the act. If the record cannot be written, the effects behind it are dropped and the core
 * is told by `journal-failed`.
 */

import type { Publication } from "./contract/publication.ts";
import type { OrderVerb } from "./contract/request-payloads.ts";
import type { JournalRecord } from "./journal/records.ts";
import type { Prompt } from "./prompts.ts";
import type { RoomSentence } from "./room/sentences.ts";

export type Effect =
  | {
      readonly do: "record";
      readonly record: JournalRecord;
      /** Wall ms of the decision: what is folded from the log must be what was known when it was decided. */
      readonly at?: number;
      /** What the outside is told of it, if anything. */
      readonly publish?: Publication & { readonly seq: number };
      readonly swap?: string;
    }
  /** One pulse on one lock. The outcome returns as `lock-driven` or `lock-failed`. */
  | {
      readonly do: "unlock";
      readonly bay: number;
      readonly swap: string | undefined;
      /** The operator's request it serves, when no swap does. */
      readonly request?: string;
      /** Monotonic ms of the decision: a pulse that waited so long that another was decided is not driven any more. */
      readonly decidedMs: number;
    }
  | { readonly do: "prompt"; readonly cabinet: string; readonly prompt: Prompt }
  /** The intent to release this cabinet's extinguisher is on disk. The answer is `release-due`. */
  | { readonly do: "release"; readonly cabinet: string }
  /** The records before it are on disk. The answer is `room-written` with the same token. */
  | { readonly do: "room-written"; readonly token: string }
  /** A sentence at a reader of the room. */
  | { readonly do: "room-say"; readonly reader: string; readonly sentence: RoomSentence }
  /** Keep this signed list: it is read again after a start. */
  | { readonly do: "keep-list"; readonly text: string }
  /** The pack in this bay may be another one now: ask for its identity anew. */
  | { readonly do: "reidentify"; readonly bay: number }
  | {
      readonly do: "respond";
      readonly id: string;
      readonly verb: OrderVerb;
      readonly status: "ok" | "refused" | "error";
      readonly reason?: string;
      readonly data?: Readonly<Record<string, unknown>>;
    };
