/**
 * What each bay knows about itself between swaps: which pack stands in it, since when, whether it is full, stopped, heated,
 * and how much it may charge now. Looked over once a second; decides nothing about doors.
 */
import { doorOf } from "../bay/door.ts";
import { neighboursOf } from "../bay/neighbours.ts";
import {
  type ChargeAsk,
  type ChargeGrant,
  planCharging,
  reservedW,
  wantedChargeMa,
  wantsHeat,
} from "../charging/plan.ts";
import type { BayLayout, StationConfig } from "../config.ts";
import { cabinetStop } from "../interlocks.ts";
import { fresh } from "../reading.ts";
import type { BayReadings, PackReading } from "../readings.ts";
import { newWatch } from "../safety/bay-watch.ts";
import { newHeat } from "../safety/heater-watch.ts";
import { taperMv } from "../safety/progress-watch.ts";
import { liftByShutting, updateDoor } from "./bay-door.ts";
import { liftSilence, watchSilence } from "./bay-silence.ts";
import { judged, released } from "./bay-stops.ts";
import { type Draft, ownerOf, readingsOf } from "./draft.ts";
import { heldDead } from "./levels.ts";
import { type BayState, changedBay, endangers } from "./state.ts";

/** A pack is full here when it says so, or when it takes almost nothing at the end voltage. */
const taperMa = 400;
const refillPct = 5;

function isFull(was: BayState, pack: PackReading, config: StationConfig): boolean {
  const { maxSocPct } = config.charging;
  if (was.full) return pack.socPct > maxSocPct - refillPct;
  if (pack.socPct >= maxSocPct) return true;
  const tapered = pack.packMa < taperMa && pack.packMa > 0 && pack.packMv >= config.packs.chargeMv - taperMv;
  return was.chargeMa > 0 && tapered && pack.socPct >= config.charging.targetSocPct;
}

/** Another pack: nothing that was seen of the last one is held against it. */
function arrivedPack(was: BayState, pack: PackReading, draft: Draft): BayState {
  if (pack.packId === undefined || pack.packId === was.packId) return was;
  const { packId } = pack;
  const sinceMs = draft.input.nowMs;
  if (was.packId === undefined) return changedBay(was, { packId, sinceMs });
  const next = released(was, "pack-changed", draft);
  return changedBay(next, { packId, sinceMs, full: false, heater: undefined, watch: newWatch });
}

/** A new object only when something is different: most seconds nothing is. */
function withPack(was: BayState, pack: PackReading, draft: Draft): BayState {
  const next = judged(arrivedPack(was, pack, draft), pack, draft);
  const full = isFull(next, pack, draft.context.config);
  if (full === next.full) return next;
  // A charge that ended well is no evidence against the next.
  return changedBay(next, { full, watch: { ...next.watch, progress: undefined } });
}

function emptied(was: BayState, draft: Draft): BayState {
  liftSilence(was.bay, "pack-gone", draft);
  const next = released(was, "pack-gone", draft);
  if (next.packId === undefined && next.chargeMa === 0 && next.heater === undefined && next.watch === newWatch)
    return next;
  return changedBay(next, { packId: undefined, full: false, heater: undefined, watch: newWatch });
}

/** A contact that says "nothing here" for less than this bounced; the pack is still there, and so is what stopped it. */
const goneMs = 3_000;

function updateBay(was: BayState, draft: Draft): BayState {
  const { nowMs } = draft.input;
  const { safety } = draft.context.config;
  const readings = readingsOf(draft, was.bay);
  const absent = readings.present?.quality === "good" && !readings.present.value;
  const absentSinceMs = absent ? (was.absentSinceMs ?? readings.present?.atMs) : undefined;
  const latch = draft.state.durable.safety.bays.latches[String(was.bay)]?.why;
  const seen =
    absentSinceMs === was.absentSinceMs && latch === was.latch ? was : changedBay(was, { absentSinceMs, latch });
  const moved = updateDoor(seen, draft);
  liftByShutting(moved, draft);
  const opened = moved.openSinceMs !== undefined && was.openSinceMs === undefined;
  const known = watchSilence(opened ? released(moved, "door-opened", draft) : moved, draft);
  const pack = fresh(readings.pack, nowMs, safety.contactHeardMs * 2);
  const gone = absentSinceMs !== undefined && nowMs - absentSinceMs >= goneMs;
  if (pack !== undefined && !(gone && (readings.pack?.atMs ?? 0) < absentSinceMs)) return withPack(known, pack, draft);
  if (gone && fresh(readings.present, nowMs, safety.contactHeardMs) === false) return emptied(known, draft);
  return known;
}

/** Cabinets of which nothing may charge or heat now, whatever its bays say. */
function stoppedCabinets(draft: Draft): ReadonlySet<string> {
  const { config } = draft.context;
  const { alerts, durable } = draft.state;
  const facts = { nowMs: draft.input.nowMs, alerts, latches: durable.safety.latches };
  const stopped = new Set<string>();
  for (const cabinet of config.cabinets)
    if (cabinetStop(draft.input.readings, cabinet, facts, config) !== undefined) stopped.add(cabinet.id);
  return stopped;
}

/** No power is set aside for what the interlocks would take away again, and no heater is timed that cannot be on. */
function mayDrawPower(layout: BayLayout, readings: BayReadings, stopped: ReadonlySet<string>, draft: Draft): boolean {
  const { nowMs } = draft.input;
  const { safety } = draft.context.config;
  if (stopped.has(layout.cabinet) || doorOf(readings, layout, nowMs, safety) !== "shut") return false;
  return fresh(readings.present, nowMs, safety.contactHeardMs) === true;
}

/** Somebody has it, or it stands beside heat: it draws nothing. */
function isHeld({ bay }: BayState, bays: readonly (BayState | undefined)[], draft: Draft): boolean {
  if (draft.state.durable.lockOuts[String(bay)] !== undefined) return true;
  if (ownerOf(draft.state, bay) !== undefined || heldDead(draft.state, bay)) return true;
  return neighboursOf(bay, draft.context.config).some((beside) => endangers(bays[beside]));
}

interface Cabinets {
  readonly bays: readonly (BayState | undefined)[];
  readonly stopped: ReadonlySet<string>;
}

function askOf(bay: BayState, { bays, stopped }: Cabinets, draft: Draft): ChargeAsk | undefined {
  const { config } = draft.context;
  const readings = readingsOf(draft, bay.bay);
  const layout = config.bays[bay.bay];
  const pack = fresh(readings.pack, draft.input.nowMs, config.safety.packHeardMs * 4);
  if (pack?.packId === undefined || layout === undefined) return undefined;
  // Asked first, because most packs are full and warm and want nothing.
  const wantMa = wantedChargeMa(pack, bay, config);
  const wantHeat = layout.hasHeater && wantsHeat(pack, bay, config);
  if (wantMa === 0 && !wantHeat) return undefined;
  if (!mayDrawPower(layout, readings, stopped, draft) || isHeld(bay, bays, draft)) return undefined;
  return { bay: bay.bay, sinceMs: bay.sinceMs, wantMa, wantHeat, packMv: pack.packMv, wasMa: bay.chargeMa };
}

export function updateBays(draft: Draft): void {
  const bays = draft.state.bays.map((was) => (was === undefined ? undefined : updateBay(was, draft)));
  const cabinets = { bays, stopped: stoppedCabinets(draft) };
  const asks: ChargeAsk[] = [];
  for (const bay of bays) {
    const ask = bay === undefined ? undefined : askOf(bay, cabinets, draft);
    if (ask !== undefined) asks.push(ask);
  }
  const grants = planCharging(asks, draft.context.config, reservedW(draft.context.config));
  const held = whatMayRise(grants, draft);
  draft.state.bays = bays.map((was) =>
    was === undefined ? undefined : granted(was, held(grants.get(was.bay), was), draft),
  );
}

/**
 * A charger told to deliver less delivers the old current until the command has crossed its line and its output has followed
 * (DPM86xx: 0.6 s; the line of a cabinet brings each command within a second). What it gives up is nobody's before that.
 */
const chargerFollowsMs = 2_000;

type Held = (grant: ChargeGrant | undefined, was: BayState) => ChargeGrant | undefined;

function whatMayRise(grants: ReadonlyMap<number, ChargeGrant>, draft: Draft): Held {
  const { nowMs } = draft.input;
  const lowers = draft.state.bays.some(
    (was) => was !== undefined && was.chargeMa > (grants.get(was.bay)?.chargeMa ?? 0),
  );
  if (lowers) draft.state.chargeLoweredMs = nowMs;
  const { chargeLoweredMs } = draft.state;
  if (chargeLoweredMs === undefined || nowMs - chargeLoweredMs >= chargerFollowsMs) return (grant) => grant;
  return (grant, was) =>
    grant === undefined
      ? undefined
      : { chargeMa: Math.min(grant.chargeMa, was.chargeMa), heat: grant.heat && was.heater !== undefined };
}

function granted(was: BayState, grant: ChargeGrant | undefined, draft: Draft): BayState {
  const chargeMa = grant?.chargeMa ?? 0;
  const heats = grant?.heat ?? false;
  if (chargeMa === was.chargeMa && heats === (was.heater !== undefined)) return was;
  return changedBay(was, { chargeMa, heater: heats ? (was.heater ?? heatNow(was.bay, draft)) : undefined });
}

function heatNow(bay: number, draft: Draft): BayState["heater"] {
  const { pack } = readingsOf(draft, bay);
  return pack?.value === undefined ? undefined : newHeat(draft.input.nowMs, pack.value, pack.atMs);
}
