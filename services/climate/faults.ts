/** The faults of the room's climate: what is wrong now, and each one's row for the catalogue. */
import type { FaultEntry } from "../fault-entry.ts";
import type { ClimateConfig } from "./config.ts";
import { isHeard } from "./probe.ts";
import type { ClimateDurable } from "./records.ts";
import type { ClimateState } from "./state.ts";

export const climateFaultCatalogue = {
  "room-heater-latched": {
    severity: "danger",
    inhibits: "the room's heater and its feed",
    clearedBy: "local-reset",
    zh: "室内加热器已锁停",
    en: "Room heater latched off",
    mend: "Inspect heater, relay and sensors on site, then reset it there.",
  },
  "room-too-hot": {
    severity: "error",
    inhibits: "the room's heater and its feed",
    clearedBy: "itself",
    zh: "室内温度超过硬限值",
    en: "The room is hotter than its hard limit",
    mend: "Check the heater's relay and the sensor.",
  },
  "room-sensor-lost": {
    severity: "error",
    inhibits: "heating and cooling, when no other room sensor is heard",
    clearedBy: "itself",
    zh: "室温传感器失联",
    en: "Room temperature sensor lost",
    mend: "Check the sensor's wiring, address and supply.",
  },
  "room-sensor-frozen": {
    severity: "error",
    inhibits: "heating, when no other room sensor is heard",
    clearedBy: "itself",
    zh: "室温读数卡死",
    en: "Room temperature never changes under the heater",
    mend: "Replace the sensor.",
  },
  "room-sensors-disagree": {
    severity: "error",
    inhibits: "cooling, and heating above the frost floor",
    clearedBy: "itself",
    zh: "室温传感器读数不一致",
    en: "The room sensors disagree",
    mend: "Compare both with a thermometer and replace the wrong one.",
  },
  "room-heater-no-rise": {
    severity: "error",
    inhibits: "the room's heater, for growing rests",
    clearedBy: "itself",
    zh: "加热无升温",
    en: "The room heater does not heat",
    mend: "Check the heater's fuse, cut-out and relay, and that the sensor hangs in the room.",
  },
  "room-frost": {
    severity: "error",
    inhibits: "nothing",
    clearedBy: "itself",
    zh: "室温低于防冻下限",
    en: "The room is colder than its frost floor",
    mend: "Shut the door; check the heater and the mains.",
  },
} as const satisfies Record<string, FaultEntry>;

export interface ClimateFault {
  readonly code: keyof typeof climateFaultCatalogue;
  /** `room`, or `room-<sensor>`, counted from 1. */
  readonly subject: string;
}

export function climateFaults(
  state: ClimateState,
  durable: ClimateDurable,
  nowMs: number,
  config: ClimateConfig,
): readonly ClimateFault[] {
  const found: ClimateFault[] = [];
  const room = (code: ClimateFault["code"]) => found.push({ code, subject: "room" });
  if (durable.latch !== undefined || state.latching !== undefined) room("room-heater-latched");
  if (state.stop === "too-hot") room("room-too-hot");
  state.probes.forEach((probe, at) => {
    const subject = `room-${at + 1}`;
    if (!isHeard(probe, nowMs, config)) found.push({ code: "room-sensor-lost", subject });
    else if (probe.isFrozen) found.push({ code: "room-sensor-frozen", subject });
  });
  const { disagreeSinceMs } = state;
  if (disagreeSinceMs !== undefined && nowMs - disagreeSinceMs >= config.disagreeMs) room("room-sensors-disagree");
  if (state.noRise !== undefined) room("room-heater-no-rise");
  if (state.roomC !== undefined && state.roomC < config.frostC) room("room-frost");
  return found;
}
