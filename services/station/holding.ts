/**
 * Operators' orders that move nothing: a pack kept for a member, who holds a pack, numbers in force, update mode. Each is a
 * record and its fold; what ends by itself ends here.
 */

import { isOwnPack } from "../bay/condition.ts";
import { findMember } from "../members/members.ts";
import { judgeParameters, valuesIn, withParameters } from "../operators/parameters.ts";
import type { OrderAnswer, OrderOf } from "../operators/requests.ts";
import type { OrderRefusal } from "../requests/reasons.ts";
import { type Draft, journal, ownerOf } from "./draft.ts";
import { phaseIn } from "./sight.ts";

const ok: OrderAnswer = { status: "ok" };
const refused = (reason: OrderRefusal): OrderAnswer => ({ status: "refused", reason });

const minuteMs = 60_000;
const reservationMsMax = 120 * minuteMs;
const updateModeMs = 30 * minuteMs;
/** A presence contact that bounces does not end a reservation. */
const goneMs = 3_000;

export function reserve(draft: Draft, { bay, member, minutes }: OrderOf<"reserve">): OrderAnswer {
  if (draft.context.config.bays[bay] === undefined) return refused("no-such-bay");
  const standing = draft.state.durable.operators.reservations[String(bay)];
  if (standing !== undefined && standing.member !== member) return refused("reserved-for-another");
  if (minutes === 0) {
    if (standing !== undefined) endReservation(draft, bay, "operator");
    return ok;
  }
  const reason = reservationRefusal(draft, bay, member);
  const packId = draft.state.bays[bay]?.packId;
  if (reason !== undefined || packId === undefined) return refused(reason ?? "pack-not-ready");
  const { nowMs, wallMs } = draft.input;
  journal(draft, { kind: "reserved", bay, member, packId, until: wallMs + minutes * minuteMs });
  draft.state.reservationEnds = { ...draft.state.reservationEnds, [bay]: nowMs + minutes * minuteMs };
  return { status: "ok", data: { bay, packId, minutes } };
}

function reservationRefusal(draft: Draft, bay: number, member: string): OrderRefusal | undefined {
  const known = findMember(draft.context.members, member);
  if (known === undefined) return "no-such-member";
  if (!known.active) return "member-inactive";
  const { durable } = draft.state;
  const others = Object.values(durable.operators.reservations);
  if (others.some((other) => other.member === member && other.bay !== bay)) return "one-reservation-each";
  if (durable.lockOuts[String(bay)] !== undefined) return "bay-locked-out";
  if (ownerOf(draft.state, bay) !== undefined) return "busy";
  return phaseIn(draft, bay) === "ready" ? undefined : "pack-not-ready";
}

function endReservation(draft: Draft, bay: number, why: string): void {
  journal(draft, { kind: "reservation-ended", bay, why });
  const { [String(bay)]: _ended, ...others } = draft.state.reservationEnds;
  draft.state.reservationEnds = others;
}

/** Reservations whose time is over or whose pack is gone; update mode that nobody ended. */
export function endByItself(draft: Draft): void {
  const { nowMs, wallMs } = draft.input;
  for (const { bay, member, packId, until } of Object.values(draft.state.durable.operators.reservations)) {
    const endMs = draft.state.reservationEnds[bay];
    if (endMs === undefined) {
      // After a start; a clock that was wrong then or now cannot make it longer than it could ever have been.
      const leftMs = Math.min(Math.max(0, until - wallMs), reservationMsMax);
      draft.state.reservationEnds = { ...draft.state.reservationEnds, [bay]: nowMs + leftMs };
    } else if (nowMs >= endMs) endReservation(draft, bay, "time-over");
    else if (hasLeft(draft, bay, packId))
      endReservation(draft, bay, draft.state.durable.holders[packId] === member ? "taken" : "pack-gone");
  }
  const { updatingUntilMs } = draft.state;
  if (updatingUntilMs === undefined || nowMs < updatingUntilMs) return;
  draft.state.updatingUntilMs = undefined;
  journal(draft, { kind: "update-mode", on: false, why: "time-over" });
}

function hasLeft(draft: Draft, bay: number, packId: string): boolean {
  const state = draft.state.bays[bay];
  if (state === undefined) return true;
  if (state.packId !== undefined) return state.packId !== packId;
  return state.absentSinceMs !== undefined && draft.input.nowMs - state.absentSinceMs >= goneMs;
}

export function bind(draft: Draft, { packId, member }: OrderOf<"bind">): OrderAnswer {
  if (findMember(draft.context.members, member) === undefined) return refused("no-such-member");
  if (!isOwnPack(packId, draft.context.ownPack)) return refused("not-an-own-pack");
  if (draft.state.bays.some((bay) => bay?.packId === packId)) return refused("pack-in-bay");
  if (isInSwap(draft, packId)) return refused("busy");
  if (draft.state.durable.holders[packId] !== member) journal(draft, { kind: "pack-bound", packId, member });
  return ok;
}

export function unbind(draft: Draft, { packId }: OrderOf<"unbind">): OrderAnswer {
  if (isInSwap(draft, packId)) return refused("busy");
  if (Object.hasOwn(draft.state.durable.holders, packId))
    journal(draft, { kind: "pack-bound", packId, member: undefined });
  return ok;
}

const isInSwap = (draft: Draft, packId: string): boolean =>
  Object.values(draft.state.durable.swaps).some((swap) => swap.packIn === packId);

export function setParameters(draft: Draft, { set }: OrderOf<"parameters">): OrderAnswer {
  const configured = draft.context.configured ?? draft.context.config;
  const standing = draft.state.durable.operators.parameters;
  const verdict = judgeParameters(configured, standing, set);
  if (verdict.is === "refused") return { status: "refused", reason: verdict.reason, data: verdict.data };
  if (Object.keys(set).length > 0) journal(draft, { kind: "parameters-set", parameters: verdict.parameters });
  return { status: "ok", data: { values: valuesIn(withParameters(configured, verdict.parameters)) } };
}

/** Only in idle (E40): whoever swaps or opens now is not interrupted, and nobody begins while it holds. */
export function setUpdateMode(draft: Draft, { on }: OrderOf<"update-mode">): OrderAnswer {
  const { state, input } = draft;
  if (!on) {
    if (state.updatingUntilMs !== undefined) journal(draft, { kind: "update-mode", on, why: "operator" });
    draft.state.updatingUntilMs = undefined;
    return ok;
  }
  if (state.stopping) return refused("stopping");
  const idle = [state.swaps, state.openings].every((running) => Object.keys(running).length === 0);
  if (!idle || state.recovering.length > 0) return refused("not-idle");
  journal(draft, { kind: "update-mode", on, why: "operator" });
  draft.state.updatingUntilMs = input.nowMs + updateModeMs;
  return { status: "ok", data: { minutes: updateModeMs / minuteMs } };
}
