/**
 * Operators' requests for the room, carried out or refused with a reason. Doors go through the step of the doors, which answers
 * for itself; everything else is judged by its service and written down here. Nothing here resets a latch: that is done on site.
 */
import type { AccessOrder } from "../access/state.ts";
import { answerHelp } from "../amenities/help.ts";
import { judgeClimateOrder } from "../climate/orders.ts";
import type { RoomVerb } from "../contract/room-requests.ts";
import { judgeRestock } from "../fridge/release.ts";
import type { OrderAnswer, OrderOf } from "../operators/requests.ts";
import type { OrderRefusal } from "../requests/reasons.ts";
import { askerOf } from "../requests/roles.ts";
import { stepDoors } from "./door.ts";
import { type RoomDraft, write } from "./draft.ts";
import { setAmenity, turnLocker } from "./serve.ts";
import { changedRoom } from "./state.ts";

export type RoomRequest = OrderOf<RoomVerb>;

const refused = (reason: OrderRefusal): OrderAnswer => ({ status: "refused", reason });

const minuteMs = 60_000;

/** Who it is put down to: a key proves itself, a name is only said. */
const askedBy = ({ key, by }: RoomRequest): string => key ?? by ?? "operator";

type DoorRequest = Extract<RoomRequest, { verb: "open-door" | "door-mode" | "clear-door" | "occupancy" }>;

function doorOrder(draft: RoomDraft, request: DoorRequest): AccessOrder {
  const { now } = draft.context;
  const about = { request: request.id, ...askerOf(request) };
  switch (request.verb) {
    case "open-door": {
      // Monotonic: a clock that is set meanwhile makes no request younger.
      const untilMs = now.monotonicMs + Math.max(0, request.expiresAt - now.wallMs);
      return { ...about, verb: "open-door", door: request.door, untilMs };
    }
    case "door-mode": {
      const { door, mode, minutes } = request;
      const until = minutes === undefined ? undefined : now.wallMs + minutes * minuteMs;
      return { ...about, verb: "door-mode", door, mode: mode === "schedule" ? undefined : mode, until };
    }
    case "clear-door":
      return { ...about, verb: "door-clear", door: request.door };
    case "occupancy":
      return { ...about, verb: "occupancy", count: request.count };
  }
}

function setClimateMode(draft: RoomDraft, request: OrderOf<"climate-mode">): OrderAnswer {
  const { climate } = draft.state;
  const config = draft.context.config.climate;
  if (climate === undefined || config === undefined) return refused("no-room");
  const order = { do: "mode", mode: request.mode, by: askedBy(request) } as const;
  const judged = judgeClimateOrder(order, climate, draft.durable.climate, config);
  // An order for the mode is refused for one reason only; the others are about resets.
  if ("refused" in judged) return refused("mode-unchanged");
  write(draft, judged.record);
  return { status: "ok", data: { mode: request.mode } };
}

function restock(draft: RoomDraft, request: OrderOf<"restock">): OrderAnswer {
  const { fridge } = draft.state;
  const config = draft.context.config.fridge;
  if (fridge === undefined || config === undefined) return refused("no-room");
  const judged = judgeRestock({ count: request.count, by: askedBy(request) }, fridge, config);
  if ("refused" in judged) return refused(judged.refused);
  write(draft, judged.record);
  draft.state = changedRoom(draft.state, { fridge: judged.state });
  return { status: "ok", data: { left: request.count } };
}

type LockerRequest = OrderOf<"open-locker"> | OrderOf<"fill-locker">;

/** Why there is no such locker; undefined when there is one. */
function noLocker(draft: RoomDraft, { verb, amenity, locker }: LockerRequest): OrderRefusal | undefined {
  const config = draft.context.config.amenities.find(({ id }) => id === amenity);
  const isOurs = config?.kind === "gift-lockers" || (config?.kind === "phone-lockers" && verb === "open-locker");
  if (!isOurs) return "no-such-amenity";
  return locker <= config.lockers ? undefined : "no-such-locker";
}

function openLocker(draft: RoomDraft, request: OrderOf<"open-locker">): OrderAnswer {
  const reason = noLocker(draft, request);
  if (reason !== undefined) return refused(reason);
  const { amenity, locker } = request;
  const state = draft.state.amenities[amenity];
  if (state?.kind === "lockers" && state.turn !== undefined) return refused("lockers-busy");
  const isPhones = draft.context.config.amenities.some(({ id, kind }) => id === amenity && kind === "phone-lockers");
  // A phone that a silent board kept in is not given to the next one; a package that is perhaps gone is promised to nobody.
  if (!isPhones) write(draft, { kind: "locker-released", id: amenity, locker });
  turnLocker(draft, amenity, { locker, reader: amenity, says: undefined, ...(isPhones ? { frees: "opened" } : {}) });
  return { status: "ok", data: { amenity, locker } };
}

function fillLocker(draft: RoomDraft, request: OrderOf<"fill-locker">): OrderAnswer {
  const reason = noLocker(draft, request);
  if (reason !== undefined) return refused(reason);
  const { amenity, locker } = request;
  write(draft, { kind: "gift-filled", id: amenity, locker });
  return { status: "ok", data: { filled: draft.durable.lockers[amenity]?.filled.length ?? 0 } };
}

function answerCall(draft: RoomDraft, request: OrderOf<"answer-help">): OrderAnswer {
  const { amenity } = request;
  const config = draft.context.config.amenities.find(({ id }) => id === amenity);
  const own = draft.state.amenities[amenity];
  if (config?.kind !== "help" || own?.kind !== "help") return refused("no-such-amenity");
  const judged = answerHelp(own.state, askedBy(request), config);
  if ("refused" in judged) return refused(judged.refused);
  write(draft, judged.record);
  setAmenity(draft, amenity, { kind: "help", state: judged.state });
  return { status: "ok", data: { amenity } };
}

/** Undefined where the answer comes as an effect of the doors. */
export function orderRoom(draft: RoomDraft, request: RoomRequest): OrderAnswer | undefined {
  switch (request.verb) {
    case "open-door":
    case "door-mode":
    case "clear-door":
    case "occupancy":
      stepDoors(draft, { type: "order", order: doorOrder(draft, request) });
      return undefined;
    case "climate-mode":
      return setClimateMode(draft, request);
    case "restock":
      return restock(draft, request);
    case "open-locker":
      return openLocker(draft, request);
    case "fill-locker":
      return fillLocker(draft, request);
    case "answer-help":
      return answerCall(draft, request);
  }
}
