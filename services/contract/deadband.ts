/**
 * When a changed value is worth sending. Pure: it compares what was sent last with what is true now. An `order` is what an
 * operator decided, who waits to see it: it goes out at once. A `step` is something a person acts upon (a door, a state, a count, a sentence) and goes out as soon as it has settled; a `drift` is a measurement
 * that left its dead-band and may wait for its hold; everything else is `none`. The numbers are chosen so that a station-day of
 * 400 swaps stays under 6 MB on the wire at 128 B of overhead a message.
 */
import { type Change, exactChange, left, sameData, sameList } from "./change.ts";
import type { LedgerPayload } from "./ledger-payload.ts";
import type { PeoplePayload } from "./people-payload.ts";
import { amenityChange, climateChange, doorChange, fridgeChange } from "./room-deadband.ts";
import type { AmenityPayload, ClimatePayload, DoorPayload, FridgePayload } from "./room-payloads.ts";
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

export interface Pacing {
  /** The value is sent again after this long, even unchanged. */
  readonly heartbeatMs: number;
  /** At least this long between two sendings of a topic when only measurements changed. */
  readonly driftHoldMs: number;
  /** The same for steps. */
  readonly stepHoldMs: number;
  /**
   * A step is sent this long after it began, with whatever has become of it by then: a door that opens is `unknown` for the
   * blink between its two contacts, and a pack appears before it has said who it is. A step that is undone in time is none.
   */
  readonly settleMs: number;
  readonly change: (sent: never, now: never) => Change;
}

/** Dead-bands of measurements. */
export const deadbands = { socPct: 5, cellTempC: 2, packA: 1, packV: 1, chargerMa: 1_000, powerW: 1_000 } as const;

const HOUR_MS = 3_600_000;

type Pack = NonNullable<BayPayload["pack"]>;

function packChange(sent: Pack | null, now: Pack | null): Change {
  if (sent === now) return "none";
  if (sent === null || now === null) return "step";
  if (sent.id !== now.id || !sameList(sent.faults, now.faults)) return "step";
  if (left(deadbands.socPct, sent.socPct, now.socPct) || left(deadbands.socPct, sent.sohPct, now.sohPct))
    return "drift";
  if (left(deadbands.cellTempC, sent.cellTempMinC, now.cellTempMinC)) return "drift";
  if (left(deadbands.cellTempC, sent.cellTempMaxC, now.cellTempMaxC)) return "drift";
  return left(deadbands.packA, sent.packA, now.packA) || left(deadbands.packV, sent.packV, now.packV)
    ? "drift"
    : "none";
}

const bayWords = ["door", "lock", "state"] as const;

export function bayChange(sent: BayPayload, now: BayPayload): Change {
  if (sent.lockOut !== now.lockOut || sent.reason !== now.reason) return "order";
  for (const word of bayWords) if (sent[word] !== now[word]) return "step";
  if (!sameList(sent.faults, now.faults)) return "step";
  const pack = packChange(sent.pack, now.pack);
  if (pack !== "none") return pack;
  // Heater and fan cycle by themselves; a state that matters to people (`warming`) is a word above.
  if (sent.heater !== now.heater || sent.fan !== now.fan) return "drift";
  const { charger } = sent;
  return left(deadbands.chargerMa, charger.setMa, now.charger.setMa) ||
    left(deadbands.chargerMa, charger.actualMa, now.charger.actualMa)
    ? "drift"
    : "none";
}

const counts = ["ready", "charging", "warming", "waiting", "empty", "reserved", "outOfService", "limitW"] as const;

export function cabinetChange(sent: CabinetPayload, now: CabinetPayload): Change {
  if (sent.lockOut !== now.lockOut || sent.reason !== now.reason) return "order";
  for (const count of counts) if (sent[count] !== now[count]) return "step";
  if (!sameList(sent.faults, now.faults)) return "step";
  // The words say which prompt it is, but not how often it was said, so a repeated sentence is not sent again.
  if (sent.prompt?.id !== now.prompt?.id || sent.prompt?.bay !== now.prompt?.bay) return "step";
  if (sent.prompt?.zh !== now.prompt?.zh) return "step";
  if ((sent.nextReadyAt === null) !== (now.nextReadyAt === null)) return "step";
  // The expected moment wanders by seconds at every look; it is told with the next change or heartbeat.
  return left(deadbands.powerW, sent.powerW, now.powerW) ? "drift" : "none";
}

export function powerChange(sent: PowerPayload, now: PowerPayload): Change {
  if (sent.limitW !== now.limitW) return "step";
  const moved =
    left(deadbands.powerW, sent.siteW, now.siteW) ||
    left(deadbands.powerW, sent.chargingW, now.chargingW) ||
    left(deadbands.powerW, sent.heatingW, now.heatingW);
  return moved ? "drift" : "none";
}

/** What somebody has to see to is a step; how many packs are where wanders with every swap and is told with the next one. */
export function ledgerChange(sent: LedgerPayload, now: LedgerPayload): Change {
  if (sent.debtCount !== now.debtCount || sent.findingCount !== now.findingCount) return "step";
  if (!sameData(sent.debts, now.debts) || !sameData(sent.findings, now.findings)) return "step";
  return sameData(sent.counts, now.counts) ? "none" : "drift";
}

/** A new day is told at once; who was served since the last message is told every quarter of an hour. */
export function peopleChange(sent: PeoplePayload, now: PeoplePayload): Change {
  if (sent.date !== now.date) return "step";
  return exactChange(sent, now) === "none" ? "none" : "drift";
}

/** Only the heartbeat sends it: it is different every time. */
function onlyHeartbeat(): Change {
  return "none";
}

/** How each retained row is paced. Rows that are not here are not state. */
export const pacing = {
  availability: { heartbeatMs: 24 * HOUR_MS, driftHoldMs: 0, stepHoldMs: 0, settleMs: 0, change: exactChange },
  info: { heartbeatMs: 24 * HOUR_MS, driftHoldMs: 0, stepHoldMs: 0, settleMs: 0, change: exactChange },
  health: { heartbeatMs: 60_000, driftHoldMs: 60_000, stepHoldMs: 60_000, settleMs: 0, change: onlyHeartbeat },
  cabinet: { heartbeatMs: 900_000, driftHoldMs: 300_000, stepHoldMs: 15_000, settleMs: 500, change: cabinetChange },
  bay: { heartbeatMs: HOUR_MS, driftHoldMs: 900_000, stepHoldMs: 0, settleMs: 800, change: bayChange },
  bayAvailability: { heartbeatMs: 6 * HOUR_MS, driftHoldMs: 0, stepHoldMs: 0, settleMs: 0, change: exactChange },
  power: { heartbeatMs: 900_000, driftHoldMs: 120_000, stepHoldMs: 0, settleMs: 0, change: powerChange },
  ledger: { heartbeatMs: 6 * HOUR_MS, driftHoldMs: 900_000, stepHoldMs: 5_000, settleMs: 0, change: ledgerChange },
  people: { heartbeatMs: 6 * HOUR_MS, driftHoldMs: 900_000, stepHoldMs: 0, settleMs: 0, change: peopleChange },
  door: { heartbeatMs: HOUR_MS, driftHoldMs: 0, stepHoldMs: 1_000, settleMs: 800, change: doorChange },
  climate: { heartbeatMs: 1_800_000, driftHoldMs: 300_000, stepHoldMs: 15_000, settleMs: 1_000, change: climateChange },
  fridge: { heartbeatMs: HOUR_MS, driftHoldMs: 600_000, stepHoldMs: 20_000, settleMs: 1_000, change: fridgeChange },
  amenity: { heartbeatMs: 6 * HOUR_MS, driftHoldMs: 300_000, stepHoldMs: 2_000, settleMs: 800, change: amenityChange },
  fault: { heartbeatMs: 6 * HOUR_MS, driftHoldMs: 0, stepHoldMs: 0, settleMs: 0, change: exactChange },
} as const satisfies Partial<Record<TopicName, Pacing>>;

export type StateName = keyof typeof pacing;

/** What each retained row carries. */
export interface StatePayloads extends Readonly<Record<StateName, unknown>> {
  readonly availability: Availability;
  readonly info: InfoPayload;
  readonly health: HealthPayload;
  readonly cabinet: CabinetPayload;
  readonly bay: BayPayload;
  readonly bayAvailability: Availability;
  readonly power: PowerPayload;
  readonly ledger: LedgerPayload;
  readonly people: PeoplePayload;
  readonly door: DoorPayload;
  readonly climate: ClimatePayload;
  readonly fridge: FridgePayload;
  readonly amenity: AmenityPayload;
  readonly fault: FaultPayload;
}
