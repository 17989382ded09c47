/**
 * Says a raised fault aloud at the cabinet it concerns: a forced door, a bay that is being checked. It keeps silent where
 * somebody is being served, because a rider in the middle of a swap needs one sentence at a time.
 */
import { type FaultCode, saysOf } from "../faults.ts";
import { say } from "../prompts.ts";
import type { Draft } from "./draft.ts";

/** The last word of a swap stands this long before anything else is said there. */
const lingerMs = 60_000;

function cabinetsOf(draft: Draft, subject: string): readonly string[] {
  const { config } = draft.context;
  if (subject === "station") return config.cabinets.map(({ id }) => id);
  const bay = config.bays[Number(subject)];
  if (bay !== undefined) return [bay.cabinet];
  return config.cabinets.some(({ id }) => id === subject) ? [subject] : [];
}

/** A swap runs there, or somebody heard a sentence so lately that they may still be reading it. */
function isServed(draft: Draft, cabinet: string): boolean {
  if (draft.state.swaps[cabinet] !== undefined) return true;
  const saidMs = draft.state.saidMs[cabinet];
  return saidMs !== undefined && draft.input.nowMs - saidMs < lingerMs;
}

export function speakFault(draft: Draft, code: FaultCode, subject: string): void {
  const words = saysOf(code);
  if (words === undefined) return;
  const bay = Number(subject);
  const prompt = say(words, Number.isInteger(bay) ? { bay } : {});
  for (const cabinet of cabinetsOf(draft, subject)) {
    if (!isServed(draft, cabinet)) draft.effects.push({ do: "prompt", cabinet, prompt });
  }
}
