/**
 * The failure edges of the swap, numbered once and for all (E1–E42 of the swap design): what happens, what the station does, the
 * code under which it is found, the words, the event, and the story that proves it. The page and the tests are made from this
 * table; it takes part in no decision.
 */
import type { EventKind, EventType } from "../contract/event-payloads.ts";
import type { FaultCode } from "../faults.ts";
import type { PromptId } from "../prompts.ts";
import type { RequestRefusal } from "../requests/reasons.ts";
import { depositEdges } from "./edges-deposit.ts";
import { releaseEdges } from "./edges-release.ts";
import { stationEdges } from "./edges-station.ts";
import type { OutcomeCode } from "./outcomes.ts";

/** Where the code of an edge is found: how a scan or swap ended, a fault, an answer to a request, or what was told of it. */
export type EdgeCode =
  | { readonly outcome: OutcomeCode }
  | { readonly fault: FaultCode }
  | { readonly answer: RequestRefusal }
  | { readonly told: string };

export interface Edge {
  readonly happens: string;
  readonly does: string;
  readonly code: EdgeCode;
  /** Said at the cabinet; or, where only a program asked, the words of the answer. */
  readonly words: { readonly prompt: PromptId } | { readonly answer: RequestRefusal };
  readonly event: { readonly [K in EventKind]: `${K}/${EventType<K>}` }[EventKind];
  /** Name of the test that tells it. */
  readonly story: string;
}

export const edges = { ...depositEdges, ...releaseEdges, ...stationEdges } as const satisfies Record<string, Edge>;

export type EdgeId = keyof typeof edges;

export const edgeCount = 42;

export function codeOf({ code }: Edge): string {
  if ("outcome" in code) return code.outcome;
  if ("fault" in code) return code.fault;
  return "answer" in code ? code.answer : code.told;
}
