/**
 * The configuration file, as a schema. It composes what the services define with the wires: buses, devices, and which
 * device serves which bay. It says what is allowed one value at a time; what must agree between values stands in
 * `cross-checks.ts`. Every field has a description, because the reference page and the editor schema are made from it.
 */
import { z } from "zod";
import { ChargingConfig, PackClass, SafetyConfig, SwapConfig } from "../../services/config.ts";
import { opensPerHourMax } from "../../services/operators/opens.ts";
import { askerRoles } from "../../services/requests/roles.ts";
import { Mqtt } from "./broker-schema.ts";
import { Recorder } from "./recorder-schema.ts";
import { Amenities } from "./schema-amenities.ts";
import { Access, Climate, Fridge, Room } from "./schema-room.ts";
import { Bus, Cabinet, Device, InputPoint, OutputPoint } from "./schema-wiring.ts";
import { gpioLine, id, inverted, path } from "./schema-words.ts";

const Text = (description: string) =>
  z
    .strictObject({
      zh: z.string().min(1).max(60).meta({ description: "In Chinese." }),
      en: z.string().min(1).max(60).meta({ description: "In English." }),
    })
    .meta({ description });

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

export const RequestKey = z
  .strictObject({
    id: id("Name of the key; a request names it, and the log keeps it. A new key gets a new id."),
    role: z.literal(askerRoles).meta({ description: "What the key may ask for; each role may all that is before it." }),
    publicKey: z
      .string()
      .regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/)
      .optional()
      .meta({ description: "Public Ed25519 key: its 32 bytes in base64url." }),
    publicKeyFile: path("Or a file with the public key in PEM; absolute, or relative to this file.").optional(),
    name: z.string().min(1).max(60).optional().meta({ description: "Whose key it is, for the reader of this file." }),
  })
  .meta({ description: "One key that may sign requests." });

const Requests = z
  .strictObject({
    signatures: z.literal(["required", "optional"]).optional().meta({
      description:
        "Whether a request without a signature is refused. Left out: `required` as soon as there is a key, `optional` otherwise.",
    }),
    keys: z.array(RequestKey).max(64).default([]).meta({ description: "Who may sign, and what they may ask for." }),
    opensPerHour: z.int().min(0).max(opensPerHourMax).default(opensPerHourMax).meta({
      description: "Single bays that one key, or all unsigned requests together, may have opened in an hour.",
    }),
  })
  .meta({ description: "Who may ask the station for something over MQTT." });

export const ConfigFile = z
  .strictObject({
    revision: z.int().min(1).max(1_000_000_000).optional().meta({
      description: "Number of this version of the file; a signed configuration needs one, and it only goes up.",
    }),
    station: Station,
    mqtt: Mqtt.optional(),
    http: Http.optional(),
    homeassistant: HomeAssistant.prefault({}),
    storage: Storage.prefault({}),
    recorder: Recorder.prefault({}),
    clock: WallClock.prefault({}),
    members: z
      .strictObject({ file: path("Allow-list of members; absolute, or relative to this file.") })
      .meta({ description: "Who may be served." }),
    gpio: Gpio.optional(),
    masterEnable: MasterEnable.optional(),
    buses: z.array(Bus).min(1).max(128).meta({ description: "Serial lines." }),
    devices: z.array(Device).min(1).max(512).meta({ description: "What hangs on them." }),
    cabinets: z.array(Cabinet).min(1).max(16).meta({ description: "Cabinets and their bays." }),
    access: Access.optional(),
    climate: Climate.optional(),
    fridge: Fridge.optional(),
    amenities: Amenities.optional(),
    room: Room.optional(),
    swap: SwapConfig.prefault({}),
    packs: PackClass.prefault({}),
    charging: ChargingConfig.prefault({}),
    safety: SafetyConfig.prefault({}),
    requests: Requests.prefault({}),
  })
  .meta({ title: "yizhan configuration", description: "One station: its wires, its bays and its rules." });

export type ConfigFile = z.output<typeof ConfigFile>;
export type RequestKeyEntry = z.output<typeof RequestKey>;
