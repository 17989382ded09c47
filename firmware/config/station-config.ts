/** What the services may know of a configuration: rules and layout, no wires. */
import type { BayLayout, CabinetLayout, StationConfig } from "../../services/config.ts";
import { signaturesIn } from "./request-keys.ts";
import { roomConfig } from "./room-config.ts";
import type { ConfigFile } from "./schema.ts";

export function stationConfig(file: ConfigFile): StationConfig {
  const bays: (BayLayout | undefined)[] = [];
  const cabinets = file.cabinets.map((cabinet): CabinetLayout => {
    for (const { bay, heater, door } of cabinet.bays) {
      bays[bay] = { bay, cabinet: cabinet.id, hasHeater: heater !== undefined, hasDoorSwitch: door !== undefined };
    }
    return {
      id: cabinet.id,
      bays: cabinet.bays.map(({ bay }) => bay),
      hasSmoke: cabinet.smoke !== undefined,
      hasConductor: cabinet.runawayConductor !== undefined,
      hasWater: cabinet.water !== undefined,
      hasFan: cabinet.fan !== undefined,
      hasAerosol: cabinet.aerosol !== undefined,
      hasAlarm: cabinet.alarm !== undefined,
    };
  });
  const { station, swap, packs, charging, safety, requests } = file;
  const room = roomConfig(file);
  return {
    stationId: station.id,
    timeZone: station.timeZone,
    siteLimitW: station.siteLimitW,
    hasEmergencyStop: station.emergencyStop !== undefined,
    hasAlarm: station.alarm !== undefined,
    hasExitRelease: station.exitRelease !== undefined,
    cabinets,
    // Array.from fills the holes, so that every index can be asked for.
    bays: Array.from(bays),
    swap,
    packs,
    charging,
    safety,
    requests: { twoPersons: signaturesIn(requests) === "required", opensPerHour: requests.opensPerHour },
    ...(room && { room }),
  };
}
