/**
 * What the station must still know after a power cut: running swaps, debts, lock-outs, where every pack is, latches, and what
 * operators ordered. Plain data, small enough to be written whole at the head of each log segment; it decides nothing.
 */
import type { LedgerState } from "../ledger/places.ts";
import { emptyLedger } from "../ledger/places.ts";
import { emptyOperators, type OperatorsState } from "../operators/orders.ts";
import { emptyPeople, type PeopleDurable } from "../people/counts.ts";
import { emptyRoomDurable, type RoomDurable } from "../room/durable.ts";
import { emptySafety, type SafetyState } from "../safety/latches.ts";
import type { EndCode } from "../swap/outcomes.ts";

/** How far a swap got, by what was seen. The names are the journal points of the swap design. */
export type SwapStage = "reserved" | "in-open" | "in-closed" | "in-accepted" | "returning" | "out-open" | "taken";

export interface OpenSwap {
  readonly id: string;
  readonly cabinet: string;
  readonly member: string;
  readonly inBay: number | undefined;
  readonly outBay: number;
  readonly spares: readonly number[];
  readonly stage: SwapStage;
  readonly packIn: string | undefined;
  /** The pack that stood in the bay when its door was opened for the rider; left out while that is not known. */
  readonly packOut?: string;
  /** The swap that left the debt which this one pays. */
  readonly pays: string | undefined;
  /** Why the own pack is being given back, when it is. */
  readonly because: EndCode | undefined;
  readonly startedAt: number;
}

export interface Debt {
  readonly swap: string;
  readonly cabinet: string;
  readonly member: string;
  readonly packIn: string | undefined;
  readonly inBay: number | undefined;
  /** The bay whose pack was to be handed out: taken later through its door that stands open, it is this rider's (E23). */
  readonly outBay: number;
  readonly outcome: EndCode;
  /** Wall ms. */
  readonly since: number;
}

export type LockOut = "none" | "operator" | "system" | "pending-check";
export interface BayLockOut {
  readonly lockOut: LockOut;
  readonly reason: string;
  /** Whose pack may still be put in (E7), or was put in through a door that was never seen open: a late deposit is this member's. */
  readonly member?: string;
}

export interface DayCounts {
  /** YYYY-MM-DD, station time; empty until the date is known. */
  readonly date: string;
  readonly scans: number;
  readonly completed: number;
  readonly refused: number;
  readonly cancelled: number;
  readonly owed: number;
}

/** A pack that is not ours, given back: seen so often, last there. */
export interface Stranger {
  readonly times: number;
  readonly cabinet: string;
  /** Wall ms. */
  readonly last: number;
}

/** What an operator was answered; the same id is answered alike. */
export interface GivenAnswer {
  readonly id: string;
  readonly verb: string;
  readonly status: string;
  readonly reason?: string;
  /** Wall ms. */
  readonly expiresAt?: number;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** Retained topics that may stand on the broker, in few words; what leaves the configuration is emptied there. */
export interface Announced {
  /** Bays by cabinet. */
  readonly cabinets: Readonly<Record<string, readonly number[]>>;
  /** Topics of Home Assistant's discovery. */
  readonly devices: readonly string[];
  /** Of the room: by the tail of the topic, what stands there (a door, the fridge, a kind of amenity). */
  readonly room?: Readonly<Record<string, string>>;
}

export interface Durable {
  readonly nextSwap: number;
  readonly swaps: Readonly<Record<string, OpenSwap>>;
  readonly debts: Readonly<Record<string, Debt>>;
  readonly lockOuts: Readonly<Record<string, BayLockOut>>;
  /** Pack id → member it was handed to. Bounded; the oldest are forgotten first. */
  readonly holders: Readonly<Record<string, string>>;
  /** Packs that are not ours, by what they call themselves. Bounded; the oldest are forgotten first. */
  readonly strangers: Readonly<Record<string, Stranger>>;
  readonly answers: readonly GivenAnswer[];
  readonly outboxCursor: number;
  /** Last number given out in each stream of events. */
  readonly streamSeq: Readonly<Record<string, number>>;
  readonly today: DayCounts;
  /** How many people were given what, today and lately; nobody's name. */
  readonly people: PeopleDurable;
  /** Where every pack is. */
  readonly ledger: LedgerState;
  /** What stays stopped until a person on site says otherwise. */
  readonly safety: SafetyState;
  /** What operators ordered and what holds until they say otherwise. */
  readonly operators: OperatorsState;
  /** Doors, warmth, fridge, lockers. */
  readonly room: RoomDurable;
  readonly announced: Announced;
}

export const emptyDay: DayCounts = { date: "", scans: 0, completed: 0, refused: 0, cancelled: 0, owed: 0 };
export const emptyDurable: Durable = {
  nextSwap: 1,
  swaps: {},
  debts: {},
  lockOuts: {},
  holders: {},
  strangers: {},
  answers: [],
  outboxCursor: 0,
  streamSeq: {},
  today: emptyDay,
  people: emptyPeople,
  ledger: emptyLedger,
  safety: emptySafety,
  operators: emptyOperators,
  room: emptyRoomDurable,
  announced: { cabinets: {}, devices: [] },
};
