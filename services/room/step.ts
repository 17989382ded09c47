/**
 * The room's one decision: what was, what happened and what can be seen give what is next and what shall be done. It composes its
 * services and knows none of their rules; doors come first, because somebody may want to leave.
 */

import { stepClimate } from "../climate/step.ts";
import type { StationEvent } from "../events.ts";
import { stepFridge } from "../fridge/step.ts";
import { lookAtAmenities, lookAtButtons } from "./amenities.ts";
import { stepDoors } from "./door.ts";
import { type RoomContext, type RoomDraft, type RoomEffect, tell, write } from "./draft.ts";
import type { RoomDurable } from "./durable.ts";
import { climateLook, fridgeLook } from "./looks.ts";
import { shown } from "./serve.ts";
import { changedRoom, type RoomState } from "./state.ts";
import { unwritten, written } from "./written.ts";

export interface RoomStep {
  readonly state: RoomState;
  readonly durable: RoomDurable;
  readonly effects: readonly RoomEffect[];
}

export const roomLookEveryMs = 1_000;

function lookAtClimate(draft: RoomDraft): void {
  const { climate } = draft.state;
  const config = draft.context.config.climate;
  if (climate === undefined || config === undefined) return;
  const { state, records } = stepClimate(
    climate,
    climateLook(draft.durable, draft.context),
    draft.durable.climate,
    config,
  );
  draft.state = changedRoom(draft.state, { climate: state });
  for (const record of records) write(draft, record);
}

function lookAtFridge(draft: RoomDraft): void {
  const { fridge, fridgeTurn } = draft.state;
  const config = draft.context.config.fridge;
  if (fridge === undefined || config === undefined) return;
  const { state, records } = stepFridge(fridge, fridgeLook(draft.context), draft.durable.fridge, config);
  const isOver = fridgeTurn?.untilMs !== undefined && draft.context.now.monotonicMs >= fridgeTurn.untilMs;
  const isTaken = fridge.release !== undefined && state.release === undefined;
  draft.state = changedRoom(draft.state, { fridge: state, fridgeTurn: isOver || isTaken ? undefined : fridgeTurn });
  for (const record of records) write(draft, record);
}

function look(draft: RoomDraft): void {
  const { monotonicMs } = draft.context.now;
  if (monotonicMs < draft.state.lookMs) return;
  lookAtClimate(draft);
  lookAtFridge(draft);
  lookAtAmenities(draft);
  draft.state = changedRoom(draft.state, { lookMs: monotonicMs + roomLookEveryMs });
}

function isDoorReader({ context }: RoomDraft, reader: string): boolean {
  return context.config.access.readers.some(({ id }) => id === reader);
}

function take(draft: RoomDraft, event: StationEvent): void {
  switch (event.type) {
    case "tick":
    case "noticed":
      stepDoors(draft, { type: "tick" });
      lookAtButtons(draft);
      look(draft);
      return;
    case "room-code": {
      const { reader, text, digest } = event;
      if (event.late === true) tell(draft, reader, "show-again");
      else if (isDoorReader(draft, reader)) stepDoors(draft, { type: "code", reader, text, digest });
      else shown(draft, reader, { by: "code", digest });
      return;
    }
    case "room-card": {
      const { reader, card, challenge, nonce } = event;
      if (event.late === true) tell(draft, reader, "show-again");
      else if (isDoorReader(draft, reader)) stepDoors(draft, { type: "card", reader, card, challenge, nonce });
      else shown(draft, reader, { by: "card", digest: card, challenge });
      return;
    }
    case "room-written":
      written(draft, event.token);
      return;
    case "access-list":
      stepDoors(draft, { type: "list", text: event.text, digest: event.digest });
      return;
    case "journal-failed":
      unwritten(draft);
      return;
    default:
      return;
  }
}

export function stepRoom(
  was: { readonly state: RoomState; readonly durable: RoomDurable },
  event: StationEvent,
  context: RoomContext,
): RoomStep {
  const draft: RoomDraft = { state: was.state, durable: was.durable, effects: [], context };
  take(draft, event);
  return { state: draft.state, durable: draft.durable, effects: draft.effects };
}
