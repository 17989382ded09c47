import type { Reading, Watch } from "./reading.ts";

/** One constant-current, constant-voltage charger. Zero current means output off. */
export interface ChargerSetpoint {
  /** Charging current limit in mA, 0..24000. 0 switches the output off. */
  readonly setMa: number;
  /** Constant-voltage limit in mV, 0..60000. */
  readonly setMv: number;
}

export interface ChargerStatus {
  /** Measured at the charger's own terminals. */
  readonly outMv: number;
  readonly outMa: number;
  /** The set-point as read back from the charger, undefined until it was. */
  readonly confirmed: ChargerSetpoint | undefined;
}

export interface Charger {
  /** Leases a set-point until monotonic time `untilMs`; without renewal the output is switched off. */
  hold(setpoint: ChargerSetpoint, untilMs: number): void;
  reading(): Reading<ChargerStatus>;
  watch(onChange: Watch<ChargerStatus>): void;
}
