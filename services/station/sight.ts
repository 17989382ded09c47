/** What a swap may look at, built from one draft: doors, contacts, packs, and which other bays could be offered now. */
import { doorOf } from "../bay/door.ts";
import { phaseOf, readyInMinutes } from "../bay/phase.ts";
import { cabinetDanger, pulseAllowed } from "../interlocks.ts";
import { fresh } from "../readings.ts";
import type { Stock } from "../swap/start.ts";
import type { Sight } from "../swap/swap.ts";
import { type Draft, ownerOf, readingsOf } from "./draft.ts";

/** The board times the coil at 300 ms; this much after its answer the next coil may be driven. */
export const coilMs = 400;
/** A pulse the board never answered blocks the turn no longer than this. */
export const lockTurnMsMax = 3_000;

export function onFire(draft: Draft, cabinetId: string): boolean {
  const { config } = draft.context;
  const cabinet = config.cabinets.find((candidate) => candidate.id === cabinetId);
  if (cabinet === undefined) return false;
  return cabinetDanger(draft.input.readings, cabinet, draft.input.nowMs, config.safety.smokeHeardMs) === "smoke";
}

function lockFree(draft: Draft, bay: number): boolean {
  const { lockTurn, bays } = draft.state;
  const { nowMs } = draft.input;
  if (lockTurn !== undefined) {
    const freeMs = lockTurn.freeMs ?? lockTurn.sinceMs + lockTurnMsMax;
    if (nowMs < freeMs) return false;
  }
  return pulseAllowed(bays[bay]?.pulses ?? [], nowMs);
}

function offerable(draft: Draft, bay: number): boolean {
  if (draft.state.durable.lockOuts[String(bay)] !== undefined) return false;
  if (ownerOf(draft.state, bay) !== undefined) return false;
  const layout = draft.context.config.bays[bay];
  if (layout === undefined) return false;
  return doorOf(readingsOf(draft, bay), layout, draft.input.nowMs, draft.context.config.safety) === "shut";
}

function phaseIn(draft: Draft, bay: number) {
  const state = draft.state.bays[bay];
  const layout = draft.context.config.bays[bay];
  if (state === undefined || layout === undefined) return "occupied-unknown";
  return phaseOf({ state, layout, readings: readingsOf(draft, bay) }, draft.input.nowMs, draft.context.config);
}

const baysOf = (draft: Draft, cabinet: string): readonly number[] =>
  draft.context.config.cabinets.find((candidate) => candidate.id === cabinet)?.bays ?? [];

export function emptyBays(draft: Draft, cabinet: string): number[] {
  return baysOf(draft, cabinet).filter((bay) => offerable(draft, bay) && phaseIn(draft, bay) === "empty");
}

/** Most charge first, then the one that has stood longest. */
export function readyBays(draft: Draft, cabinet: string): number[] {
  const socOf = (bay: number) => readingsOf(draft, bay).pack?.value?.socPct ?? 0;
  const sinceOf = (bay: number) => draft.state.bays[bay]?.sinceMs ?? 0;
  return baysOf(draft, cabinet)
    .filter((bay) => offerable(draft, bay) && phaseIn(draft, bay) === "ready")
    .sort((one, other) => socOf(other) - socOf(one) || sinceOf(one) - sinceOf(other) || one - other);
}

export function stockOf(draft: Draft, cabinet: string): Stock {
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
    readyBays: readyBays(draft, cabinet),
    readyInMinutes: soonest,
    warming,
  };
}

export function sightOf(draft: Draft, cabinet: string): Sight {
  const { nowMs } = draft.input;
  const { config } = draft.context;
  const { safety } = config;
  return {
    nowMs,
    door: (bay) => {
      const layout = config.bays[bay];
      return layout === undefined ? "unknown" : doorOf(readingsOf(draft, bay), layout, nowMs, safety);
    },
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
    emptyBays: () => emptyBays(draft, cabinet),
    readyBays: () => readyBays(draft, cabinet),
    holderOf: (packId) => draft.state.durable.holders[packId],
    fire: onFire(draft, cabinet),
  };
}
