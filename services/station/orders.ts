/**
 * Operators' requests, one by one: written down before anything is done, carried out or refused with a reason, answered once. An
 * id that was taken or answered before does nothing again, whoever delivers it.
 */
import { confirmWord, confirmWordMs } from "../operators/confirm.ts";
import { newOpeningOrder } from "../operators/opening.ts";
import { openerOf, opensPerHourMax, opensWithinHour } from "../operators/opens.ts";
import type { OperatorRequest, OrderAnswer, OrderOf } from "../operators/requests.ts";
import { isAboutAsker, type OrderRefusal } from "../requests/reasons.ts";
import { askerOf } from "../requests/roles.ts";
import { canRecord, type Draft, journal, ownerOf } from "./draft.ts";
import { bind, reserve, setParameters, setUpdateMode, unbind } from "./holding.ts";
import { answer, startOpening, unsafeToOpen, zoneDanger } from "./openings.ts";
import { orderRoomOf } from "./room.ts";
import { sightOf } from "./sight.ts";

const ok: OrderAnswer = { status: "ok" };
const refused = (reason: OrderRefusal): OrderAnswer => ({ status: "refused", reason });

export function order(draft: Draft, request: OperatorRequest): void {
  const { id, verb, expiresAt, seq } = request;
  const { operators, answers } = draft.state.durable;
  if (Object.hasOwn(operators.taken, id) || answers.some((given) => given.id === id)) return;
  if (!canRecord(draft.state)) {
    draft.effects.push({ do: "respond", id, verb, ...refused("cannot-record") });
    return;
  }
  const where = {
    ...("bay" in request ? { bay: request.bay } : {}),
    ...("cabinet" in request ? { cabinet: request.cabinet } : {}),
    ...("door" in request ? { door: request.door } : {}),
    ...("amenity" in request ? { amenity: request.amenity } : {}),
    ...("locker" in request ? { locker: request.locker } : {}),
  };
  const asker = askerOf(request);
  const number = seq === undefined ? {} : { seq };
  journal(draft, { kind: "request-taken", id, verb, expiresAt, ...where, ...asker, ...number });
  const answered = carryOut(draft, request);
  if (answered === undefined) return;
  if (answered.reason !== undefined && isAboutAsker(answered.reason))
    journal(draft, { kind: "request-refused", verb, id, reason: answered.reason, suppressed: 0, ...asker });
  answer(draft, id, answered);
}

/** Undefined while the answer is still to come. */
function carryOut(draft: Draft, request: OperatorRequest): OrderAnswer | undefined {
  switch (request.verb) {
    case "open":
      return openOne(draft, request);
    case "open-all":
      return openAll(draft, request);
    case "reserve":
      return reserve(draft, request);
    case "bind":
      return bind(draft, request);
    case "unbind":
      return unbind(draft, request);
    case "parameters":
      return setParameters(draft, request);
    case "update-mode":
      return setUpdateMode(draft, request);
    case "lock-out":
      return lockOut(draft, request);
    case "cabinet-lock-out":
      return lockOutCabinet(draft, request);
    case "open-door":
    case "door-mode":
    case "clear-door":
    case "occupancy":
    case "climate-mode":
    case "restock":
    case "open-locker":
    case "fill-locker":
    case "answer-help":
      return orderRoomOf(draft, request);
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

/** Nothing of this cabinet may be opened now, whichever bay is meant. */
function cabinetRefusal(draft: Draft, cabinet: string): OrderRefusal | undefined {
  if (draft.state.stopping) return "stopping";
  if (draft.state.updatingUntilMs !== undefined) return "updating";
  return zoneDanger(draft, cabinet) ?? occupied(draft, cabinet);
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

/** Openings that may still come to a pulse count as well, or two cabinets would allow one too many. */
function tooManyOpens(draft: Draft, key: string | undefined): OrderRefusal | undefined {
  const { state, input, context } = draft;
  const asker = openerOf(key);
  const coming = Object.values(state.openings).filter(
    ({ verb, request, at }) =>
      verb === "open" && at.step === "making-dead" && openerOf(state.durable.operators.taken[request]?.key) === asker,
  );
  const { nowMs, wallMs } = input;
  const had = opensWithinHour(state.opens, asker, { nowMs, wallMs, startedMs: state.startedMs }) + coming.length;
  return had < Math.min(opensPerHourMax, context.config.requests.opensPerHour) ? undefined : "opens-per-hour";
}

function openOne(draft: Draft, { id, bay, expiresAt, key }: OrderOf<"open">): OrderAnswer | undefined {
  const layout = draft.context.config.bays[bay];
  if (layout === undefined) return refused("no-such-bay");
  const { cabinet } = layout;
  const reason =
    cabinetRefusal(draft, cabinet) ??
    unsafeToOpen(draft, bay) ??
    busyBay(draft, bay) ??
    openDoor(draft, bay) ??
    tooManyOpens(draft, key);
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

/** Two steps, so that nobody opens a whole cabinet by a slip; the doors come one after another, never by one broadcast. */
function openAll(draft: Draft, { id, cabinet, confirm, expiresAt, key }: OrderOf<"open-all">): OrderAnswer | undefined {
  const bays = draft.context.config.cabinets.find((candidate) => candidate.id === cabinet)?.bays ?? [];
  const [first, ...others] = bays;
  if (first === undefined) return refused("no-such-cabinet");
  const reason = cabinetRefusal(draft, cabinet);
  if (reason !== undefined) return refused(reason);
  if (confirm === undefined) return offerWord(draft, { id, cabinet, bays, key });
  const { [cabinet]: given, ...rest } = draft.state.confirmations;
  const isRight = given !== undefined && given.word === confirm && draft.input.nowMs <= given.untilMs;
  // The right word from the wrong person is still good for another one.
  if (isRight && draft.context.config.requests.twoPersons && given.key === key) return refused("same-person");
  draft.state.confirmations = rest;
  if (!isRight) return refused("wrong-word");
  const asked = { request: id, verb: "open-all", cabinet, untilMs: untilMs(draft, expiresAt) } as const;
  startOpening(draft, newOpeningOrder(asked, [first, ...others], draft.input.nowMs));
  return undefined;
}

interface Offer {
  readonly id: string;
  readonly cabinet: string;
  readonly bays: readonly number[];
  readonly key: string | undefined;
}

/** What would be opened, and the word that opens it. */
function offerWord(draft: Draft, { id, cabinet, bays, key }: Offer): OrderAnswer {
  const { nowMs, wallMs } = draft.input;
  const word = confirmWord(`${draft.context.config.stationId} ${cabinet} ${id} ${wallMs}`);
  const given = { word, untilMs: nowMs + confirmWordMs, ...(key === undefined ? {} : { key }) };
  draft.state.confirmations = { ...draft.state.confirmations, [cabinet]: given };
  const unsafe = bays.flatMap((bay) => {
    const reason = unsafeToOpen(draft, bay);
    return reason === undefined ? [] : [{ bay, reason }];
  });
  const open = bays.filter((bay) => !unsafe.some((skipped) => skipped.bay === bay));
  return { status: "ok", data: { confirm: word, holdsS: confirmWordMs / 1_000, bays: open, skipped: unsafe } };
}
