/** The amenities as others see them: one payload each, by kind. It shows which lockers are in use, never whose they are. */
import { amenityFaultCatalogue } from "../amenities/faults.ts";
import { emptyLockers, phoneLevels } from "../amenities/lockers.ts";
import { isoFromMs } from "../contract/iso-time.ts";
import type { AmenityPayload, AmenityPayloadOf } from "../contract/room-payloads.ts";
import { fresh } from "../reading.ts";
import type { RoomContext } from "./draft.ts";
import type { AmenityOutput } from "./levels.ts";
import { amenityReadings } from "./looks.ts";
import type { AmenityState } from "./state.ts";
import { contactWord, type RoomView, raisedAbout, round } from "./view.ts";

type AmenityConfig = RoomContext["config"]["amenities"][number];
type ConfigOf<K extends AmenityConfig["kind"]> = Extract<AmenityConfig, { readonly kind: K }>;
type StateOf<K extends AmenityState["kind"]> = Extract<AmenityState, { readonly kind: K }>;

const isOn = ({ granted }: RoomView, id: string, output: AmenityOutput): boolean =>
  granted.amenities[id]?.[output] === true;

const raised = (view: RoomView, id: string) => raisedAbout(view, amenityFaultCatalogue, (subject) => subject === id);

/** A moment of this run on the wall. */
const wallOf = ({ context: { now } }: RoomView, atMs: number): string =>
  isoFromMs(now.wallMs - (now.monotonicMs - atMs));

/** A temperature of the boiler older than this is none. */
const boilerHeardMs = 10_000;

function hotWaterView(
  view: RoomView,
  { id }: ConfigOf<"hot-water">,
  { state }: StateOf<"hot-water">,
): AmenityPayloadOf<"hot-water"> {
  const boilerC = fresh(amenityReadings(view.context, id).tempC, view.context.now.monotonicMs, boilerHeardMs);
  const latch = view.durable.latches[id];
  return {
    kind: "hot-water",
    boilerC: boilerC === undefined ? null : round(boilerC, 1),
    heating: isOn(view, id, "element"),
    pouring: isOn(view, id, "tap"),
    ...(state.stop === undefined ? {} : { stop: state.stop }),
    ...(latch === undefined ? {} : { latch: { why: latch.why, since: isoFromMs(latch.since) } }),
    ...raised(view, id),
  };
}

const numbered = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1);

function phonesView(view: RoomView, config: ConfigOf<"phone-lockers">): AmenityPayload {
  const { id, lockers } = config;
  const { now } = view.context;
  const durable = view.durable.lockers[id] ?? emptyLockers;
  const held = numbered(lockers).filter((locker) => durable.held[locker] !== undefined);
  return {
    kind: "phone-lockers",
    free: lockers - held.length,
    held,
    powered: held.filter((locker) => isOn(view, id, `power-${locker}`)),
    overdue: phoneLevels(durable, now.synchronised ? now.wallMs : undefined, config).overdue.sort((a, b) => a - b),
  };
}

function giftsView(view: RoomView, { id, lockers }: ConfigOf<"gift-lockers">): AmenityPayload {
  const filled = (view.durable.lockers[id] ?? emptyLockers).filled.filter((locker) => locker <= lockers);
  return { kind: "gift-lockers", free: lockers - filled.length, filled: filled.toSorted((a, b) => a - b) };
}

function rescueView(
  view: RoomView,
  { id, hasAed, heardMs }: ConfigOf<"rescue-cabinet">,
  { state }: StateOf<"rescue">,
): AmenityPayload {
  const { shut } = amenityReadings(view.context, id).contacts;
  return {
    kind: "rescue-cabinet",
    door: contactWord(fresh(shut, view.context.now.monotonicMs, heardMs)),
    ...(hasAed ? { aed: state.aed } : {}),
    alarm: isOn(view, id, "siren"),
    ...raised(view, id),
  };
}

function helpView(view: RoomView, { id, hotline }: ConfigOf<"help">, { state }: StateOf<"help">): AmenityPayload {
  const lamp = isOn(view, id, "lamp");
  const { calledMs, answered } = state;
  return {
    kind: "help",
    call: calledMs === undefined ? "none" : !answered ? "waiting" : lamp ? "answered" : "none",
    calledAt: calledMs === undefined ? null : wallOf(view, calledMs),
    siren: isOn(view, id, "siren"),
    lamp,
    hotline,
  };
}

/** Undefined when state and configuration do not belong together, which no start leaves so. */
export function amenityView(view: RoomView, config: AmenityConfig): AmenityPayload | undefined {
  const { id, kind } = config;
  const own = view.state.amenities[id];
  if (own === undefined) return undefined;
  switch (kind) {
    case "hot-water":
      return own.kind === "hot-water" ? hotWaterView(view, config, own) : undefined;
    case "microwave":
    case "socket": {
      if (own.kind !== "outlet") return undefined;
      const endsAt = own.state.at === "on" ? { endsAt: wallOf(view, own.state.untilMs) } : {};
      return { kind, on: isOn(view, id, "power"), ...endsAt };
    }
    case "phone-lockers":
      return phonesView(view, config);
    case "gift-lockers":
      return giftsView(view, config);
    case "rescue-cabinet":
      return own.kind === "rescue" ? rescueView(view, config, own) : undefined;
    case "ventilation":
      return { kind, on: isOn(view, id, "power") };
    case "light":
    case "toilet-light":
      return { kind, on: isOn(view, id, "lamp") };
    case "help":
      return own.kind === "help" ? helpView(view, config, own) : undefined;
  }
}
