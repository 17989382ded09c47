/** The bays beside a bay, in the order of its cabinet: where a fire would go first. */
import type { StationConfig } from "../config.ts";

export function neighboursOf(bay: number, config: StationConfig): readonly number[] {
  const cabinet = config.cabinets.find(({ id }) => id === config.bays[bay]?.cabinet);
  const at = cabinet?.bays.indexOf(bay) ?? -1;
  if (cabinet === undefined || at < 0) return [];
  return [cabinet.bays[at - 1], cabinet.bays[at + 1]].filter((beside) => beside !== undefined);
}
