/** What the end of a swap means for what is owed and for whose hands the pack is in: read by every part of the fold. */
import type { EndCode } from "../swap/outcomes.ts";
import type { OpenSwap } from "./durable.ts";

/** The rider left with another pack. */
export const completedOutcomes: ReadonlySet<string> = new Set([
  "completed",
  "completed-door-open",
  "completed-exchanged",
]);

/** Outcomes after which the rider is owed a pack. */
export const owedOutcomes: ReadonlySet<string> = new Set([
  "own-door-stuck",
  "not-taken",
  "not-taken-open",
  "waiting-for-rescan",
  "interrupted",
  "interrupted-emergency",
]);

/** The rider went away with the pack that was brought. */
export const gaveOwnPackBack = (swap: Pick<OpenSwap, "stage">, outcome: EndCode): boolean =>
  swap.stage === "returning" && !owedOutcomes.has(outcome) && outcome !== "left-behind";
