/** The levels that follow from the state: computed afresh, remembered nowhere, still to pass the interlocks. */
import { neighboursOf } from "../bay/neighbours.ts";
import type { BayLevels, Levels } from "../levels.ts";
import { operatorHasOpened } from "../operators/opened.ts";
import type { Swap } from "../swap/swap.ts";
import { deriveSafety } from "./safety-levels.ts";
import { type BayState, endangers, type StationContext, type StationState } from "./state.ts";

/** The bay a rider stands at in this state, and whether its pack must be asked often. */
export function attendedBay(swap: Swap): { readonly bay: number | undefined; readonly watchPack: boolean } {
  switch (swap.at) {
    case "opening-in":
    case "await-insert":
    case "reopening-in":
      return { bay: swap.inBay, watchPack: false };
    case "inspecting":
    case "returning":
    case "await-take-back":
      return { bay: swap.inBay, watchPack: true };
    case "preparing-out":
    case "opening-out":
    case "await-take":
    case "reopening-out":
    case "taken":
      return { bay: swap.outBay, watchPack: true };
  }
}

function quiet(bays: (BayLevels | undefined)[], bay: number | undefined): void {
  const levels = bay === undefined ? undefined : bays[bay];
  if (levels === undefined) return;
  levels.chargeMa = 0;
  levels.heater = false;
}

/** The full and spare bays too: a reserved pack is not on a live connector when its door opens. */
function holdSwapBays(bays: (BayLevels | undefined)[], swap: Pick<Swap, "inBay" | "outBay" | "spares">): void {
  quiet(bays, swap.inBay);
  quiet(bays, swap.outBay);
  for (const spare of swap.spares) quiet(bays, spare);
}

/** Nothing is charged or heated in a bay that an operator has open, or is about to have. */
export function heldDead(state: StationState, bay: number): boolean {
  if (operatorHasOpened(state, bay)) return true;
  for (const cabinet in state.openings) {
    const opening = state.openings[cabinet];
    if (opening !== undefined && (opening.bay === bay || opening.left.includes(bay))) return true;
  }
  return false;
}

function holdOperatorBays(bays: (BayLevels | undefined)[], state: StationState): void {
  for (const { bay, left } of Object.values(state.openings)) {
    quiet(bays, bay);
    for (const other of left) quiet(bays, other);
    const levels = bays[bay];
    if (levels === undefined) continue;
    levels.attended = true;
    levels.watchPack = true;
  }
  for (const key in state.durable.operators.opened) quiet(bays, Number(key));
}

/** What a bay wants by itself, whoever holds it and whatever stands beside it. */
function ownLevels(bay: BayState, chargeMv: number): BayLevels {
  const dead = bay.stop !== undefined || bay.latch !== undefined;
  const chargeMa = dead ? 0 : bay.chargeMa;
  const heater = bay.heater !== undefined && bay.heaterStop === undefined && !dead;
  const watchPack = chargeMa > 0 || heater || bay.silence !== undefined || bay.watch.flaw !== undefined;
  return { chargeMa, chargeMv, heater, attended: false, watchPack };
}

/** Nothing charges or heats beside a hot bay (E13). */
function quietBesideHeat(bays: (BayLevels | undefined)[], state: StationState, context: StationContext): void {
  for (const bay of state.bays) {
    if (bay === undefined || !endangers(bay)) continue;
    for (const beside of neighboursOf(bay.bay, context.config)) quiet(bays, beside);
  }
}

export function deriveLevels(state: StationState, context: StationContext): Levels {
  const fans: Record<string, boolean> = {};
  const bays = state.bays.map((bay): BayLevels | undefined => {
    if (bay === undefined) return undefined;
    if (endangers(bay)) fans[bay.cabinet] = true;
    return ownLevels(bay, context.config.packs.chargeMv);
  });
  quietBesideHeat(bays, state, context);
  for (const swap of Object.values(state.swaps)) {
    holdSwapBays(bays, swap);
    const { bay, watchPack } = attendedBay(swap);
    const levels = bay === undefined ? undefined : bays[bay];
    if (levels === undefined) continue;
    levels.attended = true;
    levels.watchPack = watchPack;
  }
  for (const { swap } of state.recovering) holdSwapBays(bays, swap);
  holdOperatorBays(bays, state);
  for (const bay of state.bays) {
    if (bay !== undefined && bay.chargeMa > 0) fans[bay.cabinet] = true;
  }
  for (const cabinet of context.config.cabinets) if (cabinet.hasFan) fans[cabinet.id] ??= false;
  const safety = deriveSafety(state, context, { bays, fans });
  return { bays, fans, safety };
}
