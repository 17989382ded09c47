/** One bay of the bench as a story moves it by hand: its door, its pack, its lock, and what its wires say. */
import type { Reading } from "../../services/reading.ts";
import type { BayReadings, PackReading } from "../../services/readings.ts";

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
  /** What the charger gives and the pack never gets. */
  leakMa: number;
  /** Current flows and the pack gains nothing. */
  gainsNothing: boolean;
  gainedMv: number;
  heard: Reading<PackReading | undefined> | undefined;
  charger: BayReadings["charger"];
}

export const newBay = (bay: number, inside: PackReading | undefined): BenchBay => ({
  bay,
  open: false,
  pack: inside,
  silent: false,
  lock: "works",
  contacts: "heard",
  presenceSays: undefined,
  doorSwitchSays: undefined,
  latchSays: undefined,
  stuckMa: undefined,
  leakMa: 0,
  gainsNothing: false,
  gainedMv: 0,
  heard: undefined,
  charger: undefined,
});

/** A pack as its charge makes it: the current flows into it, and its voltage creeps up. */
export function chargedPack(world: BenchBay, inside: PackReading, flowMa: number): PackReading {
  if (world.heard?.value?.packId !== inside.packId) world.gainedMv = 0;
  const packMv = inside.packMv + Math.floor(world.gainedMv / 10) * 10;
  return { ...inside, packMv, packMa: inside.packMa < 0 ? inside.packMa : flowMa - world.leakMa };
}
