/**
 * The food-safety clock: how long the contents were above their limit since they were put in. An unknown temperature counts as
 * above. A power cut counts whole when it began or ended warm: nobody saw how long. It refuses to run backwards; only a
 * restock sets it back.
 */
import type { FridgeConfig } from "./config.ts";
import type { FridgeLook } from "./look.ts";
import type { FridgeDurable } from "./records.ts";
import type { FridgeState } from "./state.ts";

export interface Food {
  readonly warmSinceMs: number | undefined;
  readonly aboveMs: number;
}

type FoodLook = FridgeLook & { readonly insideC: number | undefined };

/** What happened while nothing looked. */
function unseenMs(was: FridgeState, look: FoodLook, durable: FridgeDurable, isWarm: boolean): number {
  if (look.insideC === undefined || was.hasLogged || look.wall === undefined || durable.loggedAt === undefined)
    return 0;
  return isWarm || durable.wasWarm ? Math.max(0, look.wall.ms - durable.loggedAt) : 0;
}

export function stepFood(was: FridgeState, look: FoodLook, durable: FridgeDurable, config: FridgeConfig): Food {
  const { nowMs, insideC } = look;
  const isWarm = insideC === undefined || insideC > config.foodLimitC;
  const aboveMs = was.aboveMs + unseenMs(was, look, durable, isWarm);
  if (!isWarm) return { warmSinceMs: undefined, aboveMs };
  if (was.warmSinceMs === undefined) return { warmSinceMs: nowMs, aboveMs };
  const graceEndMs = was.warmSinceMs + config.foodGraceMs;
  if (nowMs < graceEndMs) return { warmSinceMs: was.warmSinceMs, aboveMs };
  // The stretch that turned out long counts from its beginning.
  const countedFromMs = was.lookedMs < graceEndMs ? was.warmSinceMs : was.lookedMs;
  return { warmSinceMs: was.warmSinceMs, aboveMs: aboveMs + (nowMs - countedFromMs) };
}
