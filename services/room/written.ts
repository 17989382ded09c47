/**
 * What waited for the disk: a door, the fridge's lock, a locker. It moves when its record is written, and not at all when that
 * took longer than a person waits.
 */
import { endGrants, grantOf, stepDoors } from "./door.ts";
import { type RoomDraft, tell, write } from "./draft.ts";
import { setLockers } from "./serve.ts";
import { changedRoom, type LockerTurn } from "./state.ts";

/** A disk that takes longer than a person waits. */
const writeMsMax = 5_000;
/** A locker's latch is pulled this long. */
const lockerPulseMs = 1_000;
/** The fridge is held open for service this long; a drink has its own time. */
const serviceMs = 60_000;

function fridgeWritten(draft: RoomDraft): void {
  const { fridgeTurn: turn, fridge } = draft.state;
  if (turn === undefined || turn.untilMs !== undefined) return;
  const { monotonicMs } = draft.context.now;
  if (monotonicMs - turn.sinceMs > writeMsMax) {
    draft.state = changedRoom(draft.state, { fridgeTurn: undefined });
    tell(draft, turn.reader, "not-written");
    return;
  }
  const untilMs = fridge?.release?.byMs ?? monotonicMs + serviceMs;
  draft.state = changedRoom(draft.state, { fridgeTurn: { ...turn, untilMs } });
  tell(draft, turn.reader, "drink-taken");
}

/** Nothing was put into a locker that was not opened, and nothing taken out: what was to be given is still its member's. */
function staysShut(draft: RoomDraft, id: string, { frees, gives, locker, reader }: LockerTurn): void {
  if (frees === "unopened") write(draft, { kind: "locker-released", id, locker });
  if (gives !== undefined) write(draft, { kind: "gift-kept", id, locker, entitlement: gives });
  setLockers(draft, id, { turn: undefined });
  tell(draft, reader, "not-written");
}

function lockerWritten(draft: RoomDraft, amenity: string): void {
  const was = draft.state.amenities[amenity];
  if (was?.kind !== "lockers" || was.turn === undefined || was.turn.untilMs !== undefined) return;
  const { turn } = was;
  const { monotonicMs } = draft.context.now;
  if (monotonicMs - turn.sinceMs > writeMsMax) {
    staysShut(draft, amenity, turn);
    return;
  }
  setLockers(draft, amenity, { turn: { ...turn, untilMs: monotonicMs + lockerPulseMs } });
  if (turn.says !== undefined) tell(draft, turn.reader, turn.says, { locker: turn.locker });
}

export function written(draft: RoomDraft, token: string): void {
  const grant = grantOf(token);
  if (grant !== undefined) stepDoors(draft, { type: "grant-due", ...grant });
  if (token === draft.state.fridgeTurn?.token) fridgeWritten(draft);
  for (const [id, amenity] of Object.entries(draft.state.amenities))
    if (amenity.kind === "lockers" && amenity.turn?.token === token) lockerWritten(draft, id);
}

/** The disk took nothing: but for doors, nothing opens, and whoever waits hears it. */
export function unwritten(draft: RoomDraft): void {
  endGrants(draft);
  const { fridgeTurn } = draft.state;
  if (fridgeTurn !== undefined && fridgeTurn.untilMs === undefined) {
    draft.state = changedRoom(draft.state, { fridgeTurn: undefined });
    tell(draft, fridgeTurn.reader, "not-written");
  }
  for (const [id, amenity] of Object.entries(draft.state.amenities)) {
    if (amenity.kind !== "lockers" || amenity.turn === undefined || amenity.turn.untilMs !== undefined) continue;
    staysShut(draft, id, amenity.turn);
  }
}
