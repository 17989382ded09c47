/** An expander board as the station sees it. Types only; `open-expander.ts` builds it. */
import type { AnalogInput } from "../../hal/ports/analog-input.ts";
import type { PwmOutput } from "../../hal/ports/pwm-output.ts";
import type { Thermometer } from "../../hal/ports/thermometer.ts";
import type { FirmataEntry } from "../config/schema-expander.ts";

export interface Expander {
  /** Every analog input by its name in the configuration, thermistors among them. */
  readonly inputs: ReadonlyMap<string, AnalogInput>;
  /** The inputs that are thermistors. */
  readonly thermometers: ReadonlyMap<string, Thermometer>;
  readonly outputs: ReadonlyMap<string, PwmOutput>;
  /** Told with every change from now on: whether the board is lost, and why. */
  watch(onHealth: (lost: boolean, why: string) => void): void;
  /** Outputs to 0; whatever runs for it ends by itself within a second. */
  close(): void;
}

export type OpenExpander = (entry: FirmataEntry) => Expander;
