/**
 * Puts what the watches of a bay found into its state and into the log: stops, latches, and the lock-outs that follow from
 * currents. A stop that stands is kept; only heat goes before what was found first.
 */
import { isOwnPack } from "../bay/condition.ts";
import { type BayStop, endsAtOpenDoor, type HeaterStop, isElectrical } from "../bay/stops.ts";
import { fresh } from "../reading.ts";
import type { PackReading } from "../readings.ts";
import { type Judgement, judgeBay, newWatch } from "../safety/bay-watch.ts";
import { currentStrays } from "../safety/current-watch.ts";
import { heaterStop, watchHeat } from "../safety/heater-watch.ts";
import type { BayLook } from "../safety/look.ts";
import { type Draft, journal, ownerOf, readingsOf } from "./draft.ts";
import { type BayState, changedBay } from "./state.ts";

/** The cabinet's thermometer is read every 30 s. */
const airHeardMs = 120_000;

function lookAt(was: BayState, pack: PackReading, draft: Draft): BayLook {
  const { nowMs, readings } = draft.input;
  const { config } = draft.context;
  const here = readingsOf(draft, was.bay);
  return {
    nowMs,
    config,
    pack,
    sampledMs: here.pack?.atMs ?? nowMs,
    charger: fresh(here.charger, nowMs, config.safety.contactHeardMs),
    setMa: was.chargeMa,
    powered: draft.state.conditions["guardian-lost/station"] === undefined,
    airC: fresh(readings.cabinets[was.cabinet]?.airTempC, nowMs, airHeardMs),
  };
}

/** Ends what the door or another pack ends. */
export function released(was: BayState, because: "door-opened" | "pack-changed" | "pack-gone", draft: Draft): BayState {
  if (was.stop === undefined && was.heaterStop === undefined) return was;
  if (because === "door-opened" && was.stop !== undefined && !endsAtOpenDoor(was.stop)) return was;
  journal(draft, { kind: "bay-released", bay: was.bay, because });
  return changedBay(was, { stop: undefined, heaterStop: undefined, watch: newWatch });
}

function stopNow(was: BayState, found: BayStop | undefined, pack: PackReading, draft: Draft): BayStop | undefined {
  if (found === "hot") return found;
  if (was.stop !== undefined) return was.stop;
  const { ownPack } = draft.context;
  return pack.packId !== undefined && !isOwnPack(pack.packId, ownPack) ? "foreign" : found;
}

const named = (packId: string | undefined) => (packId === undefined ? {} : { packId });

function lockOut(bay: number, reason: string, draft: Draft): void {
  if (draft.state.durable.lockOuts[String(bay)] !== undefined) return;
  journal(draft, { kind: "lock-out", bay, lockOut: "system", reason, by: "station" });
}

function noteStop(was: BayState, why: BayStop, pack: PackReading, draft: Draft): void {
  const { bay } = was;
  journal(draft, { kind: "bay-stopped", bay, why, ...named(pack.packId ?? was.packId) });
  if (!isElectrical(why)) return;
  const stops = draft.state.durable.safety.bays.electrical[String(bay)] ?? 0;
  if (stops >= draft.context.config.safety.repeatStops) lockOut(bay, "charger-suspect", draft);
}

/** What the heater's watch says, in the same breath as the heater's own new state. */
function heated(was: BayState, look: BayLook): Pick<BayState, "heater" | "heaterStop"> {
  if (was.heater === undefined) return was;
  const heater = watchHeat(was.heater, look);
  return { heater, heaterStop: was.heaterStop ?? heaterStop(was.heater, heater, look) };
}

function noteHeaterStop(was: BayState, why: HeaterStop, pack: PackReading, draft: Draft): void {
  journal(draft, { kind: "bay-heater-stopped", bay: was.bay, why, ...named(pack.packId ?? was.packId) });
}

function latched(was: BayState, { latch }: Judgement, draft: Draft): BayState["latch"] {
  if (latch === undefined || was.latch !== undefined) return was.latch;
  journal(draft, { kind: "bay-latched", bay: was.bay, cabinet: was.cabinet, why: latch });
  return latch;
}

export function judged(was: BayState, pack: PackReading, draft: Draft): BayState {
  const look = lookAt(was, pack, draft);
  const judgement = judgeBay(was.watch, look, was.heater !== undefined);
  const { watch } = judgement;
  const stop = stopNow(was, judgement.stop, pack, draft);
  const { heater, heaterStop: cold } = heated(was, look);
  if (stop !== undefined && stop !== was.stop) noteStop(was, stop, pack, draft);
  if (cold !== undefined && cold !== was.heaterStop) noteHeaterStop(was, cold, pack, draft);
  const latch = latched(was, judgement, draft);
  // Where a swap waits for the current to go, it has its own patience and its own words for it (E19).
  if (currentStrays(watch.currents, look) && ownerOf(draft.state, was.bay) === undefined)
    lockOut(was.bay, "charger-stuck", draft);
  const same = watch === was.watch && stop === was.stop && latch === was.latch;
  if (same && heater === was.heater && cold === was.heaterStop) return was;
  return changedBay(was, { watch, stop, heater, heaterStop: cold, latch });
}
