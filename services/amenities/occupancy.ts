/**
 * What follows people: lights, ventilation and the lamp that shows a toilet taken. It refuses to leave anybody in the dark: a
 * presence that is not heard counts as somebody.
 */
import { z } from "zod";
import { fresh, type Reading } from "../reading.ts";
import { amenityId } from "./outlets.ts";

export const FollowerConfig = z
  .strictObject({
    kind: z
      .literal(["light", "ventilation", "toilet-light"])
      .meta({ description: "Follows presence; `toilet-light` shows it at once." }),
    id: amenityId,
    afterMs: z
      .int()
      .min(0)
      .max(3_600_000)
      .default(300_000)
      .meta({ unit: "ms", description: "Stays on this long after the last presence; a toilet's lamp does not." }),
    heardMs: z
      .int()
      .min(1_000)
      .max(60_000)
      .default(10_000)
      .meta({ unit: "ms", description: "Presence not heard this long is unknown." }),
  })
  .meta({ description: "Light, ventilation or toilet lamp." });
export type FollowerConfig = z.output<typeof FollowerConfig>;

export interface FollowerState {
  readonly on: boolean;
  readonly seenMs: number;
}

export const newFollower = (nowMs: number): FollowerState => ({ on: true, seenMs: nowMs });

/** Smoke and the extinguisher decide about ventilation elsewhere; `stopped` here only takes away. */
export function stepFollower(
  was: FollowerState,
  look: { readonly nowMs: number; readonly present: Reading<boolean> | undefined; readonly stopped: boolean },
  config: FollowerConfig,
): FollowerState {
  const here = fresh(look.present, look.nowMs, config.heardMs) !== false;
  const seenMs = here ? look.nowMs : was.seenMs;
  const afterMs = config.kind === "toilet-light" ? 0 : config.afterMs;
  const wanted = here || look.nowMs - seenMs < afterMs;
  // Light is never taken from anybody who has to find the way out.
  const on = wanted && !(look.stopped && config.kind === "ventilation");
  return { on, seenMs };
}
