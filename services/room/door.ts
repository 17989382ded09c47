/** The doors' part of a step: the events of access in, its effects out under the room's names. It judges nothing. */
import type { AccessEffect, AccessEvent } from "../access/state.ts";
import { stepAccess } from "../access/step.ts";
import { accessContext, type RoomDraft, tell, write } from "./draft.ts";
import { changedRoom } from "./state.ts";

const doorToken = /^door\/([a-z0-9-]+)\/(\d+)$/;

export const tokenOfGrant = (door: string, decision: number): string => `door/${door}/${decision}`;

export function grantOf(token: string): { readonly door: string; readonly decision: number } | undefined {
  const [, door, decision] = doorToken.exec(token) ?? [];
  return door === undefined ? undefined : { door, decision: Number(decision) };
}

function pass(draft: RoomDraft, effect: AccessEffect): void {
  switch (effect.do) {
    case "record":
      write(draft, effect.record, effect.at);
      return;
    case "grant":
      draft.effects.push({ do: "written", token: tokenOfGrant(effect.door, effect.decision) });
      return;
    case "answer": {
      const { answer, reader } = effect;
      tell(
        draft,
        reader,
        answer.is === "refused" ? answer.reason : answer.is === "free" ? "door-free" : "door-welcome",
      );
      return;
    }
    case "respond":
      draft.effects.push({ do: "respond", request: effect.request, reason: effect.reason });
      return;
    case "keep-list":
      draft.effects.push(effect);
      return;
  }
}

export function stepDoors(draft: RoomDraft, event: AccessEvent): void {
  const { access } = draft.state;
  // What the log holds is the one truth; an operator's order may have been folded since the last step.
  const was = access.durable === draft.durable.access ? access : { ...access, durable: draft.durable.access };
  const { next, effects } = stepAccess(was, event, accessContext(draft.context));
  if (next === access && effects.length === 0) return;
  for (const effect of effects) pass(draft, effect);
  draft.state = changedRoom(draft.state, { access: { ...next, durable: draft.durable.access } });
}

/** The disk took nothing: whoever waits before a door is let in from memory, or told so. */
export function endGrants(draft: RoomDraft): void {
  for (const [door, { decision }] of Object.entries(draft.state.access.pending))
    stepDoors(draft, { type: "grant-unwritten", door, decision });
}
