/** The same for the room: its heater, its boilers and, above all, its exit. Types come from the other half; no rule is shared. */
import type { DoorConfig } from "../access/config.ts";
import type { DoorReadings } from "../access/readings.ts";
import type { RoomSample } from "../climate/readings.ts";
import type { Reading } from "../reading.ts";
import type { Granted, SafetyAssertion } from "./assertion.ts";

/** A heater may outlive its last sample by the 5 s after which it is stale, and as long again. */
const blindHeatMs = 10_000;
/** A sample this young is believed by every configuration. */
const surelyHeardMs = 3_000;
const contactMs = 5_000;

function isFire({ state }: Granted): boolean {
  for (const _latched in state.durable.safety.latches) return true;
  const { zones } = state.alerts;
  for (const cabinet in zones) if (zones[cabinet]?.alert === true) return true;
  return false;
}

const isSample = (sample: Reading<RoomSample> | undefined, ageMs: number, { nowMs }: Granted): boolean =>
  sample !== undefined && sample.quality === "good" && nowMs - sample.atMs <= ageMs;

function blindRoomHeat(granted: Granted): string | undefined {
  const { levels, readings } = granted;
  if (levels.room === undefined || levels.room.climate.heaterPct <= 0) return undefined;
  const air = readings.room?.air ?? [];
  for (let at = 0; at < air.length; at++) if (isSample(air[at], blindHeatMs, granted)) return undefined;
  return "the room is heated without a temperature of the last ten seconds";
}

function fedRoomHeater(granted: Granted): string | undefined {
  const { levels, readings, state, config } = granted;
  const { room } = levels;
  const climate = config.room?.climate;
  if (room === undefined || climate === undefined || (room.climate.heaterPct <= 0 && !room.climate.heaterFeed))
    return undefined;
  if (state.durable.room.climate.latch !== undefined) return "the room's heater is fed although it is latched off";
  const air = readings.room?.air ?? [];
  for (let at = 0; at < air.length; at++) {
    const tempC = air[at]?.value.tempC ?? 0;
    const isHot = tempC > climate.hardLimitC && tempC <= climate.rangeMaxC;
    if (isHot && isSample(air[at], surelyHeardMs - 1, granted)) return `the room's heater is fed at ${tempC} °C`;
  }
  return undefined;
}

function fedBoiler({ levels, state }: Granted): string | undefined {
  if (levels.room === undefined) return undefined;
  const { latches } = state.durable.room;
  for (const id in latches)
    if (latches[id] !== undefined && levels.room.amenities[id]?.element === true)
      return `${id} is fed although it is latched off`;
  return undefined;
}

function warmInFire(granted: Granted): string | undefined {
  const { room } = granted.levels;
  if (room === undefined || !isFire(granted)) return undefined;
  if (room.climate.heaterPct > 0 || room.climate.heaterFeed) return "the room is heated in a fire";
  for (const id in room.amenities) if (room.amenities[id]?.element === true) return `${id} heats in a fire`;
  return undefined;
}

const says = (contact: Reading<boolean> | undefined, value: boolean, { nowMs }: Granted): boolean =>
  contact !== undefined && contact.quality === "good" && contact.value === value && nowMs - contact.atMs <= contactMs;

/** A magnet holds both ways: it needs a button that breaks its supply, and contacts that say that nobody wants out. */
function holdsExit(door: DoorConfig, seen: DoorReadings | undefined, granted: Granted): string | undefined {
  if (door.lock !== "magnet") return "is held by a magnet that it does not have";
  if (!door.exitBreaksPower) return "is held although nobody inside can break its supply";
  if (isFire(granted)) return "is held in a fire";
  return says(seen?.exitRequest, false, granted) ? undefined : "is held although somebody may want to leave";
}

function heldExit(granted: Granted): string | undefined {
  const { levels, config, readings } = granted;
  if (levels.room === undefined || config.room === undefined) return undefined;
  for (const door of config.room.access.doors) {
    if (levels.room.doors[door.id]?.magnet !== true) continue;
    const why = holdsExit(door, readings.room?.doors[door.id], granted);
    if (why !== undefined) return `door ${door.id} ${why}`;
  }
  return undefined;
}

export const roomAssertions: readonly SafetyAssertion[] = [
  { invariant: "I6", says: "the room is not heated blindly", breach: blindRoomHeat },
  { invariant: "I9", says: "no heater of the room is fed beyond its hard limit, or latched", breach: fedRoomHeater },
  { invariant: "I9", says: "no boiler is fed that is latched", breach: fedBoiler },
  { invariant: "I13", says: "nothing of the room heats in a fire", breach: warmInFire },
  { invariant: "I14", says: "nothing holds a door against whoever wants out", breach: heldExit },
];
