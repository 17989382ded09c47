/**
 * Every way a scan or a swap can end, once: code, the failure edges it covers (numbers E1–E42 of the swap design), what the
 * rider hears. A refusal opened no door; a cancellation charged nothing; a debt is owed until a pack is handed out.
 */
import type { PromptId } from "../prompts.ts";

export const outcomes = {
  completed: { class: "completed", edges: [], prompt: "completed" },
  "completed-door-open": { class: "completed", edges: ["E24"], prompt: "completed-shut-door" },
  "completed-exchanged": { class: "completed", edges: ["E25"], prompt: "exchanged" },
  "unknown-credential": { class: "refused", edges: [], prompt: "refused-unknown" },
  "member-inactive": { class: "refused", edges: [], prompt: "refused-inactive" },
  "cabinet-busy": { class: "refused", edges: ["E2"], prompt: "refused-busy" },
  "no-full-pack": { class: "refused", edges: ["E1"], prompt: "refused-no-pack" },
  "packs-warming": { class: "refused", edges: ["E1", "E14"], prompt: "refused-warming" },
  "no-empty-bay": { class: "refused", edges: ["E1"], prompt: "refused-no-empty" },
  fire: { class: "refused", edges: ["E36"], prompt: "refused-fire" },
  "emergency-stop": { class: "refused", edges: ["E37"], prompt: "refused-emergency" },
  water: { class: "refused", edges: ["E16"], prompt: "refused-water" },
  "reset-too-early": { class: "refused", edges: ["E36"], prompt: "reset-too-early" },
  "cabinet-unavailable": { class: "refused", edges: ["E28"], prompt: "refused-blind" },
  checking: { class: "refused", edges: ["E34"], prompt: "refused-checking" },
  "cannot-record": { class: "refused", edges: ["E34"], prompt: "refused-record" },
  stopping: { class: "refused", edges: ["E40"], prompt: "refused-stopping" },
  "out-of-service": { class: "refused", edges: ["E38"], prompt: "refused-out-of-service" },
  updating: { class: "refused", edges: ["E40"], prompt: "refused-updating" },
  "operator-at-work": { class: "refused", edges: [], prompt: "refused-operator" },
  "no-door-opened": { class: "cancelled", edges: ["E6"], prompt: "cancelled-door" },
  "nothing-inserted": { class: "cancelled", edges: ["E8"], prompt: "cancelled-nothing" },
  "suspended-open": { class: "cancelled", edges: ["E7"], prompt: "suspended-open" },
  "foreign-pack": { class: "cancelled", edges: ["E11"], prompt: "not-own-pack" },
  "other-riders-pack": { class: "cancelled", edges: ["E12"], prompt: "not-your-pack" },
  "pack-already-full": { class: "cancelled", edges: ["E31"], prompt: "already-full" },
  "pack-unreadable": { class: "cancelled", edges: ["E17"], prompt: "unreadable" },
  "pack-leaking": { class: "cancelled", edges: ["E16"], prompt: "leaking" },
  "better-than-stock": { class: "cancelled", edges: ["E30"], prompt: "better-than-stock" },
  "full-door-failed": { class: "cancelled", edges: ["E20"], prompt: "full-door-failed" },
  "own-pack-returned": { class: "cancelled", edges: ["E21", "E34", "E36", "E37"], prompt: "own-pack-returned" },
  "left-behind": { class: "cancelled", edges: ["E10"], prompt: "left-behind" },
  "cancelled-fire": { class: "cancelled", edges: ["E36"], prompt: "refused-fire" },
  "cancelled-emergency": { class: "cancelled", edges: ["E37"], prompt: "cancelled-emergency" },
  "cut-before-deposit": { class: "cancelled", edges: ["E34", "E35"], prompt: "cancelled-nothing" },
  "pack-vanished": { class: "cancelled", edges: ["E29"], prompt: "interrupted" },
  "own-door-stuck": { class: "owed", edges: ["E21"], prompt: "own-door-stuck" },
  "not-taken": { class: "owed", edges: ["E22"], prompt: "owed" },
  "not-taken-open": { class: "owed", edges: ["E23"], prompt: "owed-open" },
  "waiting-for-rescan": { class: "owed", edges: ["E34", "E35"], prompt: "owed" },
  interrupted: { class: "owed", edges: ["E36"], prompt: "interrupted" },
  "interrupted-emergency": { class: "owed", edges: ["E37"], prompt: "interrupted-emergency" },
} as const satisfies Record<
  string,
  {
    readonly class: "completed" | "refused" | "cancelled" | "owed";
    readonly edges: readonly string[];
    readonly prompt: PromptId;
  }
>;

export type OutcomeCode = keyof typeof outcomes;
export type RefusalCode = {
  [K in OutcomeCode]: (typeof outcomes)[K]["class"] extends "refused" ? K : never;
}[OutcomeCode];
export type EndCode = Exclude<OutcomeCode, RefusalCode>;
