/**
 * What the retained topics carry: the state of the station as others see it. Every field has a description, and a unit where
 * it measures something, because AsyncAPI, the reference page and Home Assistant's discovery are made from here. No member
 * ids and no secrets stand in any of them.
 */
import { z } from "zod";

/** Every id in a topic or payload: what RabbitMQ, NATS, Home Assistant and Homie accept alike. */
export const ID_PATTERN = /^[a-z0-9-]+$/;

export const Id = z.string().max(64).regex(ID_PATTERN).meta({ description: "Lower-case letters, digits and dashes." });
export const Stamp = z.iso.datetime().meta({ description: "Moment in UTC, ISO 8601." });

const text = (max: number, description: string) => z.string().max(max).meta({ description });
const count = (description: string) => z.int().min(0).meta({ description });
const measure = (unit: string, description: string) => z.number().meta({ unit, description });

export const Words = z
  .strictObject({ zh: text(200, "Chinese."), en: text(200, "English.") })
  .meta({ description: "One sentence in two languages." });

export const AvailabilityPayload = z
  .literal(["online", "offline"])
  .meta({ description: "A bare word, not JSON. `offline` is also the last will." });

export const InfoPayload = z
  .strictObject({
    version: text(40, "Version of the controller."),
    commit: text(64, "Source revision it was built from."),
    bootId: text(64, "Changes at every start of the process."),
    configHash: text(64, "SHA-256 of the configuration in force."),
    contract: z.literal(1).meta({ description: "Major version of these topics." }),
    capabilities: z.array(Id).max(64).meta({
      description:
        "What this station offers: `swap`; `signed-requests` where a request without a signature is refused; `door`, `climate`, `fridge` and `amenities` where it has a room with them.",
    }),
    hardware: z
      .array(
        z.strictObject({
          id: Id,
          kind: Id.meta({ description: "Driver, as in the configuration." }),
          bus: Id.optional().meta({ description: "Serial line it hangs on." }),
        }),
      )
      .max(512)
      .meta({ description: "Devices of the configuration." }),
  })
  .meta({ description: "What runs here." });

export const HealthPayload = z
  .strictObject({
    uptimeS: measure("s", "Since the process started."),
    loop: z
      .strictObject({
        lateP99Ms: measure("ms", "99th percentile of how late scans started, since the last report."),
        lateMaxMs: measure("ms", "The latest scan since the last report."),
      })
      .meta({ description: "The one loop." }),
    memory: z
      .strictObject({ rssMb: measure("MB", "Resident memory."), heapMb: measure("MB", "JavaScript heap in use.") })
      .meta({ description: "The process." }),
    outbox: z
      .strictObject({
        depth: count("Log entries not yet known to be delivered (an upper bound of the events waiting)."),
        ageS: measure("s", "Age of the oldest of them; 0 when there is none."),
        dropped: count(
          "Events given up since start: telemetry at the cap of the log, what no disk would take in time, what fits no form.",
        ),
      })
      .meta({ description: "Events that wait for the broker, and those that wait no more." }),
    bus: z
      .strictObject({
        requests: count("Requests sent since start."),
        timeouts: count("Requests nobody answered."),
        rejected: count("Answers thrown away: bad checksum, late, or not to the question."),
        silent: z.array(Id).max(64).meta({
          description: "Lines that are lost now and serve something an operator has not taken out of service.",
        }),
      })
      .meta({ description: "All serial lines together." }),
    mqtt: z
      .strictObject({
        reconnects: count("Connections made after the first."),
        published: count("Messages acknowledged by the broker."),
        failed: count("Publishes that failed and were or will be sent again."),
        refused: count("Requests refused."),
      })
      .meta({ description: "This connection." }),
    clock: z.literal(["ntp", "unsynced"]).meta({ description: "Whether wall time was confirmed by a time source." }),
    faults: count("Faults raised now, without those of bays and cabinets that an operator took out of service."),
  })
  .meta({ description: "How the controller itself feels." });

const raised = z
  .array(Id)
  .max(64)
  .optional()
  .meta({ description: "Codes of the faults raised here now; left out when there is none." });

const Prompt = z
  .strictObject({
    id: Id.meta({ description: "Sentence, and name of the spoken clip." }),
    zh: text(200, "What is shown, in Chinese."),
    en: text(200, "What is shown, in English."),
    bay: z.int().min(1).optional().meta({ description: "Bay the sentence is about." }),
  })
  .meta({ description: "The words last shown there." });

export const CabinetPayload = z
  .strictObject({
    ready: count("Bays with a pack to hand out."),
    charging: count("Bays that charge."),
    warming: count("Bays that warm a cold pack."),
    waiting: count("Bays whose pack waits for power or warmth."),
    empty: count("Bays free for a deposit."),
    reserved: count("Bays held for a swap, or whose pack is kept for a member."),
    outOfService: count("Bays locked out, quarantined or unknown."),
    nextReadyAt: Stamp.nullable().meta({
      description: "When the next pack is expected; null when none is, or one is ready.",
    }),
    powerW: measure("W", "Mains power now."),
    limitW: measure("W", "Mains power it may use."),
    lockOut: z
      .literal("operator")
      .optional()
      .meta({ description: "There while an operator has the cabinet out of service: no new swap begins." }),
    reason: text(200, "The operator's words for that.").optional(),
    faults: raised,
    prompt: Prompt.nullable(),
  })
  .meta({ description: "One cabinet at a glance." });

export const BayStateWord = z
  .literal(["empty", "occupied-unknown", "quarantined", "charging", "warming", "waiting", "ready", "reserved"])
  .meta({ description: "What the bay holds and does." });

const Pack = z
  .strictObject({
    id: Id.nullable().meta({ description: "null while it has not identified itself." }),
    socPct: measure("%", "State of charge.").min(0).max(100),
    sohPct: measure("%", "State of health, when the pack tells it.").min(0).max(100).optional(),
    cellTempMinC: measure("°C", "Coldest cell sensor.").nullable(),
    cellTempMaxC: measure("°C", "Hottest cell sensor.").nullable(),
    packV: measure("V", "Pack voltage."),
    packA: measure("A", "Pack current, + into the pack."),
    faults: z.array(Id).max(16).meta({ description: "Protections the pack reports." }),
  })
  .meta({ description: "The pack inside." });

export const BayPayload = z
  .strictObject({
    door: z.literal(["shut", "open", "unknown"]).meta({ description: "From door switch and lock contact together." }),
    lock: z.literal(["latched", "released", "unknown"]).meta({ description: "Lock contact." }),
    state: BayStateWord,
    lockOut: z
      .literal(["none", "operator", "system", "pending-check"])
      .meta({ description: "Taken out of service, and by whom." }),
    reason: text(200, "Why it is locked out.").optional(),
    faults: raised,
    pack: Pack.nullable(),
    charger: z
      .strictObject({ setMa: measure("mA", "Wanted current."), actualMa: measure("mA", "Measured current.") })
      .meta({ description: "The charger of this bay." }),
    heater: z.boolean().meta({ description: "The bay heater is on." }),
    fan: z.boolean().optional().meta({ description: "The fan is on, where the bay has one." }),
  })
  .meta({ description: "One bay." });

export const PowerPayload = z
  .strictObject({
    siteW: measure("W", "Mains power now, all consumers."),
    chargingW: measure("W", "Part of the chargers."),
    heatingW: measure("W", "Part of the heaters."),
    limitW: measure("W", "Mains power never exceeded."),
  })
  .meta({ description: "The site's power." });

export const FaultPayload = z
  .strictObject({
    severity: z.literal(["info", "warning", "error", "danger"]).meta({ description: "How bad it is." }),
    since: Stamp.meta({ description: "When it was raised, UTC." }),
    clock: z.literal(["ntp", "unsynced"]).optional().meta({ description: "Whether that moment is trustworthy." }),
    inhibits: text(200, "What it stops."),
    text: Words,
    clearedBy: z.literal(["itself", "operator", "local-reset"]).meta({ description: "Who may clear it." }),
    mend: text(200, "What to do about it.").optional(),
  })
  .meta({ description: "A fault that is raised. The topic is emptied when it clears." });

export type Availability = z.output<typeof AvailabilityPayload>;
export type InfoPayload = z.output<typeof InfoPayload>;
export type HealthPayload = z.output<typeof HealthPayload>;
export type CabinetPayload = z.output<typeof CabinetPayload>;
export type BayPayload = z.output<typeof BayPayload>;
export type PowerPayload = z.output<typeof PowerPayload>;
export type FaultPayload = z.output<typeof FaultPayload>;
