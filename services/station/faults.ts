/**
 * Which faults stand right now, derived afresh at every scan from readings and state, then compared with what was raised
 * before: the difference is what gets raised and cleared. So no fault can be forgotten, and none raised twice.
 */
import { doorOf } from "../bay/door.ts";
import { neighboursOf } from "../bay/neighbours.ts";
import { heaterStopFaults, latchFaults, stopFaults } from "../bay/stops.ts";
import type { Fault, FaultCode } from "../faults.ts";
import { faultKey } from "../faults.ts";
import { fresh } from "../reading.ts";
import type { BayReadings } from "../readings.ts";
import { roomFaults } from "../room/faults.ts";
import { sensorsDisagree } from "../safety/bay-watch.ts";
import { lasts } from "../safety/look.ts";
import { type Draft, journal, ownerOf, readingsOf } from "./draft.ts";
import { roomContextOf } from "./room.ts";
import { safetyFaults } from "./safety-faults.ts";
import { chargerSilentMs } from "./sight.ts";
import { speakFault } from "./speak.ts";
import { type BayState, endangers } from "./state.ts";

/** Start-up is no fault: devices get this long to be heard for the first time. */
const graceMs = 15_000;
const packSilentMs = 20_000;
/** The alarm about a foreign pack that came a second time stands this long after its last try (E11). */
const strangerAlarmMs = 86_400_000;
/** Longer than the pauses of a bus that is tried again and again. */
const clearAfterMs = 20_000;

/** Lock-outs that the station made itself and whose reason is a fault as long as they stand. */
const lockOutFaults: Readonly<Record<string, FaultCode>> = {
  "door-forced": "bay-door-forced",
  "lock-failed": "bay-lock-failed",
  "own-door-stuck": "bay-lock-failed",
  "charger-stuck": "bay-charger-stuck",
  "charger-suspect": "bay-charger-suspect",
  "pack-silent": "bay-pack-silent",
};

type Found = Map<string, { code: FaultCode; subject: string }>;

function add(found: Found, code: FaultCode, subject: string): void {
  found.set(faultKey(code, subject), { code, subject });
}

/** Pulsed, and still released behind a shut door: the coil may be on, or the latch did not catch (E42). */
const lockHeld = (bay: BayState, { doorShut, latched }: BayReadings): boolean =>
  bay.unlockedMs !== undefined && doorShut?.value === true && latched?.value === false;

function bayContactFaults(bay: BayState, draft: Draft, found: Found): void {
  const { nowMs } = draft.input;
  const { config } = draft.context;
  const subject = String(bay.bay);
  const readings = readingsOf(draft, bay.bay);
  const layout = config.bays[bay.bay];
  if (layout === undefined) return;
  if (bay.contradictsSinceMs !== undefined && nowMs - bay.contradictsSinceMs > config.safety.lockHeldMs)
    add(found, lockHeld(bay, readings) ? "bay-lock-held" : "bay-door-contradiction", subject);
  if (bay.openSinceMs !== undefined && nowMs - bay.openSinceMs > config.swap.doorOpenAlarmMs)
    add(found, "bay-door-left-open", subject);
  const present = fresh(readings.present, nowMs, config.safety.contactHeardMs);
  const heard = bay.contradictsSinceMs !== undefined || doorOf(readings, layout, nowMs, config.safety) !== "unknown";
  if (present === undefined || !heard) add(found, "bay-contacts-lost", subject);
  const silent =
    readings.pack === undefined || nowMs - readings.pack.atMs > packSilentMs || readings.pack.quality === "invalid";
  if (present === true && silent && ownerOf(draft.state, bay.bay) === undefined) add(found, "bay-pack-silent", subject);
  const { charger } = readings;
  if (charger === undefined || nowMs - charger.atMs > chargerSilentMs) add(found, "bay-charger-silent", subject);
}

function bayFaults(bay: BayState, draft: Draft, found: Found): void {
  const subject = String(bay.bay);
  const lockOut = draft.state.durable.lockOuts[subject];
  // An operator's lock-out carries the operator's own words, which are no codes.
  const reason = lockOut === undefined || lockOut.lockOut === "operator" ? undefined : lockOut.reason;
  const lockOutFault = reason === undefined ? undefined : lockOutFaults[reason];
  if (lockOutFault !== undefined) add(found, lockOutFault, subject);
  if (bay.stop !== undefined) add(found, stopFaults[bay.stop], subject);
  if (bay.heaterStop !== undefined) add(found, heaterStopFaults[bay.heaterStop], subject);
  if (bay.latch !== undefined) add(found, latchFaults[bay.latch], subject);
  const heardMs = readingsOf(draft, bay.bay).pack?.atMs ?? 0;
  if (lasts(bay.watch.currents.straysSinceMs, draft.context.config.safety.strayMs, heardMs))
    add(found, "bay-charger-stuck", subject);
  if (sensorsDisagree(bay.watch, draft.input.nowMs)) add(found, "bay-temperature-disagrees", subject);
  if (endangers(bay)) {
    for (const beside of neighboursOf(bay.bay, draft.context.config)) add(found, "bay-neighbour-hot", String(beside));
  }
  const finding = draft.state.durable.ledger.bays[subject]?.finding;
  if (finding !== undefined) add(found, finding, subject);
  if (draft.input.nowMs - draft.state.startedMs > graceMs) bayContactFaults(bay, draft, found);
}

/** What concerns riders rather than wires: debts that age, and packs that are tried again although they are not ours. */
function memberFaults(draft: Draft, found: Found): void {
  const { wallMs } = draft.input;
  const { durable } = draft.state;
  for (const debt of Object.values(durable.debts)) {
    if (wallMs - debt.since > draft.context.config.swap.debtOverdueMs) add(found, "debt-overdue", debt.swap);
  }
  for (const { times, cabinet, last } of Object.values(durable.strangers)) {
    if (times > 1 && wallMs - last < strangerAlarmMs) add(found, "foreign-pack-again", cabinet);
  }
}

function roomFaultsOf(draft: Draft, found: Found): void {
  const { room, durable } = draft.state;
  const context = roomContextOf(draft.state, draft.input, draft.context);
  if (room === undefined || context === undefined) return;
  for (const { code, subject } of roomFaults(room, durable.room, context)) add(found, code, subject);
}

function findFaults(draft: Draft): Found {
  const found: Found = new Map();
  const { nowMs } = draft.input;
  const settled = nowMs - draft.state.startedMs > graceMs;
  safetyFaults(draft, { settled, add: (code, subject) => add(found, code, subject) });
  for (const bay of draft.state.bays) if (bay !== undefined) bayFaults(bay, draft, found);
  memberFaults(draft, found);
  if (settled) roomFaultsOf(draft, found);
  for (const fault of Object.values(draft.state.conditions)) add(found, fault.code, fault.subject);
  return found;
}

/** Undefined once the cause has been gone for long enough. */
function stillStands(fault: Fault, present: boolean, nowMs: number): Fault | undefined {
  if (!present) {
    if (fault.goneSinceMs === undefined) return { ...fault, goneSinceMs: nowMs };
    return nowMs - fault.goneSinceMs < clearAfterMs ? fault : undefined;
  }
  const { code, subject, sinceMs } = fault;
  return fault.goneSinceMs === undefined ? fault : { code, subject, sinceMs };
}

export function updateFaults(draft: Draft): void {
  const found = findFaults(draft);
  const was = draft.state.faults;
  let changed = false;
  const next: Record<string, Fault> = {};
  for (const [key, fault] of Object.entries(was)) {
    const kept = stillStands(fault, found.has(key), draft.input.nowMs);
    if (kept !== undefined) next[key] = kept;
    else journal(draft, { kind: "fault-cleared", code: fault.code, subject: fault.subject });
    changed ||= kept !== fault;
  }
  for (const [key, fault] of found) {
    if (was[key] !== undefined) continue;
    changed = true;
    next[key] = { ...fault, sinceMs: draft.input.nowMs };
    journal(draft, { kind: "fault-raised", code: fault.code, subject: fault.subject });
    speakFault(draft, fault.code, fault.subject);
  }
  if (changed) draft.state.faults = next;
}
