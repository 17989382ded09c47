/**
 * Builds the station's hardware from its configuration: one bus a line, one driver a device, one set of ports a bay. A device
 * that does not answer stops nothing here: its readings stay missing, and missing is what the interlocks know best. It
 * expects a checked configuration; a reference to something that does not exist is a bug and ends the process.
 */
import { strict as assert } from "node:assert";
import type { Bus } from "../../hal/buses/bus.ts";
import { createBus } from "../../hal/buses/serial-bus.ts";
import { dpm86Charger } from "../../hal/drivers/dpm86.ts";
import { gm65Reader } from "../../hal/drivers/gm65.ts";
import { gpioContact } from "../../hal/drivers/gpio-contact.ts";
import { gpioSwitch } from "../../hal/drivers/gpio-switch.ts";
import { jbdPackLink } from "../../hal/drivers/jbd-pack-link.ts";
import { type LockBoard, lockBoard8a } from "../../hal/drivers/lock-8a.ts";
import { w1Thermometer } from "../../hal/drivers/w1-thermometer.ts";
import { type WaveshareBoard, waveshareRelayD } from "../../hal/drivers/waveshare-relay-d.ts";
import type { Charger } from "../../hal/ports/charger.ts";
import type { CodeReader } from "../../hal/ports/code-reader.ts";
import type { DigitalInput } from "../../hal/ports/digital-input.ts";
import type { PackLink } from "../../hal/ports/pack-link.ts";
import type { SwitchedOutput } from "../../hal/ports/switched-output.ts";
import type { Thermometer } from "../../hal/ports/thermometer.ts";
import type { ConfigFile } from "../config/schema.ts";
import type { DeviceEntry, InputPoint, OutputPoint } from "../config/schema-wiring.ts";
import { assembleHardware, type BayParts, type CabinetParts, type StationParts } from "./assembly.ts";
import type { Hardware, HardwareEvents } from "./hardware.ts";
import type { Image } from "./image.ts";
import type { Platform } from "./platform.ts";

export type WiringPlatform = Pick<Platform, "clock" | "openWire" | "textFiles" | "gpio">;

export interface WiringOptions {
  readonly file: ConfigFile;
  readonly platform: WiringPlatform;
  readonly image: Image;
  readonly events: HardwareEvents;
}

interface Devices {
  readonly locks: Map<string, LockBoard>;
  readonly boards: Map<string, WaveshareBoard>;
  readonly chargers: Map<string, Charger>;
  readonly packs: Map<string, PackLink>;
  readonly readers: Map<string, CodeReader>;
  readonly thermometers: Map<string, Thermometer>;
}

function openBuses({ file, platform, events }: WiringOptions): Map<string, Bus> {
  const buses = new Map<string, Bus>();
  for (const { id, path, baud, stopBits, echo } of file.buses) {
    const { clock, openWire } = platform;
    const bus = createBus({ id, line: { path, baud, stopBits }, openWire, clock, echo });
    bus.watch((health) => {
      if (health.is === "open") events.busHealth(id, false, "open");
      else if (health.is === "lost" || health.is === "babbling") events.busHealth(id, true, health.why);
    });
    buses.set(id, bus);
  }
  return buses;
}

function found<T>(map: ReadonlyMap<string, T>, id: string): T {
  const value = map.get(id);
  assert(value !== undefined, `${id} is named in the configuration but was not built`);
  return value;
}

/** The last two digits of the model are its amperes: DPM8605 gives 5 A, DPM8624 gives 24 A. */
const chargerMaxMa = (model: string): number => Number(model.slice(-2)) * 1_000;

/** The air of a cabinet is a second signal of fire: three looks at it must fit into half a minute. */
const airPollMs = 10_000;

function openDevice(
  device: DeviceEntry,
  buses: ReadonlyMap<string, Bus>,
  platform: WiringPlatform,
  devices: Devices,
): void {
  const { clock } = platform;
  if (device.kind === "w1-thermometer") {
    devices.thermometers.set(
      device.id,
      w1Thermometer(platform.textFiles, clock, { path: device.path, pollMs: airPollMs }),
    );
    return;
  }
  const ports = { bus: found(buses, device.bus), clock };
  switch (device.kind) {
    case "lock-8a": {
      const { address, channels, feedback, statusOrder } = device;
      devices.locks.set(device.id, lockBoard8a({ address, channels, feedback, statusOrder }, ports));
      return;
    }
    case "waveshare-relay-d":
      devices.boards.set(device.id, waveshareRelayD({ address: device.address }, ports));
      return;
    case "dpm86":
      devices.chargers.set(
        device.id,
        dpm86Charger({ address: device.address, maxMa: chargerMaxMa(device.model) }, ports),
      );
      return;
    case "jbd":
      devices.packs.set(device.id, jbdPackLink({}, ports));
      return;
    case "gm65":
      devices.readers.set(device.id, gm65Reader({}, ports));
      return;
  }
}

function inputOf(point: InputPoint, devices: Devices, platform: WiringPlatform): DigitalInput {
  if ("gpio" in point) {
    assert(platform.gpio !== undefined, "a gpio input needs the gpio section");
    return gpioContact(platform.gpio.openInput(point.gpio), platform.clock, { inverted: point.inverted });
  }
  const input = found(devices.boards, point.device).input(point.input, point.inverted);
  assert(input !== undefined, `${point.device} has no input ${point.input}`);
  return input;
}

function outputOf(point: OutputPoint, devices: Devices, platform: WiringPlatform): SwitchedOutput {
  if ("gpio" in point) {
    assert(platform.gpio !== undefined, "a gpio output needs the gpio section");
    const output = platform.gpio.openOutput(point.gpio, point.inverted);
    return gpioSwitch(output, platform.clock, { inverted: point.inverted });
  }
  const output = found(devices.boards, point.device).output(point.relay);
  assert(output !== undefined, `${point.device} has no relay ${point.relay}`);
  return output;
}

type Open = Pick<WiringOptions, "platform"> & { readonly devices: Devices };

const maybeInput = (point: InputPoint | undefined, { devices, platform }: Open): DigitalInput | undefined =>
  point === undefined ? undefined : inputOf(point, devices, platform);

const maybeOutput = (point: OutputPoint | undefined, { devices, platform }: Open): SwitchedOutput | undefined =>
  point === undefined ? undefined : outputOf(point, devices, platform);

function stationParts({ file, platform }: WiringOptions, devices: Devices): StationParts {
  const { emergencyStop, alarm, exitRelease } = file.station;
  const open = { devices, platform };
  return {
    emergencyStop: maybeInput(emergencyStop, open),
    alarm: maybeOutput(alarm, open),
    exitRelease: maybeOutput(exitRelease, open),
  };
}

function partsOf({ file, platform }: WiringOptions, devices: Devices): { bays: BayParts[]; cabinets: CabinetParts[] } {
  const bays: BayParts[] = [];
  const cabinets: CabinetParts[] = [];
  const open = { devices, platform };
  for (const cabinet of file.cabinets) {
    for (const entry of cabinet.bays) {
      const lock = found(devices.locks, entry.lock.device).lock(entry.lock.channel);
      assert(lock !== undefined, `${entry.lock.device} has no way ${entry.lock.channel}`);
      bays.push({
        bay: entry.bay,
        lock,
        door: maybeInput(entry.door, open),
        presence: inputOf(entry.presence, devices, platform),
        contactor: outputOf(entry.contactor, devices, platform),
        heater: maybeOutput(entry.heater, open),
        charger: found(devices.chargers, entry.charger.device),
        pack: found(devices.packs, entry.pack.device),
      });
    }
    cabinets.push({
      id: cabinet.id,
      reader: found(devices.readers, cabinet.scanner.device),
      smoke: maybeInput(cabinet.smoke, open),
      conductor: maybeInput(cabinet.runawayConductor, open),
      water: maybeInput(cabinet.water, open),
      fan: maybeOutput(cabinet.fan, open),
      aerosol: maybeOutput(cabinet.aerosol, open),
      alarm: maybeOutput(cabinet.alarm, open),
      thermometer:
        cabinet.thermometer === undefined ? undefined : found(devices.thermometers, cabinet.thermometer.device),
    });
  }
  return { bays, cabinets };
}

export function wireHardware(options: WiringOptions): Hardware {
  const buses = openBuses(options);
  const devices: Devices = {
    locks: new Map(),
    boards: new Map(),
    chargers: new Map(),
    packs: new Map(),
    readers: new Map(),
    thermometers: new Map(),
  };
  for (const device of options.file.devices) openDevice(device, buses, options.platform, devices);
  const { bays, cabinets } = partsOf(options, devices);
  const station = stationParts(options, devices);
  return assembleHardware({ bays, cabinets, station, buses, image: options.image, events: options.events });
}
