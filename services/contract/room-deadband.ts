/**
 * When a changed value of the room is worth sending. What a person acts upon (a door, a state, a count, an alarm) is a step; what
 * cycles by itself or is measured drifts and waits. A call for help waits for nothing. Moments that are reckoned anew at every
 * look, and counters that only rise, are told with the next change.
 */
import { type Change, exactChange, left, sameList } from "./change.ts";
import type {
  AmenityPayload,
  AmenityPayloadOf,
  ClimatePayload,
  DoorPayload,
  DoorView,
  FridgePayload,
} from "./room-payloads.ts";

/** Dead-bands of the room's measurements. */
export const roomDeadbands = {
  roomC: 0.2,
  sensorC: 0.5,
  outsideC: 1,
  humidityPct: 5,
  setpointC: 0.5,
  heaterPct: 20,
  fridgeAirC: 0.5,
  boilerC: 5,
} as const;

function differs<T>(sent: T, now: T, fields: readonly (keyof T)[]): boolean {
  return fields.some((field) => sent[field] !== now[field]);
}

/** That somebody may come in shows in what follows: the door opens, or nobody came. */
const seen = (position: DoorView["position"]): DoorView["position"] => (position === "granted" ? "shut" : position);

function doorMoved(sent: DoorView | undefined, now: DoorView | undefined): Change {
  if (sent === undefined || now === undefined) return sent === now ? "none" : "step";
  if (differs(sent, now, ["ordered", "until"])) return "order";
  if (seen(sent.position) !== seen(now.position) || sent.mode !== now.mode) return "step";
  return sameList(sent.faults, now.faults) ? "none" : "step";
}

export function doorChange(sent: DoorPayload, now: DoorPayload): Change {
  if (differs(sent, now, ["listVersion", "listAt", "inside"]) || !sameList(sent.faults, now.faults)) return "step";
  const changes = Object.keys({ ...sent.doors, ...now.doors }).map((id) => doorMoved(sent.doors[id], now.doors[id]));
  if (changes.includes("order")) return "order";
  return changes.includes("step") ? "step" : "none";
}

function sensorsMoved(sent: ClimatePayload["sensors"], now: ClimatePayload["sensors"]): boolean {
  return now.some(({ tempC }, at) => left(roomDeadbands.sensorC, sent[at]?.tempC, tempC));
}

export function climateChange(sent: ClimatePayload, now: ClimatePayload): Change {
  if (sent.mode !== now.mode) return "order";
  if (differs(sent, now, ["state", "stop"]) || sent.latch?.since !== now.latch?.since) return "step";
  if (!sameList(sent.faults, now.faults) || (sent.roomC === null) !== (now.roomC === null)) return "step";
  const moved =
    left(roomDeadbands.roomC, sent.roomC, now.roomC) ||
    left(roomDeadbands.outsideC, sent.outsideC, now.outsideC) ||
    left(roomDeadbands.humidityPct, sent.humidityPct, now.humidityPct) ||
    left(roomDeadbands.setpointC, sent.heatToC, now.heatToC) ||
    left(roomDeadbands.setpointC, sent.coolToC, now.coolToC) ||
    left(roomDeadbands.heaterPct, sent.heaterPct, now.heaterPct) ||
    sensorsMoved(sent.sensors, now.sensors) ||
    differs(sent, now, ["why", "cooler"]);
  return moved ? "drift" : "none";
}

export function fridgeChange(sent: FridgePayload, now: FridgePayload): Change {
  if (differs(sent, now, ["door", "left", "restockWanted", "blocked"])) return "step";
  if (!sameList(sent.faults, now.faults) || (sent.airC === null) !== (now.airC === null)) return "step";
  if (left(roomDeadbands.fridgeAirC, sent.airC, now.airC)) return "drift";
  // The compressor comes and goes by itself.
  return differs(sent, now, ["state", "compressor", "winter"]) ? "drift" : "none";
}

function hotWaterChange(sent: AmenityPayloadOf<"hot-water">, now: AmenityPayloadOf<"hot-water">): Change {
  if (sent.stop !== now.stop || sent.latch?.since !== now.latch?.since) return "step";
  if (!sameList(sent.faults, now.faults)) return "step";
  return left(roomDeadbands.boilerC, sent.boilerC, now.boilerC) || differs(sent, now, ["heating", "pouring"])
    ? "drift"
    : "none";
}

function helpChange(sent: AmenityPayloadOf<"help">, now: AmenityPayloadOf<"help">): Change {
  if (sent.call !== now.call) return "order";
  return differs(sent, now, ["siren", "lamp", "hotline"]) ? "step" : "none";
}

const isOutlet = (payload: AmenityPayload): payload is AmenityPayloadOf<"microwave" | "socket"> =>
  payload.kind === "microwave" || payload.kind === "socket";

export function amenityChange(sent: AmenityPayload, now: AmenityPayload): Change {
  if (sent.kind === "hot-water" && now.kind === "hot-water") return hotWaterChange(sent, now);
  if (sent.kind === "help" && now.kind === "help") return helpChange(sent, now);
  if (isOutlet(sent) && isOutlet(now)) return differs(sent, now, ["kind", "on"]) ? "step" : "none";
  const change = exactChange(sent, now);
  // Light and air follow people; somebody waits for the toilet.
  return change === "step" && (now.kind === "light" || now.kind === "ventilation") ? "drift" : change;
}
