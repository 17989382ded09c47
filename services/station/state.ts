/**
 * The whole state of the station's decisions, as immutable data. What the log must remember stands in `durable`; the rest is
 * rebuilt by looking at the hardware after a start.
 */
import { pulsesBefore } from "../bay/pulses.ts";
import type { BayLatchCause, BayStop, HeaterStop } from "../bay/stops.ts";
import type { StationConfig } from "../config.ts";
import type { Fault } from "../faults.ts";
import type { Durable, OpenSwap } from "../journal/durable.ts";
import type { BayWitness } from "../ledger/reconcile.ts";
import type { MemberList } from "../members/members.ts";
import type { OpeningOrder } from "../operators/opening.ts";
import { type OpensWatch, opensAtStart } from "../operators/opens.ts";
import type { Prompt } from "../prompts.ts";
import type { VerifySignature } from "../requests/asker.ts";
import { bootRoom } from "../room/boot.ts";
import type { RoomState } from "../room/state.ts";
import { type Alerts, bootAlerts } from "../safety/alerts.ts";
import { type BayWatch, newWatch } from "../safety/bay-watch.ts";
import type { HeatWatch } from "../safety/heater-watch.ts";
import type { Silence } from "../safety/silence.ts";
import type { Swap } from "../swap/swap.ts";

export interface BayState {
  readonly bay: number;
  readonly cabinet: string;
  /** Identity last read here; a change means another pack. */
  readonly packId: string | undefined;
  /** Order of first-come charging: when this pack was first seen here. */
  readonly sinceMs: number;
  /** Reached the ceiling; charges again only after falling below it by a margin. */
  readonly full: boolean;
  readonly chargeMa: number;
  /** Granted to be on, and what was seen since. */
  readonly heater: HeatWatch | undefined;
  /** The three as the log has them, so that a restart forgets none. */
  readonly stop: BayStop | undefined;
  readonly heaterStop: HeaterStop | undefined;
  readonly latch: BayLatchCause | undefined;
  readonly watch: BayWatch;
  /** The pack fell silent while it was charged or heated. */
  readonly silence: Silence | undefined;
  readonly contradictsSinceMs: number | undefined;
  readonly openSinceMs: number | undefined;
  /** Since when the presence contact has said "nothing here". */
  readonly absentSinceMs: number | undefined;
  /** When this bay's lock was last told to open; a door that opens without it was forced. */
  readonly unlockedMs: number | undefined;
  readonly wasShut: boolean;
  /** Monotonic times of the last pulses, at most three. A start counts what may have been driven just before it. */
  readonly pulses: readonly number[];
}

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * The same bay with something different. Written out field by field: all bays then have one layout in memory, which a spread
 * does not give, and every rule that reads a bay at every scan reads it several times faster.
 */
export function changedBay(was: BayState, change: Partial<BayState>): BayState {
  const next: BayState = {
    bay: was.bay,
    cabinet: was.cabinet,
    packId: was.packId,
    sinceMs: was.sinceMs,
    full: was.full,
    chargeMa: was.chargeMa,
    heater: was.heater,
    stop: was.stop,
    heaterStop: was.heaterStop,
    latch: was.latch,
    watch: was.watch,
    silence: was.silence,
    contradictsSinceMs: was.contradictsSinceMs,
    openSinceMs: was.openSinceMs,
    absentSinceMs: was.absentSinceMs,
    unlockedMs: was.unlockedMs,
    wasShut: was.wasShut,
    pulses: was.pulses,
  };
  return Object.assign(next, change);
}

/** A hot pack, or a bay that was latched for heat: chargers beside it stand still as well. */
export const endangers = (bay: BayState | undefined): boolean => bay?.stop === "hot" || bay?.latch !== undefined;

/** One coil at a time in the whole station: who has the turn, and from when on it is free again. */
export interface LockTurn {
  readonly bay: number;
  readonly sinceMs: number;
  /** Undefined until the board answered. */
  readonly freeMs: number | undefined;
}

export interface StationState {
  readonly durable: Durable;
  /** Index = bay number; index 0 is unused. */
  readonly bays: readonly (BayState | undefined)[];
  /** When a charger was last told to deliver less. */
  readonly chargeLoweredMs: number | undefined;
  /** Running swap by cabinet. */
  readonly swaps: Readonly<Record<string, Swap>>;
  /** Swaps found in the log that still wait until their bays were read. */
  readonly recovering: readonly { readonly swap: OpenSwap; readonly sinceMs: number }[];
  readonly lockTurn: LockTurn | undefined;
  /** Requests that open bays now, by cabinet. A restart ends them: no lock fires by itself. */
  readonly openings: Readonly<Record<string, OpeningOrder>>;
  /** Since when a bay that an operator opened is shut again, by bay number. */
  readonly settling: Readonly<Record<string, number>>;
  /** Requests found in the log as taken and unanswered: they are answered, and never carried out. */
  readonly interrupted: readonly string[];
  /** Door, warmth, fridge, amenities; undefined where the station is cabinets alone. */
  readonly room: RoomState | undefined;
  readonly alerts: Alerts;
  /** Words that confirm an opening of all bays, by cabinet. */
  readonly confirmations: Readonly<
    Record<string, { readonly word: string; readonly untilMs: number; readonly key?: string }>
  >;
  /** Single bays that were opened for operators, as far as it counts for the next one. */
  readonly opens: OpensWatch;
  /** When a reservation ends, by bay number: monotonic, so that no clock that is set moves it. */
  readonly reservationEnds: Readonly<Record<string, number>>;
  /** Update mode holds until then; a restart ends it. */
  readonly updatingUntilMs: number | undefined;
  readonly faults: Readonly<Record<string, Fault>>;
  /** Faults about the controller itself, told from outside. */
  readonly conditions: Readonly<Record<string, Fault>>;
  readonly prompts: Readonly<Record<string, Prompt>>;
  /** When the last sentence was said at each cabinet. */
  readonly saidMs: Readonly<Record<string, number>>;
  /** Members who were offered their own pack back because it holds more than the stock (E30), and when. */
  readonly offers: Readonly<Record<string, number>>;
  /** The swap of each cabinet whose repeated scan was told already. */
  readonly repeatsTold: Readonly<Record<string, string>>;
  /** What was seen in each bay at the last look, to compare with the ledger. Index = bay number. */
  readonly watches: readonly (BayWitness | undefined)[];
  readonly startedMs: number;
  /** Bays and faults are looked over once a second; swaps and interlocks at every scan. */
  readonly bayLookMs: number;
  readonly stopping: boolean;
}

/** A private copy for one step, with the one layout of all states (see `changedBay`). */
export const copyOfState = (was: StationState): Mutable<StationState> => ({
  durable: was.durable,
  bays: was.bays,
  chargeLoweredMs: was.chargeLoweredMs,
  swaps: was.swaps,
  recovering: was.recovering,
  lockTurn: was.lockTurn,
  openings: was.openings,
  settling: was.settling,
  interrupted: was.interrupted,
  room: was.room,
  alerts: was.alerts,
  confirmations: was.confirmations,
  opens: was.opens,
  reservationEnds: was.reservationEnds,
  updatingUntilMs: was.updatingUntilMs,
  faults: was.faults,
  conditions: was.conditions,
  prompts: was.prompts,
  saidMs: was.saidMs,
  offers: was.offers,
  repeatsTold: was.repeatsTold,
  watches: was.watches,
  startedMs: was.startedMs,
  bayLookMs: was.bayLookMs,
  stopping: was.stopping,
});

/** Facts that do not change while the process lives. */
export interface StationContext {
  readonly config: StationConfig;
  readonly members: MemberList;
  readonly ownPack: RegExp;
  /** Of signed door codes and access lists. */
  readonly verify?: VerifySignature;
  /** The numbers of the file, where operators' parameters replaced some of them in `config`. */
  readonly configured?: StationConfig;
}

export function bootState(context: StationContext, durable: Durable, nowMs: number): StationState {
  const kept = durable.safety.bays;
  const bays = context.config.bays.map((layout): BayState | undefined =>
    layout === undefined
      ? undefined
      : {
          bay: layout.bay,
          cabinet: layout.cabinet,
          packId: kept.stops[layout.bay]?.packId ?? kept.heaterStops[layout.bay]?.packId,
          sinceMs: nowMs,
          full: false,
          chargeMa: 0,
          heater: undefined,
          stop: kept.stops[layout.bay]?.why,
          heaterStop: kept.heaterStops[layout.bay]?.why,
          latch: kept.latches[layout.bay]?.why,
          watch: newWatch,
          silence: undefined,
          contradictsSinceMs: undefined,
          openSinceMs: undefined,
          absentSinceMs: undefined,
          unlockedMs: undefined,
          wasShut: false,
          pulses: pulsesBefore(layout.bay, durable, nowMs),
        },
  );
  return {
    durable,
    bays,
    chargeLoweredMs: undefined,
    swaps: {},
    recovering: Object.values(durable.swaps).map((swap) => ({ swap, sinceMs: nowMs })),
    lockTurn: undefined,
    openings: {},
    settling: {},
    interrupted: Object.keys(durable.operators.taken),
    room: context.config.room === undefined ? undefined : bootRoom(context.config.room, durable.room, nowMs),
    alerts: bootAlerts(context.config, durable.safety, nowMs),
    confirmations: {},
    opens: opensAtStart(durable),
    reservationEnds: {},
    updatingUntilMs: undefined,
    faults: {},
    conditions: {},
    prompts: {},
    saidMs: {},
    offers: {},
    repeatsTold: {},
    watches: [],
    startedMs: nowMs,
    bayLookMs: nowMs,
    stopping: false,
  };
}
