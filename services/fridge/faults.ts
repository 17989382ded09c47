/** The faults of the drinks fridge: what is wrong now, and each one's row for the catalogue. */
import type { FaultEntry } from "../fault-entry.ts";
import { fresh } from "../reading.ts";
import type { FridgeConfig } from "./config.ts";
import { type FridgeLook, tempOf } from "./look.ts";
import type { FridgeDurable } from "./records.ts";
import type { FridgeState } from "./state.ts";

export const fridgeFaultCatalogue = {
  "fridge-sensor-lost": {
    severity: "error",
    inhibits: "the fridge's compressor; its contents' time runs",
    clearedBy: "itself",
    zh: "冰箱温度传感器失联",
    en: "Fridge temperature lost",
    mend: "Check the sensor's wiring.",
  },
  "fridge-door-lost": {
    severity: "error",
    inhibits: "releasing drinks",
    clearedBy: "itself",
    zh: "冰箱门磁失联",
    en: "Fridge door switch lost",
    mend: "Check the door switch's wiring.",
  },
  "fridge-door-ajar": {
    severity: "warning",
    inhibits: "the fridge's compressor",
    clearedBy: "itself",
    zh: "冰箱门未关好",
    en: "Fridge door ajar",
    mend: "Shut the fridge's door.",
  },
  "fridge-cools-not": {
    severity: "error",
    inhibits: "nothing",
    clearedBy: "itself",
    zh: "冰箱不制冷",
    en: "The fridge runs and does not cool",
    mend: "Clean the condenser; check fan, compressor and its relay.",
  },
  "fridge-freezing": {
    severity: "warning",
    inhibits: "the fridge's compressor",
    clearedBy: "itself",
    zh: "冰箱温度过低，饮料会冻裂",
    en: "The fridge is so cold that drinks freeze",
    mend: "Take glass and cans out; warm the place where it stands, or look for a compressor that never stops.",
  },
  "fridge-food-blocked": {
    severity: "error",
    inhibits: "releasing drinks until restocked",
    clearedBy: "operator",
    zh: "饮料超温，已封存待更换",
    en: "The contents were too warm for too long",
    mend: "Replace the contents and report the restock.",
  },
  "fridge-low": {
    severity: "info",
    inhibits: "more than the small daily share",
    clearedBy: "itself",
    zh: "饮料不多，请补货",
    en: "Few drinks are left",
    mend: "Restock the fridge and report the count.",
  },
} as const satisfies Record<string, FaultEntry>;
export type FridgeFault = keyof typeof fridgeFaultCatalogue;

export function fridgeFaults(
  seen: { readonly state: FridgeState; readonly durable: FridgeDurable; readonly look: FridgeLook },
  config: FridgeConfig,
): readonly FridgeFault[] {
  const { state, durable, look } = seen;
  const { nowMs } = look;
  const airC = tempOf(look.airC, nowMs, config);
  const openMs = state.doorOpenSinceMs === undefined ? 0 : nowMs - state.doorOpenSinceMs;
  const shown: Readonly<Record<FridgeFault, boolean>> = {
    "fridge-sensor-lost": airC === undefined,
    "fridge-door-lost": fresh(look.doorShut, nowMs, config.doorHeardMs) === undefined,
    "fridge-door-ajar": openMs >= config.ajarMs,
    "fridge-cools-not": state.coolsNot,
    "fridge-freezing": airC !== undefined && airC <= config.freezingC,
    "fridge-food-blocked": durable.blocked || state.blocking,
    "fridge-low": durable.wanted,
  };
  return (Object.keys(shown) as FridgeFault[]).filter((code) => shown[code]);
}
