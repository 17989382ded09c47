/** What a BMS tells, beside what it never lies about here. */
export interface PackTold {
  readonly id: string;
  /** One a probe. */
  readonly tempsC: readonly number[];
  readonly packMv: number;
  readonly packMa: number;
  readonly remainingMah: number;
  readonly socPct: number;
}

/** What may be wrong with the pack in a bay, or with what its BMS tells, whoever's pack it is. Change it at any time. */
export interface PackFaults {
  /** The BMS tells the temperatures of that moment for ever. */
  temperaturesFrozen: boolean;
  /** The BMS tells the voltage and the charge of that moment for ever. */
  gaugeFrozen: boolean;
  /** One cell is this much below the others. */
  cellBehindMv: number;
  /** Of the charger's current, this much never reaches the pack. */
  leakMa: number;
  /** The pack delivers this much although nothing is connected: a wet plug. */
  deliversMa: number;
  /** What the BMS makes of what it measured, before it tells it. */
  tells: ((told: PackTold) => PackTold) | undefined;
}

export const soundPack = (): PackFaults => ({
  temperaturesFrozen: false,
  gaugeFrozen: false,
  cellBehindMv: 0,
  leakMa: 0,
  deliversMa: 0,
  tells: undefined,
});
