/**
 * What happened, as told to others: one shape for every event, and the kinds of event with the types that each can have.
 * Events are delivered at least once; a consumer drops repeated ids and sorts by `seq` within a stream. `data` names no member
 * in full and carries no secret.
 */
import { z } from "zod";
import { AlarmCount, alarmRowsMax, DayRow, PeoplePayloadCounts } from "./people-payload.ts";
import { Id, Stamp } from "./state-payloads.ts";

/** Event types by kind. Adding one is compatible; removing or renaming one is a new major version of the contract. */
export const eventTypes = {
  swap: [
    "started",
    "bay-chosen",
    "door-opened",
    "deposited",
    "accepted",
    "returning",
    "taken",
    "completed",
    "cancelled",
    "refused",
    "owed",
    "interrupted",
    "resumed",
    "reopened",
    "held",
    "repeated",
  ],
  bay: [
    "lock-out",
    "lock-out-ended",
    "pack-counted",
    "pack-put-in",
    "pack-taken-out",
    "pack-taken-late",
    "deposit-late",
    "deposit-unasked",
    "deposit-left-behind",
    "pack-identified",
    "pack-vanished",
    "pack-changed",
  ],
  safety: ["runaway", "latch-reset", "bay-stopped", "bay-heater-stopped", "bay-released", "bay-latched"],
  door: [
    "granted",
    "entered",
    "not-entered",
    "refused",
    "left",
    "forced",
    "forced-cleared",
    "mode-ordered",
    "occupancy-set",
    "list-accepted",
    "list-refused",
  ],
  climate: ["latched", "reset", "mode-set"],
  fridge: ["released", "not-taken", "refused", "restock-wanted", "restocked", "blocked", "opened-for-service"],
  amenity: [
    "used",
    "refused",
    "latched",
    "reset",
    "locker-assigned",
    "locker-released",
    "gift-filled",
    "gift-given",
    "gift-kept",
    "rescue-opened",
    "aed-taken",
    "aed-returned",
  ],
  help: ["called", "answered"],
  fault: ["raised", "cleared"],
  station: ["started", "recovered", "stopping"],
  report: ["day-closed", "week-closed"],
  // The security events of OCPP 2.0.1 (appendix 1) in the words of a station.
  security: [
    "firmware-updated",
    "failed-to-authenticate-at-broker",
    "broker-failed-to-authenticate",
    "setting-system-time",
    "startup-of-the-device",
    "reset-or-reboot",
    "security-log-was-cleared",
    "reconfiguration-of-security-parameters",
    "memory-exhaustion",
    "invalid-messages",
    "attempted-replay-attacks",
    "tamper-detection-activated",
    "invalid-firmware-signature",
    "invalid-firmware-signing-certificate",
    "invalid-broker-certificate",
    "invalid-station-certificate",
    "invalid-tls-version",
    "invalid-tls-cipher-suite",
  ],
  request: [
    "accepted",
    "answered",
    "reserved",
    "reservation-ended",
    "cabinet-out-of-service",
    "cabinet-in-service",
    "parameters-set",
    "pack-bound",
    "update-mode-on",
    "update-mode-off",
    "bay-opening",
    "bay-opened",
    "bay-not-opened",
    "bay-settled",
  ],
} as const satisfies Record<string, readonly string[]>;

export type EventKind = keyof typeof eventTypes;

/** Kinds that overtake whatever waits for the broker: somebody stands there. Each event keeps its id and its place in the log. */
export const urgentKinds: ReadonlySet<string> = new Set<EventKind>(["help"]);

export type EventType<K extends EventKind = EventKind> = (typeof eventTypes)[K][number];

const bay = (description: string) => z.int().min(1).optional().meta({ description });
const id = (description: string) => Id.optional().meta({ description });
const count = (description: string) => z.int().min(0).optional().meta({ description });

/** Everything an event may say. One list for all kinds, so that a consumer learns each word once. */
export const EventData = z
  .strictObject({
    swap: id("Swap the event belongs to."),
    pays: id("Earlier swap whose debt this one pays."),
    cabinet: id("Cabinet."),
    member: z.string().max(16).optional().meta({ description: "Short mark of the member, never the full id." }),
    bay: bay("Bay it happened at."),
    inBay: bay("Bay of the deposit."),
    outBay: bay("Bay of the release."),
    openBay: bay("Bay whose open door keeps the next one shut."),
    packId: id("Pack."),
    wasPackId: id("Pack that stood there before."),
    tookPackId: id("Pack that was handed out."),
    socPct: z.number().min(0).max(100).optional().meta({ unit: "%", description: "State of charge then." }),
    outcome: id("How the swap ended."),
    setAside: id("Why the accepted pack is kept apart: `hot`, `damaged` or `leaking`."),
    reason: z.string().max(200).optional().meta({ description: "Reason code, or an operator's words for a lock-out." }),
    durationMs: count("How long it took."),
    lockOut: id("Lock-out in force afterwards."),
    door: id("Door of the room."),
    reader: id("Code or card reader."),
    way: id("What let somebody in: `token`, `card`, `visitor` or `operator`."),
    decision: count("Number of the decision; `entered` and `not-entered` say what became of it."),
    mode: id("Mode of a door or of the climate afterwards; `schedule` where an order was lifted."),
    until: Stamp.optional().meta({ description: "Until when it holds; left out where it holds until the next order." }),
    inside: count("People in the room, as corrected."),
    version: z.string().max(40).optional().meta({ description: "Version of the controller, or of the access list." }),
    amenity: id("Amenity."),
    locker: z.int().min(1).optional().meta({ description: "Number of the locker." }),
    left: count("Drinks left in the fridge."),
    aboveMs: count("How long the contents were too warm in all."),
    code: id("Fault code."),
    subject: id(
      "What the fault is about: the number of a bay, a cabinet, a bus, a swap, a door, an amenity, or `station`.",
    ),
    severity: id("Severity of the fault."),
    request: z.string().max(64).optional().meta({ description: "Id of the operator's request." }),
    verb: z.string().max(32).optional().meta({ description: "Verb of the request." }),
    status: id("Answer to the request."),
    by: z.string().max(64).optional().meta({ description: "Who asked, in their own words." }),
    key: id("Key that signed the request; of a refused one, the key that it named."),
    role: id("Role of that key."),
    suppressed: count("Events of this type left out before this one, because there were too many."),
    detail: z.string().max(400).optional().meta({ description: "Words for a person." }),
    date: z.iso.date().optional().meta({ description: "The day that was closed, station time." }),
    scans: count("Codes read that day."),
    completed: count("Swaps completed that day."),
    refused: count("Riders refused that day."),
    cancelled: count("Swaps cancelled that day."),
    owed: count("Swaps that left a debt that day."),
    served: count("People served in that day or week (服务人次)."),
    people: PeoplePayloadCounts.optional(),
    alarms: z.array(AlarmCount).max(alarmRowsMax).optional().meta({
      description: "Warnings, errors and dangers raised in that day or week, the most frequent first.",
    }),
    days: z.array(DayRow).max(7).optional().meta({
      description: "The days of that week, Monday to Sunday; a day on which nothing ran is left out.",
    }),
  })
  .meta({ description: "What happened, in the words that fit." });
export type EventData = z.output<typeof EventData>;

function eventOf<K extends EventKind>(kind: K, description: string) {
  return z
    .strictObject({
      event_type: z.literal(eventTypes[kind] as readonly EventType<K>[]).meta({ description: "What happened." }),
      id: z.string().max(100).meta({ description: "The same on every delivery; drop repeats." }),
      stream: Id.meta({ description: "Events of one stream are numbered without gaps." }),
      seq: z.int().min(0).meta({ description: "Position in the stream; sort by it." }),
      at: Stamp.meta({ description: "When it was journalled, UTC." }),
      clock: z.literal(["ntp", "unsynced"]).meta({ description: "Whether `at` was confirmed by a time source." }),
      data: EventData,
    })
    .meta({ description });
}

export const eventPayloads = {
  swap: eventOf("swap", "A rider's swap went one step further."),
  bay: eventOf("bay", "Something happened to a bay outside a swap."),
  safety: eventOf(
    "safety",
    "A bay or cabinet was stopped for safety, or given back: by itself, or by a person on site.",
  ),
  door: eventOf("door", "Somebody came in, left or was turned away, or what a door goes by was changed."),
  climate: eventOf("climate", "The room's heater was latched off or given back, or the mode was changed."),
  fridge: eventOf("fridge", "A drink was released or refused, or the fridge needs somebody."),
  amenity: eventOf("amenity", "An amenity was used, filled, stopped or given back."),
  help: eventOf("help", "Somebody pressed the help button, or was answered. Sent before whatever else waits."),
  fault: eventOf("fault", "A fault was raised or cleared."),
  station: eventOf("station", "The controller started, recovered or stops."),
  report: eventOf(
    "report",
    "A day was closed, and on Mondays the week before: what the station did, and how many people it served.",
  ),
  security: eventOf("security", "Something was asked for that must not be."),
  request: eventOf("request", "An operator's request was taken or answered."),
} as const;

export const EventPayload = z.union(Object.values(eventPayloads)).meta({ description: "Any event." });
export type EventPayload<K extends EventKind = EventKind> = z.output<(typeof eventPayloads)[K]>;
