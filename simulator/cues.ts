/** What each sentence of the station asks of the person in front of it: the riders' ears, in one table. */
import type { Prompt, PromptId } from "../services/prompts.ts";
import type { Cue, WorldPrompt } from "./visit-types.ts";

interface Meaning {
  readonly cue: Cue;
  readonly elsewhere?: boolean;
}

const meanings = {
  "insert-pack": { cue: "insert" },
  "insert-again": { cue: "insert" },
  "push-plug": { cue: "push-plug" },
  "lock-resting": { cue: "wait" },
  inspecting: { cue: "wait" },
  "take-pack": { cue: "take" },
  "take-again": { cue: "take" },
  "shut-door": { cue: "shut-door" },
  "take-back": { cue: "take-back" },
  "door-fault-other": { cue: "wait" },
  completed: { cue: "done" },
  "cancelled-nothing": { cue: "ended" },
  "cancelled-door": { cue: "ended" },
  "refused-unknown": { cue: "refused", elsewhere: false },
  "refused-inactive": { cue: "refused", elsewhere: false },
  "refused-busy": { cue: "refused" },
  "refused-no-pack": { cue: "refused" },
  "refused-warming": { cue: "refused" },
  "refused-no-empty": { cue: "refused" },
  "refused-fire": { cue: "refused", elsewhere: false },
  evacuate: { cue: "refused", elsewhere: false },
  "refused-emergency": { cue: "refused", elsewhere: false },
  "refused-water": { cue: "refused" },
  "latch-reset": { cue: "done" },
  "reset-too-early": { cue: "refused", elsewhere: false },
  "cancelled-emergency": { cue: "ended" },
  "interrupted-emergency": { cue: "ended" },
  "refused-blind": { cue: "refused" },
  "refused-checking": { cue: "refused" },
  "refused-record": { cue: "refused" },
  "refused-stopping": { cue: "refused", elsewhere: false },
  "refused-out-of-service": { cue: "refused" },
  "refused-updating": { cue: "refused", elsewhere: false },
  "refused-operator": { cue: "refused" },
  "not-own-pack": { cue: "take-back" },
  "not-your-pack": { cue: "take-back" },
  "already-full": { cue: "take-back" },
  unreadable: { cue: "take-back" },
  "full-door-failed": { cue: "take-back" },
  "own-door-stuck": { cue: "ended" },
  owed: { cue: "ended" },
  interrupted: { cue: "ended" },
  "own-pack-waits": { cue: "ended" },
  "own-pack-returned": { cue: "take-back" },
  "suspended-open": { cue: "shut-door" },
  "charger-stuck-other": { cue: "wait" },
  "pack-set-aside": { cue: "wait" },
  leaking: { cue: "take-back" },
  "better-than-stock": { cue: "take-back" },
  "owed-open": { cue: "ended" },
  exchanged: { cue: "done" },
  "completed-shut-door": { cue: "shut-door" },
  "left-behind": { cue: "ended" },
  "bay-checked": { cue: "wait" },
  "door-forced": { cue: "wait" },
  "deposit-unasked": { cue: "wait" },
  offline: { cue: "wait" },
} as const satisfies Record<PromptId, Meaning>;

export function heardBy(prompt: Prompt): WorldPrompt {
  const { cue, ...more }: Meaning = meanings[prompt.id];
  const bay = prompt.bay === undefined ? {} : { bay: prompt.bay };
  return { promptId: prompt.id, cue, code: prompt.id, ...bay, ...more };
}
