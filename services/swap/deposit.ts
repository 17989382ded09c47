/** The first half of a swap: the empty bay opens, the rider's pack goes in and is judged, or goes back to its rider. */
import type { StationConfig } from "../config.ts";
import type { Effect } from "../effects.ts";
import { say } from "../prompts.ts";
import type { PackReading } from "../readings.ts";
import { inspect } from "./inspection.ts";
import { stepOpening } from "./opening.ts";
import type { EndCode } from "./outcomes.ts";
import { baseOf, isFailed, newOpening, type Sight, type Swap, type SwapInput, type SwapStep } from "./swap.ts";

export interface SwapContext {
  readonly config: StationConfig;
  readonly ownPack: RegExp;
}

const wakesMax = 3;
/** How old the word of the full pack about its own charge may be when it is compared. */
const stockHeardMs = 15_000;

type In<A extends Swap["at"]> = Extract<Swap, { at: A }>;

const stay = (swap: Swap): SwapStep => ({ next: swap, effects: [] });
const end = (outcome: EndCode, effects: readonly Effect[] = []): SwapStep => ({
  next: { at: "ended", outcome },
  effects,
});

function prompt(swap: Swap, id: Parameters<typeof say>[0], bay?: number): Effect {
  return { do: "prompt", cabinet: swap.cabinet, prompt: bay === undefined ? say(id) : say(id, { bay }) };
}

/** Every state of the deposit has its bay: only a swap that pays a debt has none, and that begins behind them. */
const bayIn = (swap: Swap): number => swap.inBay as number;
const mine = ({ id, cabinet }: Swap) => ({ swap: id, cabinet });

const reopened = (swap: Swap, bay: number, why: "nothing-inserted" | "plug-not-home"): Effect => ({
  do: "record",
  swap: swap.id,
  record: { kind: "swap-reopened", swap: swap.id, bay, why },
});

/** OPENING_IN: a door that fails is locked out by the station; the next empty bay is journalled before its pulse. */
export function stepOpeningIn(was: In<"opening-in">, input: SwapInput, sight: Sight, context: SwapContext): SwapStep {
  const result = stepOpening(was.opening, input, sight, { ...mine(was), config: context.config.swap });
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
  const failed = { bay, why: result.why };
  const failedBays = [...was.failedBays, failed];
  // The reserved bay may stand empty by now, robbed: what the rider put there would be what they are given.
  const other = sight.emptyBays().find((one) => one !== was.outBay && !isFailed(failedBays, one));
  if (other === undefined) return { next: { at: "ended", outcome: "no-door-opened", failed }, effects: [] };
  const spares = was.spares.filter((bay) => bay !== other);
  return {
    next: { ...was, failedBays, inBay: other, spares, opening: newOpening(other, sight.nowMs) },
    effects: [
      { do: "record", swap: was.id, record: { kind: "swap-bay-chosen", swap: was.id, inBay: other, spares } },
      prompt(was, "door-fault-other", other),
    ],
  };
}

function shutWithNothing(was: In<"await-insert">, sight: Sight, context: SwapContext): SwapStep {
  if (was.reopens >= context.config.swap.reopenTries) return end("nothing-inserted");
  const bay = bayIn(was);
  return {
    next: { ...baseOf(was), at: "reopening-in", opening: newOpening(bay, sight.nowMs), reopens: was.reopens + 1 },
    effects: [reopened(was, bay, "nothing-inserted"), prompt(was, "insert-again", bay)],
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
      next: { ...baseOf(was), at: "inspecting", sinceMs: was.shutMs, reopens: was.reopens, wakes: 0 },
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
  const result = stepOpening(was.opening, input, sight, { ...mine(was), config: context.config.swap });
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
  const failed = { bay: was.opening.bay, why: result.why };
  return { next: { at: "ended", outcome: "nothing-inserted", failed }, effects: [] };
}

function giveBack(was: Swap, because: EndCode, sight: Sight, packId?: string): SwapStep {
  const bay = bayIn(was);
  const pack = packId === undefined ? {} : { packId };
  return {
    next: { ...baseOf(was), at: "returning", opening: newOpening(bay, sight.nowMs), because },
    effects: [
      {
        do: "record",
        swap: was.id,
        record: { kind: "swap-stage", swap: was.id, stage: "returning", bay, because, ...pack },
      },
    ],
  };
}

/** A silent pack is asked anew three times within the time it has (E17). */
function askAgain(was: In<"inspecting">, waitedMs: number, inspectMs: number): SwapStep {
  if (was.wakes >= wakesMax || waitedMs < ((was.wakes + 1) * inspectMs) / (wakesMax + 1)) return stay(was);
  return { next: { ...was, wakes: was.wakes + 1 }, effects: [{ do: "reidentify", bay: bayIn(was) }] };
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
    if (waitedMs <= config.swap.inspectMs) return askAgain(was, waitedMs, config.swap.inspectMs);
    if (was.reopens >= config.swap.reopenTries) return giveBack(was, "pack-unreadable", sight);
    return {
      next: { ...baseOf(was), at: "reopening-in", opening: newOpening(bay, sight.nowMs), reopens: was.reopens + 1 },
      effects: [reopened(was, bay, "plug-not-home"), prompt(was, "push-plug", bay)],
    };
  }
  return judged(was, pack, pack.packId, { sight, context });
}

/** What becomes of the pack that identified itself: back to its rider with the reason, or accepted, perhaps set aside. */
function judged(
  was: In<"inspecting">,
  pack: PackReading,
  packId: string,
  { sight, context }: { readonly sight: Sight; readonly context: SwapContext },
): SwapStep {
  const { config, ownPack } = context;
  const bay = bayIn(was);
  const stockSocPct = sight.packSince(was.outBay, sight.nowMs - stockHeardMs)?.socPct;
  const verdict = inspect(pack, packId, {
    config,
    ownPack,
    holder: sight.holderOf(packId),
    member: was.member,
    stockSocPct,
    wasOffered: sight.wasOffered,
  });
  if (verdict.is === "give-back") return giveBack(was, verdict.because, sight, packId);
  const apart = verdict.is === "isolated" ? { setAside: verdict.why } : {};
  const { socPct } = pack;
  const record = { kind: "swap-stage", swap: was.id, stage: "in-accepted", bay, packId, socPct, ...apart } as const;
  const effects: Effect[] = [{ do: "record", swap: was.id, record }];
  if (verdict.is === "isolated") effects.push(prompt(was, "pack-set-aside"));
  return { next: { ...baseOf(was), packIn: packId, at: "preparing-out", sinceMs: sight.nowMs }, effects };
}

/** RETURNING: the rider's own pack goes back. A door that will not open leaves a debt and calls the operator (E21). */
export function stepReturning(was: In<"returning">, input: SwapInput, sight: Sight, context: SwapContext): SwapStep {
  const result = stepOpening(was.opening, input, sight, { ...mine(was), config: context.config.swap });
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
    case "pack-leaking":
      return say("leaking", { bay });
    case "better-than-stock":
      return say("better-than-stock", { bay });
    case "own-pack-returned":
      return say("own-pack-returned", { bay });
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
