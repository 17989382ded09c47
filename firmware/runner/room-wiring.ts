/**
 * Builds the ports of the room from the configuration. What is not wired is not there; the names of wires are the names by
 * which the services know contacts and outputs, so that none is translated twice.
 */
import { RestedOutput } from "../../hal/drivers/rested-output.ts";
import type { XyMd02 } from "../../hal/drivers/xy-md02.ts";
import type { Clock } from "../../hal/ports/clock.ts";
import type { DigitalInput } from "../../hal/ports/digital-input.ts";
import type { PwmOutput } from "../../hal/ports/pwm-output.ts";
import type { SwitchedOutput } from "../../hal/ports/switched-output.ts";
import type { Thermometer } from "../../hal/ports/thermometer.ts";
import type { AmenityOutput } from "../../services/room/levels.ts";
import type { AmenityContact } from "../../services/room/readings.ts";
import type { ConfigFile } from "../config/schema.ts";
import type { AmenityEntry } from "../config/schema-amenities.ts";
import type { ClimateEntry, DoorEntry, FridgeEntry, RoomReaderEntry } from "../config/schema-room.ts";
import type { DimmedPoint, InputPoint, OutputPoint, ThermometerUse } from "../config/schema-wiring.ts";
import { type Devices, found, inputOf, maybeInput, maybeOutput, outputOf, thermometerOf } from "./devices.ts";
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

/** What else the parts need than their devices. */
export interface RoomPlatform {
  readonly clock: Clock;
}

function climateParts(
  { wires, coolerMinOffMs }: ClimateEntry,
  devices: Devices,
  { clock }: RoomPlatform,
): ClimateParts {
  const cooler = maybeOutput(wires.cooler, devices);
  return {
    sensors: wires.sensors.map(({ device }) => airSensor(device, devices)),
    heater: maybeOutput(wires.heater, devices),
    heaterFeed: maybeOutput(wires.heaterFeed, devices),
    cooler: cooler && new RestedOutput(cooler, clock, coolerMinOffMs),
    heaterCycleMs: wires.heaterCycleMs,
  };
}

const maybeThermometer = (use: ThermometerUse | undefined, devices: Devices): Thermometer | undefined =>
  use && thermometerOf(use, devices);

function fridgeParts({ wires, minOffMs }: FridgeEntry, devices: Devices, { clock }: RoomPlatform): FridgeParts {
  return {
    air: thermometerOf(wires.air, devices),
    evaporator: maybeThermometer(wires.evaporator, devices),
    door: inputOf(wires.door, devices),
    lock: outputOf(wires.lock, devices),
    compressor: new RestedOutput(outputOf(wires.compressor, devices), clock, minOffMs),
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
  readonly [K in (typeof outputNames)[number]]?: DimmedPoint | undefined;
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

/** A load that is driven in part knows on and off like any other. */
function dimmed(output: PwmOutput, sharePct: number): SwitchedOutput {
  return {
    hold: (on, untilMs) => output.hold(on ? sharePct / 100 : 0, untilMs),
    state: () => {
      const share = output.state();
      if (share === "unknown") return share;
      return share > 0 ? "on" : "off";
    },
  };
}

function loadOf(point: DimmedPoint, devices: Devices): SwitchedOutput {
  if (!("channel" in point)) return outputOf(point, devices);
  const { outputs } = found(devices.expanders, point.device);
  return dimmed(found(outputs, point.channel), point.sharePct);
}

function outputsOf(wires: Wires, devices: Devices): Map<AmenityOutput, SwitchedOutput> {
  const outputs = new Map<AmenityOutput, SwitchedOutput>();
  const put = (name: AmenityOutput, point: DimmedPoint | undefined): void => {
    if (point !== undefined) outputs.set(name, loadOf(point, devices));
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
    thermometer: maybeThermometer(all.temperature, devices),
  };
}

function readerParts({ id, device }: RoomReaderEntry, { codeReaders, cardReaders }: Devices): ReaderParts {
  const cards = cardReaders.get(device);
  if (cards !== undefined) return { id, reads: "cards", cards };
  return { id, reads: "codes", codes: found(codeReaders, device) };
}

/** Undefined where the station has no room of its own. */
export function roomParts(file: ConfigFile, devices: Devices, platform: RoomPlatform): RoomParts | undefined {
  const { access, climate, fridge, amenities, room } = file;
  if ([access, climate, fridge, amenities, room].every((section) => section === undefined)) return undefined;
  return {
    doors: (access?.doors ?? []).map((door) => doorParts(door, devices)),
    climate: climate && climateParts(climate, devices, platform),
    fridge: fridge && fridgeParts(fridge, devices, platform),
    amenities: (amenities ?? []).map((entry) => amenityParts(entry, devices)),
    readers: (room?.readers ?? []).map((entry) => readerParts(entry, devices)),
    presence: maybeInput(room?.presence, devices),
    outside: maybeThermometer(room?.outside, devices),
    clock: platform.clock,
  };
}
