/** The room's levels, derived afresh from its state and the time: computed at every scan, remembered nowhere. */
import { accessLevels } from "../access/levels.ts";
import type { AmenityConfig } from "../amenities/config.ts";
import { helpLevels } from "../amenities/help.ts";
import { hotWaterLevels } from "../amenities/hot-water.ts";
import { emptyLockers, phoneLevels } from "../amenities/lockers.ts";
import { outletLevel } from "../amenities/outlets.ts";
import { rescueAlarm } from "../amenities/rescue-cabinet.ts";
import { climateLevels, restingClimate } from "../climate/levels.ts";
import { fridgeLevels, restingFridge } from "../fridge/levels.ts";
import { accessContext, type RoomContext } from "./draft.ts";
import type { RoomDurable } from "./durable.ts";
import type { AmenityOutput, RoomLevels } from "./levels.ts";
import type { AmenityState, LockerTurn, RoomState } from "./state.ts";

type Outputs = Partial<Record<AmenityOutput, boolean>>;

function lockLevel(turn: LockerTurn | undefined, nowMs: number): Outputs {
  return turn?.untilMs !== undefined && nowMs < turn.untilMs ? { [`lock-${turn.locker}` as const]: true } : {};
}

function phoneOutputs(
  config: Extract<AmenityConfig, { kind: "phone-lockers" }>,
  turn: LockerTurn | undefined,
  { durable, context }: { readonly durable: RoomDurable; readonly context: RoomContext },
): Outputs {
  const { now, stopped } = context;
  const outputs = lockLevel(turn, now.monotonicMs);
  const wallMs = now.synchronised ? now.wallMs : undefined;
  if (stopped) return outputs;
  for (const locker of phoneLevels(durable.lockers[config.id] ?? emptyLockers, wallMs, config).powered)
    if (turn?.frees !== "opened" || locker !== turn.locker) outputs[`power-${locker}`] = true;
  return outputs;
}

function outputsOf(config: AmenityConfig, state: AmenityState, durable: RoomDurable, context: RoomContext): Outputs {
  const { monotonicMs: nowMs } = context.now;
  switch (state.kind) {
    case "hot-water":
      return { ...hotWaterLevels(state.state, durable.latches[config.id]?.why, nowMs) };
    case "outlet":
      return { power: outletLevel(state.state, nowMs) };
    case "lockers":
      return config.kind === "phone-lockers"
        ? phoneOutputs(config, state.turn, { durable, context })
        : lockLevel(state.turn, nowMs);
    case "rescue":
      return config.kind === "rescue-cabinet" ? { siren: rescueAlarm(state.state, nowMs, config) } : {};
    case "follower":
      return config.kind === "ventilation" ? { power: state.state.on } : { lamp: state.state.on };
    case "help":
      return config.kind === "help" ? { ...helpLevels(state.state, nowMs, config) } : {};
  }
}

export function deriveRoom(state: RoomState, durable: RoomDurable, context: RoomContext): RoomLevels {
  const { config, now } = context;
  const { fridgeTurn, fridge, climate } = state;
  const lock = fridgeTurn?.untilMs !== undefined && now.monotonicMs < fridgeTurn.untilMs;
  const amenities: Record<string, Outputs> = {};
  for (const amenity of config.amenities) {
    const own = state.amenities[amenity.id];
    if (own !== undefined) amenities[amenity.id] = outputsOf(amenity, own, durable, context);
  }
  const cold =
    fridge === undefined || config.fridge === undefined ? restingFridge : fridgeLevels(fridge, config.fridge);
  return {
    doors: accessLevels(state.access, accessContext(context)),
    climate: climate === undefined ? restingClimate : climateLevels(climate, durable.climate),
    fridge: { ...cold, lock },
    amenities,
  };
}
