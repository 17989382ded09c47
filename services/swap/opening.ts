/**
 * Opening one door, the same way for every reason to open it: wait for the station's one lock turn, drive a pulse, look at
 * the door with contacts sampled after the pulse. A pulse whose answer was lost counts as driven and is looked at first:
 * it is never repeated blindly.
 */
import type { SwapConfig } from "../config.ts";
import type { Effect } from "../effects.ts";
import { say } from "../prompts.ts";
import type { FailedBay, Opening, Sight, SwapInput } from "./swap.ts";

export type OpeningSight = Pick<
  Sight,
  "nowMs" | "door" | "contactsMs" | "lockFree" | "openElsewhere" | "hot" | "currentMa"
>;

export interface OpeningOptions {
  /** Whom the pulse serves: a swap, or an operator's request. */
  readonly swap: string | undefined;
  readonly request?: string;
  readonly cabinet: string;
  readonly config: SwapConfig;
}

export type OpeningResult =
  | { readonly is: "going-on"; readonly opening: Opening; readonly effects: readonly Effect[] }
  | { readonly is: "open" }
  | { readonly is: "failed"; readonly why: FailedBay["why"] };

/** Below this the charger counts as off. */
export const quietMa = 100;

/** A lock that did not answer for this long, behind a slow disk even, is not going to: look at the door. */
const answerMsMax = 10_000;

/** Longer than another bay's coil takes: what is still not free rests. */
const restToldMs = 2_000;

/** A contradiction right after a pulse is the latch moving before the door; longer than this it is a broken contact. */
const unclearMsMax = 3_000;

export function stepOpening(
  was: Opening,
  input: SwapInput,
  sight: OpeningSight,
  options: OpeningOptions,
): OpeningResult {
  switch (was.step) {
    case "want":
      return want(was, sight, options);
    case "held":
      return held(was, sight, options.config);
    case "driving": {
      if (sight.door(was.bay) === "open") return { is: "open" };
      const answered = (input.type !== "look" && input.bay === was.bay) || sight.nowMs - was.sinceMs > answerMsMax;
      return goingOn(answered ? { ...was, step: "look", sinceMs: sight.nowMs } : was);
    }
    case "look":
      return lookAtDoor(was, sight, options.config);
  }
}

const goingOn = (opening: Opening, effects: readonly Effect[] = []): OpeningResult => ({
  is: "going-on",
  opening,
  effects,
});

function want(was: Opening, sight: OpeningSight, { swap, request, cabinet, config }: OpeningOptions): OpeningResult {
  const door = sight.door(was.bay);
  if (door === "open") return { is: "open" };
  // A process that stood still knows what was, and no more. Who opens on order stands there and may open what is not heard.
  if (door === "unknown" && swap !== undefined)
    return sight.nowMs - was.sinceMs > unclearMsMax ? { is: "failed", why: "lock-failed" } : goingOn(was);
  // Nobody is handed fire, not even his own (E13), and no door opens on a live connector (E19).
  if (sight.hot(was.bay)) return { is: "failed", why: "unfit" };
  if (Math.abs(sight.currentMa(was.bay) ?? 0) >= quietMa) {
    const patient = sight.nowMs - was.sinceMs <= config.chargerOffWaitMs;
    return patient ? goingOn(was) : { is: "failed", why: "charger-stuck" };
  }
  const openBay = sight.openElsewhere(was.bay);
  if (openBay !== undefined && swap !== undefined) {
    return goingOn({ ...was, step: "held", sinceMs: sight.nowMs }, [
      { do: "record", swap, record: { kind: "swap-held", swap, bay: was.bay, openBay } },
      { do: "prompt", cabinet, prompt: say("shut-door", { bay: openBay }) },
    ]);
  }
  if (!sight.lockFree(was.bay)) return waitForLock(was, sight, { swap, cabinet });
  const opening: Opening = { ...was, step: "driving", pulses: was.pulses + 1, sinceMs: sight.nowMs };
  const asked = request === undefined ? {} : { request };
  return goingOn(opening, [{ do: "unlock", bay: was.bay, swap, ...asked, decidedMs: sight.nowMs }]);
}

/** A lock that had its three pulses rests half a minute; whoever stands before it hears so, once. */
function waitForLock(
  was: Opening,
  sight: OpeningSight,
  { swap, cabinet }: Pick<OpeningOptions, "swap" | "cabinet">,
): OpeningResult {
  const isLong = sight.nowMs - was.sinceMs > restToldMs;
  if (swap === undefined || was.restTold === true || !isLong) return goingOn(was);
  const prompt = say("lock-resting", { bay: was.bay });
  return goingOn({ ...was, restTold: true }, [{ do: "prompt", cabinet, prompt }]);
}

/** Two open doors of one swap are never: whoever reopened the other one shuts it, or this door stays shut. */
function held(was: Opening, sight: OpeningSight, config: SwapConfig): OpeningResult {
  if (sight.door(was.bay) === "open") return { is: "open" };
  if (sight.openElsewhere(was.bay) === undefined) return goingOn({ ...was, step: "want", sinceMs: sight.nowMs });
  return sight.nowMs - was.sinceMs > config.takeWindowMs ? { is: "failed", why: "lock-failed" } : goingOn(was);
}

function lookAtDoor(was: Opening, sight: OpeningSight, config: SwapConfig): OpeningResult {
  const door = sight.door(was.bay);
  if (door === "open") return { is: "open" };
  const waitedMs = sight.nowMs - was.sinceMs;
  if (waitedMs > unclearMsMax) return { is: "failed", why: "lock-failed" };
  // Only contacts sampled well after the pulse can say that the door stayed shut.
  const lookedAfter = sight.contactsMs(was.bay) - was.sinceMs >= config.doorFeedbackMs / 2;
  if (door === "unknown" || waitedMs <= config.doorFeedbackMs || !lookedAfter) return goingOn(was);
  return was.pulses >= config.pulsesPerDoor
    ? { is: "failed", why: "lock-failed" }
    : goingOn({ ...was, step: "want", sinceMs: sight.nowMs });
}
