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
import type { RoomWorld } from "../room/room-world.ts";
import { createCardReader, type SimulatedCardReader } from "./card-reader.ts";
import { type ClimateSensor, createClimateSensors } from "./climate-sensors.ts";
import { createCodeReader, type SimulatedReader } from "./code-reader.ts";
import { DeviceLine } from "./device-line.ts";
import { createDpmChargers, type DpmCharger } from "./dpm-chargers.ts";
import { createGpioLines, type GpioLines } from "./gpio-lines.ts";
import { createJbdPack } from "./jbd-pack.ts";
import { createLockBoards, type LockBoard } from "./lock-boards.ts";
import { SerialLine } from "./modelled-line.ts";
import type { InputSource, RelaySink } from "./points.ts";
import { createRelayBoards, RelayBoard } from "./relay-boards.ts";
import { roomTemperatures, wireRoom } from "./room-wires.ts";
import { createW1Files, Probe } from "./w1-files.ts";

export interface WiringParts {
  readonly config: ConfigFile;
  readonly site: Site;
  readonly bays: ReadonlyMap<number, Bay>;
  readonly cabinets: ReadonlyMap<string, Cabinet>;
  readonly random: SplitRandom;
  readonly turnaroundMs: number;
  /** Only where the station has a room of its own. */
  readonly room?: RoomWorld | undefined;
}

export interface Wiring {
  readonly lines: ReadonlyMap<string, SerialLine>;
  readonly deviceLines: ReadonlyMap<string, DeviceLine>;
  readonly gpio: GpioLines;
  readonly textFiles: TextFiles;
  readonly relayBoards: readonly RelayBoard[];
  /** The code reader of each cabinet, by cabinet id. */
  readonly readers: ReadonlyMap<string, SimulatedReader>;
  /** The code readers and the card readers of the room, by their names there. */
  readonly roomReaders: ReadonlyMap<string, SimulatedReader>;
  readonly cardReaders: ReadonlyMap<string, SimulatedCardReader>;
  /** Thermometers that are files, by device. */
  readonly probes: ReadonlyMap<string, Probe>;
}

/** The last digit of a live sensor moves a little; no sensor says more than saturation. */
const SENSOR_NOISE_C = 0.04;
const SENSOR_NOISE_PCT = 0.15;

/** Kinds that share one pair of wires; the others have a direction each. */
const HALF_DUPLEX: ReadonlySet<DeviceEntry["kind"]> = new Set(["lock-8a", "waveshare-relay-d", "dpm86", "xy-md02"]);

class Wirer {
  readonly lines = new Map<string, SerialLine>();
  readonly deviceLines = new Map<string, DeviceLine>();
  readonly relayBoards = new Map<string, RelayBoard>();
  readonly readers = new Map<string, SimulatedReader>();
  readonly roomReaders = new Map<string, SimulatedReader>();
  readonly cardReaders = new Map<string, SimulatedCardReader>();
  readonly gpio = createGpioLines();
  private readonly parts: WiringParts;
  private readonly clock: Clock;
  /** What the room's thermometers feel, by device. */
  private readonly felt: ReadonlyMap<string, () => number>;

  constructor(parts: WiringParts) {
    this.parts = parts;
    this.felt = parts.room === undefined ? new Map() : roomTemperatures(parts.room, parts.config);
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
    const { room } = this.parts;
    if (room !== undefined)
      wireRoom(room, config, {
        input: (point, meaning) => this.input(point, meaning),
        output: (point, sink) => this.output(point, sink),
      });
    const { lines, deviceLines, gpio, readers, roomReaders, cardReaders } = this;
    const probes = this.thermometers();
    const textFiles = createW1Files(this.byPath(probes), this.clock);
    const relayBoards = [...this.relayBoards.values()];
    return { lines, deviceLines, gpio, textFiles, readers, roomReaders, cardReaders, relayBoards, probes };
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
    const devices = config.devices.filter((device) => "bus" in device && device.bus === bus.id);
    this.addLocks(line, devices);
    this.addRelays(line, devices);
    this.addChargers(line, devices);
    this.addClimateSensors(line, devices);
    for (const device of devices) {
      if (device.kind === "jbd") this.addPack(line, device.id);
      else if (device.kind === "gm65") this.addReader(line, device.id);
      else if (device.kind === "pn532") this.addCardReader(line, device.id);
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
    const { config, site } = this.parts;
    for (const { id: cabinet, scanner } of config.cabinets) {
      if (scanner.device !== device) continue;
      const shown = (text: string): void => site.emit({ type: "scan", cabinet, text });
      const reader = createCodeReader({ ...this.common(line), shown });
      this.readers.set(cabinet, reader);
      line.add(reader);
    }
    for (const entry of config.room?.readers ?? []) {
      if (entry.device !== device) continue;
      const reader = createCodeReader({ ...this.common(line), shown: () => undefined });
      this.roomReaders.set(entry.id, reader);
      line.add(reader);
    }
  }

  private addCardReader(line: DeviceLine, device: string): void {
    for (const entry of this.parts.config.room?.readers ?? []) {
      if (entry.device !== device) continue;
      const reader = createCardReader(this.common(line));
      this.cardReaders.set(entry.id, reader);
      line.add(reader);
    }
  }

  private addClimateSensors(line: DeviceLine, devices: readonly DeviceEntry[]): void {
    const { room, config, random } = this.parts;
    const ofRoom = new Set((config.climate?.wires.sensors ?? []).map(({ device }) => device));
    const sensors: ClimateSensor[] = [];
    for (const device of devices) {
      const felt = this.felt.get(device.id);
      if (device.kind !== "xy-md02" || felt === undefined || room === undefined) continue;
      const noise = random.split(`noise-${device.id}`);
      const air = () => ({
        tempC: felt() + noise.normal(0, SENSOR_NOISE_C),
        humidityPct: Math.min(99.9, room.shell.humidityPct + noise.normal(0, SENSOR_NOISE_PCT)),
      });
      const sensor: ClimateSensor = { address: device.address, scale: device.scale, air };
      sensors.push(sensor);
      if (ofRoom.has(device.id)) room.addSensor(device.id, sensor);
    }
    if (sensors.length > 0) line.add(createClimateSensors({ ...this.common(line), sensors }));
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

  private byPath(probes: ReadonlyMap<string, Probe>): Map<string, Probe> {
    const paths = new Map<string, Probe>();
    for (const device of this.parts.config.devices) {
      const probe = probes.get(device.id);
      if (device.kind === "w1-thermometer" && probe !== undefined) paths.set(device.path, probe);
    }
    return paths;
  }

  private thermometers(): Map<string, Probe> {
    const sensors = new Map<string, Probe>();
    for (const cabinet of this.parts.config.cabinets) {
      const device = this.parts.config.devices.find((candidate) => candidate.id === cabinet.thermometer?.device);
      const body = this.parts.cabinets.get(cabinet.id);
      if (device?.kind === "w1-thermometer" && body !== undefined)
        sensors.set(device.id, new Probe(() => body.airTempC));
    }
    for (const device of this.parts.config.devices) {
      const felt = this.felt.get(device.id);
      if (device.kind === "w1-thermometer" && felt !== undefined) sensors.set(device.id, new Probe(felt));
    }
    return sensors;
  }
}

export function createWiring(parts: WiringParts): Wiring {
  return new Wirer(parts).wire();
}
