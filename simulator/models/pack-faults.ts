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
}

export const soundPack = (): PackFaults => ({
  temperaturesFrozen: false,
  gaugeFrozen: false,
  cellBehindMv: 0,
  leakMa: 0,
  deliversMa: 0,
});
