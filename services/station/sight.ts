/** What a swap may look at, built from one draft: doors, contacts, packs, and which other bays could be offered now. */
import { type Door, doorOf } from "../bay/door.ts";
import { phaseOf, readyInMinutes } from "../bay/phase.ts";
import { pulseAllowed } from "../bay/pulses.ts";
import type { Debt } from "../journal/durable.ts";
import { operatorHasOpened } from "../operators/opened.ts";
import { fresh } from "../reading.ts";
import { isFire } from "../safety/alerts.ts";
import type { Stock } from "../swap/start.ts";
import type { Sight } from "../swap/swap.ts";
import { type Draft, ownerOf, readingsOf } from "./draft.ts";
import { turnFreeMs } from "./lock-turn.ts";
import { endangers } from "./state.ts";

/** A charger that is off is asked every ten seconds; this long without an answer and it is silent. */
export const chargerSilentMs = 30_000;

/** Alerts are looked at before anything else of a step, so they hold what the contacts say now. */
export const onFire = (draft: Draft, cabinetId: string): boolean =>
  isFire(draft.state.alerts, draft.state.durable.safety.latches, cabinetId);

/** Nobody is invited to stay: smoke in this cabinet, or a runaway latched anywhere in the room. */
export function fireInRoom(draft: Draft, cabinetId: string): boolean {
  for (const _latched in draft.state.durable.safety.latches) return true;
  return onFire(draft, cabinetId);
}

/** An operator's doors: while one is being opened, for a while after it was, and for all of a cabinet until they are shut. */
export function operatorAtWork({ state, input, context }: Draft, cabinet: string): boolean {
  if (state.openings[cabinet] !== undefined) return true;
  for (const [key, { all }] of Object.entries(state.durable.operators.opened)) {
    if (context.config.bays[Number(key)]?.cabinet !== cabinet) continue;
    const unlockedMs = state.bays[Number(key)]?.unlockedMs;
    if (all || (unlockedMs !== undefined && input.nowMs - unlockedMs < context.config.swap.doorOpenAlarmMs))
      return true;
  }
  return false;
}

function lockFree(draft: Draft, bay: number): boolean {
  const { nowMs } = draft.input;
  const freeMs = turnFreeMs(draft.state);
  if (freeMs !== undefined && nowMs < freeMs) return false;
  return pulseAllowed(draft.state.bays[bay]?.pulses ?? [], nowMs);
}

/** 1 for a lock that had its three pulses and must rest: whoever comes now is better served by another bay. */
const lockRests = ({ state, input }: Draft, bay: number): 0 | 1 =>
  pulseAllowed(state.bays[bay]?.pulses ?? [], input.nowMs) ? 0 : 1;

/** `own` is the swap that asks: what it holds itself, its spare above all, it may use. */
function offerable(draft: Draft, bay: number, own: string | undefined): boolean {
  if (draft.state.durable.lockOuts[String(bay)] !== undefined || operatorHasOpened(draft.state, bay)) return false;
  const owner = ownerOf(draft.state, bay);
  if (owner !== undefined && owner !== own) return false;
  const layout = draft.context.config.bays[bay];
  if (layout === undefined) return false;
  return doorOf(readingsOf(draft, bay), layout, draft.input.nowMs, draft.context.config.safety) === "shut";
}

export function phaseIn(draft: Draft, bay: number) {
  const state = draft.state.bays[bay];
  const layout = draft.context.config.bays[bay];
  if (state === undefined || layout === undefined) return "occupied-unknown";
  return phaseOf({ state, layout, readings: readingsOf(draft, bay) }, draft.input.nowMs, draft.context.config);
}

const baysOf = (draft: Draft, cabinet: string): readonly number[] =>
  draft.context.config.cabinets.find((candidate) => candidate.id === cabinet)?.bays ?? [];

export function emptyBays(draft: Draft, cabinet: string, own?: string): number[] {
  return baysOf(draft, cabinet)
    .filter((bay) => offerable(draft, bay, own) && phaseIn(draft, bay) === "empty")
    .sort((one, other) => lockRests(draft, one) - lockRests(draft, other));
}

/** Whose pack this is until they come or the time is over. */
const reservedFor = (draft: Draft, bay: number): string | undefined =>
  draft.state.durable.operators.reservations[String(bay)]?.member;

/** The swap that asks, which may use what it holds itself, and the member it serves. */
interface Whose {
  readonly own?: string | undefined;
  readonly member?: string | undefined;
}

/** The pack kept for this member first; then behind a lock that may move, most charge, the one that has stood longest. */
export function readyBays(draft: Draft, cabinet: string, whose: Whose = {}): number[] {
  const { own, member } = whose;
  const keptFor = (bay: number) => (reservedFor(draft, bay) === undefined ? 1 : 0);
  const socOf = (bay: number) => readingsOf(draft, bay).pack?.value?.socPct ?? 0;
  const sinceOf = (bay: number) => draft.state.bays[bay]?.sinceMs ?? 0;
  return baysOf(draft, cabinet)
    .filter((bay) => offerable(draft, bay, own) && phaseIn(draft, bay) === "ready")
    .filter((bay) => (reservedFor(draft, bay) ?? member) === member)
    .sort(
      (one, other) =>
        keptFor(one) - keptFor(other) ||
        lockRests(draft, one) - lockRests(draft, other) ||
        socOf(other) - socOf(one) ||
        sinceOf(one) - sinceOf(other) ||
        one - other,
    );
}

export function isBlind(draft: Draft, bay: number): boolean {
  const { contactHeardMs } = draft.context.config.safety;
  const { latched, present } = readingsOf(draft, bay);
  const heard = (reading: typeof latched) => fresh(reading, draft.input.nowMs, contactHeardMs) !== undefined;
  return !heard(latched) || !heard(present);
}

/** A charger that does not answer has no supply, or no line; a cabinet of them cannot make another pack ready (P6). */
function isUnpowered(draft: Draft, bay: number): boolean {
  const { charger } = readingsOf(draft, bay);
  const { nowMs } = draft.input;
  const sinceMs = charger?.atMs ?? draft.state.startedMs;
  return nowMs - sinceMs > chargerSilentMs;
}

export function stockOf(draft: Draft, cabinet: string, member?: string): Stock {
  const { config } = draft.context;
  let soonest: number | undefined;
  let warming = false;
  for (const bay of baysOf(draft, cabinet)) {
    const state = draft.state.bays[bay];
    const layout = config.bays[bay];
    if (state === undefined || layout === undefined || draft.state.durable.lockOuts[String(bay)] !== undefined)
      continue;
    const sight = { state, layout, readings: readingsOf(draft, bay) };
    const minutes = readyInMinutes(sight, draft.input.nowMs, config);
    if (minutes !== undefined && minutes > 0 && (soonest === undefined || minutes < soonest)) soonest = minutes;
    const soc = sight.readings.pack?.value?.socPct ?? 0;
    if (phaseIn(draft, bay) === "warming" && soc >= config.charging.targetSocPct) warming = true;
  }
  return {
    emptyBays: emptyBays(draft, cabinet),
    readyBays: readyBays(draft, cabinet, { member }),
    readyInMinutes: soonest,
    warming,
    blind: baysOf(draft, cabinet).every((bay) => isBlind(draft, bay)),
    unpowered: baysOf(draft, cabinet).every((bay) => isUnpowered(draft, bay)),
  };
}

/** The bay whose open door shows the pack that this debt is about, if nobody else has a say in it. */
export function openDebtOf(
  draft: Draft,
  cabinet: string,
  debt: Debt | undefined,
): { readonly bay: number; readonly packId: string | undefined } | undefined {
  if (debt?.outcome !== "not-taken-open" || debt.cabinet !== cabinet) return undefined;
  const { outBay: bay } = debt;
  const state = draft.state.bays[bay];
  if (state === undefined || state.stop !== undefined || draft.state.durable.lockOuts[String(bay)] !== undefined)
    return undefined;
  const sight = sightOf(draft, cabinet);
  if (ownerOf(draft.state, bay) !== undefined || sight.door(bay) !== "open" || sight.present(bay) !== true)
    return undefined;
  return { bay, packId: sight.packSince(bay, draft.input.nowMs - 15_000)?.packId };
}

/** Where this member's pack was put in after the window was over (E7): a shut door, and something behind it. */
export function lateDepositOf(draft: Draft, cabinet: string, member: string): number | undefined {
  const { durable } = draft.state;
  const sight = sightOf(draft, cabinet);
  return baysOf(draft, cabinet).find((bay) => {
    const lockOut = durable.lockOuts[String(bay)];
    if (lockOut?.lockOut !== "pending-check" || lockOut.member !== member) return false;
    return sight.door(bay) === "shut" && sight.present(bay) === true;
  });
}

/** The latch moves before the door does; one that stays released longer than this has let its door go. */
const releasedMs = 1_500;

/**
 * As whoever stands before it finds it: a door whose latch stays released can be pulled open, whatever its switch says. To offer
 * another bay meanwhile would be to leave a pack behind that was put in here.
 */
function doorSeen(draft: Draft, bay: number): Door {
  const { nowMs } = draft.input;
  const { config } = draft.context;
  const layout = config.bays[bay];
  if (layout === undefined) return "unknown";
  const readings = readingsOf(draft, bay);
  const door = doorOf(readings, layout, nowMs, config.safety);
  const sinceMs = draft.state.bays[bay]?.contradictsSinceMs;
  if (door !== "unknown" || sinceMs === undefined || nowMs - sinceMs < releasedMs) return door;
  return fresh(readings.latched, nowMs, config.safety.contactHeardMs) === false ? "open" : door;
}

/** A door of the same swap, of whatever became of its bay, that stands open now. */
function openElsewhere(draft: Draft, cabinet: string, bay: number): number | undefined {
  const swap = draft.state.swaps[cabinet];
  if (swap === undefined) return undefined;
  const bays = [swap.inBay, swap.outBay, ...swap.spares, ...swap.failedBays.map((failed) => failed.bay)];
  return bays.find((other) => {
    const layout = other === undefined || other === bay ? undefined : draft.context.config.bays[other];
    if (layout === undefined) return false;
    return doorSeen(draft, layout.bay) === "open";
  });
}

/** Whoever comes again this soon after being offered the own pack back wants to swap all the same. */
export const offerHoldsMs = 600_000;

function offeredLately(draft: Draft, cabinet: string): boolean {
  const member = draft.state.swaps[cabinet]?.member;
  const offeredMs = member === undefined ? undefined : draft.state.offers[member];
  return offeredMs !== undefined && draft.input.nowMs - offeredMs <= offerHoldsMs;
}

export function sightOf(draft: Draft, cabinet: string): Sight {
  const { nowMs } = draft.input;
  const { config } = draft.context;
  const { safety } = config;
  const own = draft.state.swaps[cabinet]?.id;
  return {
    nowMs,
    door: (bay) => doorSeen(draft, bay),
    contactsMs: (bay) => {
      const readings = readingsOf(draft, bay);
      const never = Number.NEGATIVE_INFINITY;
      const latchedMs = readings.latched?.atMs ?? never;
      const doorMs = config.bays[bay]?.hasDoorSwitch === true ? (readings.doorShut?.atMs ?? never) : latchedMs;
      return Math.min(latchedMs, doorMs, readings.present?.atMs ?? never);
    },
    present: (bay) => fresh(readingsOf(draft, bay).present, nowMs, safety.contactHeardMs),
    packSince: (bay, sinceMs) => {
      const reading = readingsOf(draft, bay).pack;
      return reading?.quality === "good" && reading.atMs >= sinceMs ? reading.value : undefined;
    },
    currentMa: (bay) => {
      const readings = readingsOf(draft, bay);
      const packMa = fresh(readings.pack, nowMs, safety.packHeardMs)?.packMa;
      const outMa = fresh(readings.charger, nowMs, safety.contactHeardMs)?.outMa;
      return packMa === undefined ? outMa : Math.max(packMa, 0);
    },
    lockFree: (bay) => lockFree(draft, bay),
    openElsewhere: (bay) => openElsewhere(draft, cabinet, bay),
    wasOffered: offeredLately(draft, cabinet),
    hot: (bay) => endangers(draft.state.bays[bay]),
    isolated: (bay) => {
      const state = draft.state.bays[bay];
      return state?.stop !== undefined || state?.latch !== undefined;
    },
    emptyBays: () => emptyBays(draft, cabinet, own),
    readyBays: () => readyBays(draft, cabinet, { own, member: draft.state.swaps[cabinet]?.member }),
    holderOf: (packId) => draft.state.durable.holders[packId],
    fire: onFire(draft, cabinet),
    emergency: draft.state.alerts.stopped,
  };
}
