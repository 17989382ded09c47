/**
 * What the station wants to hold on right now, as plain numbers. Levels are computed afresh at every scan from the state,
 * passed through the interlocks, and only then leased to the outputs; nothing here is remembered.
 */
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

export interface Levels {
  /** Index = bay number; index 0 is unused. */
  readonly bays: readonly (BayLevels | undefined)[];
  readonly fans: Readonly<Record<string, boolean>>;
}

export const restingBay = (): BayLevels => ({
  chargeMa: 0,
  chargeMv: 0,
  heater: false,
  attended: false,
  watchPack: false,
});
