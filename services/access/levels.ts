/**
 * What a door's lock is given now, afresh at every scan. Off, or dead, always means that whoever is inside can leave: a strike
 * is powered to let in, and a magnet is powered to keep out only while every contact that could say otherwise was heard just now.
 * The chamber's rule only takes away from letting in; nothing here waits for another door before it lets somebody out.
 */
import type { DoorConfig } from "./config.ts";
import type { DoorState } from "./door.ts";
import type { DoorSight } from "./readings.ts";
import { type AccessContext, type AccessState, modeOfDoor, sightOfDoor } from "./state.ts";

export interface DoorLevels {
  readonly strike: boolean;
  readonly magnet: boolean;
}

export const restingDoor: DoorLevels = { strike: false, magnet: false };

export interface DoorFacts {
  readonly nowMs: number;
  readonly sight: DoorSight;
  /** Anybody may come in now. */
  readonly free: boolean;
  readonly fire: boolean;
  /** The other door of the chamber is not known to be shut. */
  readonly otherOpen: boolean;
}

const isGranted = ({ position }: DoorState, nowMs: number): boolean =>
  position.at === "granted" && nowMs <= position.untilMs;

/** A magnet holds both ways, so it is on only when everything speaks for it; whatever is not known speaks against it. */
function mayHold(state: DoorState, { nowMs, sight, free, fire }: DoorFacts, config: DoorConfig): boolean {
  if (!config.exitBreaksPower || fire || free) return false;
  if (sight.exit !== false || nowMs <= state.exitUntilMs) return false;
  if (state.tampered || state.lockPower === "lost") return false;
  return sight.shut === true && state.position.at === "shut";
}

export function doorLevels(state: DoorState, facts: DoorFacts, config: DoorConfig): DoorLevels {
  if (config.lock === "magnet") return { strike: false, magnet: mayHold(state, facts, config) };
  const { nowMs, fire, free, otherOpen } = facts;
  const leaving = fire || facts.sight.exit === true || nowMs <= state.exitUntilMs;
  const coming = (free || isGranted(state, nowMs)) && !otherOpen;
  return { strike: leaving || coming, magnet: false };
}

/** The levels of all doors. */
export function accessLevels(state: AccessState, context: AccessContext): Readonly<Record<string, DoorLevels>> {
  const { config, fire, now } = context;
  const levels = config.doors.map((door) => {
    const own = state.doors[door.id];
    if (own === undefined) return [door.id, restingDoor] as const;
    const others = config.doors.filter(
      (other) => other.id !== door.id && (door.interlockWith === other.id || other.interlockWith === door.id),
    );
    const facts: DoorFacts = {
      nowMs: now.monotonicMs,
      sight: sightOfDoor(context, door.id),
      free: modeOfDoor(state, door, context) === "open",
      fire,
      otherOpen: others.some((other) => sightOfDoor(context, other.id).shut !== true),
    };
    return [door.id, doorLevels(own, facts, door)] as const;
  });
  return Object.fromEntries(levels);
}
