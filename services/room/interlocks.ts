/**
 * The last word over the room, taken from the readings themselves and not from what a service made of them. It only ever takes
 * away. Doors have no line here: off lets out, and the exit is nobody's to hold.
 */
import type { AmenityConfig } from "../amenities/config.ts";
import { type ClimateRemoval, interlockClimate, restingClimate } from "../climate/levels.ts";
import { interlockFridge, restingFridge } from "../fridge/levels.ts";
import { fresh } from "../reading.ts";
import type { RoomContext } from "./draft.ts";
import type { RoomDurable } from "./durable.ts";
import type { AmenityOutput, RoomLevels } from "./levels.ts";
import { amenityReadings, climateLook, fridgeLook } from "./looks.ts";

export type RoomRemovalReason =
  | ClimateRemoval
  | "stopped"
  | "no-water"
  | "leak"
  | "too-hot"
  | "no-sample"
  | "latched"
  | "master-enable-off"
  | "fridge";

export interface RoomRemoval {
  /** `climate`, `fridge`, or the amenity's id. */
  readonly at: string;
  readonly reason: RoomRemovalReason;
}

type Outputs = Partial<Record<AmenityOutput, boolean>>;

/** Why the boiler's element must be off, whatever the rules made of it. */
function boilerDanger(
  config: Extract<AmenityConfig, { kind: "hot-water" }>,
  durable: RoomDurable,
  context: RoomContext,
): RoomRemovalReason | undefined {
  const { contacts, tempC } = amenityReadings(context, config.id);
  const nowMs = context.now.monotonicMs;
  const heardC = fresh(tempC, nowMs, config.staleMs);
  if (durable.latches[config.id] !== undefined) return "latched";
  if (fresh(contacts.leaking, nowMs, config.staleMs) !== false) return "leak";
  if (fresh(contacts.filled, nowMs, config.staleMs) !== true) return "no-water";
  if (heardC === undefined || !Number.isFinite(heardC)) return "no-sample";
  if (heardC > config.hardLimitC) return "too-hot";
  return context.powered ? undefined : "master-enable-off";
}

/** What runs on while everything else is stopped: ways out, light, calls for help, and doors of lockers. */
const survives = (output: AmenityOutput): boolean =>
  output === "lamp" || output === "siren" || output.startsWith("lock-");

function withoutPower(wanted: Outputs): Outputs {
  const kept: Outputs = {};
  for (const output of Object.keys(wanted) as AmenityOutput[])
    kept[output] = wanted[output] === true && survives(output);
  return kept;
}

function passAmenity(config: AmenityConfig, wanted: Outputs, { durable, context, removed }: Pass): Outputs {
  if (context.stopped) {
    const kept = withoutPower(wanted);
    const took = (Object.keys(wanted) as AmenityOutput[]).some(
      (output) => wanted[output] === true && kept[output] !== true,
    );
    if (took) removed.push({ at: config.id, reason: "stopped" });
    return kept;
  }
  if (config.kind !== "hot-water" || (wanted.element !== true && wanted.feed !== true)) return wanted;
  const reason = boilerDanger(config, durable, context);
  if (reason === undefined) return wanted;
  if (wanted.element === true) removed.push({ at: config.id, reason });
  return shutsFeed.has(reason) ? { element: false, feed: false, tap: false } : { ...wanted, element: false };
}

/** Nothing more flows into, or out of, a boiler that leaks, is too hot or is latched. */
const shutsFeed: ReadonlySet<RoomRemovalReason> = new Set(["latched", "leak", "too-hot"]);

interface Pass {
  readonly durable: RoomDurable;
  readonly context: RoomContext;
  readonly removed: RoomRemoval[];
}

function passClimate(wanted: RoomLevels["climate"], { durable, context, removed }: Pass): RoomLevels["climate"] {
  const { config, stopped } = context;
  if (config.climate === undefined) return wanted;
  const passed = interlockClimate(wanted, climateLook(durable, context), durable.climate, config.climate);
  for (const reason of passed.removed) removed.push({ at: "climate", reason });
  if (!stopped) return passed.levels;
  if (wanted.heaterPct > 0 || wanted.cooler) removed.push({ at: "climate", reason: "stopped" });
  return restingClimate;
}

function passFridge(wanted: RoomLevels["fridge"], { context, removed }: Pass): RoomLevels["fridge"] {
  const { config, stopped } = context;
  if (config.fridge === undefined) return wanted;
  const cold = stopped ? restingFridge : interlockFridge(wanted, fridgeLook(context), config.fridge);
  if (cold.compressor !== wanted.compressor || cold.defrostHeater !== wanted.defrostHeater)
    removed.push({ at: "fridge", reason: stopped ? "stopped" : "fridge" });
  return { ...cold, lock: wanted.lock };
}

export function interlockRoom(
  wanted: RoomLevels,
  durable: RoomDurable,
  context: RoomContext,
): { readonly levels: RoomLevels; readonly removed: readonly RoomRemoval[] } {
  const pass: Pass = { durable, context, removed: [] };
  const climate = passClimate(wanted.climate, pass);
  const fridge = passFridge(wanted.fridge, pass);
  const amenities: Record<string, Outputs> = {};
  for (const amenity of context.config.amenities)
    amenities[amenity.id] = passAmenity(amenity, wanted.amenities[amenity.id] ?? {}, pass);
  return { levels: { doors: wanted.doors, climate, fridge, amenities }, removed: pass.removed };
}
