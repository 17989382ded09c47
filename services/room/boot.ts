/** The room at a start: what the log remembers, and everything else unproven and off. */
import { bootAccess } from "../access/state.ts";
import type { AmenityConfig } from "../amenities/config.ts";
import { newHelp } from "../amenities/help.ts";
import { newHotWater } from "../amenities/hot-water.ts";
import { newFollower } from "../amenities/occupancy.ts";
import { newOutlet } from "../amenities/outlets.ts";
import { newRescue } from "../amenities/rescue-cabinet.ts";
import { newClimate } from "../climate/state.ts";
import { newFridge } from "../fridge/state.ts";
import type { RoomConfig } from "./config.ts";
import type { RoomDurable } from "./durable.ts";
import type { AmenityState, RoomState } from "./state.ts";

function newAmenity(config: AmenityConfig, nowMs: number): AmenityState {
  switch (config.kind) {
    case "hot-water":
      return { kind: "hot-water", state: newHotWater(nowMs), pressed: false };
    case "microwave":
    case "socket":
      return { kind: "outlet", state: newOutlet(nowMs), pressed: false };
    case "phone-lockers":
    case "gift-lockers":
      return { kind: "lockers", turn: undefined, unproven: [] };
    case "rescue-cabinet":
      return { kind: "rescue", state: newRescue };
    case "light":
    case "ventilation":
    case "toilet-light":
      return { kind: "follower", state: newFollower(nowMs) };
    case "help":
      return { kind: "help", state: newHelp };
  }
}

export function bootRoom(config: RoomConfig, durable: RoomDurable, nowMs: number): RoomState {
  return {
    access: bootAccess(durable.access, config.access, nowMs),
    climate: config.climate === undefined ? undefined : newClimate(nowMs, config.climateSensors),
    fridge: config.fridge === undefined ? undefined : newFridge(nowMs, durable.fridge.aboveMs),
    fridgeTurn: undefined,
    amenities: Object.fromEntries(config.amenities.map((amenity) => [amenity.id, newAmenity(amenity, nowMs)])),
    lookMs: nowMs,
  };
}
