/** What runs here, as the retained `info` topic says it. It reads the configuration and measures nothing. */
import type { InfoPayload } from "../../services/contract/state-payloads.ts";
import type { LoadedConfig } from "../config/load.ts";
import type { Platform } from "./platform.ts";

function capabilitiesOf({ requests, station: { room } }: LoadedConfig): string[] {
  return [
    "swap",
    ...(requests.signatures === "required" ? ["signed-requests"] : []),
    ...(room !== undefined && room.access.doors.length > 0 ? ["door"] : []),
    ...(room?.climate === undefined ? [] : ["climate"]),
    ...(room?.fridge === undefined ? [] : ["fridge"]),
    ...(room !== undefined && room.amenities.length > 0 ? ["amenities"] : []),
  ];
}

export function infoOf(config: LoadedConfig, { version, commit, boot }: Platform["identity"]): InfoPayload {
  return {
    version,
    commit,
    bootId: boot,
    configHash: config.hash,
    contract: 1,
    capabilities: capabilitiesOf(config),
    hardware: config.file.devices.map((device) => ({
      id: device.id,
      kind: device.kind,
      ...("bus" in device ? { bus: device.bus } : {}),
    })),
  };
}
