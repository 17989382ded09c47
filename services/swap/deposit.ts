/** The first half of a swap: the empty bay opens, the rider's pack goes in and is judged, or goes back to its rider. */
import type { StationConfig } from "../config.ts";
import type { Effect } from "../effects.ts";
import { say } from "../prompts.ts";
import { inspect } from "./inspection.ts";
import { stepOpening } from "./opening.ts";
import type { EndCode } from "./outcomes.ts";
import { baseOf, isFailed, newOpening, type Sight, type Swap, type SwapInput, type SwapStep } from "./swap.ts";

export interface SwapContext {
  readonly config: StationConfig;
  readonly ownPack: RegExp;
}

type In<A extends Swap["at"]> = Extract<Swap, { at: A }>;

const stay = (swap: Swap): SwapStep => ({ next: swap, effects: [] });
const end = (outcome: EndCode, effects: readonly Effect[] = []): SwapStep => ({
  next: { at: "ended", outcome },
  effects,
});

function prompt(swap: Swap, id: Parameters<typeof say>[0], bay?: number): Effect {
  return { do: "prompt", cabinet: swap.cabinet, prompt: bay === undefined ? say(id) : say(id, { bay }) };
}

const bayIn = (swap: Swap): number => swap.inBay ?? 0;

/** OPENING_IN: a door that fails is locked out by the station; the next empty bay is journalled before its pulse. */
export function stepOpeningIn(was: In<"opening-in">, input: SwapInput, sight: Sight, context: SwapContext): SwapStep {
  const result = stepOpening(was.opening, input, sight, { swap: was.id, config: context.config.swap });
  if (result.is === "going-on") return { next: { ...was, opening: result.opening }, effects: result.effects };
  const bay = was.opening.bay;
  if (result.is === "open") {
    return {
      next: { ...baseOf(was), at: "await-insert", sinceMs: sight.nowMs, reopens: 0, shutMs: undefined },
      effects: [
        { do: "record", swap: was.id, record: { kind: "swap-stage", swap: was.id, stage: "in-open", bay } },
        prompt(was, "insert-pack", bay),
      ],
    };
  }
  const failed = { bay, why: "lock-failed" } as const;
  const failedBays = [...was.failedBays, failed];
  const other = sight.emptyBays().find((candidate) => !isFailed(failedBays, candidate));
  if (other === undefined) return { next: { at: "ended", outcome: "no-door-opened", failed }, effects: [] };
  return {
    next: { ...was, failedBays, inBay: other, opening: newOpening(other, sight.nowMs) },
    effects: [
      {
        do: "record",
        swap: was.id,
        record: { kind: "swap-bay-chosen", swap: was.id, inBay: other, spares: was.spares },
      },
      prompt(was, "door-fault-other", other),
    ],
  };
}

function shutWithNothing(was: In<"await-insert">, sight: Sight, context: SwapContext): SwapStep {
  if (was.reopens >= context.config.swap.reopenTries) return end("nothing-inserted");
  const bay = bayIn(was);
  return {
    next: { ...baseOf(was), at: "reopening-in", opening: newOpening(bay, sight.nowMs), reopens: was.reopens + 1 },
    effects: [prompt(was, "insert-again", bay)],
  };
}

/** AWAIT_INSERT: shut with a pack → inspect; shut with nothing → open again, at most three times; window over → cancel. */
export function stepAwaitInsert(
  was: In<"await-insert">,
  _input: SwapInput,
  sight: Sight,
  context: SwapContext,
): SwapStep {
  const bay = bayIn(was);
  const { swap } = context.config;
  const door = sight.door(bay);
  if (door === "shut") {
    if (was.shutMs === undefined)
      return { next: { ...was, shutMs: sight.nowMs }, effects: [{ do: "reidentify", bay }] };
    const shutForMs = sight.nowMs - was.shutMs;
    const settled = sight.contactsMs(bay) >= was.shutMs && shutForMs >= swap.presenceSettleMs;
    const present = sight.present(bay);
    // A shut door with contacts that stay silent: what is inside is a person's to find out (P17).
    if (!settled || present === undefined) return shutForMs > swap.inspectMs ? end("interrupted") : stay(was);
    if (!present && sight.packSince(bay, was.shutMs) === undefined) return shutWithNothing(was, sight, context);
    return {
      next: { ...baseOf(was), at: "inspecting", sinceMs: was.shutMs, reopens: was.reopens },
      effects: [
        { do: "record", swap: was.id, record: { kind: "swap-stage", swap: was.id, stage: "in-closed", bay } },
        prompt(was, "inspecting"),
      ],
    };
  }
  const opened: Swap = was.shutMs === undefined ? was : { ...was, shutMs: undefined };
  if (sight.nowMs - was.sinceMs <= swap.insertWindowMs) return { next: opened, effects: [] };
  // The door is open or unclear and the window is over (E7). A late deposit is credited by the member's next scan.
  return end("suspended-open");
}

export function stepReopeningIn(
  was: In<"reopening-in">,
  input: SwapInput,
  sight: Sight,
  context: SwapContext,
): SwapStep {
  const result = stepOpening(was.opening, input, sight, { swap: was.id, config: context.config.swap });
  if (result.is === "going-on") return { next: { ...was, opening: result.opening }, effects: result.effects };
  if (result.is === "open") {
    const next: Swap = {
      ...baseOf(was),
      at: "await-insert",
      sinceMs: sight.nowMs,
      reopens: was.reopens,
      shutMs: undefined,
    };
    return { next, effects: [prompt(was, "insert-pack", was.opening.bay)] };
  }
  if (sight.present(was.opening.bay) !== false) return end("own-door-stuck");
  const failed = { bay: was.opening.bay, why: "lock-failed" } as const;
  return { next: { at: "ended", outcome: "nothing-inserted", failed }, effects: [] };
}

function giveBack(was: Swap, because: EndCode, sight: Sight): SwapStep {
  const bay = bayIn(was);
  return {
    next: { ...baseOf(was), at: "returning", opening: newOpening(bay, sight.nowMs), because },
    effects: [
      { do: "record", swap: was.id, record: { kind: "swap-stage", swap: was.id, stage: "returning", bay, because } },
    ],
  };
}

/** INSPECTING: identity and health decide; a pack that stays silent was not plugged home, so the door opens again first. */
export function stepInspecting(was: In<"inspecting">, _input: SwapInput, sight: Sight, context: SwapContext): SwapStep {
  const bay = bayIn(was);
  const { config } = context;
  const door = sight.door(bay);
  const waitedMs = sight.nowMs - was.sinceMs;
  if (door === "open") {
    const next: Swap = {
      ...baseOf(was),
      at: "await-insert",
      sinceMs: sight.nowMs,
      reopens: was.reopens,
      shutMs: undefined,
    };
    return { next, effects: [prompt(was, "shut-door", bay)] };
  }
  const pack = sight.packSince(bay, was.sinceMs);
  if (pack?.packId === undefined || door !== "shut") {
    if (waitedMs <= config.swap.inspectMs) return stay(was);
    if (was.reopens >= config.swap.reopenTries) return giveBack(was, "pack-unreadable", sight);
    return {
      next: { ...baseOf(was), at: "reopening-in", opening: newOpening(bay, sight.nowMs), reopens: was.reopens + 1 },
      effects: [prompt(was, "push-plug", bay)],
    };
  }
  const holder = sight.holderOf(pack.packId);
  const verdict = inspect(pack, pack.packId, { config, ownPack: context.ownPack, holder, member: was.member });
  if (verdict.is === "give-back") return giveBack(was, verdict.because, sight);
  const record = {
    kind: "swap-stage",
    swap: was.id,
    stage: "in-accepted",
    bay,
    packId: pack.packId,
    socPct: pack.socPct,
  } as const;
  return {
    next: { ...baseOf(was), packIn: pack.packId, at: "preparing-out", sinceMs: sight.nowMs },
    effects: [{ do: "record", swap: was.id, record }],
  };
}

/** RETURNING: the rider's own pack goes back. A door that will not open leaves a debt and calls the operator (E21). */
export function stepReturning(was: In<"returning">, input: SwapInput, sight: Sight, context: SwapContext): SwapStep {
  const result = stepOpening(was.opening, input, sight, { swap: was.id, config: context.config.swap });
  if (result.is === "going-on") return { next: { ...was, opening: result.opening }, effects: result.effects };
  if (result.is === "failed") return end("own-door-stuck");
  const next: Swap = { ...baseOf(was), at: "await-take-back", sinceMs: sight.nowMs, reopens: 0, because: was.because };
  return {
    next,
    effects: [{ do: "prompt", cabinet: was.cabinet, prompt: returnPrompt(was.because, was.opening.bay) }],
  };
}

function returnPrompt(because: EndCode, bay: number) {
  switch (because) {
    case "foreign-pack":
      return say("not-own-pack", { bay });
    case "other-riders-pack":
      return say("not-your-pack", { bay });
    case "pack-already-full":
      return say("already-full", { bay });
    case "pack-unreadable":
      return say("unreadable", { bay });
    case "full-door-failed":
      return say("full-door-failed", { bay });
    default:
      return say("take-back", { bay });
  }
}

/** The own pack is being taken back: over when the bay is empty and shut, or when the rider leaves it standing open. */
export function stepAwaitTakeBack(
  was: In<"await-take-back">,
  _input: SwapInput,
  sight: Sight,
  context: SwapContext,
): SwapStep {
  const bay = bayIn(was);
  const present = sight.present(bay);
  const door = sight.door(bay);
  const waitedMs = sight.nowMs - was.sinceMs;
  const settled = sight.contactsMs(bay) - was.sinceMs >= context.config.swap.presenceSettleMs;
  if (present === false && settled && (door === "shut" || waitedMs > context.config.swap.doorOpenAlarmMs))
    return end(was.because);
  if (waitedMs <= context.config.swap.takeWindowMs) return stay(was);
  // Still there after the window: an accepted pack is owed for, anything else is checked by a person and never offered.
  return end(was.packIn === undefined ? "left-behind" : "not-taken");
}
