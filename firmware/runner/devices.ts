/**
 * Opens a station's lines and devices as its configuration names them: one bus a line, one driver a device; and finds what a
 * contact, a load or a sensor hangs on. It expects a checked configuration; a reference to something that does not exist is a
 * bug and ends the process.
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
import { pn532Reader } from "../../hal/drivers/pn532.ts";
import { w1Thermometer } from "../../hal/drivers/w1-thermometer.ts";
import { type WaveshareBoard, waveshareRelayD } from "../../hal/drivers/waveshare-relay-d.ts";
import { type XyMd02, xyMd02 } from "../../hal/drivers/xy-md02.ts";
import type { CardReader } from "../../hal/ports/card-reader.ts";
import type { Charger } from "../../hal/ports/charger.ts";
import type { CodeReader } from "../../hal/ports/code-reader.ts";
import type { DigitalInput } from "../../hal/ports/digital-input.ts";
import type { PackLink } from "../../hal/ports/pack-link.ts";
import type { SwitchedOutput } from "../../hal/ports/switched-output.ts";
import type { Thermometer } from "../../hal/ports/thermometer.ts";
import type { ConfigFile } from "../config/schema.ts";
import type { FirmataEntry, ThermometerPoint } from "../config/schema-expander.ts";
import type { DeviceEntry, InputPoint, OutputPoint } from "../config/schema-wiring.ts";
import type { Expander } from "../expander/expander.ts";
import type { HardwareEvents } from "./hardware.ts";
import type { Platform } from "./platform.ts";

export type WiringPlatform = Pick<Platform, "clock" | "openWire" | "textFiles" | "gpio" | "openExpander">;

export interface Devices {
  readonly platform: WiringPlatform;
  readonly buses: ReadonlyMap<string, Bus>;
  readonly locks: Map<string, LockBoard>;
  readonly boards: Map<string, WaveshareBoard>;
  readonly chargers: Map<string, Charger>;
  readonly packs: Map<string, PackLink>;
  readonly codeReaders: Map<string, CodeReader>;
  readonly cardReaders: Map<string, CardReader>;
  /** Every sensor of one temperature; climate sensors are among them. */
  readonly thermometers: Map<string, Thermometer>;
  readonly climateSensors: Map<string, XyMd02>;
  readonly expanders: Map<string, Expander>;
}

export interface DevicesOptions {
  readonly file: ConfigFile;
  readonly platform: WiringPlatform;
  readonly events: Pick<HardwareEvents, "busHealth">;
}

function openBuses({ file, platform, events }: DevicesOptions): Map<string, Bus> {
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

export function found<T>(map: ReadonlyMap<string, T>, id: string): T {
  const value = map.get(id);
  assert(value !== undefined, `${id} is named in the configuration but was not built`);
  return value;
}

/** The last two digits of the model are its amperes: DPM8605 gives 5 A, DPM8624 gives 24 A. */
const chargerMaxMa = (model: string): number => Number(model.slice(-2)) * 1_000;

/** The air of a cabinet is a second signal of fire: three looks at it must fit into half a minute. */
const airPollMs = 10_000;
/** What heats or cools by a thermometer stops when the last sample is 8 s old. */
const leadingPollMs = 2_000;

/** Thermometers that something heats or cools by. */
function leading({ climate, fridge, amenities }: ConfigFile): ReadonlySet<string> {
  const boilers = (amenities ?? []).flatMap((entry) => (entry.kind === "hot-water" ? [entry.wires.temperature] : []));
  const cold = fridge === undefined ? [] : [fridge.wires.air, fridge.wires.evaporator];
  const uses = [...(climate?.wires.sensors ?? []), ...cold, ...boilers];
  return new Set(uses.flatMap((use) => (use === undefined ? [] : [use.device])));
}

type BusDevice = Extract<DeviceEntry, { bus: string }>;

function openOnBus(device: BusDevice, devices: Devices): void {
  const ports = { bus: found(devices.buses, device.bus), clock: devices.platform.clock };
  const { id } = device;
  switch (device.kind) {
    case "lock-8a": {
      const { address, channels, feedback, statusOrder } = device;
      devices.locks.set(id, lockBoard8a({ address, channels, feedback, statusOrder }, ports));
      return;
    }
    case "waveshare-relay-d":
      devices.boards.set(id, waveshareRelayD({ address: device.address }, ports));
      return;
    case "dpm86":
      devices.chargers.set(id, dpm86Charger({ address: device.address, maxMa: chargerMaxMa(device.model) }, ports));
      return;
    case "jbd":
      devices.packs.set(id, jbdPackLink({}, ports));
      return;
    case "gm65":
      devices.codeReaders.set(id, gm65Reader({}, ports));
      return;
    case "pn532":
      devices.cardReaders.set(id, pn532Reader({}, ports));
      return;
    case "xy-md02": {
      const sensor = xyMd02({ address: device.address, scale: device.scale }, ports);
      devices.climateSensors.set(id, sensor);
      devices.thermometers.set(id, sensor.thermometer);
      return;
    }
  }
}

/** A line of its own, so its loss is told as a line's. */
function openFirmata(device: FirmataEntry, { platform, events }: DevicesOptions): Expander {
  assert(platform.openExpander !== undefined, `nothing here opens the expander board ${device.id}`);
  const expander = platform.openExpander(device);
  expander.watch((lost, why) => events.busHealth(device.id, lost, why));
  return expander;
}

export function openDevices(options: DevicesOptions): Devices {
  const { file, platform } = options;
  const devices: Devices = {
    platform,
    buses: openBuses(options),
    locks: new Map(),
    boards: new Map(),
    chargers: new Map(),
    packs: new Map(),
    codeReaders: new Map(),
    cardReaders: new Map(),
    thermometers: new Map(),
    climateSensors: new Map(),
    expanders: new Map(),
  };
  const leads = leading(file);
  for (const device of file.devices) {
    const { id } = device;
    if (device.kind === "w1-thermometer") {
      const pollMs = leads.has(id) ? leadingPollMs : airPollMs;
      devices.thermometers.set(id, w1Thermometer(platform.textFiles, platform.clock, { path: device.path, pollMs }));
    } else if (device.kind === "firmata") devices.expanders.set(id, openFirmata(device, options));
    else openOnBus(device, devices);
  }
  return devices;
}

export function thermometerAt({ device, channel }: ThermometerPoint, devices: Devices): Thermometer {
  if (channel === undefined) return found(devices.thermometers, device);
  return found(found(devices.expanders, device).thermometers, channel);
}

export function inputOf(point: InputPoint, { boards, platform }: Devices): DigitalInput {
  if ("gpio" in point) {
    assert(platform.gpio !== undefined, "a gpio input needs the gpio section");
    return gpioContact(platform.gpio.openInput(point.gpio), platform.clock, { inverted: point.inverted });
  }
  const input = found(boards, point.device).input(point.input, point.inverted);
  assert(input !== undefined, `${point.device} has no input ${point.input}`);
  return input;
}

export function outputOf(point: OutputPoint, { boards, platform }: Devices): SwitchedOutput {
  if ("gpio" in point) {
    assert(platform.gpio !== undefined, "a gpio output needs the gpio section");
    const output = platform.gpio.openOutput(point.gpio, point.inverted);
    return gpioSwitch(output, platform.clock, { inverted: point.inverted });
  }
  const output = found(boards, point.device).output(point.relay);
  assert(output !== undefined, `${point.device} has no relay ${point.relay}`);
  return output;
}

export const maybeInput = (point: InputPoint | undefined, devices: Devices): DigitalInput | undefined =>
  point && inputOf(point, devices);

export const maybeOutput = (point: OutputPoint | undefined, devices: Devices): SwitchedOutput | undefined =>
  point && outputOf(point, devices);
