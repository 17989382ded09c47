/**
 * The configuration file, as a schema. It composes what the services define with the wires: buses, devices, and which
 * device serves which bay. It says what is allowed one value at a time; what must agree between values stands in
 * `cross-checks.ts`. Every field has a description, because the reference page and the editor schema are made from it.
 */
import { z } from "zod";
import { ChargingConfig, PackClass, SafetyConfig, SwapConfig } from "../../services/config.ts";

const id = (description: string) =>
  z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/)
    .meta({ description: `${description} Lower-case letters, digits and dashes, at most 32.` });
const path = (description: string) => z.string().min(1).max(200).meta({ description });
const channel = (max: number, description: string) => z.int().min(1).max(max).meta({ description });
const gpioLine = z
  .int()
  .min(0)
  .max(63)
  .meta({ description: "Line of the computer's header, by its BCM number (not the pin's position)." });
const inverted = (description: string) => z.boolean().default(false).meta({ description });

const Text = (description: string) =>
  z
    .strictObject({
      zh: z.string().min(1).max(60).meta({ description: "In Chinese." }),
      en: z.string().min(1).max(60).meta({ description: "In English." }),
    })
    .meta({ description });

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
  z.strictObject({
    id: id("Name of the device, unique among devices."),
    kind: z.literal("w1-thermometer").meta({ description: "DS18B20 thermometer, read through the kernel." }),
    path: path("File of the sensor, such as /sys/bus/w1/devices/28-000000000001/w1_slave."),
  }),
]);

const on = (what: string, description: string) => z.strictObject({ device: id(what) }).meta({ description });

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

const Station = z
  .strictObject({
    id: id("Name of the station; it is part of every MQTT topic."),
    name: Text("What people call the station."),
    timeZone: z
      .string()
      .default("Asia/Shanghai")
      .meta({ description: "IANA name; the day is closed at its midnight. Offsets like +08:00 are refused." }),
    siteLimitW: z
      .int()
      .min(1_000)
      .max(500_000)
      .default(25_000)
      .meta({ unit: "W", description: "Power from the mains that the station never exceeds." }),
    emergencyStop: InputPoint.optional().meta({
      description: "Emergency stop: closed contact = pressed. Buttons open when pressed: then say inverted: true.",
    }),
    alarm: OutputPoint.optional().meta({ description: "Siren and lamp of the room." }),
    exitRelease: OutputPoint.optional().meta({
      description: "Frees the exit door while on. Off says nothing: it must never be able to hold a door shut.",
    }),
  })
  .meta({ description: "The station as a whole." });

const Mqtt = z
  .strictObject({
    url: z
      .string()
      .max(200)
      .regex(/^mqtts?:\/\/[^\s/]+$/)
      .meta({ description: "Broker: mqtt://host:port, or mqtts://host:port with TLS; no password in it." }),
    username: z.string().min(1).max(200).optional().meta({ description: "User name at the broker." }),
    passwordFile: path("File that holds the password and nothing else; never the password itself.").optional(),
  })
  .meta({ description: "The broker. Left out: the station works without one." });

const Http = z
  .strictObject({
    host: z
      .string()
      .min(1)
      .max(200)
      .default("127.0.0.1")
      .meta({ description: "Address to listen on. Nothing there asks for a password, so keep it to this computer." }),
    port: z.int().min(0).max(65_535).default(8080).meta({ description: "Port; 0 lets the system choose one." }),
  })
  .meta({ description: "Prometheus' /metrics, and /healthz. Left out: nothing listens and nothing of it is loaded." });

const HomeAssistant = z
  .strictObject({
    enabled: z
      .boolean()
      .default(false)
      .meta({ description: "Announce the station to Home Assistant over the broker." }),
    prefix: z
      .string()
      .max(60)
      .regex(/^[a-zA-Z0-9_-]+(\/[a-zA-Z0-9_-]+)*$/)
      .default("homeassistant")
      .meta({ description: "Discovery prefix, as set in Home Assistant's MQTT integration." }),
    language: z.literal(["zh", "en"]).default("zh").meta({ description: "Language of the names." }),
    openBays: z.boolean().default(true).meta({
      description:
        "Offer the bays' locks with a command that opens them, under all the checks of an operator's request. Off: their state is shown only.",
    }),
  })
  .meta({ description: "Home Assistant's discovery over MQTT (2024.11 or newer). Without a broker it does nothing." });

const Storage = z
  .strictObject({
    directory: path("Where the one log lives; absolute, or relative to this file.").default("/var/lib/yizhan"),
    logMaxMb: z
      .int()
      .min(4)
      .max(1_024)
      .default(64)
      .meta({ unit: "MB", description: "The one log never grows beyond this." }),
  })
  .meta({ description: "What is kept on disk." });

const Gpio = z
  .strictObject({
    driver: z
      .literal(["onoff", "sysfs"])
      .default("onoff")
      .meta({ description: "onoff uses the optional npm package of that name; sysfs needs nothing." }),
    chipLabel: z
      .string()
      .min(1)
      .max(60)
      .default("pinctrl-bcm2711")
      .meta({ description: "Label of the header's chip, as in /sys/class/gpio/gpiochip*/label." }),
    root: path("Directory of the GPIO files; only the sysfs driver honours another one.").default("/sys/class/gpio"),
  })
  .meta({ description: "How header lines are driven. Needed as soon as one is used." });

const MasterEnable = z
  .strictObject({ gpio: gpioLine, inverted: inverted("True when a low level enables.") })
  .meta({ description: "Output that feeds every contactor; the guardian drops it when the controller stops." });

const WallClock = z
  .strictObject({
    synchronisedFiles: z
      .array(path("A file that a time source makes when it has set the clock."))
      .min(1)
      .max(8)
      .default(["/run/systemd/timesync/synchronized"])
      .meta({
        description:
          "One of these files must exist before the wall clock is believed; operators' requests are refused until then. " +
          "systemd-timesyncd makes the default one; with chrony or ntpd a start-up hook makes one.",
      }),
  })
  .meta({ description: "When the time of day is believed." });

export const ConfigFile = z
  .strictObject({
    station: Station,
    mqtt: Mqtt.optional(),
    http: Http.optional(),
    homeassistant: HomeAssistant.prefault({}),
    storage: Storage.prefault({}),
    clock: WallClock.prefault({}),
    members: z
      .strictObject({ file: path("Allow-list of members; absolute, or relative to this file.") })
      .meta({ description: "Who may be served." }),
    gpio: Gpio.optional(),
    masterEnable: MasterEnable.optional(),
    buses: z.array(Bus).min(1).max(128).meta({ description: "Serial lines." }),
    devices: z.array(Device).min(1).max(512).meta({ description: "What hangs on them." }),
    cabinets: z.array(Cabinet).min(1).max(16).meta({ description: "Cabinets and their bays." }),
    swap: SwapConfig.prefault({}),
    packs: PackClass.prefault({}),
    charging: ChargingConfig.prefault({}),
    safety: SafetyConfig.prefault({}),
  })
  .meta({ title: "yizhan configuration", description: "One station: its wires, its bays and its rules." });

export type ConfigFile = z.output<typeof ConfigFile>;
export type BusEntry = z.output<typeof Bus>;
export type DeviceEntry = z.output<typeof Device>;
export type DeviceKind = DeviceEntry["kind"];
export type InputPoint = z.output<typeof InputPoint>;
export type OutputPoint = z.output<typeof OutputPoint>;
export type CabinetEntry = z.output<typeof Cabinet>;
export type BayEntry = z.output<typeof Bay>;
