/**
 * Where station and room meet: what the station knows that the room must know (fire, the emergency stop, the master enable, the
 * time of day), and the room's records on their way to the one log. It decides nothing of either.
 */
import type { StationEvent } from "../events.ts";
import type { OrderAnswer } from "../operators/requests.ts";
import type { StationReadings } from "../readings.ts";
import type { VerifySignature } from "../requests/asker.ts";
import { doorReason, type OrderRefusal } from "../requests/reasons.ts";
import type { RoomContext, RoomDraft, RoomEffect } from "../room/draft.ts";
import { interlockRoom, type RoomRemoval } from "../room/interlocks.ts";
import type { RoomLevels } from "../room/levels.ts";
import { orderRoom, type RoomRequest } from "../room/orders.ts";
import { deriveRoom } from "../room/outputs.ts";
import { changedRoom } from "../room/state.ts";
import { stepRoom } from "../room/step.ts";
import { isFire } from "../safety/alerts.ts";
import { type Draft, journal, type StationInput } from "./draft.ts";
import { answer } from "./openings.ts";
import type { StationContext, StationState } from "./state.ts";

/** Without a verifier no signature is good. */
const trustNone: VerifySignature = () => false;

export function roomContextOf(
  state: StationState,
  input: Pick<StationInput, "nowMs" | "wallMs" | "moment"> & { readonly readings: StationReadings },
  context: StationContext,
): RoomContext | undefined {
  const { config, members, verify } = context;
  const { room } = config;
  const readings = input.readings.room;
  if (room === undefined || readings === undefined) return undefined;
  const { alerts } = state;
  const { latches } = state.durable.safety;
  const fire = config.cabinets.some(({ id }) => isFire(alerts, latches, id));
  return {
    station: config.stationId,
    config: room,
    readings,
    members,
    verify: verify ?? trustNone,
    now: {
      monotonicMs: input.nowMs,
      wallMs: input.wallMs,
      synchronised: input.moment?.synchronised ?? false,
    },
    civil: input.moment?.civil,
    fire,
    stopped: fire || alerts.stopped,
    powered: input.moment?.powered ?? true,
  };
}

/** What could not be written down should have worked; everything else changed nothing. */
const refusedBy = (reason: OrderRefusal): OrderAnswer => ({
  status: reason === "cannot-record" ? "error" : "refused",
  reason,
});

function pass(draft: Draft, effect: RoomEffect): void {
  switch (effect.do) {
    case "record":
      journal(draft, effect.record, undefined, effect.at);
      return;
    case "written":
      draft.effects.push({ do: "room-written", token: effect.token });
      return;
    case "say":
      draft.effects.push({ do: "room-say", reader: effect.place, sentence: effect.sentence });
      return;
    case "respond": {
      const { request, reason } = effect;
      answer(draft, request, reason === undefined ? { status: "ok" } : refusedBy(doorReason(reason)));
      return;
    }
    case "keep-list":
      draft.effects.push(effect);
      return;
  }
}

/** Takes over what a step of the room came to. The log's fold is the one truth about what is remembered. */
export function adopt(
  draft: Draft,
  next: { readonly state: Draft["state"]["room"]; readonly effects: readonly RoomEffect[] },
): void {
  for (const effect of next.effects) pass(draft, effect);
  const { state } = next;
  const durable = draft.state.durable.room.access;
  draft.state.room =
    state === undefined || state.access.durable === durable
      ? state
      : changedRoom(state, { access: { ...state.access, durable } });
}

export function stepRoomOf(draft: Draft, event: StationEvent): void {
  const { room } = draft.state;
  const context = roomContextOf(draft.state, draft.input, draft.context);
  if (room === undefined || context === undefined) return;
  adopt(draft, stepRoom({ state: room, durable: draft.state.durable.room }, event, context));
}

/** An operator's request for the room. Undefined while the answer is still to come. */
export function orderRoomOf(draft: Draft, request: RoomRequest): OrderAnswer | undefined {
  const { room } = draft.state;
  const context = roomContextOf(draft.state, draft.input, draft.context);
  if (room === undefined || context === undefined) return refusedBy("no-room");
  const step: RoomDraft = { state: room, durable: draft.state.durable.room, effects: [], context };
  const answered = orderRoom(step, request);
  adopt(draft, step);
  return answered;
}

/** What the room wants now, after the last word over it. */
export function roomLevelsOf(
  state: StationState,
  input: Parameters<typeof roomContextOf>[1],
  context: StationContext,
): { readonly levels: RoomLevels; readonly removed: readonly RoomRemoval[] } | undefined {
  const seen = roomContextOf(state, input, context);
  if (state.room === undefined || seen === undefined) return undefined;
  const { room } = state.durable;
  return interlockRoom(deriveRoom(state.room, room, seen), room, seen);
}
