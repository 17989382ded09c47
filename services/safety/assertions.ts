/**
 * What must never be granted, judged once more after the interlocks and before the outputs are leased: one small check an
 * invariant, each by a way of its own and with numbers of its own, so that a mistake in a rule or in its configuration does not
 * blind the check as well. It takes nothing away and repairs nothing: whatever it finds is a bug, and the process stops.
 */
import type { CabinetLayout } from "../config.ts";
import type { BayLevels } from "../levels.ts";
import type { Reading } from "../reading.ts";
import type { PackReading } from "../readings.ts";
import type { StationState } from "../station/state.ts";
import type { Breach, Granted, SafetyAssertion } from "./assertion.ts";
import { roomAssertions } from "./room-assertions.ts";

/** Hard numbers of the invariants. The configuration can only be stricter, and none of its numbers is used here. */
const leaseMsMax = 2_000;
const staleMs = 5_000;
/** A heater may outlive its last sample by the time after which it is stale, and as long again. */
const blindHeatMs = 10_000;
const chargeC = { min: 0, max: 45 } as const;
const hardLimitC = 70;
/** A lock board times its coil; a pulse that it did not confirm may still be on this long after it was decided. */
const coilMsMax = 1_000;
/** Sums of fractions. */
const roundingW = 1;

const isOn = (levels: BayLevels | undefined): levels is BayLevels =>
  levels !== undefined && (levels.chargeMa > 0 || levels.heater);

const isYoung = <T>(reading: Reading<T> | undefined, { nowMs }: Granted, ageMs: number): reading is Reading<T> =>
  reading !== undefined && reading.quality === "good" && nowMs - reading.atMs <= ageMs;

const isTrue = (reading: Reading<boolean> | undefined, granted: Granted): boolean =>
  isYoung(reading, granted, staleMs) && reading.value;

/** The first bay of which `breach` finds something. */
function firstBay(
  granted: Granted,
  breach: (levels: BayLevels, bay: number, granted: Granted) => string | undefined,
): string | undefined {
  const { bays } = granted.levels;
  for (let bay = 1; bay < bays.length; bay++) {
    const levels = bays[bay];
    if (!isOn(levels)) continue;
    const why = breach(levels, bay, granted);
    if (why !== undefined) return `bay ${bay} ${levels.chargeMa > 0 ? "charges" : "is heated"} ${why}`;
  }
  return undefined;
}

function leased({ nowMs, untilMs }: Granted): string | undefined {
  const ms = untilMs - nowMs;
  return ms > 0 && ms <= leaseMsMax ? undefined : `a lease of ${ms} ms`;
}

/** A swap's two bays are its own, of its own cabinet, and dead. */
function ownedBays(granted: Granted): string | undefined {
  const { swaps } = granted.state;
  for (const cabinet in swaps) {
    const swap = swaps[cabinet];
    if (swap === undefined) continue;
    const { inBay, outBay, pays } = swap;
    // A debt is paid with the rider's own pack where nobody could say what it is: it comes out where it stands.
    if (inBay === outBay && pays === undefined) return `the swap at ${cabinet} puts in and takes out at bay ${outBay}`;
    const why = ownedBay(inBay, cabinet, granted) ?? ownedBay(outBay, cabinet, granted);
    if (why !== undefined) return why;
  }
  return undefined;
}

function ownedBay(bay: number | undefined, cabinet: string, { config, levels }: Granted): string | undefined {
  if (bay === undefined) return undefined;
  if (config.bays[bay]?.cabinet !== cabinet) return `the swap at ${cabinet} holds bay ${bay} of another cabinet`;
  return isOn(levels.bays[bay]) ? `bay ${bay} is live while the swap at ${cabinet} holds it` : undefined;
}

function blindHeat(levels: BayLevels, bay: number, granted: Granted): string | undefined {
  if (!levels.heater) return undefined;
  const pack = granted.readings.bays[bay]?.pack;
  const isSeen = isYoung(pack, granted, blindHeatMs) && pack.value !== undefined && pack.value.cellTempsC.length > 0;
  return isSeen ? undefined : "without a temperature of the last ten seconds";
}

function outsideC({ cellTempsC }: PackReading): number | undefined {
  for (let at = 0; at < cellTempsC.length; at++) {
    const tempC = cellTempsC[at] as number;
    if (!(tempC >= chargeC.min && tempC <= chargeC.max)) return tempC;
  }
  return undefined;
}

function unsafeCharge(levels: BayLevels, bay: number, granted: Granted): string | undefined {
  if (levels.chargeMa <= 0) return undefined;
  const seen = granted.readings.bays[bay];
  if (!isTrue(seen?.present, granted)) return "with no pack seen in it";
  const pack = seen?.pack;
  if (!isYoung(pack, granted, staleMs) || pack.value === undefined) return "a pack that was not heard for five seconds";
  if (pack.value.cellTempsC.length === 0) return "a pack without a temperature";
  const tempC = outsideC(pack.value);
  if (tempC !== undefined) return `at ${tempC} °C`;
  return isDoorShut(bay, granted) ? undefined : "with a door that is not known to be shut";
}

function isDoorShut(bay: number, granted: Granted): boolean {
  const seen = granted.readings.bays[bay];
  if (!isTrue(seen?.latched, granted)) return false;
  return granted.config.bays[bay]?.hasDoorSwitch !== true || isTrue(seen?.doorShut, granted);
}

/** The coil of this bay may be on. */
function besideCoil(_levels: BayLevels, bay: number, { state, nowMs }: Granted): string | undefined {
  const turn = state.lockTurn;
  if (turn === undefined || turn.bay !== bay) return undefined;
  const isDriven = nowMs < (turn.freeMs ?? turn.sinceMs + coilMsMax);
  return isDriven ? "while its lock is driven" : undefined;
}

const chargeOrCoil = (levels: BayLevels, bay: number, granted: Granted): string | undefined =>
  unsafeCharge(levels, bay, granted) ?? besideCoil(levels, bay, granted);

/** The last temperature that was heard counts, however old it is: nothing hot cools by being silent. */
function overHardLimit(_levels: BayLevels, bay: number, { readings, state, config }: Granted): string | undefined {
  const { latches, bays } = state.durable.safety;
  if (bays.latches[String(bay)] !== undefined) return "although it is latched off";
  const cabinet = config.bays[bay]?.cabinet;
  if (cabinet !== undefined && latches[cabinet] !== undefined) return "although its cabinet is latched off";
  const temps = readings.bays[bay]?.pack?.value?.cellTempsC;
  if (temps === undefined) return undefined;
  for (let at = 0; at < temps.length; at++) if ((temps[at] as number) > hardLimitC) return `at ${temps[at]} °C`;
  return undefined;
}

function overSiteLimit({ levels, readings, config }: Granted): string | undefined {
  let sumW = 0;
  for (let bay = 1; bay < levels.bays.length; bay++) {
    const on = levels.bays[bay];
    if (!isOn(on)) continue;
    const packMv = readings.bays[bay]?.pack?.value?.packMv ?? config.packs.chargeMv;
    sumW += ((on.chargeMa / 1_000) * (packMv / 1_000)) / config.charging.chargerEfficiency;
    if (on.heater) sumW += config.charging.heaterW;
  }
  return sumW <= config.siteLimitW + roundingW ? undefined : `${Math.round(sumW)} W of ${config.siteLimitW} W`;
}

/** Smoke counts as it was last heard; a signal that only the state remembers counts as well. */
function isAlight(cabinet: string, { readings, state }: Granted): boolean {
  const smoke = readings.cabinets[cabinet]?.smoke;
  return (smoke?.value === true && smoke.quality !== "invalid") || isAlerted(cabinet, state);
}

const isAlerted = (cabinet: string, { alerts, durable }: StationState): boolean =>
  alerts.zones[cabinet]?.alert === true || durable.safety.latches[cabinet] !== undefined;

function inSmoke(granted: Granted): string | undefined {
  const { cabinets } = granted.config;
  for (let at = 0; at < cabinets.length; at++) {
    const why = zoneInSmoke(cabinets[at] as CabinetLayout, granted);
    if (why !== undefined) return why;
  }
  return undefined;
}

function zoneInSmoke(cabinet: CabinetLayout, granted: Granted): string | undefined {
  if (!isAlight(cabinet.id, granted)) return undefined;
  const { levels, state } = granted;
  for (const bay of cabinet.bays) if (isOn(levels.bays[bay])) return `bay ${bay} is live in smoke`;
  // A contact that changed a moment ago has not been looked at yet; alarms follow the look.
  return isAlerted(cabinet.id, state) ? unanswered(cabinet, granted) : undefined;
}

function unanswered({ id, hasAlarm }: CabinetLayout, { levels, config }: Granted): string | undefined {
  const { alarms, stationAlarm, exitRelease } = levels.safety;
  if (hasAlarm && alarms[id] !== true) return `the alarm of ${id} is silent in smoke`;
  if (config.hasAlarm && !stationAlarm) return "the room's alarm is silent in smoke";
  return config.hasExitRelease && !exitRelease ? "the exit is not freed in smoke" : undefined;
}

export const safetyAssertions: readonly SafetyAssertion[] = [
  { invariant: "I3", says: "every output is leased for at most 2 s", breach: leased },
  { invariant: "I4", says: "the bays of a swap are its own, and dead", breach: ownedBays },
  {
    invariant: "I6",
    says: "no bay is heated 5 s after its temperature became stale",
    breach: (granted) => firstBay(granted, blindHeat),
  },
  {
    invariant: "I8",
    says: "only a pack that is heard, within 0..45 °C, behind a shut door and beside a quiet lock is charged",
    breach: (granted) => firstBay(granted, chargeOrCoil),
  },
  {
    invariant: "I9",
    says: "nothing feeds a bay beyond its hard limit, or one that is latched",
    breach: (granted) => firstBay(granted, overHardLimit),
  },
  { invariant: "I10", says: "what is commanded fits the site", breach: overSiteLimit },
  {
    invariant: "I13",
    says: "in smoke everything of the zone is off, alarms sound and the exit is free",
    breach: inSmoke,
  },
  ...roomAssertions,
];

/** The first thing that must not be; undefined as it should be. */
export function breachOf(granted: Granted): Breach | undefined {
  for (let at = 0; at < safetyAssertions.length; at++) {
    const assertion = safetyAssertions[at] as SafetyAssertion;
    const what = assertion.breach(granted);
    if (what !== undefined) return { invariant: assertion.invariant, what };
  }
  return undefined;
}
