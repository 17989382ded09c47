/** Payloads of the room, used by the reference page, the AsyncAPI document and the tests that keep both honest. */
import type { EventKind, EventPayload } from "./event-payloads.ts";
import type { RequestPayload } from "./request-payloads.ts";
import type { AmenityPayload, ClimatePayload, DoorPayload, FridgePayload } from "./room-payloads.ts";

const door: DoorPayload = {
  inside: 3,
  listVersion: 41,
  listAt: "2026-01-31T04:00:00.000Z",
  doors: { front: { position: "shut", mode: "members-only", lock: "resting" } },
};

const nightDoors: DoorPayload = {
  inside: 0,
  listVersion: 0,
  listAt: null,
  faults: ["access-list-old"],
  doors: {
    inner: { position: "granted", mode: "members-only", lock: "released" },
    outer: {
      position: "forced",
      mode: "closed",
      ordered: "closed",
      until: "2026-01-31T22:00:00.000Z",
      lock: "resting",
      faults: ["door-forced"],
    },
  },
};

const climate: ClimatePayload = {
  roomC: 17.6,
  humidityPct: 31,
  sensors: [
    { tempC: 17.4, isBelieved: true },
    { tempC: 17.8, isBelieved: true },
  ],
  outsideC: -27.5,
  heatToC: 18,
  coolToC: 27,
  why: "occupied",
  mode: "auto",
  state: "heat",
  heaterPct: 62,
  cooler: false,
};

const latchedClimate: ClimatePayload = {
  roomC: null,
  sensors: [
    { tempC: 46.1, isBelieved: false },
    { tempC: null, isBelieved: false },
  ],
  outsideC: null,
  heatToC: null,
  coolToC: null,
  why: null,
  mode: "frost-only",
  state: "rest",
  heaterPct: 0,
  cooler: false,
  stop: "latched",
  latch: { why: "hard-limit", since: "2026-01-31T05:06:07.890Z" },
  faults: ["room-heater-latched"],
};

const fridge: FridgePayload = {
  airC: 4.2,
  state: "cool",
  compressor: true,
  door: "shut",
  lock: "latched",
  left: 37,
  takenToday: 11,
  restockWanted: false,
  blocked: false,
  aboveMin: 0,
  energyWh: 8_140,
  winter: false,
};

const warmFridge: FridgePayload = {
  ...fridge,
  airC: null,
  state: "rest",
  compressor: false,
  door: "unknown",
  left: 4,
  restockWanted: true,
  blocked: true,
  aboveMin: 241,
  faults: ["fridge-food-blocked", "fridge-low"],
};

const amenities: readonly [AmenityPayload, ...AmenityPayload[]] = [
  { kind: "hot-water", boilerC: 86.5, heating: true, pouring: false },
  {
    kind: "hot-water",
    boilerC: null,
    heating: false,
    pouring: false,
    stop: "leak",
    latch: { why: "leak", since: "2026-01-31T05:06:07.890Z" },
    faults: ["hot-water-latched"],
  },
  { kind: "microwave", on: true, endsAt: "2026-01-31T05:11:07.890Z" },
  { kind: "phone-lockers", free: 4, held: [2, 5], powered: [2], overdue: [5] },
  { kind: "gift-lockers", free: 1, filled: [1, 2, 4] },
  { kind: "rescue-cabinet", door: "open", aed: "missing", alarm: true, faults: ["aed-missing"] },
  { kind: "rescue-cabinet", door: "shut", alarm: false },
  { kind: "toilet-light", on: true },
  { kind: "help", call: "waiting", calledAt: "2026-01-31T05:06:07.890Z", siren: true, lamp: true, hotline: "12351" },
  { kind: "help", call: "none", calledAt: null, siren: false, lamp: false, hotline: "12351" },
];

const helpCalled: EventPayload<"help"> = {
  event_type: "called",
  id: "liaoyuan-4799",
  stream: "help",
  seq: 3,
  at: "2026-01-31T05:06:07.890Z",
  clock: "ntp",
  data: { amenity: "help" },
};

const granted: EventPayload<"door"> = {
  event_type: "granted",
  id: "liaoyuan-4801",
  stream: "door",
  seq: 811,
  at: "2026-01-31T05:06:07.890Z",
  clock: "ntp",
  data: { door: "front", decision: 402, way: "token", reader: "front-qr", member: "5f0c2a91" },
};

const gift: EventPayload<"amenity"> = {
  event_type: "gift-given",
  id: "liaoyuan-4803",
  stream: "amenity",
  seq: 96,
  at: "2026-01-31T05:06:07.890Z",
  clock: "ntp",
  data: { amenity: "gifts", locker: 2 },
};

const drink: EventPayload<"fridge"> = {
  event_type: "released",
  id: "liaoyuan-4805",
  stream: "fridge",
  seq: 210,
  at: "2026-01-31T05:06:07.890Z",
  clock: "ntp",
  data: { member: "5f0c2a91" },
};

const frostOnly: EventPayload<"climate"> = {
  event_type: "mode-set",
  id: "liaoyuan-4807",
  stream: "climate",
  seq: 4,
  at: "2026-01-31T05:06:07.890Z",
  clock: "ntp",
  data: { mode: "frost-only", by: "night desk" },
};

export const doorExamples: readonly [DoorPayload, ...DoorPayload[]] = [door, nightDoors];
export const climateExamples: readonly [ClimatePayload, ...ClimatePayload[]] = [climate, latchedClimate];
export const fridgeExamples: readonly [FridgePayload, ...FridgePayload[]] = [fridge, warmFridge];
export const amenityExamples = amenities;

/** Shortened: a real list carries its claims in the middle. */
export const accessListExample =
  "eyJhbGciOiJFZERTQSIsImtpZCI6ImRlc2siLCJ0eXAiOiJhY2Nlc3MtbGlzdCtqd3QifQ.eyJzdGF0aW9uIjoibGlhb3l1YW4tMSJ9.c2lnbmF0dXJl";

export const roomEventExamples: readonly { readonly kind: EventKind; readonly payload: EventPayload }[] = [
  { kind: "help", payload: helpCalled },
  { kind: "door", payload: granted },
  { kind: "amenity", payload: gift },
  { kind: "fridge", payload: drink },
  { kind: "climate", payload: frostOnly },
];

const openDoor: RequestPayload<"open-door"> = { id: "op-31-0021", expiresAt: "2026-01-31T05:07:00Z", door: "front" };
const doorMode: RequestPayload<"door-mode"> = {
  id: "op-31-0022",
  expiresAt: "2026-01-31T05:10:00Z",
  by: "night desk",
  door: "front",
  mode: "closed",
  minutes: 120,
};
const restock: RequestPayload<"restock"> = { id: "op-31-0023", expiresAt: "2026-01-31T05:10:00Z", count: 48 };
const fill: RequestPayload<"fill-locker"> = {
  id: "op-31-0024",
  expiresAt: "2026-01-31T05:10:00Z",
  amenity: "gifts",
  locker: 2,
};

export const roomRequestExamples: readonly RequestPayload[] = [openDoor, doorMode, restock, fill];
