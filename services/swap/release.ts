/** The second half of a swap: the full bay is made dead, opens, is emptied and shut. Success is only a pack that is gone. */
import type { Effect } from "../effects.ts";
import { say } from "../prompts.ts";
import type { SwapContext } from "./deposit.ts";
import { quietMa, stepOpening } from "./opening.ts";
import type { EndCode } from "./outcomes.ts";
import {
  baseOf,
  type FailedBay,
  isFailed,
  newOpening,
  type Sight,
  type Swap,
  type SwapInput,
  type SwapStep,
} from "./swap.ts";

type In<A extends Swap["at"]> = Extract<Swap, { at: A }>;

const stay = (swap: Swap): SwapStep => ({ next: swap, effects: [] });
const end = (outcome: EndCode, failed?: FailedBay): SwapStep => ({
  next: failed === undefined ? { at: "ended", outcome } : { at: "ended", outcome, failed },
  effects: [],
});
const ask = (swap: Swap, id: Parameters<typeof say>[0], bay: number): Effect => ({
  do: "prompt",
  cabinet: swap.cabinet,
  prompt: say(id, { bay }),
});

/** So long a pack may still be heard that the presence contact says is gone; longer is a contradiction. */
const leavingMs = 5_000;

const mine = ({ id, cabinet }: Swap) => ({ swap: id, cabinet });

/** Another full bay, journalled before its pulse; none left → the own pack goes back, or the debt stays open. */
function tryAnother(was: Swap, failed: FailedBay, sight: Sight): SwapStep {
  const failedBays = [...was.failedBays, failed];
  const ready = sight.readyBays().filter((bay) => bay !== was.inBay);
  const other = [...was.spares, ...ready].find((bay) => !isFailed(failedBays, bay) && ready.includes(bay));
  if (other !== undefined) {
    const spares = was.spares.filter((bay) => bay !== other);
    return {
      next: { ...baseOf(was), failedBays, outBay: other, spares, at: "preparing-out", sinceMs: sight.nowMs },
      effects: [
        { do: "record", swap: was.id, record: { kind: "swap-bay-chosen", swap: was.id, outBay: other, spares } },
        ask(was, failed.why === "charger-stuck" ? "charger-stuck-other" : "door-fault-other", other),
      ],
    };
  }
  // What was quarantined is not given back: its rider is owed a pack instead (E13, E15).
  if (was.inBay === undefined || sight.isolated(was.inBay)) return end("not-taken", failed);
  const because: EndCode = "full-door-failed";
  const record = { kind: "swap-stage", swap: was.id, stage: "returning", bay: was.inBay, because } as const;
  return {
    next: { ...baseOf(was), failedBays, at: "returning", opening: newOpening(was.inBay, sight.nowMs), because },
    effects: [{ do: "record", swap: was.id, record }],
  };
}

/** PREPARING_OUT: the levels already hold this bay's charger off; wait until the current really is gone (E19). */
export function stepPreparingOut(
  was: In<"preparing-out">,
  _input: SwapInput,
  sight: Sight,
  context: SwapContext,
): SwapStep {
  const bay = was.outBay;
  if (sight.isolated(bay)) return tryAnother(was, { bay, why: "unfit" }, sight);
  const currentMa = sight.currentMa(bay);
  const live = currentMa !== undefined && Math.abs(currentMa) >= quietMa;
  // Somebody forced this door meanwhile and took the pack: an empty bay must not be opened and called taken.
  const isGone = sight.present(bay) === false;
  if (!isGone && currentMa !== undefined && !live && sight.door(bay) === "shut") {
    return { next: { ...baseOf(was), at: "opening-out", opening: newOpening(bay, sight.nowMs) }, effects: [] };
  }
  if (sight.nowMs - was.sinceMs <= context.config.swap.chargerOffWaitMs) return stay(was);
  return tryAnother(was, { bay, why: live ? "charger-stuck" : "unfit" }, sight);
}

export function stepOpeningOut(was: In<"opening-out">, input: SwapInput, sight: Sight, context: SwapContext): SwapStep {
  const result = stepOpening(was.opening, input, sight, { ...mine(was), config: context.config.swap });
  if (result.is === "going-on") return { next: { ...was, opening: result.opening }, effects: result.effects };
  const bay = was.opening.bay;
  if (result.is === "failed") return tryAnother(was, { bay, why: result.why }, sight);
  const packId = sight.packSince(bay, sight.nowMs - 15_000)?.packId;
  return {
    next: { ...baseOf(was), at: "await-take", sinceMs: sight.nowMs, reopens: 0, shutMs: undefined, packId },
    effects: [
      {
        do: "record",
        swap: was.id,
        record: {
          kind: "swap-stage",
          swap: was.id,
          stage: "out-open",
          bay,
          ...(packId === undefined ? {} : { packId }),
        },
      },
      ask(was, "take-pack", bay),
    ],
  };
}

/** A pack on its way out when the window ends is waited for: it would be owed and in the rider's hands at once. */
const takeWindowMs = (present: boolean | undefined, { config }: SwapContext): number =>
  config.swap.takeWindowMs + (present === false ? leavingMs : 0);

function takenNow(was: In<"await-take">, sight: Sight): SwapStep {
  const { packId } = was;
  const record = {
    kind: "swap-stage",
    swap: was.id,
    stage: "taken",
    bay: was.outBay,
    ...(packId === undefined ? {} : { packId }),
  } as const;
  return {
    next: { ...baseOf(was), at: "taken", sinceMs: sight.nowMs, shutMs: undefined, packId },
    effects: [{ do: "record", swap: was.id, record }],
  };
}

/** AWAIT_TAKE: gone → taken; shut with the pack inside → open again, at most three times; window over → owed (E22, E23). */
export function stepAwaitTake(was: In<"await-take">, _input: SwapInput, sight: Sight, context: SwapContext): SwapStep {
  const bay = was.outBay;
  const { swap } = context.config;
  const present = sight.present(bay);
  const door = sight.door(bay);
  // A contact sampled after the door opened says the pack is gone; the pack's own silence alone would prove nothing.
  if (
    present === false &&
    sight.contactsMs(bay) > was.sinceMs &&
    sight.packSince(bay, sight.nowMs - 1_000) === undefined
  ) {
    return takenNow(was, sight);
  }
  if (door === "shut" && present === true) {
    if (was.shutMs === undefined) return { next: { ...was, shutMs: sight.nowMs }, effects: [] };
    if (sight.nowMs - was.shutMs < swap.presenceSettleMs || sight.contactsMs(bay) < was.shutMs) return stay(was);
    if (was.reopens >= swap.reopenTries) return end("not-taken");
    return {
      next: {
        ...baseOf(was),
        at: "reopening-out",
        opening: newOpening(bay, sight.nowMs),
        reopens: was.reopens + 1,
        packId: was.packId,
      },
      effects: [
        {
          do: "record",
          swap: was.id,
          record: { kind: "swap-reopened", swap: was.id, bay, why: "not-taken" },
        },
        ask(was, "take-again", bay),
      ],
    };
  }
  if (sight.nowMs - was.sinceMs > takeWindowMs(present, context))
    return end(door === "shut" ? "not-taken" : "not-taken-open");
  return was.shutMs === undefined ? stay(was) : { next: { ...was, shutMs: undefined }, effects: [] };
}

export function stepReopeningOut(
  was: In<"reopening-out">,
  input: SwapInput,
  sight: Sight,
  context: SwapContext,
): SwapStep {
  const result = stepOpening(was.opening, input, sight, { ...mine(was), config: context.config.swap });
  if (result.is === "going-on") return { next: { ...was, opening: result.opening }, effects: result.effects };
  if (result.is === "failed") return end("not-taken", { bay: was.opening.bay, why: result.why });
  const { reopens, packId } = was;
  const next: Swap = { ...baseOf(was), at: "await-take", sinceMs: sight.nowMs, reopens, shutMs: undefined, packId };
  return { next, effects: [ask(was, "take-pack", was.opening.bay)] };
}

/**
 * TAKEN: the swap is done for the rider; the door decides how it is written down (E24). What stands in the bay when the door
 * shuts is either the same pack, put back and not taken after all, or one that nobody asked for (E25).
 */
export function stepTaken(was: In<"taken">, _input: SwapInput, sight: Sight, context: SwapContext): SwapStep {
  const bay = was.outBay;
  const { swap } = context.config;
  const waitedMs = sight.nowMs - was.sinceMs;
  if (sight.door(bay) !== "shut" || sight.contactsMs(bay) <= was.sinceMs)
    return waitedMs > swap.doorOpenAlarmMs ? end("completed-door-open") : stay(was);
  if (sight.present(bay) !== true) return end("completed");
  const { shutMs } = was;
  if (shutMs === undefined) return { next: { ...was, shutMs: sight.nowMs }, effects: [{ do: "reidentify", bay }] };
  const inside = sight.packSince(bay, shutMs);
  if (inside?.packId === undefined && sight.nowMs - shutMs <= swap.inspectMs) return stay(was);
  return was.packId !== undefined && inside?.packId === was.packId
    ? putBack(was, was.packId, sight, context)
    : end("completed-exchanged");
}

/**
 * The pack is back where it was: the rider is owed it, and its door opens again like after any shutting too early. Not after a
 * restart, when nobody may be standing there: then it stays shut, and the debt is written down.
 */
function putBack(was: In<"taken">, packId: string, sight: Sight, { config }: SwapContext): SwapStep {
  const { nowMs } = sight;
  const reopens = was.unattended ? config.swap.reopenTries : 0;
  const record = { kind: "swap-stage", swap: was.id, stage: "out-open", bay: was.outBay, packId } as const;
  return {
    next: { ...baseOf(was), at: "await-take", sinceMs: nowMs, reopens, shutMs: nowMs, packId },
    effects: [{ do: "record", swap: was.id, record }],
  };
}
