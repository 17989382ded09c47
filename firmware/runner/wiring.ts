/**
 * Builds the station's hardware from its configuration: one set of ports a bay, a cabinet and the room. A device that does not
 * answer stops nothing here: its readings stay missing, and missing is what the interlocks know best.
 */
import { strict as assert } from "node:assert";
import type { ConfigFile } from "../config/schema.ts";
import { assembleHardware, type BayParts, type CabinetParts, type StationParts } from "./assembly.ts";
import {
  type Devices,
  found,
  inputOf,
  maybeInput,
  maybeOutput,
  openDevices,
  outputOf,
  type WiringPlatform,
} from "./devices.ts";
import type { Hardware, HardwareEvents } from "./hardware.ts";
import type { Image } from "./image.ts";
import { roomParts } from "./room-wiring.ts";

export interface WiringOptions {
  readonly file: ConfigFile;
  readonly platform: WiringPlatform;
  readonly image: Image;
  readonly events: HardwareEvents;
}

function stationParts({ station }: ConfigFile, devices: Devices): StationParts {
  const { emergencyStop, alarm, exitRelease } = station;
  return {
    emergencyStop: maybeInput(emergencyStop, devices),
    alarm: maybeOutput(alarm, devices),
    exitRelease: maybeOutput(exitRelease, devices),
  };
}

function partsOf(file: ConfigFile, devices: Devices): { bays: BayParts[]; cabinets: CabinetParts[] } {
  const bays: BayParts[] = [];
  const cabinets: CabinetParts[] = [];
  for (const cabinet of file.cabinets) {
    for (const entry of cabinet.bays) {
      const lock = found(devices.locks, entry.lock.device).lock(entry.lock.channel);
      assert(lock !== undefined, `${entry.lock.device} has no way ${entry.lock.channel}`);
      bays.push({
        bay: entry.bay,
        lock,
        door: maybeInput(entry.door, devices),
        presence: inputOf(entry.presence, devices),
        contactor: outputOf(entry.contactor, devices),
        heater: maybeOutput(entry.heater, devices),
        charger: found(devices.chargers, entry.charger.device),
        pack: found(devices.packs, entry.pack.device),
      });
    }
    cabinets.push({
      id: cabinet.id,
      reader: found(devices.codeReaders, cabinet.scanner.device),
      smoke: maybeInput(cabinet.smoke, devices),
      conductor: maybeInput(cabinet.runawayConductor, devices),
      water: maybeInput(cabinet.water, devices),
      fan: maybeOutput(cabinet.fan, devices),
      aerosol: maybeOutput(cabinet.aerosol, devices),
      alarm: maybeOutput(cabinet.alarm, devices),
      thermometer:
        cabinet.thermometer === undefined ? undefined : found(devices.thermometers, cabinet.thermometer.device),
    });
  }
  return { bays, cabinets };
}

export function wireHardware({ file, platform, image, events }: WiringOptions): Hardware {
  const devices = openDevices({ file, platform, events });
  const { bays, cabinets } = partsOf(file, devices);
  const station = stationParts(file, devices);
  const room = roomParts(file, devices, platform);
  const { buses, expanders } = devices;
  return assembleHardware({ bays, cabinets, station, room, buses, expanders: [...expanders.values()], image, events });
}
