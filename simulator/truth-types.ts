/**
 * The truth about the station, for checkers and reports: live views, and what really happened, in order. Types only; nothing in
 * here may reach the controller.
 */
import type { RoomHappening } from "./room/events.ts";
import type { RiderVisit, WorldPrompt } from "./visit-types.ts";

export type PackPlace =
  | { readonly at: "bay"; readonly bay: number }
  | { readonly at: "rider"; readonly rider: number }
  /** Withdrawn from service (an operator replaced it). */
  | { readonly at: "elsewhere" };

/** Live view of one pack: every property is computed for the present moment. Never copy it into a decision. */
export interface PackTruth {
  readonly id: string;
  /** State of charge by coulombs, 0..1. */
  readonly soc: number;
  /** What its BMS says, whole percent. */
  readonly socPct: number;
  /** The coldest cell. */
  readonly cellTempC: number;
  readonly hottestCellC: number;
  readonly packMv: number;
  /** + into the pack. */
  readonly packMa: number;
  readonly protectionBits: number;
  readonly chargeMosOn: boolean;
  /** Coulombs that went in while the coldest cell was below 0 °C. A right controller keeps this at 0. */
  readonly chargeBelowZeroCoulombs: number;
  /** Time during which any current went in while the coldest cell was below 0 °C. */
  readonly chargeBelowZeroSeconds: number;
  readonly chargedCoulombs: number;
  /** Energy that went in through the terminals. */
  readonly energyInWh: number;
  readonly heatLossWh: number;
  /** Highest terminal voltage it ever saw. */
  readonly peakMv: number;
  readonly place: PackPlace;
  /** The rider who took it out of a bay last. */
  readonly handedTo: number | undefined;
}

/** Live view of one bay. */
export interface BayTruth {
  readonly bay: number;
  readonly cabinet: string;
  readonly doorOpen: boolean;
  /** Monotonic time of the last change of the door. */
  readonly doorChangedMs: number;
  readonly latched: boolean;
  /** Since when the lock's coil draws current; undefined when it does not. */
  readonly coilSinceMs: number | undefined;
  /** Coil pulses ever driven. */
  readonly pulses: number;
  /** The relay of the contactor is on. */
  readonly contactorRelayOn: boolean;
  /** The contactor conducts: its relay is on and the master enable feeds it. */
  readonly contactorClosed: boolean;
  readonly heaterOn: boolean;
  /** The relay of the heater is on, whether anything gets warm or not. */
  readonly heaterRelayOn: boolean;
  /** When that relay last moved. */
  readonly heaterRelayMs: number;
  /** The charger's output is switched on (set-point above zero, supply present). */
  readonly chargerOn: boolean;
  /** Current that really flows into the pack, mA. */
  readonly chargeMa: number;
  readonly airTempC: number;
  readonly mainsW: number;
  /** Something that is not a pack lies in the bay. */
  readonly foreignObject: boolean;
  readonly pack: PackTruth | undefined;
  readonly plugged: boolean;
  /** Ready to be handed out by ground truth: plugged, shut, charged, neither cold, hot nor protected. */
  readonly ready: boolean;
  /** Nothing in it and its door shut. */
  readonly empty: boolean;
}

export interface CabinetTruth {
  readonly id: string;
  readonly airTempC: number;
  readonly smoke: boolean;
  readonly conductor: boolean;
  readonly water: boolean;
  readonly fanOn: boolean;
  readonly alarmOn: boolean;
  readonly aerosolOn: boolean;
  /** Times the release output was switched on. */
  readonly aerosolReleases: number;
  readonly bays: readonly BayTruth[];
  readonly doorsOpen: number;
  /** Riders at or queueing for this cabinet. */
  readonly people: number;
}

export interface Truth {
  readonly nowMs: number;
  readonly outdoorC: number;
  readonly roomC: number;
  readonly masterEnable: boolean;
  readonly mainsOn: boolean;
  readonly emergencyStop: boolean;
  readonly alarmOn: boolean;
  /** The output that frees the exit is on. */
  readonly exitFreed: boolean;
  /** What the cabinets draw from the mains now: chargers, heaters, fans. */
  readonly mainsW: number;
  bay(bay: number): BayTruth;
  readonly bays: readonly BayTruth[];
  readonly cabinets: readonly CabinetTruth[];
  /** Every pack there is, in bays, with riders and elsewhere. The number of packs never changes but by `elsewhere`. */
  readonly packs: readonly PackTruth[];
}

/** What really happened, in order. Only changes: a renewed relay says nothing. */
export type TruthEvent = { readonly atMs: number } & (
  | { readonly type: "door"; readonly bay: number; readonly open: boolean }
  | { readonly type: "coil"; readonly bay: number; readonly on: boolean; readonly released: boolean }
  | { readonly type: "pack"; readonly bay: number; readonly packId: string; readonly in: boolean }
  | { readonly type: "plug"; readonly bay: number; readonly in: boolean }
  | { readonly type: "object"; readonly bay: number; readonly in: boolean }
  | { readonly type: "contactor"; readonly bay: number; readonly closed: boolean }
  | { readonly type: "heater"; readonly bay: number; readonly on: boolean }
  | { readonly type: "charger"; readonly bay: number; readonly setMa: number; readonly setMv: number }
  | { readonly type: "current"; readonly bay: number; readonly flows: boolean }
  | { readonly type: "fan"; readonly cabinet: string; readonly on: boolean }
  | { readonly type: "smoke"; readonly cabinet: string; readonly on: boolean }
  | { readonly type: "conductor"; readonly cabinet: string; readonly closed: boolean }
  | { readonly type: "water"; readonly cabinet: string; readonly on: boolean }
  | { readonly type: "fire"; readonly bay: number; readonly burns: boolean }
  /** The release output. What an extinguisher holds is spent by the first time. */
  | { readonly type: "aerosol"; readonly cabinet: string; readonly on: boolean }
  /** `cabinet` is undefined for the room's own. */
  | { readonly type: "alarm"; readonly cabinet: string | undefined; readonly on: boolean }
  | { readonly type: "exit"; readonly free: boolean }
  | { readonly type: "emergency-stop"; readonly pressed: boolean }
  | { readonly type: "master"; readonly high: boolean }
  | { readonly type: "mains"; readonly on: boolean }
  | { readonly type: "scan"; readonly cabinet: string; readonly text: string }
  | { readonly type: "prompt"; readonly cabinet: string; readonly prompt: WorldPrompt }
  | { readonly type: "arrived"; readonly visit: RiderVisit }
  | { readonly type: "left"; readonly visit: RiderVisit }
  | RoomHappening
);
