/** The bays beside a bay, in the order of its cabinet: where a fire would go first. */
import type { StationConfig } from "../config.ts";

const nobody: readonly number[] = [];

/** By configuration: rules ask for every bay at every scan, and the answer stays the same as long as the layout does. */
const known = new WeakMap<StationConfig, (readonly number[] | undefined)[]>();

export function neighboursOf(bay: number, config: StationConfig): readonly number[] {
  let ofBays = known.get(config);
  if (ofBays === undefined) {
    ofBays = config.bays.map((layout) => layout && beside(layout.bay, config));
    known.set(config, ofBays);
  }
  return ofBays[bay] ?? nobody;
}

function beside(bay: number, config: StationConfig): readonly number[] {
  const cabinet = config.cabinets.find(({ bays }) => bays.includes(bay));
  if (cabinet === undefined) return [];
  const at = cabinet.bays.indexOf(bay);
  return [cabinet.bays[at - 1], cabinet.bays[at + 1]].filter((other) => other !== undefined);
}
