/** What the climate sees at one look: plain readings with their age, and the time. It refuses to guess what was not heard. */
import type { Reading } from "../reading.ts";

export interface RoomSample {
  readonly tempC: number;
  /** Told with the temperature by most sensors: two digits more that show that it lives. */
  readonly humidityPct?: number;
}

export interface ClimateLook {
  /** Monotonic. */
  readonly nowMs: number;
  /** Station time, minutes since midnight; undefined while the wall clock is not trusted. */
  readonly minuteOfDay: number | undefined;
  readonly sensors: readonly (Reading<RoomSample> | undefined)[];
  /** True = somebody is in the room. */
  readonly occupied: Reading<boolean> | undefined;
  readonly doorShut: Reading<boolean> | undefined;
  readonly outsideC: number | undefined;
  /** The guardian holds the master enable: without it nothing heats, and nothing that does not rise is to blame. */
  readonly powered: boolean;
}
