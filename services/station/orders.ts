/**
 * Operators' requests, one by one: written down before anything is done, carried out or refused with a reason, answered once. An
 * id that was taken or answered before does nothing again, whoever delivers it.
 */
import { newOpeningOrder } from "../operators/opening.ts";
import type { OperatorRequest, OrderAnswer, OrderOf } from "../operators/requests.ts";
import type { OrderRefusal } from "../requests/reasons.ts";
import { canRecord, type Draft, journal, ownerOf } from "./draft.ts";
import { answer, startOpening, unsafeToOpen } from "./openings.ts";
import { sightOf } from "./sight.ts";

const ok: OrderAnswer = { status: "ok" };
const refused = (reason: OrderRefusal): OrderAnswer => ({ status: "refused", reason });

export function order(draft: Draft, request: OperatorRequest): void {
  const { id, verb, expiresAt } = request;
  const { operators, answers } = draft.state.durable;
  if (Object.hasOwn(operators.taken, id) || answers.some((given) => given.id === id)) return;
  if (!canRecord(draft.state)) {
    draft.effects.push({ do: "respond", id, verb, ...refused("cannot-record") });
    return;
  }
  const where = {
    ...("bay" in request ? { bay: request.bay } : {}),
    ...("cabinet" in request ? { cabinet: request.cabinet } : {}),
  };
  const by = request.by === undefined ? {} : { by: request.by };
  journal(draft, { kind: "request-taken", id, verb, expiresAt, ...where, ...by });
  const answered = carryOut(draft, request);
  if (answered !== undefined) answer(draft, id, answered);
}

/** Undefined while the answer is still to come. */
function carryOut(draft: Draft, request: OperatorRequest): OrderAnswer | undefined {
  switch (request.verb) {
    case "open":
      return openOne(draft, request);
    case "lock-out":
      return lockOut(draft, request);
    case "cabinet-lock-out":
      return lockOutCabinet(draft, request);
  }
}

/** An operator's lock-out applies at once to what is offered next; a swap already running keeps its bay to the end (E38). */
function lockOut(draft: Draft, { bay, lockOut: wanted, reason }: OrderOf<"lock-out">): OrderAnswer {
  if (draft.context.config.bays[bay] === undefined) return refused("no-such-bay");
  const standing = draft.state.durable.lockOuts[String(bay)];
  if (wanted !== "none" || standing !== undefined)
    journal(draft, { kind: "lock-out", bay, lockOut: wanted, reason, by: "operator" });
  return ok;
}

const hasCabinet = (draft: Draft, cabinet: string): boolean =>
  draft.context.config.cabinets.some(({ id }) => id === cabinet);

function lockOutCabinet(draft: Draft, request: OrderOf<"cabinet-lock-out">): OrderAnswer {
  const { cabinet, lockOut: wanted, reason } = request;
  if (!hasCabinet(draft, cabinet)) return refused("no-such-cabinet");
  const on = wanted === "operator";
  if (on || Object.hasOwn(draft.state.durable.operators.cabinetLockOuts, cabinet))
    journal(draft, { kind: "cabinet-lock-out", cabinet, on, reason });
  return ok;
}

/** Somebody else is at work there: a rider, a swap from before the restart, another request. */
function occupied(draft: Draft, cabinet: string): OrderRefusal | undefined {
  const { state } = draft;
  if (state.recovering.some(({ swap }) => swap.cabinet === cabinet)) return "recovering";
  if (state.swaps[cabinet] !== undefined) return "busy";
  return state.openings[cabinet] === undefined ? undefined : "operator-at-work";
}

/** Monotonic: a clock that is set meanwhile makes no request younger. */
const untilMs = (draft: Draft, expiresAt: number): number =>
  draft.input.nowMs + Math.max(0, expiresAt - draft.input.wallMs);

function openOne(draft: Draft, { id, bay, expiresAt }: OrderOf<"open">): OrderAnswer | undefined {
  const layout = draft.context.config.bays[bay];
  if (layout === undefined) return refused("no-such-bay");
  const { cabinet } = layout;
  const reason = unsafeToOpen(draft, bay) ?? occupied(draft, cabinet) ?? busyBay(draft, bay) ?? openDoor(draft, bay);
  if (reason !== undefined) return refused(reason);
  const asked = { request: id, verb: "open", cabinet, untilMs: untilMs(draft, expiresAt) } as const;
  startOpening(draft, newOpeningOrder(asked, [bay], draft.input.nowMs));
  return undefined;
}

const busyBay = (draft: Draft, bay: number): OrderRefusal | undefined =>
  ownerOf(draft.state, bay) === undefined ? undefined : "busy";

/** One door at a time, so that nobody puts into one bay what was meant for another. */
function openDoor(draft: Draft, bay: number): OrderRefusal | undefined {
  const { config } = draft.context;
  const cabinet = config.bays[bay]?.cabinet;
  const sight = sightOf(draft, cabinet ?? "");
  const bays = config.cabinets.find(({ id }) => id === cabinet)?.bays ?? [];
  return bays.some((other) => other !== bay && sight.door(other) === "open") ? "door-open" : undefined;
}
