/**
 * What each bay knows about itself between swaps: which pack stands in it, since when, whether it is full, stopped, heated,
 * and how much it may charge now. Runs at every scan; decides nothing about doors.
 */
import { cellTempRangeC, isDamaged, isHot, isOwnPack } from "../bay/condition.ts";
import { doorContradicts, doorOf } from "../bay/door.ts";
import { type ChargeAsk, type ChargeGrant, planCharging, wantedChargeMa, wantsHeat } from "../charging/plan.ts";
import type { BayLayout, StationConfig } from "../config.ts";
import { cabinetStop } from "../interlocks.ts";
import { operatorHasOpened } from "../operators/opened.ts";
import { type BayReadings, fresh, type PackReading } from "../readings.ts";
import { type Draft, journal, ownerOf, readingsOf } from "./draft.ts";
import { attendedBay, heldDead } from "./levels.ts";
import { type BayState, type BayStop, stopsCharging } from "./state.ts";

/** A pack is full here when it says so, or when it takes almost nothing at the end voltage. */
const taperMa = 400;
const taperMv = 400;
const refillPct = 5;
/** A charger and a pack that disagree this long are leaking somewhere (charger readings lag by a poll). */
const leakMs = 15_000;
/** After a command the door may open this long without being called forced: three pulses and their looks. */
export const openByCommandMs = 15_000;

function isFull(was: BayState, pack: PackReading, config: StationConfig): boolean {
  const { maxSocPct } = config.charging;
  if (was.full) return pack.socPct > maxSocPct - refillPct;
  if (pack.socPct >= maxSocPct) return true;
  const tapered = pack.packMa < taperMa && pack.packMa > 0 && pack.packMv >= config.packs.chargeMv - taperMv;
  return was.chargeMa > 0 && tapered && pack.socPct >= config.charging.targetSocPct;
}

function stopOf(
  was: BayState,
  pack: PackReading,
  input: { nowMs: number; config: StationConfig; ownPack: RegExp },
): BayStop | undefined {
  if (isHot(pack, input.config.safety)) return "hot";
  if (stopsCharging(was.stop)) return was.stop;
  if (pack.packId !== undefined && !isOwnPack(pack.packId, input.ownPack)) return "foreign";
  if (isDamaged(pack, input.config.packs)) return "damaged";
  if (was.leakSinceMs !== undefined && input.nowMs - was.leakSinceMs > leakMs) return "leakage";
  if (was.stop !== undefined) return was.stop;
  if (was.heater !== undefined) {
    const { noRiseMs, heaterMaxOnMs } = input.config.charging;
    const onMs = input.nowMs - was.heater.sinceMs;
    if (onMs > heaterMaxOnMs || (onMs > noRiseMs && was.heater.riseBy < 1)) return "heater-no-rise";
  }
  return undefined;
}

function leaks(readings: BayReadings, pack: PackReading, nowMs: number, config: StationConfig): boolean {
  const charger = fresh(readings.charger, nowMs, config.safety.contactHeardMs);
  return charger !== undefined && charger.outMa - pack.packMa > config.safety.leakageMa;
}

function arrivedPack(was: BayState, pack: PackReading, nowMs: number): BayState {
  if (pack.packId === undefined || pack.packId === was.packId) return was;
  const { packId } = pack;
  if (was.packId === undefined) return { ...was, packId, sinceMs: nowMs };
  return { ...was, packId, sinceMs: nowMs, full: false, stop: undefined, heater: undefined, leakSinceMs: undefined };
}

function heated(was: BayState, pack: PackReading): BayState["heater"] {
  if (was.heater === undefined) return undefined;
  const minC = cellTempRangeC(pack)?.minC;
  const riseBy = minC === undefined ? 0 : minC - was.heater.fromC;
  return riseBy > was.heater.riseBy ? { ...was.heater, riseBy } : was.heater;
}

/** A new object only when something is different: most seconds nothing is. */
function withPack(was: BayState, pack: PackReading, draft: Draft): BayState {
  const { nowMs } = draft.input;
  const { config } = draft.context;
  const from = arrivedPack(was, pack, nowMs);
  const leakSinceMs = leaks(readingsOf(draft, was.bay), pack, nowMs, config) ? (from.leakSinceMs ?? nowMs) : undefined;
  const heater = heated(from, pack);
  const same = leakSinceMs === from.leakSinceMs && heater === from.heater;
  const next = same ? from : { ...from, leakSinceMs, heater };
  const full = isFull(next, pack, config);
  const stop = stopOf(next, pack, { nowMs, config, ownPack: draft.context.ownPack });
  return full === next.full && stop === next.stop ? next : { ...next, full, stop };
}

function emptied(was: BayState): BayState {
  if (was.packId === undefined && was.chargeMa === 0 && was.stop === undefined && was.heater === undefined) return was;
  return { ...was, packId: undefined, full: false, stop: undefined, heater: undefined, leakSinceMs: undefined };
}

function updateDoor(was: BayState, draft: Draft): BayState {
  const { nowMs } = draft.input;
  const { config } = draft.context;
  const layout = config.bays[was.bay];
  if (layout === undefined) return was;
  const readings = readingsOf(draft, was.bay);
  const door = doorOf(readings, layout, nowMs, config.safety);
  const contradicts = doorContradicts(readings, layout, nowMs, config.safety);
  const contradictsSinceMs = contradicts ? (was.contradictsSinceMs ?? nowMs) : undefined;
  const openSinceMs = door === "open" ? (was.openSinceMs ?? nowMs) : undefined;
  if (door === "open" && was.wasShut) noticeForced(was, draft);
  const wasShut = door === "unknown" ? was.wasShut : door === "shut";
  if (contradictsSinceMs === was.contradictsSinceMs && openSinceMs === was.openSinceMs && wasShut === was.wasShut)
    return was;
  return { ...was, contradictsSinceMs, openSinceMs, wasShut };
}

/** Opened without a command (E27): out of service until a person has looked. */
function noticeForced(was: BayState, draft: Draft): void {
  const { nowMs } = draft.input;
  if (attended(draft, was)) return;
  if (was.unlockedMs !== undefined && nowMs - was.unlockedMs < openByCommandMs) return;
  if (draft.state.durable.lockOuts[String(was.bay)] !== undefined) return;
  journal(draft, { kind: "lock-out", bay: was.bay, lockOut: "pending-check", reason: "door-forced", by: "station" });
}

/** A rider of a running swap stands at this very bay and may pull at its door; a reserved one is as shut as any other. */
function attended(draft: Draft, { bay, cabinet }: BayState): boolean {
  if (operatorHasOpened(draft.state, bay)) return true;
  const swap = draft.state.swaps[cabinet];
  return swap !== undefined && attendedBay(swap).bay === bay;
}

/** Lock-outs that end by themselves once the door is shut on an empty bay; an operator's never does. */
export const liftedByShutting: ReadonlySet<string> = new Set(["door-open", "suspended-open", "waiting-for-rescan"]);

/** After a take, a no-show, or a pack fetched by its rider. */
function liftByShutting(bay: BayState, draft: Draft): void {
  const lockOut = draft.state.durable.lockOuts[String(bay.bay)];
  if (lockOut === undefined || bay.openSinceMs !== undefined) return;
  if (lockOut.lockOut !== "pending-check" || !liftedByShutting.has(lockOut.reason)) return;
  const layout = draft.context.config.bays[bay.bay];
  const readings = readingsOf(draft, bay.bay);
  const { nowMs } = draft.input;
  const { safety } = draft.context.config;
  if (layout === undefined || doorOf(readings, layout, nowMs, safety) !== "shut") return;
  if (fresh(readings.present, nowMs, safety.contactHeardMs) !== false) return;
  journal(draft, { kind: "lock-out", bay: bay.bay, lockOut: "none", reason: "shut-and-empty", by: "station" });
}

/** A contact that says "nothing here" for less than this bounced; the pack is still there, and so is what stopped it. */
const goneMs = 3_000;

function updateBay(was: BayState, draft: Draft): BayState {
  const { nowMs } = draft.input;
  const { safety } = draft.context.config;
  const readings = readingsOf(draft, was.bay);
  const absent = readings.present?.quality === "good" && !readings.present.value;
  const absentSinceMs = absent ? (was.absentSinceMs ?? readings.present?.atMs) : undefined;
  const seen = absentSinceMs === was.absentSinceMs ? was : { ...was, absentSinceMs };
  const moved = updateDoor(seen, draft);
  liftByShutting(moved, draft);
  const pack = fresh(readings.pack, nowMs, safety.contactHeardMs * 2);
  const gone = absentSinceMs !== undefined && nowMs - absentSinceMs >= goneMs;
  if (pack !== undefined && !(gone && (readings.pack?.atMs ?? 0) < absentSinceMs)) return withPack(moved, pack, draft);
  return gone && fresh(readings.present, nowMs, safety.contactHeardMs) === false ? emptied(moved) : moved;
}

/** No power is set aside for what the interlocks would take away again, and no heater is timed that cannot be on. */
function mayDrawPower(layout: BayLayout, readings: BayReadings, draft: Draft): boolean {
  const { nowMs } = draft.input;
  const { config } = draft.context;
  const { safety, cabinets } = config;
  if (doorOf(readings, layout, nowMs, safety) !== "shut") return false;
  if (fresh(readings.present, nowMs, safety.contactHeardMs) !== true) return false;
  const cabinet = cabinets.find(({ id }) => id === layout.cabinet);
  const { alerts, durable } = draft.state;
  const facts = { nowMs, alerts, latches: durable.safety.latches };
  return cabinet === undefined || cabinetStop(draft.input.readings, cabinet, facts, config) === undefined;
}

function askOf(bay: BayState, draft: Draft): ChargeAsk | undefined {
  const { nowMs } = draft.input;
  const { config } = draft.context;
  const readings = readingsOf(draft, bay.bay);
  const layout = config.bays[bay.bay];
  const pack = fresh(readings.pack, nowMs, config.safety.packHeardMs * 4);
  if (pack?.packId === undefined || layout === undefined || !mayDrawPower(layout, readings, draft)) return undefined;
  const lockedOut = draft.state.durable.lockOuts[String(bay.bay)] !== undefined;
  if (lockedOut || ownerOf(draft.state, bay.bay) !== undefined || heldDead(draft.state, bay.bay)) return undefined;
  const wantMa = wantedChargeMa(pack, bay, config);
  const wantHeat = layout.hasHeater && wantsHeat(pack, bay, config);
  if (wantMa === 0 && !wantHeat) return undefined;
  return { bay: bay.bay, sinceMs: bay.sinceMs, wantMa, wantHeat, packMv: pack.packMv, wasMa: bay.chargeMa };
}

export function updateBays(draft: Draft): void {
  const asks: ChargeAsk[] = [];
  const bays = draft.state.bays.map((was) => {
    if (was === undefined) return undefined;
    const next = updateBay(was, draft);
    const ask = askOf(next, draft);
    if (ask !== undefined) asks.push(ask);
    return next;
  });
  const grants = planCharging(asks, draft.context.config);
  draft.state.bays = bays.map((was) => (was === undefined ? undefined : granted(was, grants.get(was.bay), draft)));
}

function granted(was: BayState, grant: ChargeGrant | undefined, draft: Draft): BayState {
  const chargeMa = grant?.chargeMa ?? 0;
  const heats = grant?.heat ?? false;
  if (chargeMa === was.chargeMa && heats === (was.heater !== undefined)) return was;
  return { ...was, chargeMa, heater: heats ? (was.heater ?? newHeat(was.bay, draft)) : undefined };
}

function newHeat(bay: number, draft: Draft) {
  const pack = readingsOf(draft, bay).pack?.value;
  const fromC = pack === undefined ? 0 : (cellTempRangeC(pack)?.minC ?? 0);
  return { sinceMs: draft.input.nowMs, fromC, riseBy: 0 };
}
