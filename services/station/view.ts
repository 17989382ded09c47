/**
 * The station as others see it: the retained topics, projected from state, readings and what was granted. Pure and cheap; when
 * a difference is worth sending is the contract's dead-band table to say, not this file's.
 */
import { cellTempRangeC } from "../bay/condition.ts";
import { doorOf } from "../bay/door.ts";
import { heardPack, phaseOf, readyInMinutes } from "../bay/phase.ts";
import { chargePowerW } from "../charging/plan.ts";
import { isoFromMs } from "../contract/iso-time.ts";
import type { BayPayload, CabinetPayload, FaultPayload, PowerPayload } from "../contract/state-payloads.ts";
import { type Fault, faultCatalogue } from "../faults.ts";
import type { Levels } from "../levels.ts";
import { fresh } from "../reading.ts";
import { type BayReadings, emptyBayReadings, type PackReading, type StationReadings } from "../readings.ts";
import { ownerOf } from "./draft.ts";
import type { StationContext, StationState } from "./state.ts";

export interface ViewInput {
  readonly state: StationState;
  readonly readings: StationReadings;
  /** What the interlocks let through at the last scan. */
  readonly granted: Levels;
  readonly nowMs: number;
  readonly wallMs: number;
}

const round = (value: number, digits: number): number => {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
};

/** Names of the protection bits, in bit order (JBD General Protocol V4). */
const protectionNames = [
  "cell-overvoltage",
  "cell-undervoltage",
  "pack-overvoltage",
  "pack-undervoltage",
  "charge-overtemperature",
  "charge-undertemperature",
  "discharge-overtemperature",
  "discharge-undertemperature",
  "charge-overcurrent",
  "discharge-overcurrent",
  "short-circuit",
  "front-end-fault",
  "mos-software-lock",
];

/** A pack that says the same is shown by the same object, which the comparison behind it knows at a glance. */
const packViews = new WeakMap<PackReading, NonNullable<BayPayload["pack"]>>();

function packView(pack: PackReading): NonNullable<BayPayload["pack"]> {
  let view = packViews.get(pack);
  if (view === undefined) {
    view = newPackView(pack);
    packViews.set(pack, view);
  }
  return view;
}

function newPackView(pack: PackReading): NonNullable<BayPayload["pack"]> {
  const range = cellTempRangeC(pack);
  return {
    id: pack.packId ?? null,
    socPct: pack.socPct,
    cellTempMinC: range === undefined ? null : round(range.minC, 1),
    cellTempMaxC: range === undefined ? null : round(range.maxC, 1),
    packV: round(pack.packMv / 1_000, 2),
    packA: round(pack.packMa / 1_000, 2),
    faults: protectionNames.filter((_name, bit) => (pack.protectionBits & (1 << bit)) !== 0),
  };
}

const nothingRead = emptyBayReadings();
const readingsIn = (input: ViewInput, bay: number): BayReadings => input.readings.bays[bay] ?? nothingRead;

export function bayState(input: ViewInput, bay: number, context: StationContext): BayPayload["state"] {
  const state = input.state.bays[bay];
  const layout = context.config.bays[bay];
  if (state === undefined || layout === undefined) return "occupied-unknown";
  const phase = phaseOf({ state, layout, readings: readingsIn(input, bay) }, input.nowMs, context.config);
  if (phase === "ready" && input.state.durable.operators.reservations[String(bay)] !== undefined) return "reserved";
  return (phase === "ready" || phase === "empty") && ownerOf(input.state, bay) !== undefined ? "reserved" : phase;
}

/** Codes of the faults about one subject, in an order that does not depend on which came first. */
function faultsOf({ state }: ViewInput, subject: string): { readonly faults?: string[] } {
  const codes: string[] = [];
  for (const key in state.faults) {
    const fault = state.faults[key];
    if (fault?.subject === subject) codes.push(fault.code);
  }
  return codes.length === 0 ? {} : { faults: codes.sort() };
}

export function bayView(input: ViewInput, bay: number, context: StationContext): BayPayload {
  const layout = context.config.bays[bay];
  const readings = readingsIn(input, bay);
  const { safety } = context.config;
  const latched = fresh(readings.latched, input.nowMs, safety.contactHeardMs);
  const lockOut = input.state.durable.lockOuts[String(bay)];
  const pack = heardPack(readings, input.nowMs);
  const levels = input.granted.bays[bay];
  return {
    door: layout === undefined ? "unknown" : doorOf(readings, layout, input.nowMs, safety),
    lock: latched === undefined ? "unknown" : latched ? "latched" : "released",
    state: bayState(input, bay, context),
    lockOut: lockOut?.lockOut ?? "none",
    ...(lockOut === undefined ? {} : { reason: lockOut.reason }),
    ...faultsOf(input, String(bay)),
    pack: pack === undefined ? null : packView(pack),
    charger: { setMa: levels?.chargeMa ?? 0, actualMa: fresh(readings.charger, input.nowMs, 30_000)?.outMa ?? 0 },
    heater: levels?.heater ?? false,
  };
}

/** Whether the devices a bay cannot do without are heard: its contacts, which every decision starts from. */
export function bayAvailable(input: ViewInput, bay: number, context: StationContext): boolean {
  const readings = readingsIn(input, bay);
  const { contactHeardMs } = context.config.safety;
  return (
    fresh(readings.latched, input.nowMs, contactHeardMs) !== undefined &&
    fresh(readings.present, input.nowMs, contactHeardMs) !== undefined
  );
}

function bayPowerW(
  input: ViewInput,
  bay: number,
  context: StationContext,
): { readonly chargeW: number; readonly heatW: number } {
  const levels = input.granted.bays[bay];
  if (levels === undefined) return { chargeW: 0, heatW: 0 };
  const charger = fresh(readingsIn(input, bay).charger, input.nowMs, 30_000);
  const chargeW =
    levels.chargeMa === 0 || charger === undefined ? 0 : chargePowerW(charger.outMa, charger.outMv, context.config);
  return { chargeW, heatW: levels.heater ? context.config.charging.heaterW : 0 };
}

const counted = {
  empty: "empty",
  charging: "charging",
  warming: "warming",
  waiting: "waiting",
  ready: "ready",
  reserved: "reserved",
  "occupied-unknown": "outOfService",
  quarantined: "outOfService",
} as const satisfies Record<BayPayload["state"], keyof CabinetPayload>;

function lockedOutView({ state }: ViewInput, cabinet: string): Pick<CabinetPayload, "lockOut" | "reason"> {
  const { cabinetLockOuts } = state.durable.operators;
  const lockedOut = Object.hasOwn(cabinetLockOuts, cabinet) ? cabinetLockOuts[cabinet] : undefined;
  return lockedOut === undefined ? {} : { lockOut: "operator", reason: lockedOut.reason };
}

/** Minutes until the first pack of these bays could be handed out; undefined when none is on its way. */
function soonestOf(input: ViewInput, bays: readonly number[], { config }: StationContext): number | undefined {
  let soonest: number | undefined;
  for (const bay of bays) {
    const state = input.state.bays[bay];
    const layout = config.bays[bay];
    if (state === undefined || layout === undefined || input.state.durable.lockOuts[String(bay)] !== undefined)
      continue;
    const minutes = readyInMinutes({ state, layout, readings: readingsIn(input, bay) }, input.nowMs, config);
    if (minutes !== undefined && (soonest === undefined || minutes < soonest)) soonest = minutes;
  }
  return soonest;
}

export function cabinetView(input: ViewInput, cabinetId: string, context: StationContext): CabinetPayload {
  const cabinet = context.config.cabinets.find((candidate) => candidate.id === cabinetId);
  const counts = { ready: 0, charging: 0, warming: 0, waiting: 0, empty: 0, reserved: 0, outOfService: 0 };
  let powerW = 0;
  for (const bay of cabinet?.bays ?? []) {
    const { chargeW, heatW } = bayPowerW(input, bay, context);
    powerW += chargeW + heatW;
    if (input.state.durable.lockOuts[String(bay)] !== undefined) {
      counts.outOfService++;
      continue;
    }
    counts[counted[bayState(input, bay, context)]]++;
  }
  const soonest = counts.ready === 0 ? soonestOf(input, cabinet?.bays ?? [], context) : undefined;
  const waiting = soonest !== undefined && soonest > 0;
  return {
    ...counts,
    nextReadyAt: waiting ? isoFromMs(input.wallMs + soonest * 60_000) : null,
    powerW: Math.round(powerW),
    limitW: context.config.siteLimitW,
    ...lockedOutView(input, cabinetId),
    ...faultsOf(input, cabinetId),
    prompt: input.state.prompts[cabinetId] ?? null,
  };
}

export function powerView(input: ViewInput, context: StationContext): PowerPayload {
  let chargingW = 0;
  let heatingW = 0;
  for (let bay = 1; bay < context.config.bays.length; bay++) {
    const { chargeW, heatW } = bayPowerW(input, bay, context);
    chargingW += chargeW;
    heatingW += heatW;
  }
  return {
    siteW: Math.round(chargingW + heatingW),
    chargingW: Math.round(chargingW),
    heatingW: Math.round(heatingW),
    limitW: context.config.siteLimitW,
  };
}

export function faultView(fault: Fault, input: ViewInput, clock: "ntp" | "unsynced"): FaultPayload {
  const entry = faultCatalogue[fault.code];
  return {
    severity: entry.severity,
    since: isoFromMs(input.wallMs - (input.nowMs - fault.sinceMs)),
    clock,
    inhibits: entry.inhibits,
    text: { zh: entry.zh, en: entry.en },
    clearedBy: entry.clearedBy,
    mend: entry.mend,
  };
}
