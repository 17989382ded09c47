/**
 * What is granted to be on: the levels of a state, after the interlocks had the last word. Pure: the same state, readings and
 * moment grant the same. It leases nothing; that is the runner's.
 */
import { type InterlockFacts, interlock, type Removal } from "../interlocks.ts";
import type { Levels } from "../levels.ts";
import type { StationReadings } from "../readings.ts";
import { contextInForce } from "./in-force.ts";
import { deriveLevels } from "./levels.ts";
import { turnFreeMs } from "./lock-turn.ts";
import type { Moment } from "./moment.ts";
import { roomLevelsOf } from "./room.ts";
import type { StationContext, StationState } from "./state.ts";

export interface GrantInput {
  readonly nowMs: number;
  readonly readings: StationReadings;
  /** The guardian holds the master enable. */
  readonly masterEnabled: boolean;
  /** Only a station with a room of its own asks for the time of day. */
  readonly room?: { readonly wallMs: number; readonly moment?: Moment };
}

export interface Grant {
  readonly levels: Levels;
  readonly removed: readonly Removal[];
}

/** The levels that a state wants, before the interlocks: worked out again only when there is another state. */
export const wantedLevels = (state: StationState, context: StationContext): Levels =>
  deriveLevels(state, contextInForce(context, state));

function withRoom(levels: Levels, state: StationState, input: GrantInput, context: StationContext): Levels {
  if (input.room === undefined) return levels;
  const { nowMs, readings } = input;
  const room = roomLevelsOf(state, { nowMs, readings, ...input.room }, context);
  if (room === undefined) return levels;
  const { bays, fans, safety } = levels;
  return { bays, fans, safety, room: room.levels };
}

/** `wanted` are the state's own levels, for a caller that keeps them. */
export function grantLevels(
  state: StationState,
  input: GrantInput,
  context: StationContext,
  wanted: Levels = wantedLevels(state, context),
): Grant {
  const { nowMs, readings, masterEnabled } = input;
  const freeMs = turnFreeMs(state);
  const coilOn = freeMs !== undefined && nowMs < freeMs;
  const facts: InterlockFacts = {
    nowMs,
    lockBay: coilOn ? state.lockTurn?.bay : undefined,
    masterEnabled,
    alerts: state.alerts,
    latches: state.durable.safety.latches,
  };
  const inForce = contextInForce(context, state);
  const { levels, removed } = interlock(wanted, readings, facts, inForce.config);
  return { levels: withRoom(levels, state, input, inForce), removed };
}
