/** What a rider makes of a sentence: the cue itself, and after a no, whether to wait, to go elsewhere, or to go home. */
import type { Cue, WorldPrompt } from "../visit-types.ts";

export type Heard =
  | Exclude<Cue, "refused">
  /** No, but soon: scan again. */
  | "later"
  /** No, and another cabinet may do better. */
  | "elsewhere"
  | "no"
  | "flee";

/** Refusals that say themselves that they will pass, and the one that says run. */
const PASSING: ReadonlySet<string> = new Set(["refused-busy", "refused-checking", "refused-stopping"]);
const FIRE: ReadonlySet<string> = new Set(["refused-fire", "evacuate"]);

export function heard(prompt: WorldPrompt): Heard {
  if (FIRE.has(prompt.promptId)) return "flee";
  if (prompt.cue !== "refused") return prompt.cue;
  if (PASSING.has(prompt.promptId)) return "later";
  return (prompt.elsewhere ?? true) ? "elsewhere" : "no";
}

/** Sentences that a rider remembers as the reason why they did not get what they came for. */
export function isNo(what: Heard): boolean {
  return (
    what === "no" ||
    what === "elsewhere" ||
    what === "later" ||
    what === "flee" ||
    what === "take-back" ||
    what === "ended"
  );
}

/** Answers to a scan: they are meant for whoever showed the code. */
export function isAnswer(prompt: WorldPrompt): boolean {
  return prompt.cue === "refused";
}
