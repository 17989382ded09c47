/** What the fridge's outputs hold, derived afresh, and the last word over it, which only takes away. */
import type { FridgeConfig } from "./config.ts";
import { type FridgeLook, tempOf } from "./look.ts";
import type { FridgeState } from "./state.ts";

export interface FridgeLevels {
  readonly compressor: boolean;
  readonly defrostHeater: boolean;
}

export const restingFridge: FridgeLevels = { compressor: false, defrostHeater: false };

export function fridgeLevels(state: FridgeState, config: FridgeConfig): FridgeLevels {
  return { compressor: state.at === "cool", defrostHeater: state.at === "defrost" && config.hasDefrostHeater };
}

/** No compressor without the air's temperature, no heater without the evaporator's, never both. */
export function interlockFridge(wanted: FridgeLevels, look: FridgeLook, config: FridgeConfig): FridgeLevels {
  const evaporatorC = tempOf(look.evaporatorC, look.nowMs, config);
  return {
    compressor: wanted.compressor && !wanted.defrostHeater && tempOf(look.airC, look.nowMs, config) !== undefined,
    defrostHeater:
      wanted.defrostHeater && !wanted.compressor && evaporatorC !== undefined && evaporatorC < config.defrostEndC,
  };
}
