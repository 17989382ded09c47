/**
 * What was asked and answered, so that the same id gets the same answer and acts once. Bounded: an actuating request is only
 * forgotten after it expired, and then nothing that expired as early is ever taken again; when there is no room, new actuating
 * requests are refused rather than old ones forgotten. Refused requests are not remembered, because they did nothing.
 */
import { type ResponsePayload, verbs } from "../../services/contract/request-payloads.ts";
import type { Recalled } from "../../services/requests/judge.ts";

export const ANSWERS_MAX = 1_000;

export interface RequestMemory {
  recall(id: string): Recalled | undefined;
  /** Latest expiry among forgotten actuating requests; -Infinity when none was forgotten. */
  forgottenUntilMs(): number;
  /** Remembers an accepted request. False when there is no room for it. */
  begin(id: string, entry: Omit<Recalled, "response">, wallMs: number): boolean;
  finish(id: string, response: ResponsePayload): void;
  /** An actuating request that was answered before and is not remembered here. */
  forget(expiresAtMs: number): void;
  size(): number;
}

export function createRequestMemory(capacity: number = ANSWERS_MAX): RequestMemory {
  const entries = new Map<string, Recalled>();
  let forgottenUntilMs = Number.NEGATIVE_INFINITY;

  /** The oldest entry that may go: one that changed nothing, or one that nobody can ask again. */
  function makeRoom(wallMs: number): boolean {
    if (entries.size < capacity) return true;
    for (const [id, entry] of entries) {
      const { actuates } = verbs[entry.verb];
      if (actuates && entry.expiresAtMs > wallMs) continue;
      if (actuates) forgottenUntilMs = Math.max(forgottenUntilMs, entry.expiresAtMs);
      entries.delete(id);
      return true;
    }
    return false;
  }

  return {
    recall: (id) => entries.get(id),
    forgottenUntilMs: () => forgottenUntilMs,
    begin(id, entry, wallMs) {
      if (!makeRoom(wallMs)) return false;
      entries.set(id, { ...entry, response: undefined });
      return true;
    },
    finish(id, response) {
      const entry = entries.get(id);
      if (entry !== undefined) entries.set(id, { ...entry, response });
    },
    forget(expiresAtMs) {
      forgottenUntilMs = Math.max(forgottenUntilMs, expiresAtMs);
    },
    size: () => entries.size,
  };
}
