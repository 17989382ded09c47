/**
 * The lines of a configuration with the devices of its room at their far end, all on virtual time: boards, sensors, thermometer
 * files and readers answer the same bytes as in the simulated station. What hangs on lines of the cabinets stays silent.
 */
import type { ConfigFile } from "../../firmware/config/schema.ts";
import type { InputPoint, OutputPoint } from "../../firmware/config/schema-wiring.ts";
import { encodeGm65Code } from "../../hal/codecs/gm65.ts";
import type { OpenWire } from "../../hal/ports/wire.ts";
import type { VirtualClock } from "../../simulator/clock.ts";
import { GridMeter } from "../../simulator/models/grid.ts";
import { Site } from "../../simulator/models/site.ts";
import { createRandom } from "../../simulator/random.ts";
import { createCardReader, type SimulatedCard, type SimulatedCardReader } from "../../simulator/wires/card-reader.ts";
import { type ClimateSensor, createClimateSensors } from "../../simulator/wires/climate-sensors.ts";
import { DeviceLine } from "../../simulator/wires/device-line.ts";
import { SerialLine } from "../../simulator/wires/modelled-line.ts";
import { createRelayBoards, RelayBoard } from "../../simulator/wires/relay-boards.ts";
import { createW1Files, Probe } from "../../simulator/wires/w1-files.ts";

/** As slow as a device may be. */
const turnaroundMs = 14;

export class RoomLines {
  readonly lines = new Map<string, SerialLine>();
  readonly boards = new Map<string, RelayBoard>();
  readonly sensors = new Map<string, ClimateSensor>();
  /** °C by device, for sensors and thermometers. */
  readonly tempC = new Map<string, number>();
  readonly textFiles;
  readonly openWire: OpenWire = (spec, events) => {
    const line = this.lines.get(spec.path);
    if (line === undefined) throw new Error(`no line at ${spec.path}`);
    return line.open(spec, events);
  };
  private readonly cards = new Map<string, SimulatedCardReader>();
  private readonly codes = new Map<string, DeviceLine>();
  private readonly clock: VirtualClock;
  private readonly site: Site;

  constructor(config: ConfigFile, clock: VirtualClock) {
    this.clock = clock;
    this.site = new Site({ clock, meter: new GridMeter(1, 0), room: { tempC: () => 20 }, masterEnable: true });
    const random = createRandom("room lines");
    for (const bus of config.buses) {
      const devices = new DeviceLine();
      this.fill(devices, config, bus.id);
      const { path, baud, stopBits, echo } = bus;
      const halfDuplex = bus.id.startsWith("room");
      const split = random.split(bus.id);
      this.lines.set(path, new SerialLine({ path, baud, stopBits, echo, halfDuplex, devices, clock, random: split }));
    }
    const files = new Map<string, Probe>();
    for (const device of config.devices) {
      if (device.kind !== "w1-thermometer") continue;
      files.set(device.path, new Probe(() => this.tempC.get(device.id) ?? 20));
    }
    this.textFiles = createW1Files(files, clock);
  }

  private fill(line: DeviceLine, config: ConfigFile, bus: string): void {
    const { clock, site } = this;
    const common = { clock, site, turnaroundMs, reply: line.reply };
    const boards: RelayBoard[] = [];
    const sensors: ClimateSensor[] = [];
    for (const device of config.devices) {
      if (!("bus" in device) || device.bus !== bus) continue;
      if (device.kind === "waveshare-relay-d") {
        const board = new RelayBoard(device.address, clock);
        this.boards.set(device.id, board);
        boards.push(board);
      } else if (device.kind === "xy-md02") {
        const { id, address, scale } = device;
        const sensor = { address, scale, air: () => ({ tempC: this.tempC.get(id) ?? 20, humidityPct: 40 }) };
        this.sensors.set(id, sensor);
        sensors.push(sensor);
      } else if (device.kind === "pn532") {
        const reader = createCardReader(common);
        this.cards.set(device.id, reader);
        line.add(reader);
      } else if (device.kind === "gm65") this.codes.set(device.id, line);
    }
    if (boards.length > 0) line.add(createRelayBoards({ ...common, boards }));
    if (sensors.length > 0) line.add(createClimateSensors({ ...common, sensors }));
  }

  pass(ms: number): void {
    this.clock.runUntil(this.clock.nowMs + ms);
  }

  /** `holds`: what the contact is named for (shut, pressed, wet). */
  set(point: InputPoint, holds: boolean): void {
    if ("gpio" in point) throw new Error("this room has no header lines");
    const board = this.boards.get(point.device);
    if (board !== undefined) board.inputs[point.input - 1] = () => holds !== point.inverted;
  }

  isOn(point: OutputPoint): boolean {
    if ("gpio" in point) throw new Error("this room has no header lines");
    return this.boards.get(point.device)?.relays[point.relay - 1]?.on === true;
  }

  /** Relays that are on, as `board relay`. */
  allOn(): string[] {
    return [...this.boards].flatMap(([id, { relays }]) =>
      relays.flatMap((relay, at) => (relay.on ? [`${id} ${at + 1}`] : [])),
    );
  }

  show(device: string, text: string): void {
    this.codes.get(device)?.reply(encodeGm65Code(text), 0);
  }

  hold(device: string, card: SimulatedCard | undefined): void {
    this.cards.get(device)?.hold(card);
  }
}
