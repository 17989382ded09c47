/** One bay of the bench as a story moves it by hand: its door, its pack, its lock, and what its wires say. */
import type { BayReadings, PackReading, Reading } from "../../services/readings.ts";

/** One bay of the little world. */
export interface BenchBay {
  readonly bay: number;
  open: boolean;
  pack: PackReading | undefined;
  /** The pack does not answer: plug not home, or its BMS asleep. */
  silent: boolean;
  /** `stuck` is driven and does not move; `dead` reports that it was not driven; `mute` never answers at all. */
  lock: "works" | "stuck" | "dead" | "mute";
  contacts: "heard" | "lost";
  /** What presence and door switch say when they do not tell the truth. */
  presenceSays: boolean | "nothing" | undefined;
  doorSwitchSays: boolean | undefined;
  /** What the lock's own contact says when it does not tell the truth. */
  latchSays: boolean | undefined;
  /** What flows when the charger does not obey. */
  stuckMa: number | undefined;
  heard: Reading<PackReading | undefined> | undefined;
  charger: BayReadings["charger"];
}

export const newBay = (bay: number, pack: PackReading | undefined): BenchBay => ({
  bay,
  open: false,
  pack,
  silent: false,
  lock: "works",
  contacts: "heard",
  presenceSays: undefined,
  doorSwitchSays: undefined,
  latchSays: undefined,
  stuckMa: undefined,
  heard: undefined,
  charger: undefined,
});
