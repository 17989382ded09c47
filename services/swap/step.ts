/**
 * One step of a running swap. Fire wins everywhere: the swap ends as interrupted and no further door opens, but a pack that is
 * already gone still counts as taken. Every state answers every input, if only by staying as it is.
 */
import * as deposit from "./deposit.ts";
import type { EndCode } from "./outcomes.ts";
import * as release from "./release.ts";
import type { Sight, Swap, SwapInput, SwapStep } from "./swap.ts";

/** Undefined where the rider only has to take or shut: those states open no door and finish by themselves. */
function fireOutcome(was: Swap): EndCode | undefined {
  switch (was.at) {
    case "opening-in":
    case "await-insert":
      return "cancelled-fire";
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

export function stepSwap(was: Swap, input: SwapInput, sight: Sight, context: deposit.SwapContext): SwapStep {
  if (sight.fire) {
    const outcome = fireOutcome(was);
    if (outcome !== undefined) return { next: { at: "ended", outcome }, effects: [] };
  }
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
