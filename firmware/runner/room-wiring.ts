/**
 * Builds the ports of the room from the configuration. What is not wired is not there; the names of wires are the names by
 * which the services know contacts and outputs, so that none is translated twice.
 */
import type { XyMd02 } from "../../hal/drivers/xy-md02.ts";
import type { DigitalInput } from "../../hal/ports/digital-input.ts";
import type { SwitchedOutput } from "../../hal/ports/switched-output.ts";
import type { Thermometer } from "../../hal/ports/thermometer.ts";
import type { AmenityOutput } from "../../services/room/levels.ts";
import type { AmenityContact } from "../../services/room/readings.ts";
import type { ConfigFile } from "../config/schema.ts";
import type { AmenityEntry } from "../config/schema-amenities.ts";
import type { ClimateEntry, DoorEntry, FridgeEntry, RoomReaderEntry } from "../config/schema-room.ts";
import type { InputPoint, OutputPoint } from "../config/schema-wiring.ts";
import { type Devices, found, inputOf, maybeInput, maybeOutput, outputOf, thermometerAt } from "./devices.ts";
import type {
  AirSensor,
  AmenityParts,
  ClimateParts,
  DoorParts,
  FridgeParts,
  ReaderParts,
  RoomParts,
} from "./room-parts.ts";

function doorParts({ id, wires }: DoorEntry, devices: Devices): DoorParts {
  return {
    id,
    strike: maybeOutput(wires.strike, devices),
    magnet: maybeOutput(wires.magnet, devices),
    shut: inputOf(wires.shut, devices),
    exitRequest: maybeInput(wires.exitRequest, devices),
    tamper: maybeInput(wires.tamper, devices),
    lockPower: maybeInput(wires.lockPower, devices),
  };
}

/** The two live and die together, and the humidity is told last: with it the sample is whole. */
function climateSensor({ thermometer, hygrometer }: XyMd02): AirSensor {
  return {
    watch: (onSample) =>
      hygrometer.watch(({ value: humidityPct }) => {
        const { value: tempC, atMs, quality } = thermometer.reading();
        onSample({ value: { tempC, humidityPct }, atMs, quality });
      }),
  };
}

function airThermometer(thermometer: Thermometer): AirSensor {
  return {
    watch: (onSample) =>
      thermometer.watch(({ value: tempC, atMs, quality }) => onSample({ value: { tempC }, atMs, quality })),
  };
}

function airSensor(device: string, { climateSensors, thermometers }: Devices): AirSensor {
  const sensor = climateSensors.get(device);
  return sensor === undefined ? airThermometer(found(thermometers, device)) : climateSensor(sensor);
}

function climateParts({ wires }: ClimateEntry, devices: Devices): ClimateParts {
  return {
    sensors: wires.sensors.map(({ device }) => airSensor(device, devices)),
    heater: maybeOutput(wires.heater, devices),
    heaterFeed: maybeOutput(wires.heaterFeed, devices),
    cooler: maybeOutput(wires.cooler, devices),
    heaterCycleMs: wires.heaterCycleMs,
  };
}

const thermometerOf = (use: { readonly device: string } | undefined, { thermometers }: Devices) =>
  use && found(thermometers, use.device);

function fridgeParts({ wires }: FridgeEntry, devices: Devices): FridgeParts {
  return {
    air: thermometerAt(wires.air, devices),
    evaporator: thermometerOf(wires.evaporator, devices),
    door: inputOf(wires.door, devices),
    lock: outputOf(wires.lock, devices),
    compressor: outputOf(wires.compressor, devices),
    defrostHeater: maybeOutput(wires.defrostHeater, devices),
  };
}

const contactNames = [
  "filled",
  "leaking",
  "unlock",
  "button",
  "stop",
  "shut",
  "inPlace",
  "present",
] as const satisfies readonly AmenityContact[];
const outputNames = ["element", "feed", "tap", "power", "lamp", "siren"] as const satisfies readonly AmenityOutput[];

type Wires = { readonly [K in AmenityContact]?: InputPoint | undefined } & {
  readonly [K in (typeof outputNames)[number]]?: OutputPoint | undefined;
} & {
  readonly temperature?: { readonly device: string };
  readonly lockers?: readonly { readonly lock: OutputPoint; readonly power?: OutputPoint }[];
};

function contactsOf(wires: Wires, devices: Devices): Map<AmenityContact, DigitalInput> {
  const contacts = new Map<AmenityContact, DigitalInput>();
  for (const name of contactNames) {
    const point = wires[name];
    if (point !== undefined) contacts.set(name, inputOf(point, devices));
  }
  return contacts;
}

function outputsOf(wires: Wires, devices: Devices): Map<AmenityOutput, SwitchedOutput> {
  const outputs = new Map<AmenityOutput, SwitchedOutput>();
  const put = (name: AmenityOutput, point: OutputPoint | undefined): void => {
    if (point !== undefined) outputs.set(name, outputOf(point, devices));
  };
  for (const name of outputNames) put(name, wires[name]);
  for (const [at, { lock, power }] of (wires.lockers ?? []).entries()) {
    put(`lock-${at + 1}`, lock);
    put(`power-${at + 1}`, power);
  }
  return outputs;
}

function amenityParts({ id, kind, wires }: AmenityEntry, devices: Devices): AmenityParts {
  const all: Wires = wires;
  return {
    id,
    kind,
    contacts: contactsOf(all, devices),
    outputs: outputsOf(all, devices),
    thermometer: thermometerOf(all.temperature, devices),
  };
}

function readerParts({ id, device }: RoomReaderEntry, { codeReaders, cardReaders }: Devices): ReaderParts {
  const cards = cardReaders.get(device);
  if (cards !== undefined) return { id, reads: "cards", cards };
  return { id, reads: "codes", codes: found(codeReaders, device) };
}

/** Undefined where the station has no room of its own. */
export function roomParts(file: ConfigFile, devices: Devices): RoomParts | undefined {
  const { access, climate, fridge, amenities, room } = file;
  if ([access, climate, fridge, amenities, room].every((section) => section === undefined)) return undefined;
  return {
    doors: (access?.doors ?? []).map((door) => doorParts(door, devices)),
    climate: climate && climateParts(climate, devices),
    fridge: fridge && fridgeParts(fridge, devices),
    amenities: (amenities ?? []).map((entry) => amenityParts(entry, devices)),
    readers: (room?.readers ?? []).map((entry) => readerParts(entry, devices)),
    presence: maybeInput(room?.presence, devices),
    outside: thermometerOf(room?.outside, devices),
  };
}
