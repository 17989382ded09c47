/**
 * What the station wants to hold on right now, as plain numbers. Levels are computed afresh at every scan from the state,
 * passed through the interlocks, and only then leased to the outputs; nothing here is remembered.
 */
import type { RoomLevels } from "./room/levels.ts";

export interface BayLevels {
  /** 0 = charger off and contactor open. */
  chargeMa: number;
  chargeMv: number;
  heater: boolean;
  /** A person stands at this bay: poll its contacts faster. */
  attended: boolean;
  /** Ask the pack about once a second. */
  watchPack: boolean;
}

/** Outputs that answer a danger. Off says nothing: no output here can hold anything shut or anybody in. */
export interface SafetyLevels {
  /** By cabinet: the extinguisher is being released. */
  readonly aerosols: Readonly<Record<string, boolean>>;
  /** By cabinet: its siren and lamp. */
  readonly alarms: Readonly<Record<string, boolean>>;
  readonly stationAlarm: boolean;
  /** True frees the exit door. */
  readonly exitRelease: boolean;
}

export interface Levels {
  /** Index = bay number; index 0 is unused. */
  readonly bays: readonly (BayLevels | undefined)[];
  readonly fans: Readonly<Record<string, boolean>>;
  readonly safety: SafetyLevels;
  /** Only where the station has a room of its own. */
  readonly room?: RoomLevels;
}

export const restingBay = (): BayLevels => ({
  chargeMa: 0,
  chargeMv: 0,
  heater: false,
  attended: false,
  watchPack: false,
});

export const restingSafety: SafetyLevels = { aerosols: {}, alarms: {}, stationAlarm: false, exitRelease: false };

export const noLevels: Levels = { bays: [], fans: {}, safety: restingSafety };
