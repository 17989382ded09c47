/**
 * The room's readers and sensors, each on a modelled line of its own with a bus on it: the drivers meet the same bytes, wire
 * times and turnaround as in a whole simulated station. Faults are set on `lines`, `sensor.fault` and `site.mainsOn`.
 */
import type { Bus } from "../../hal/buses/bus.ts";
import { createBus } from "../../hal/buses/serial-bus.ts";
import type { XyMd02Scale } from "../../hal/codecs/xy-md02.ts";
import type { OpenWire } from "../../hal/ports/wire.ts";
import type { VirtualClock } from "../../simulator/clock.ts";
import { createRandom } from "../../simulator/random.ts";
import { createCardReader, type SimulatedCardReader } from "../../simulator/wires/card-reader.ts";
import { type ClimateSensor, createClimateSensors } from "../../simulator/wires/climate-sensors.ts";
import { DeviceLine } from "../../simulator/wires/device-line.ts";
import { SerialLine } from "../../simulator/wires/modelled-line.ts";

export interface RoomBench {
  readonly site: { mainsOn: boolean };
  /** The climate sensor has address 1. */
  readonly sensor: ClimateSensor;
  /** What the sensor feels; set it. */
  readonly air: { tempC: number; humidityPct: number };
  readonly cardReader: SimulatedCardReader;
  readonly lines: { readonly sensor: SerialLine; readonly card: SerialLine };
  readonly buses: { readonly sensor: Bus; readonly card: Bus };
  /** Every byte string written to the card reader, in hexadecimal. */
  readonly toCardReader: string[];
}

const TURNAROUND_MS = 5;

export function roomBench(clock: VirtualClock, scale: XyMd02Scale = 10): RoomBench {
  const site = { mainsOn: true };
  const air = { tempC: 21, humidityPct: 40 };
  const sensor: ClimateSensor = { address: 1, scale, air: () => air };
  const toCardReader: string[] = [];
  const random = createRandom("room bench");

  function line(name: string, baud: number, halfDuplex: boolean) {
    const devices = new DeviceLine();
    const path = `/dev/${name}`;
    const common = { path, baud, stopBits: 1 as const, echo: false };
    const modelled = new SerialLine({ ...common, halfDuplex, devices, clock, random: random.split(name) });
    const openWire: OpenWire = (spec, events) => {
      const wire = modelled.open(spec, events);
      return {
        close: () => wire.close(),
        write: (bytes) => {
          if (name === "card") toCardReader.push(Buffer.from(bytes).toString("hex").toUpperCase());
          wire.write(bytes);
        },
      };
    };
    const bus = createBus({ id: name, line: { path, baud, stopBits: 1 }, openWire, clock, echo: false });
    return { devices, modelled, bus };
  }

  const sensorLine = line("sensor", 9_600, true);
  const cardLine = line("card", 115_200, false);
  const common = { clock, site, turnaroundMs: TURNAROUND_MS };
  sensorLine.devices.add(createClimateSensors({ ...common, sensors: [sensor], reply: sensorLine.devices.reply }));
  const cardReader = createCardReader({ ...common, reply: cardLine.devices.reply });
  cardLine.devices.add(cardReader);
  return {
    site,
    sensor,
    air,
    cardReader,
    lines: { sensor: sensorLine.modelled, card: cardLine.modelled },
    buses: { sensor: sensorLine.bus, card: cardLine.bus },
    toCardReader,
  };
}
