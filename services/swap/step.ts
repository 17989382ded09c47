/**
 * One step of a running swap. Fire wins everywhere, and so does the emergency stop: the swap ends as interrupted and no further
 * door opens, but a pack that is already gone still counts as taken. Every state answers every input, if only by staying as it is.
 */
import * as deposit from "./deposit.ts";
import type { EndCode } from "./outcomes.ts";
import * as release from "./release.ts";
import type { Sight, Swap, SwapInput, SwapStep } from "./swap.ts";

/** Here the rider only has to take or shut: those states end by what is seen, whatever else happens. */
export const onlyWatches = (swap: Swap): boolean =>
  swap.at === "await-take" || swap.at === "await-take-back" || swap.at === "taken";

/** Undefined in the states that only watch. What may already stand in the bay is never called "nothing". */
function stopOutcome(was: Swap, sight: Sight): "cancelled" | "interrupted" | undefined {
  switch (was.at) {
    case "opening-in":
      return "cancelled";
    case "await-insert":
      return was.inBay !== undefined && sight.present(was.inBay) !== false ? "interrupted" : "cancelled";
    case "reopening-in":
    case "inspecting":
    case "returning":
    case "preparing-out":
    case "opening-out":
    case "reopening-out":
      return "interrupted";
    case "await-take":
    case "await-take-back":
    case "taken":
      return undefined;
  }
}

const stopCodes = {
  fire: { cancelled: "cancelled-fire", interrupted: "interrupted" },
  emergency: { cancelled: "cancelled-emergency", interrupted: "interrupted-emergency" },
} as const satisfies Record<string, Record<"cancelled" | "interrupted", EndCode>>;

/** How a swap ends whose next state would open a door while nobody may be standing there; undefined when it opens none. */
function endInsteadOfOpening(was: Swap, next: Swap): EndCode | undefined {
  switch (next.at) {
    case "opening-in":
    case "opening-out":
    case "returning":
      return "waiting-for-rescan";
    case "reopening-in":
      return was.at === "await-insert" ? "nothing-inserted" : "interrupted";
    case "reopening-out":
      return "not-taken";
    case "await-insert":
    case "inspecting":
    case "await-take-back":
    case "preparing-out":
    case "await-take":
    case "taken":
      return undefined;
  }
}

export function stepSwap(was: Swap, input: SwapInput, sight: Sight, context: deposit.SwapContext): SwapStep {
  if (sight.fire || sight.emergency) {
    const outcome = stopOutcome(was, sight);
    if (outcome !== undefined)
      return { next: { at: "ended", outcome: stopCodes[sight.fire ? "fire" : "emergency"][outcome] }, effects: [] };
  }
  const step = stepAttended(was, input, sight, context);
  if (!was.unattended || step.next.at === "ended") return step;
  const outcome = endInsteadOfOpening(was, step.next);
  if (outcome === undefined) return step;
  return { next: { at: "ended", outcome }, effects: step.effects.filter((effect) => effect.do === "record") };
}

function stepAttended(was: Swap, input: SwapInput, sight: Sight, context: deposit.SwapContext): SwapStep {
  switch (was.at) {
    case "opening-in":
      return deposit.stepOpeningIn(was, input, sight, context);
    case "await-insert":
      return deposit.stepAwaitInsert(was, input, sight, context);
    case "reopening-in":
      return deposit.stepReopeningIn(was, input, sight, context);
    case "inspecting":
      return deposit.stepInspecting(was, input, sight, context);
    case "returning":
      return deposit.stepReturning(was, input, sight, context);
    case "await-take-back":
      return deposit.stepAwaitTakeBack(was, input, sight, context);
    case "preparing-out":
      return release.stepPreparingOut(was, input, sight, context);
    case "opening-out":
      return release.stepOpeningOut(was, input, sight, context);
    case "await-take":
      return release.stepAwaitTake(was, input, sight, context);
    case "reopening-out":
      return release.stepReopeningOut(was, input, sight, context);
    case "taken":
      return release.stepTaken(was, input, sight, context);
  }
}
