/**
 * What the retained topics of the room carry: doors, warmth, fridge and amenities. Counts and states only: nobody's name, no
 * credential, and nothing that says when a member was here.
 */
import { z } from "zod";
import { doorModes } from "../access/schedule.ts";
import { Id, Stamp } from "./state-payloads.ts";

const count = (description: string) => z.int().min(0).meta({ description });
const flag = (description: string) => z.boolean().meta({ description });
const measure = (unit: string, description: string) => z.number().meta({ unit, description });
const degrees = (description: string) => measure("°C", description);
const lockers = (description: string) => z.array(z.int().min(1)).max(48).meta({ description });

const raised = z
  .array(Id)
  .max(64)
  .optional()
  .meta({ description: "Codes of the faults raised here now; left out when there is none." });

const latchOf = <const W extends readonly string[]>(words: W) =>
  z
    .strictObject({
      why: z.literal(words).meta({ description: "What was found." }),
      since: Stamp,
    })
    .optional()
    .meta({ description: "There while it is latched off: a person on site resets it." });

const contact = z.literal(["shut", "open", "unknown"]);

const Door = z
  .strictObject({
    position: z.literal(["shut", "granted", "open", "held", "forced", "unknown"]).meta({
      description: "`granted`: shut, and somebody may come in now. `held`: open too long. `forced`: opened by neither.",
    }),
    mode: z.literal(doorModes).meta({ description: "The mode in force. Leaving is possible in every one." }),
    ordered: z
      .literal(doorModes)
      .optional()
      .meta({ description: "Mode that an operator ordered; left out while the hours hold." }),
    until: Stamp.optional().meta({
      description: "Until when that holds; left out where it holds until the next order.",
    }),
    lock: z
      .literal(["released", "holding", "resting"])
      .meta({ description: "`released`: a strike lets in. `holding`: a magnet keeps out. `resting`: unpowered." }),
    faults: raised,
  })
  .meta({ description: "One door." });

export const DoorPayload = z
  .strictObject({
    inside: count("People in the room, by what came in and went out; an estimate."),
    listVersion: count("Version of the last access list that was accepted; 0 when there was none."),
    listAt: Stamp.nullable().meta({ description: "When the list in force was signed; null while none is in force." }),
    faults: raised,
    doors: z.record(Id, Door).meta({ description: "Each door of the room, by its id." }),
  })
  .meta({ description: "The doors of the room." });

export const ClimatePayload = z
  .strictObject({
    roomC: degrees("Temperature that leads: the mean of the sensors that are believed.").nullable(),
    humidityPct: measure("%", "Humidity, where a sensor tells it.").optional(),
    sensors: z
      .array(
        z.strictObject({
          tempC: degrees("What this sensor says; null when it is not heard.").nullable(),
          isBelieved: flag("It may lead: heard, not frozen, no spike."),
        }),
      )
      .max(4)
      .meta({ description: "Sensor by sensor." }),
    outsideC: degrees("Outside, where a sensor tells it.").nullable(),
    heatToC: degrees("Heated to this now.").nullable(),
    coolToC: degrees("Cooled to this now; null when nothing is cooled.").nullable(),
    why: z
      .literal(["frost", "door-open", "preheat", "empty", "occupied"])
      .nullable()
      .meta({ description: "What the setpoints follow." }),
    mode: z.literal(["auto", "frost-only"]).meta({ description: "By the schedule, or nothing but the frost floor." }),
    state: z.literal(["rest", "heat", "cool"]).meta({ description: "What is done." }),
    heaterPct: measure("%", "Heater, as granted.").min(0).max(100),
    cooler: flag("Cooler, as granted."),
    stop: z
      .literal(["latched", "too-hot", "no-sensor", "frozen", "no-rise", "disagree", "unpowered"])
      .optional()
      .meta({ description: "Why the heater may not heat; left out while it may." }),
    latch: latchOf(["hard-limit", "welded", "frozen"]),
    faults: raised,
  })
  .meta({ description: "Warmth and coolness of the room." });

export const FridgePayload = z
  .strictObject({
    airC: degrees("Inside; null when it is not heard.").nullable(),
    state: z.literal(["rest", "cool", "defrost", "drip"]).meta({ description: "What it does." }),
    compressor: flag("Compressor, as granted."),
    door: contact.meta({ description: "Its door." }),
    lock: z.literal(["latched", "released"]).meta({ description: "`released`: somebody may take a drink now." }),
    left: count("Drinks inside."),
    takenToday: count("Drinks taken since midnight, station time."),
    restockWanted: flag("Few are left: somebody should bring more."),
    blocked: flag("The contents were too warm for too long: nothing is given out until they are replaced."),
    aboveMin: measure("min", "How long the contents were too warm since they were put in."),
    energyWh: measure("Wh", "Energy since the log began; metered, or reckoned from the compressor's time."),
    winter: flag("It is cold around it, so the compressor rests."),
    faults: raised,
  })
  .meta({ description: "The drinks fridge." });

const kindOf = <const K extends readonly string[]>(kinds: K) => z.literal(kinds).meta({ description: "Its kind." });

export const HotWaterPayload = z
  .strictObject({
    kind: kindOf(["hot-water"]),
    boilerC: degrees("Water in the boiler; null when it is not heard.").nullable(),
    heating: flag("Its element, as granted."),
    pouring: flag("Its tap, as granted."),
    stop: z
      .literal([
        "dry-boil",
        "leak",
        "too-hot",
        "no-water",
        "no-sensor",
        "leak-unknown",
        "frozen",
        "too-long",
        "stopped",
      ])
      .optional()
      .meta({ description: "Why it may not heat; left out while it may." }),
    latch: latchOf(["dry-boil", "leak", "too-hot"]),
    faults: raised,
  })
  .meta({ description: "Hot water." });

export const OutletPayload = z
  .strictObject({
    kind: kindOf(["microwave", "socket"]),
    on: flag("As granted."),
    endsAt: Stamp.optional().meta({ description: "When it goes off by itself." }),
  })
  .meta({ description: "Microwave or timed socket." });

export const PhoneLockersPayload = z
  .strictObject({
    kind: kindOf(["phone-lockers"]),
    free: count("Lockers that are free."),
    held: lockers("Lockers in which something lies."),
    powered: lockers("Lockers that charge, as granted."),
    overdue: lockers("Lockers in which something lies for too long."),
  })
  .meta({ description: "Phone-charging lockers." });

export const GiftLockersPayload = z
  .strictObject({
    kind: kindOf(["gift-lockers"]),
    free: count("Lockers to put a package into."),
    filled: lockers("Lockers in which a package waits."),
  })
  .meta({ description: "Gift lockers." });

export const RescueCabinetPayload = z
  .strictObject({
    kind: kindOf(["rescue-cabinet"]),
    door: contact.meta({ description: "Its door, which is never locked." }),
    aed: z
      .literal(["in-place", "missing", "unknown"])
      .optional()
      .meta({ description: "The defibrillator; left out where the cabinet has none." }),
    alarm: flag("Its local alarm sounds."),
    faults: raised,
  })
  .meta({ description: "First-aid cabinet." });

export const FollowerPayload = z
  .strictObject({ kind: kindOf(["light", "ventilation", "toilet-light"]), on: flag("As granted.") })
  .meta({ description: "What follows people: light, ventilation, the toilet's lamp." });

export const HelpPayload = z
  .strictObject({
    kind: kindOf(["help"]),
    call: z.literal(["none", "waiting", "answered"]).meta({ description: "`waiting`: nobody has answered yet." }),
    calledAt: Stamp.nullable().meta({ description: "When the last call was made in this run; null when none was." }),
    siren: flag("As granted."),
    lamp: flag("As granted."),
    hotline: z.string().max(20).meta({ description: "Number that is shown there." }),
  })
  .meta({ description: "Help button." });

export const AmenityPayload = z
  .union([
    HotWaterPayload,
    OutletPayload,
    PhoneLockersPayload,
    GiftLockersPayload,
    RescueCabinetPayload,
    FollowerPayload,
    HelpPayload,
  ])
  .meta({ description: "One amenity; `kind` says which fields it has." });

export type DoorView = z.output<typeof Door>;
export type DoorPayload = z.output<typeof DoorPayload>;
export type ClimatePayload = z.output<typeof ClimatePayload>;
export type FridgePayload = z.output<typeof FridgePayload>;
export type AmenityPayload = z.output<typeof AmenityPayload>;
/** The payload of one kind; some kinds share theirs. */
export type AmenityPayloadOf<K extends AmenityPayload["kind"], P = AmenityPayload> = P extends {
  readonly kind: infer Q;
}
  ? K extends Q
    ? P
    : never
  : never;

/** The access list as it comes: compact JWS (RFC 7515), signed by an authority of the station's configuration. */
export const AccessListPayload = z
  .string()
  .max(2_000_000)
  .regex(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/)
  .meta({
    description: "A compact JWS (RFC 7515), not JSON. How to make one stands in `docs/how-to/let-people-in.md`.",
  });
