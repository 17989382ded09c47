/**
 * The wires in the configuration's schema: serial lines, what hangs on them, and which contact, relay and device serves which
 * bay. It says what is allowed one value at a time; what must agree between values stands in `wiring-checks.ts`.
 */
import { z } from "zod";
import { FirmataDevice } from "./schema-expander.ts";
import { channel, gpioLine, id, inverted, path } from "./schema-words.ts";

/** A contact: an input of a board (1-based as printed on it), or a header line of the computer (BCM number). */
const input = z
  .strictObject({
    device: id("Id of the relay board the contact is wired to."),
    input: channel(32, "Input as printed on the board, from 1."),
    inverted: inverted("True when a closed contact means the opposite (door open, bay empty, no smoke)."),
  })
  .meta({ title: "board", description: "An input of a relay board." });
const relay = z
  .strictObject({
    device: id("Id of the relay board the load is wired to."),
    relay: channel(32, "Relay as printed on the board, from 1."),
  })
  .meta({ title: "board", description: "A relay of a relay board; the board times it." });
const header = (what: string, description: string) =>
  z.strictObject({ gpio: gpioLine, inverted: inverted(what) }).meta({ title: "header", description });

export const InputPoint = z.union([
  input,
  header("True when a high level means the opposite.", "Or a line of the computer's header."),
]);
export const OutputPoint = z.union([
  relay,
  header("True when a low level switches the load on.", "Or a line of the computer's header, which nothing times."),
]);

export const Bus = z
  .strictObject({
    id: id("Name of the line, unique among buses."),
    path: path("Serial port of the line; prefer /dev/serial/by-path/… because names like ttyUSB0 move."),
    baud: z
      .literal([1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200])
      .default(9600)
      .meta({ unit: "baud", description: "Speed set on every device of the line." }),
    stopBits: z.literal([1, 2]).default(1).meta({ description: "Stop bits." }),
    echo: z.boolean().default(false).meta({ description: "The adapter hears its own bytes (half-duplex echo)." }),
  })
  .meta({ description: "One serial line; 8 data bits, no parity." });

const device = <K extends string>(kind: K, description: string) => ({
  id: id("Name of the device, unique among devices."),
  kind: z.literal(kind).meta({ description }),
  bus: id("Id of the bus the device is on."),
});
const address = (min: number, max: number, description: string) => z.int().min(min).max(max).meta({ description });

export const Device = z.discriminatedUnion("kind", [
  z.strictObject({
    ...device("lock-8a", "8A/80 lock board; boards may share a bus with each other."),
    address: address(1, 32, "Board number set on its DIP switch."),
    channels: channel(24, "Ways of the board; at most 24, because its status answer holds three bytes."),
    feedback: z
      .literal(["closing", "opening"])
      .default("closing")
      .meta({ description: "How the locks' contacts are wired; closing: status 11 means latched." }),
    statusOrder: z
      .literal(["last-first", "first-first"])
      .default("last-first")
      .meta({ description: "Which status byte holds ways 1–8: the last or the first (boards differ)." }),
  }),
  z.strictObject({
    ...device("waveshare-relay-d", "Waveshare Modbus RTU Relay (D) 8CH: 8 relays, 8 inputs; boards may share a bus."),
    address: address(1, 247, "Modbus address stored in the board."),
  }),
  z.strictObject({
    ...device("dpm86", "Juntek or Joy-IT DPM86xx charger; chargers may share a bus with each other."),
    address: address(1, 99, "Address set on the charger."),
    model: z
      .literal(["dpm8605", "dpm8608", "dpm8616", "dpm8624"])
      .default("dpm8624")
      .meta({ description: "Printed on the charger; the last two digits are its largest current in A." }),
  }),
  z.strictObject({ ...device("jbd", "JBD General Protocol V4 pack link; it has no address, so one line a bay.") }),
  z.strictObject({ ...device("gm65", "GM65-class code reader in plain-text mode; one line a reader.") }),
  z.strictObject({ ...device("pn532", "PN532 reader of contactless cards (HSU, 115200 baud); one line a reader.") }),
  z.strictObject({
    ...device("xy-md02", "XY-MD02 temperature and humidity sensor; shares a bus with others and with relay boards."),
    address: address(1, 247, "Modbus address stored in the sensor."),
    scale: z
      .literal([10, 100])
      .default(10)
      .meta({ description: "Steps in a degree: 10, or 100 for clones that speak hundredths." }),
  }),
  z.strictObject({
    id: id("Name of the device, unique among devices."),
    kind: z.literal("w1-thermometer").meta({ description: "DS18B20 thermometer, read through the kernel." }),
    path: path("File of the sensor, such as /sys/bus/w1/devices/28-000000000001/w1_slave."),
  }),
  FirmataDevice,
]);

/** A temperature: a sensor as a whole, or a thermistor of an expander board by its name there. */
export const ThermometerUse = z.strictObject({
  device: id("Id of a thermometer, an XY-MD02 or an expander board."),
  channel: id("Name of the thermistor on the expander board; other sensors have none.").optional(),
});

/** For comfort only: an expander board has no clock of its own, so nothing that must stop may hang on it. */
export const DimmedPoint = z.union([
  ...OutputPoint.options,
  z
    .strictObject({
      device: id("Id of the expander board the load is wired to."),
      channel: id("Name of the output on the expander board."),
      sharePct: z.int().min(1).max(100).default(100).meta({ unit: "%", description: "Share of full power while on." }),
    })
    .meta({ title: "expander", description: "Or an output of an expander board, driven in part." }),
]);

export const on = (what: string, description: string) => z.strictObject({ device: id(what) }).meta({ description });

export const LockUse = z
  .strictObject({
    device: id("Id of the lock board."),
    channel: channel(24, "Way of the lock board, as printed on it."),
  })
  .meta({ description: "The bay's lock." });

export const Bay = z
  .strictObject({
    bay: z.int().min(1).max(200).meta({ description: "Number on the door, unique in the station." }),
    lock: LockUse,
    door: InputPoint.optional().meta({
      description: "Door switch: closed contact = door shut. Without it the lock's contact is used.",
    }),
    presence: InputPoint.meta({ description: "Presence switch: closed contact = a pack is in." }),
    contactor: OutputPoint.meta({ description: "Contactor between charger and pack." }),
    heater: OutputPoint.optional().meta({ description: "Bay heater." }),
    charger: on("Id of the charger.", "The bay's own charger."),
    pack: on("Id of the pack link.", "The bay's own pack link."),
  })
  .meta({ description: "One bay and what it is wired to." });

export const Cabinet = z
  .strictObject({
    id: id("Name of the cabinet, unique among cabinets."),
    bays: z.array(Bay).min(2).max(50).meta({ description: "The bays; a swap needs two." }),
    scanner: on("Id of the code reader.", "The code reader riders show their code to."),
    smoke: InputPoint.optional().meta({ description: "Smoke detector: closed contact = smoke." }),
    runawayConductor: InputPoint.optional().meta({
      description: "Thermal cord or heat contact: closed contact = heated through. A second signal beside smoke.",
    }),
    water: InputPoint.optional().meta({ description: "Water sensor: closed contact = water." }),
    fan: OutputPoint.optional().meta({ description: "Exhaust fan." }),
    aerosol: OutputPoint.optional().meta({
      description: "Release of the extinguisher; a relay of a relay board, never a header line.",
    }),
    alarm: OutputPoint.optional().meta({ description: "Siren and lamp of the cabinet." }),
    thermometer: on("Id of the thermometer.", "Thermometer of the air inside.").optional(),
  })
  .meta({ description: "One cabinet: its bays and what they share." });
export type BusEntry = z.output<typeof Bus>;
export type DeviceEntry = z.output<typeof Device>;
export type DeviceKind = DeviceEntry["kind"];
export type InputPoint = z.output<typeof InputPoint>;
export type OutputPoint = z.output<typeof OutputPoint>;
export type ThermometerUse = z.output<typeof ThermometerUse>;
export type DimmedPoint = z.output<typeof DimmedPoint>;
export type CabinetEntry = z.output<typeof Cabinet>;
export type BayEntry = z.output<typeof Bay>;
