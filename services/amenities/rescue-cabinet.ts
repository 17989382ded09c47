/**
 * The first-aid cabinet and the AED: never locked, so there is no output and no request here at all. Opening one sounds the
 * local alarm and is told; an AED that is not in its place stays a fault until it hangs there again. It refuses to take an
 * unheard contact for a device in its place.
 */
import { z } from "zod";
import { fresh, type Reading } from "../reading.ts";
import { amenityId } from "./outlets.ts";

export const RescueCabinetConfig = z
  .strictObject({
    kind: z.literal("rescue-cabinet").meta({ description: "First-aid cabinet, with or without an AED." }),
    id: amenityId,
    hasAed: z.boolean().default(false).meta({ description: "A contact tells whether the AED is in its place." }),
    alarmMs: z
      .int()
      .min(5_000)
      .max(300_000)
      .default(20_000)
      .meta({ unit: "ms", description: "The local alarm sounds this long after an opening." }),
    heardMs: z
      .int()
      .min(1_000)
      .max(60_000)
      .default(10_000)
      .meta({ unit: "ms", description: "A contact not heard this long is lost." }),
  })
  .meta({ description: "First-aid cabinet and AED." });
export type RescueCabinetConfig = z.output<typeof RescueCabinetConfig>;

export interface RescueLook {
  readonly nowMs: number;
  readonly shut: Reading<boolean> | undefined;
  /** True = the AED is in its place. */
  readonly inPlace: Reading<boolean> | undefined;
}

export interface RescueState {
  readonly open: boolean;
  readonly openedMs: number | undefined;
  /** `unknown` until it was heard once. */
  readonly aed: "in-place" | "missing" | "unknown";
}

export const newRescue: RescueState = { open: false, openedMs: undefined, aed: "unknown" };

export type RescueRecord = {
  readonly kind: "rescue-opened" | "aed-taken" | "aed-returned";
  readonly id: string;
};

export function stepRescue(
  was: RescueState,
  look: RescueLook,
  config: RescueCabinetConfig,
): { readonly state: RescueState; readonly records: readonly RescueRecord[] } {
  const { nowMs } = look;
  const { id } = config;
  const shut = fresh(look.shut, nowMs, config.heardMs);
  const open = shut === undefined ? was.open : !shut;
  const opens = open && !was.open;
  const inPlace = config.hasAed ? fresh(look.inPlace, nowMs, config.heardMs) : undefined;
  const aed = inPlace === undefined ? was.aed : inPlace ? "in-place" : "missing";
  const records: RescueRecord[] = [];
  if (opens) records.push({ kind: "rescue-opened", id });
  if (aed === "missing" && was.aed !== "missing") records.push({ kind: "aed-taken", id });
  if (aed === "in-place" && was.aed === "missing") records.push({ kind: "aed-returned", id });
  return { state: { open, openedMs: opens ? nowMs : was.openedMs, aed }, records };
}

export const rescueAlarm = ({ openedMs }: RescueState, nowMs: number, config: RescueCabinetConfig): boolean =>
  openedMs !== undefined && nowMs - openedMs < config.alarmMs;

export type RescueFault = "aed-missing" | "rescue-contact-lost";

export function rescueFaults(
  state: RescueState,
  look: RescueLook,
  config: RescueCabinetConfig,
): readonly RescueFault[] {
  const found: RescueFault[] = [];
  if (config.hasAed && state.aed === "missing") found.push("aed-missing");
  const lost = (reading: Reading<boolean> | undefined) => fresh(reading, look.nowMs, config.heardMs) === undefined;
  if (lost(look.shut) || (config.hasAed && lost(look.inPlace))) found.push("rescue-contact-lost");
  return found;
}
