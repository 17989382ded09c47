/**
 * The process image: the latest reading of everything the station can sense, as plain data. The runner replaces readings
 * in it; services only read.
 */
import type { Reading } from "./reading.ts";
import type { RoomReadings } from "./room/readings.ts";

export interface PackReading {
  readonly packId: string | undefined;
  readonly packMv: number;
  /** + into the pack. */
  readonly packMa: number;
  readonly socPct: number;
  readonly cellTempsC: readonly number[];
  readonly cellsMv: readonly number[];
  readonly protectionBits: number;
  readonly chargeMosOn: boolean;
  readonly dischargeMosOn: boolean;
  readonly remainingMah: number;
  readonly nominalMah: number;
  readonly cycles: number;
}

export interface ChargerReading {
  readonly outMv: number;
  readonly outMa: number;
}

export interface BayReadings {
  /** Door switch: true = shut. */
  doorShut: Reading<boolean> | undefined;
  /** Lock contact: true = latched. */
  latched: Reading<boolean> | undefined;
  present: Reading<boolean> | undefined;
  pack: Reading<PackReading | undefined> | undefined;
  charger: Reading<ChargerReading> | undefined;
}

export interface CabinetReadings {
  smoke: Reading<boolean> | undefined;
  /** Thermal cord or contact that closes when it was heated through. */
  conductor: Reading<boolean> | undefined;
  water: Reading<boolean> | undefined;
  /** °C inside the cabinet. */
  airTempC: Reading<number> | undefined;
}

/** What belongs to no cabinet. */
export interface SiteReadings {
  /** True = pressed. */
  emergencyStop: Reading<boolean> | undefined;
}

export interface StationReadings {
  /** Index = bay number; index 0 is unused. */
  readonly bays: readonly (BayReadings | undefined)[];
  readonly cabinets: Readonly<Record<string, CabinetReadings>>;
  readonly station: SiteReadings;
  /** Only where the station has a room of its own. */
  readonly room?: RoomReadings;
}

export const emptyCabinetReadings = (): CabinetReadings => ({
  smoke: undefined,
  conductor: undefined,
  water: undefined,
  airTempC: undefined,
});

export function emptyBayReadings(): BayReadings {
  return { doorShut: undefined, latched: undefined, present: undefined, pack: undefined, charger: undefined };
}
