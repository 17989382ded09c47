/** One payload of every row, used by the reference page, the AsyncAPI document and the tests that keep both honest. */
import type { EventKind, EventPayload } from "./event-payloads.ts";
import type { LedgerPayload } from "./ledger-payload.ts";
import type { PeoplePayload } from "./people-payload.ts";
import type { RequestPayload, ResponsePayload } from "./request-payloads.ts";
import {
  accessListExample,
  amenityExamples,
  climateExamples,
  doorExamples,
  fridgeExamples,
  roomEventExamples,
  roomRequestExamples,
} from "./room-examples.ts";
import type {
  Availability,
  BayPayload,
  CabinetPayload,
  FaultPayload,
  HealthPayload,
  InfoPayload,
  PowerPayload,
} from "./state-payloads.ts";
import type { TopicName } from "./topics.ts";

const info: InfoPayload = {
  version: "0.1.0",
  commit: "0123abc",
  bootId: "b7f3",
  configHash: "9c1e",
  contract: 1,
  capabilities: ["swap"],
  hardware: [{ id: "locks-a", kind: "lock-8a", bus: "lock-line-a" }],
};

const health: HealthPayload = {
  uptimeS: 3600,
  loop: { lateP99Ms: 1.2, lateMaxMs: 4.8 },
  memory: { rssMb: 71, heapMb: 18 },
  outbox: { depth: 0, ageS: 0, dropped: 0 },
  bus: { requests: 512_340, timeouts: 3, rejected: 1, silent: [] },
  mqtt: { reconnects: 0, published: 1204, failed: 0, refused: 0 },
  clock: "ntp",
  faults: 0,
};

const cabinet: CabinetPayload = {
  ready: 5,
  charging: 4,
  warming: 0,
  waiting: 1,
  empty: 2,
  reserved: 0,
  outOfService: 0,
  nextReadyAt: null,
  powerW: 2700,
  limitW: 8333,
  prompt: { id: "insert-pack", zh: "3号仓已打开，请放入旧电池", en: "Bay 3 is open: put your pack in", bay: 3 },
};

const smokyCabinet: CabinetPayload = {
  ...cabinet,
  ready: 0,
  charging: 0,
  outOfService: 10,
  nextReadyAt: "2026-01-31T05:30:00.000Z",
  faults: ["smoke"],
  prompt: null,
};

const bay: BayPayload = {
  door: "shut",
  lock: "latched",
  state: "charging",
  lockOut: "none",
  pack: { id: "yz-0001", socPct: 85, cellTempMinC: 21, cellTempMaxC: 23, packV: 52.1, packA: 11.8, faults: [] },
  charger: { setMa: 12_000, actualMa: 11_900 },
  heater: false,
};

const emptyBay: BayPayload = {
  door: "shut",
  lock: "latched",
  state: "empty",
  lockOut: "operator",
  reason: "connector worn",
  pack: null,
  charger: { setMa: 0, actualMa: 0 },
  heater: false,
  fan: false,
};

const jammedBay: BayPayload = {
  ...bay,
  state: "ready",
  lockOut: "system",
  reason: "lock-failed",
  faults: ["bay-lock-failed"],
  charger: { setMa: 0, actualMa: 0 },
};

const blindBay: BayPayload = {
  ...emptyBay,
  door: "unknown",
  lock: "unknown",
  state: "occupied-unknown",
  lockOut: "none",
  faults: ["bay-contacts-lost"],
};

const power: PowerPayload = { siteW: 17_200, chargingW: 15_000, heatingW: 1_900, limitW: 25_000 };

const ledger: LedgerPayload = {
  counts: { bays: 28, quarantine: 1, unread: 0, riders: 263, unknown: 1 },
  debtCount: 1,
  debts: [
    {
      swap: "s-001207",
      member: "5f0c2a91",
      cabinet: "a",
      bay: 3,
      packIn: "yz-0001",
      since: "2026-01-31T05:06:07.890Z",
      overdue: false,
    },
  ],
  findingCount: 2,
  findings: [
    { is: "unknown", packId: "yz-0044", bay: 7, since: "2026-01-30T20:11:02.000Z", why: null },
    { is: "quarantine", packId: "yz-0113", bay: 9, since: "2026-01-31T04:00:00.000Z", why: "deposit-unasked" },
  ],
};

const servedToday: PeoplePayload["today"] = {
  swap: 402,
  entry: 311,
  drink: 96,
  hotWater: 140,
  outlet: 22,
  phoneLocker: 37,
  gift: 3,
  help: 1,
  rescue: 0,
};

const servedThatDay = 1_012;

const people: PeoplePayload = {
  date: "2026-01-31",
  served: servedThatDay,
  today: servedToday,
  alarms: 2,
  week: { days: 1, served: servedThatDay, people: servedToday, alarms: 4 },
};

const fault: FaultPayload = {
  severity: "error",
  since: "2026-01-31T05:06:07.890Z",
  clock: "ntp",
  inhibits: "charging and swapping at the bay",
  text: { zh: "仓门未关", en: "Door left open" },
  clearedBy: "itself",
  mend: "Shut the door.",
};

const swapCompleted: EventPayload = {
  event_type: "completed",
  id: "liaoyuan-4711",
  stream: "swap",
  seq: 1200,
  at: "2026-01-31T05:06:07.890Z",
  clock: "ntp",
  data: {
    swap: "s-1207",
    cabinet: "a",
    inBay: 3,
    outBay: 7,
    packId: "yz-0001",
    tookPackId: "yz-0044",
    durationMs: 41_000,
  },
};

const dayClosed: EventPayload = {
  event_type: "day-closed",
  id: "liaoyuan-9000",
  stream: "report",
  seq: 12,
  at: "2026-01-31T16:00:00.000Z",
  clock: "ntp",
  data: {
    date: "2026-01-31",
    scans: 431,
    completed: 402,
    refused: 25,
    cancelled: 4,
    owed: 0,
    served: servedThatDay,
    people: servedToday,
    alarms: [{ code: "door-held", times: 2 }],
  },
};

const weekClosed: EventPayload = {
  event_type: "week-closed",
  id: "liaoyuan-9002",
  stream: "report",
  seq: 13,
  at: "2026-02-01T16:00:00.000Z",
  clock: "ntp",
  data: {
    served: servedThatDay,
    people: servedToday,
    alarms: [{ code: "door-held", times: 2 }],
    days: [{ date: "2026-01-31", served: servedThatDay, people: servedToday, alarms: 2 }],
  },
};

const lockOut: RequestPayload = {
  id: "op-31-0007",
  transaction: "t-9",
  expiresAt: "2026-01-31T05:10:00Z",
  bay: 3,
  lockOut: "operator",
  reason: "connector worn",
};

const open: RequestPayload<"open"> = {
  id: "op-31-0009",
  expiresAt: "2026-01-31T05:07:00Z",
  by: "night desk",
  bay: 7,
};

const cabinetLockOut: RequestPayload<"cabinet-lock-out"> = {
  id: "op-31-0010",
  expiresAt: "2026-01-31T05:10:00Z",
  cabinet: "a",
  lockOut: "operator",
  reason: "connectors are replaced",
};

const opened: ResponsePayload = { id: "op-31-0009", status: "ok", data: { bay: 7 } };

const keptShut: ResponsePayload = {
  id: "op-31-0011",
  status: "refused",
  reason: "hot-pack",
  message: { zh: "仓内电池过热，仓门不打开", en: "The pack in the bay is hot: its door stays shut." },
};

const snapshot: RequestPayload = { id: "op-31-0008", expiresAt: 1_769_836_200_000 };

const refused: ResponsePayload = {
  id: "op-31-0007",
  transaction: "t-9",
  status: "refused",
  reason: "expired",
  message: { zh: "请求已过期", en: "The request has expired." },
};

const online: Availability = "online";

export const examples: { readonly [N in TopicName]: readonly [unknown, ...unknown[]] } = {
  availability: [online, "offline" satisfies Availability],
  info: [info],
  health: [health],
  cabinet: [cabinet, smokyCabinet],
  bay: [bay, emptyBay, jammedBay, blindBay],
  bayAvailability: [online],
  power: [power],
  ledger: [ledger],
  people: [people],
  door: doorExamples,
  climate: climateExamples,
  fridge: fridgeExamples,
  amenity: amenityExamples,
  fault: [fault],
  event: [swapCompleted, dayClosed, weekClosed, ...roomEventExamples.map(({ payload }) => payload)],
  request: [lockOut, snapshot, open, cabinetLockOut, ...roomRequestExamples],
  accessList: [accessListExample],
  response: [refused, opened, keptShut, { id: "op-31-0008", status: "ok" } satisfies ResponsePayload],
};

/** Which kind of event an example belongs to. */
export const eventExamples: readonly { readonly kind: EventKind; readonly payload: EventPayload }[] = [
  { kind: "swap", payload: swapCompleted },
  { kind: "report", payload: dayClosed },
  { kind: "report", payload: weekClosed },
  ...roomEventExamples,
];
