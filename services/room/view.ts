/**
 * The room as others see it: its retained topics, projected from state, readings and what was granted. Pure and cheap. It shows
 * counts and states, never who; whether a difference is worth sending is the contract's to say.
 */
import { doorFaults } from "../access/faults.ts";
import { modeOfDoor } from "../access/state.ts";
import { climateFaultCatalogue } from "../climate/faults.ts";
import { isHeard, ledBy } from "../climate/probe.ts";
import { isoFromMs } from "../contract/iso-time.ts";
import type { ClimatePayload, DoorPayload, DoorView, FridgePayload } from "../contract/room-payloads.ts";
import { fridgeFaultCatalogue } from "../fridge/faults.ts";
import { tempOf } from "../fridge/look.ts";
import { stockOf } from "../fridge/step.ts";
import { fresh, type Reading } from "../reading.ts";
import { accessContext, type RoomContext } from "./draft.ts";
import type { RoomDurable } from "./durable.ts";
import { type RoomLevels, restingDoorLevels } from "./levels.ts";
import { fridgeLook } from "./looks.ts";
import type { RoomState } from "./state.ts";

export interface RoomView {
  readonly context: RoomContext;
  readonly state: RoomState;
  readonly durable: RoomDurable;
  /** What the interlocks let through at the last scan. */
  readonly granted: RoomLevels;
  /** What stands raised in the whole station. */
  readonly faults: readonly { readonly code: string; readonly subject: string }[];
}

export const round = (value: number, digits: number): number => {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
};

/** Codes of one catalogue about these subjects, each once, in an order that does not depend on which came first. */
export function raisedAbout(
  { faults }: RoomView,
  catalogue: Readonly<Record<string, unknown>>,
  about: (subject: string) => boolean,
): { readonly faults?: string[] } {
  const codes = new Set<string>();
  for (const { code, subject } of faults) if (Object.hasOwn(catalogue, code) && about(subject)) codes.add(code);
  return codes.size === 0 ? {} : { faults: [...codes].sort() };
}

export const contactWord = (shut: boolean | undefined): "shut" | "open" | "unknown" =>
  shut === undefined ? "unknown" : shut ? "shut" : "open";

type DoorLayout = RoomContext["config"]["access"]["doors"][number];

function doorView(view: RoomView, door: DoorLayout): DoorView {
  const { state, context, durable, granted } = view;
  const order = durable.access.orders[door.id];
  const { strike, magnet } = granted.doors[door.id] ?? restingDoorLevels;
  const readers = context.config.access.readers.filter((reader) => reader.door === door.id).map(({ id }) => id);
  return {
    position: state.access.doors[door.id]?.position.at ?? "unknown",
    mode: modeOfDoor(state.access, door, accessContext(context)),
    ...(order === undefined ? {} : { ordered: order.mode }),
    ...(order?.until === undefined ? {} : { until: isoFromMs(order.until) }),
    lock: strike ? "released" : magnet ? "holding" : "resting",
    ...raisedAbout(view, doorFaults, (subject) => subject === door.id || readers.includes(subject)),
  };
}

export function doorsView(view: RoomView): DoorPayload {
  const { state, durable, context } = view;
  const { list } = state.access;
  return {
    inside: durable.access.inside,
    listVersion: durable.access.list.version,
    listAt: list === undefined ? null : isoFromMs(list.issuedAt),
    ...raisedAbout(view, doorFaults, (subject) => subject === "access"),
    doors: Object.fromEntries(context.config.access.doors.map((door) => [door.id, doorView(view, door)])),
  };
}

const tenths = (tempC: number | undefined): number | null => (tempC === undefined ? null : round(tempC, 1));

/** The air outside changes slowly. */
const outsideHeardMs = 900_000;

function humidityOf(context: RoomContext, staleMs: number): { readonly humidityPct?: number } {
  const { monotonicMs } = context.now;
  for (const reading of context.readings.air) {
    const humidityPct = fresh(reading, monotonicMs, staleMs)?.humidityPct;
    if (humidityPct !== undefined) return { humidityPct: Math.round(humidityPct) };
  }
  return {};
}

/** Undefined where the station neither heats nor cools. */
export function climateView(view: RoomView): ClimatePayload | undefined {
  const { context, durable, granted } = view;
  const { climate: config } = context.config;
  const { climate: state } = view.state;
  if (config === undefined || state === undefined) return undefined;
  const { monotonicMs } = context.now;
  const { latch, mode } = durable.climate;
  return {
    roomC: tenths(state.roomC),
    ...humidityOf(context, config.staleMs),
    sensors: state.probes.map((probe) => ({
      tempC: isHeard(probe, monotonicMs, config) ? tenths(probe.rawC) : null,
      isBelieved: ledBy(probe, monotonicMs, config) !== undefined,
    })),
    outsideC: tenths(fresh(context.readings.outsideC, monotonicMs, outsideHeardMs)),
    heatToC: state.targets?.heatC ?? null,
    coolToC: state.targets?.coolC ?? null,
    why: state.targets?.why ?? null,
    mode,
    state: state.at,
    heaterPct: Math.round(granted.climate.heaterPct),
    cooler: granted.climate.cooler,
    ...(state.stop === undefined ? {} : { stop: state.stop }),
    ...(latch === undefined ? {} : { latch: { why: latch.why, since: isoFromMs(latch.since) } }),
    ...raisedAbout(view, climateFaultCatalogue, () => true),
  };
}

function takenToday({ durable, context }: RoomView): number {
  const { date, taken } = durable.fridge;
  if (context.civil !== undefined && context.civil.date > date) return 0;
  return Object.values(taken).reduce((sum, count) => sum + count, 0);
}

const shutNow = (reading: Reading<boolean> | undefined, nowMs: number, heardMs: number): boolean | undefined =>
  fresh(reading, nowMs, heardMs);

/** Undefined where the station has no fridge. */
export function fridgeView(view: RoomView): FridgePayload | undefined {
  const { context, durable, granted } = view;
  const { fridge: config } = context.config;
  const { fridge: state } = view.state;
  if (config === undefined || state === undefined) return undefined;
  const look = fridgeLook(context);
  const { monotonicMs } = context.now;
  return {
    airC: tenths(tempOf(look.airC, monotonicMs, config)),
    state: state.at,
    compressor: granted.fridge.compressor,
    door: contactWord(shutNow(look.doorShut, monotonicMs, config.doorHeardMs)),
    lock: granted.fridge.lock ? "released" : "latched",
    left: stockOf(look, durable.fridge, config),
    takenToday: takenToday(view),
    restockWanted: durable.fridge.wanted,
    blocked: durable.fridge.blocked || state.blocking,
    aboveMin: Math.floor(state.aboveMs / 60_000),
    energyWh: Math.round(durable.fridge.energyWh + state.energyWh),
    winter: state.winter,
    ...raisedAbout(view, fridgeFaultCatalogue, (subject) => subject === "fridge"),
  };
}
