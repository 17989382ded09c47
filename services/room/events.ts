/**
 * What is told of the room's records: the kinds of event and their words. It names no member but by a mark, no credential and no
 * entitlement; what only the log needs (the clock's floor, the lines of the food log) is told to nobody.
 */
import type { AccessRecord } from "../access/records.ts";
import type { AmenityLatchRecord } from "../amenities/latches.ts";
import type { LockerRecord } from "../amenities/lockers.ts";
import type { ClimateRecord } from "../climate/records.ts";
import type { EventData, EventType } from "../contract/event-payloads.ts";
import { isoFromMs } from "../contract/iso-time.ts";
import { memberMark, type Publication } from "../contract/publication.ts";
import type { FridgeRecord } from "../fridge/records.ts";
import { askerOf } from "../requests/roles.ts";
import type { RoomRecord, ServiceRefusedRecord } from "./records.ts";

type RoomKind = "door" | "climate" | "fridge" | "amenity" | "help";

/** Each kind is a stream of its own. */
const of =
  <K extends RoomKind>(kind: K) =>
  (type: EventType<K>, data: EventData): Publication => ({ kind, stream: kind, type, data });

const aboutDoor = of("door");
const aboutClimate = of("climate");
const aboutFridge = of("fridge");
const aboutAmenity = of("amenity");
const aboutHelp = of("help");

const markOf = (member: string | undefined): { member?: string } =>
  member === undefined ? {} : { member: memberMark(member) };

function grantedEvent(record: Extract<AccessRecord, { kind: "door-granted" }>): Publication {
  const { door, decision, by, reader, member, request } = record;
  return aboutDoor("granted", {
    door,
    decision,
    way: by,
    ...(reader === undefined ? {} : { reader }),
    ...markOf(member),
    ...(request === undefined ? {} : { request }),
  });
}

function modeEvent(record: Extract<AccessRecord, { kind: "door-mode-ordered" }>): Publication {
  const { door, mode, until, request } = record;
  const end = until === undefined ? {} : { until: isoFromMs(until) };
  return aboutDoor("mode-ordered", { door, mode: mode ?? "schedule", ...end, request, ...askerOf(record) });
}

function doorEvent(record: AccessRecord): Publication | undefined {
  switch (record.kind) {
    case "door-granted":
      return grantedEvent(record);
    case "door-grant-ended":
      return aboutDoor(record.used ? "entered" : "not-entered", { door: record.door, decision: record.decision });
    case "door-refused": {
      const { door, reader, reason, member } = record;
      return aboutDoor("refused", { door, reader, reason, ...markOf(member) });
    }
    case "door-left":
      return aboutDoor("left", { door: record.door });
    case "door-forced":
      return aboutDoor("forced", { door: record.door });
    case "door-forced-cleared":
      return aboutDoor("forced-cleared", { door: record.door, request: record.request, ...askerOf(record) });
    case "door-mode-ordered":
      return modeEvent(record);
    case "occupancy-set":
      return aboutDoor("occupancy-set", { inside: record.count, request: record.request, ...askerOf(record) });
    case "access-list-accepted":
      return aboutDoor("list-accepted", { version: String(record.version) });
    case "access-list-refused":
      return aboutDoor("list-refused", { reason: record.reason });
    case "access-time":
      return undefined;
  }
}

/** Whoever resets something does so on site, with a member's code; whoever orders something gave a name of their own choice. */
function climateEvent(record: ClimateRecord): Publication {
  switch (record.kind) {
    case "climate-latched":
      return aboutClimate("latched", { reason: record.why });
    case "climate-reset":
      return aboutClimate("reset", markOf(record.by));
    case "climate-mode":
      return aboutClimate("mode-set", { mode: record.mode, by: record.by });
  }
}

function fridgeEvent(record: FridgeRecord): Publication | undefined {
  switch (record.kind) {
    case "fridge-released":
      return aboutFridge("released", markOf(record.member));
    case "fridge-not-taken":
      return aboutFridge("not-taken", markOf(record.member));
    case "fridge-restocked":
      return aboutFridge("restocked", { left: record.count, by: record.by });
    case "fridge-restock-wanted":
      return aboutFridge("restock-wanted", { left: record.left });
    case "fridge-blocked":
      return aboutFridge("blocked", { aboveMs: Math.round(record.aboveMs) });
    case "fridge-logged":
      return undefined;
  }
}

function refusedEvent({ at, reason, member }: ServiceRefusedRecord): Publication {
  if (at === "fridge") return aboutFridge("refused", { reason, ...markOf(member) });
  return aboutAmenity("refused", { amenity: at, reason, ...markOf(member) });
}

function latchEvent(record: AmenityLatchRecord): Publication {
  const { id: amenity } = record;
  if (record.kind === "amenity-latched") return aboutAmenity("latched", { amenity, reason: record.why });
  return aboutAmenity("reset", { amenity, ...markOf(record.by) });
}

function lockerEvent(record: Exclude<LockerRecord, { kind: "locker-opening" }>): Publication {
  const { id: amenity, locker } = record;
  const who = record.kind === "locker-assigned" ? markOf(record.member) : {};
  return aboutAmenity(record.kind, { amenity, locker, ...who });
}

export function roomEvent(record: RoomRecord): Publication | undefined {
  switch (record.kind) {
    case "climate-latched":
    case "climate-reset":
    case "climate-mode":
      return climateEvent(record);
    case "fridge-released":
    case "fridge-not-taken":
    case "fridge-restocked":
    case "fridge-restock-wanted":
    case "fridge-blocked":
    case "fridge-logged":
      return fridgeEvent(record);
    case "service-opened":
      return aboutFridge("opened-for-service", markOf(record.by));
    case "service-refused":
      return refusedEvent(record);
    case "amenity-used":
      return aboutAmenity("used", { amenity: record.id });
    case "amenity-latched":
    case "amenity-reset":
      return latchEvent(record);
    case "locker-opening":
      return undefined;
    case "locker-assigned":
    case "locker-released":
    case "gift-filled":
    case "gift-given":
    case "gift-kept":
      return lockerEvent(record);
    case "rescue-opened":
    case "aed-taken":
    case "aed-returned":
      return aboutAmenity(record.kind, { amenity: record.id });
    case "help-called":
      return aboutHelp("called", { amenity: record.id });
    case "help-answered":
      return aboutHelp("answered", { amenity: record.id, ...(record.by === undefined ? {} : { by: record.by }) });
    default:
      return doorEvent(record);
  }
}
