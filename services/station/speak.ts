/**
 * Says a raised fault aloud at the cabinet it concerns: a forced door, a bay that is being checked. It keeps silent where
 * somebody is being served, because a rider in the middle of a swap needs one sentence at a time.
 */
import { type FaultCode, saysOf } from "../faults.ts";
import { say } from "../prompts.ts";
import type { Draft } from "./draft.ts";

function cabinetsOf(draft: Draft, subject: string): readonly string[] {
  const { config } = draft.context;
  if (subject === "station") return config.cabinets.map(({ id }) => id);
  const bay = config.bays[Number(subject)];
  if (bay !== undefined) return [bay.cabinet];
  return config.cabinets.some(({ id }) => id === subject) ? [subject] : [];
}

export function speakFault(draft: Draft, code: FaultCode, subject: string): void {
  const words = saysOf(code);
  if (words === undefined) return;
  const bay = Number(subject);
  const prompt = say(words, Number.isInteger(bay) ? { bay } : {});
  for (const cabinet of cabinetsOf(draft, subject)) {
    const served = draft.state.swaps[cabinet] !== undefined;
    if (!served) draft.effects.push({ do: "prompt", cabinet, prompt });
  }
}
