/**
 * Connects bays and cabinets to lines, boards and header pins, as the configuration says. Whatever the configuration does
 * not wire exists in the station all the same; nobody can hear it.
 */
import type { ConfigFile } from "../../firmware/config/schema.ts";
import type {
  BusEntry,
  CabinetEntry,
  DeviceEntry,
  InputPoint,
  OutputPoint,
} from "../../firmware/config/schema-wiring.ts";
import type { Clock } from "../../hal/ports/clock.ts";
import type { TextFiles } from "../../hal/ports/text-files.ts";
import type { Bay } from "../models/bay.ts";
import type { Cabinet } from "../models/cabinet.ts";
import type { Site } from "../models/site.ts";
import type { SplitRandom } from "../random.ts";
import { createCodeReader, type SimulatedReader } from "./code-reader.ts";
import { DeviceLine } from "./device-line.ts";
import { createDpmChargers, type DpmCharger } from "./dpm-chargers.ts";
import { createGpioLines, type GpioLines } from "./gpio-lines.ts";
import { createJbdPack } from "./jbd-pack.ts";
import { createLockBoards, type LockBoard } from "./lock-boards.ts";
import { SerialLine } from "./modelled-line.ts";
import { createRelayBoards, type InputSource, RelayBoard, type RelaySink } from "./relay-boards.ts";
import { createW1Files } from "./w1-files.ts";

export interface WiringParts {
  readonly config: ConfigFile;
  readonly site: Site;
  readonly bays: ReadonlyMap<number, Bay>;
  readonly cabinets: ReadonlyMap<string, Cabinet>;
  readonly random: SplitRandom;
  readonly turnaroundMs: number;
}

export interface Wiring {
  readonly lines: ReadonlyMap<string, SerialLine>;
  readonly deviceLines: ReadonlyMap<string, DeviceLine>;
  readonly gpio: GpioLines;
  readonly textFiles: TextFiles;
  readonly relayBoards: readonly RelayBoard[];
  /** The code reader of each cabinet, by cabinet id. */
  readonly readers: ReadonlyMap<string, SimulatedReader>;
}

/** Kinds that share one pair of wires; the others have a direction each. */
const HALF_DUPLEX: ReadonlySet<DeviceEntry["kind"]> = new Set(["lock-8a", "waveshare-relay-d", "dpm86"]);

class Wirer {
  readonly lines = new Map<string, SerialLine>();
  readonly deviceLines = new Map<string, DeviceLine>();
  readonly relayBoards = new Map<string, RelayBoard>();
  readonly readers = new Map<string, SimulatedReader>();
  readonly gpio = createGpioLines();
  private readonly parts: WiringParts;
  private readonly clock: Clock;

  constructor(parts: WiringParts) {
    this.parts = parts;
    this.clock = parts.site.clock;
  }

  wire(): Wiring {
    const { config } = this.parts;
    for (const bus of config.buses) this.bus(bus);
    for (const cabinet of config.cabinets) {
      const body = this.parts.cabinets.get(cabinet.id) as Cabinet;
      this.cabinet(cabinet, body);
      for (const entry of cabinet.bays) {
        const bay = this.parts.bays.get(entry.bay) as Bay;
        if (entry.door !== undefined) this.input(entry.door, () => bay.doorContact);
        this.input(entry.presence, () => bay.presenceContact);
        this.output(entry.contactor, (on) => bay.setContactorRelay(on));
        if (entry.heater !== undefined) this.output(entry.heater, (on) => bay.setHeaterRelay(on));
      }
    }
    this.station();
    this.masterEnable();
    const { lines, deviceLines, gpio, readers } = this;
    const textFiles = createW1Files(this.thermometers(), this.clock);
    return { lines, deviceLines, gpio, textFiles, readers, relayBoards: [...this.relayBoards.values()] };
  }

  private cabinet(entry: CabinetEntry, body: Cabinet): void {
    if (entry.smoke !== undefined) this.input(entry.smoke, () => body.smoke);
    if (entry.runawayConductor !== undefined) this.input(entry.runawayConductor, () => body.conductor);
    if (entry.water !== undefined) this.input(entry.water, () => body.water);
    if (entry.fan !== undefined) this.output(entry.fan, (on) => body.setFanRelay(on));
    if (entry.alarm !== undefined) this.output(entry.alarm, (on) => body.setAlarmRelay(on));
    if (entry.aerosol !== undefined) this.output(entry.aerosol, (on) => body.setAerosolRelay(on));
  }

  private station(): void {
    const { site, config } = this.parts;
    const { emergencyStop, alarm, exitRelease } = config.station;
    if (emergencyStop !== undefined) this.input(emergencyStop, () => site.emergencyStop);
    if (alarm !== undefined) this.output(alarm, (on) => site.setAlarmRelay(on));
    if (exitRelease !== undefined) this.output(exitRelease, (on) => site.setExitRelay(on));
  }

  private bus(bus: BusEntry): void {
    const { config, random } = this.parts;
    const line = new DeviceLine();
    const devices = config.devices.filter((device) => device.kind !== "w1-thermometer" && device.bus === bus.id);
    this.addLocks(line, devices);
    this.addRelays(line, devices);
    this.addChargers(line, devices);
    for (const device of devices) {
      if (device.kind === "jbd") this.addPack(line, device.id);
      else if (device.kind === "gm65") this.addReader(line, device.id);
    }
    this.deviceLines.set(bus.path, line);
    const modelled = new SerialLine({
      path: bus.path,
      baud: bus.baud,
      stopBits: bus.stopBits,
      echo: bus.echo,
      halfDuplex: devices.some((device) => HALF_DUPLEX.has(device.kind)),
      devices: line,
      clock: this.clock,
      random: random.split(bus.id),
    });
    this.lines.set(bus.path, modelled);
  }

  private common(line: DeviceLine) {
    const { site, turnaroundMs } = this.parts;
    return { clock: this.clock, site, turnaroundMs, reply: line.reply };
  }

  private addLocks(line: DeviceLine, devices: readonly DeviceEntry[]): void {
    const boards: LockBoard[] = [];
    for (const device of devices) {
      if (device.kind !== "lock-8a") continue;
      const { address, feedback, statusOrder } = device;
      const bays: Array<Bay | undefined> = [];
      for (const { entry, bay } of this.wired()) if (entry.lock.device === device.id) bays[entry.lock.channel] = bay;
      boards.push({ address, feedback, statusOrder, bays });
    }
    if (boards.length > 0) line.add(createLockBoards({ ...this.common(line), boards }));
  }

  private addRelays(line: DeviceLine, devices: readonly DeviceEntry[]): void {
    const boards: RelayBoard[] = [];
    for (const device of devices) {
      if (device.kind !== "waveshare-relay-d") continue;
      const board = new RelayBoard(device.address, this.clock);
      this.relayBoards.set(device.id, board);
      boards.push(board);
    }
    if (boards.length > 0) line.add(createRelayBoards({ ...this.common(line), boards }));
  }

  private addChargers(line: DeviceLine, devices: readonly DeviceEntry[]): void {
    const chargers: Array<DpmCharger | undefined> = [];
    for (const device of devices) {
      if (device.kind !== "dpm86") continue;
      // "dpm8624" is the model for 24 A.
      const maxMa = Number(device.model.slice(-2)) * 1_000;
      for (const { entry, bay } of this.wired()) {
        if (entry.charger.device === device.id) chargers[device.address] = { bay, maxMa };
      }
    }
    if (chargers.length > 0) line.add(createDpmChargers({ ...this.common(line), chargers }));
  }

  private addPack(line: DeviceLine, device: string): void {
    for (const { entry, bay } of this.wired()) {
      if (entry.pack.device === device) line.add(createJbdPack({ ...this.common(line), bay }));
    }
  }

  private addReader(line: DeviceLine, device: string): void {
    for (const cabinet of this.parts.config.cabinets) {
      if (cabinet.scanner.device !== device) continue;
      const reader = createCodeReader({ ...this.common(line), cabinet: cabinet.id });
      this.readers.set(cabinet.id, reader);
      line.add(reader);
    }
  }

  private *wired() {
    for (const cabinet of this.parts.config.cabinets) {
      for (const entry of cabinet.bays) yield { entry, bay: this.parts.bays.get(entry.bay) as Bay };
    }
  }

  private output(point: OutputPoint, sink: RelaySink): void {
    if ("gpio" in point) {
      const { inverted } = point;
      this.gpio.wireOutput(point.gpio, (high) => sink(high !== inverted), inverted);
      return;
    }
    const relay = this.relayBoards.get(point.device)?.relays[point.relay - 1];
    if (relay !== undefined) relay.sink = sink;
  }

  private input(point: InputPoint, meaning: InputSource): void {
    const source: InputSource = point.inverted ? () => !meaning() : meaning;
    if ("gpio" in point) this.gpio.wireInput(point.gpio, source);
    else {
      const board = this.relayBoards.get(point.device);
      if (board !== undefined) board.inputs[point.input - 1] = source;
    }
  }

  private masterEnable(): void {
    const { config, site, bays } = this.parts;
    if (config.masterEnable === undefined) return;
    const { gpio, inverted } = config.masterEnable;
    const sink: RelaySink = (high) => {
      site.masterEnable = high !== inverted;
      site.emit({ type: "master", high: site.masterEnable });
      for (const bay of bays.values()) bay.supplyChanged();
    };
    this.gpio.wireOutput(gpio, sink, inverted);
  }

  private thermometers(): Map<string, () => number> {
    const sensors = new Map<string, () => number>();
    for (const cabinet of this.parts.config.cabinets) {
      const device = this.parts.config.devices.find((candidate) => candidate.id === cabinet.thermometer?.device);
      const body = this.parts.cabinets.get(cabinet.id);
      if (device?.kind === "w1-thermometer" && body !== undefined) sensors.set(device.path, () => body.airTempC);
    }
    return sensors;
  }
}

export function createWiring(parts: WiringParts): Wiring {
  return new Wirer(parts).wire();
}
