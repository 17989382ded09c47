/**
 * Joins the ports of the room to the image and the levels: readings go in, every output is leased at every scan, off included.
 * What people wait at and what tells of danger is asked as often as the line allows. It decides nothing; what no level speaks of
 * is off.
 */
import type { DigitalInput } from "../../hal/ports/digital-input.ts";
import type { Reading } from "../../hal/ports/reading.ts";
import { type RoomLevels, restingDoorLevels, restingRoom } from "../../services/room/levels.ts";
import type { AmenityContact, RoomReadings } from "../../services/room/readings.ts";
import type { HardwareEvents } from "./hardware.ts";
import type { AmenityParts, ClimateParts, DoorParts, FridgeParts, ReaderParts, RoomParts } from "./room-parts.ts";

type RoomEvents = Pick<HardwareEvents, "noticed" | "roomCode" | "roomCard">;

export interface RoomHardware {
  apply(levels: RoomLevels | undefined, untilMs: number): void;
}

/** How closely a contact is looked at: as often as the line allows, as if somebody stood there, or now and then. */
type Pace = "guard" | "attend" | "rest";

/** A press is shorter than the pace of a contact that nobody stands at. */
const paces: Readonly<Record<AmenityContact, Pace>> = {
  leaking: "guard",
  stop: "guard",
  button: "attend",
  unlock: "attend",
  filled: "rest",
  shut: "rest",
  inPlace: "rest",
  present: "rest",
};

type Put = (reading: Reading<boolean>) => Reading<boolean> | undefined;

/** `put` keeps the new reading and gives the one before. */
function watchContact(input: DigitalInput | undefined, pace: Pace, put: Put, events: RoomEvents): void {
  input?.watch((reading) => {
    const was = put(reading);
    if (was?.value !== reading.value || was.quality !== reading.quality) events.noticed(undefined);
  });
  if (pace === "guard") input?.guard();
  if (pace === "attend") input?.attend(true);
}

function into<K extends string>(readings: { [key in K]?: Reading<boolean> | undefined }, key: K): Put {
  return (reading) => {
    const was = readings[key];
    readings[key] = reading;
    return was;
  };
}

function watchDoor(parts: DoorParts, { doors }: RoomReadings, events: RoomEvents): void {
  const readings = doors[parts.id];
  if (readings === undefined) return;
  watchContact(parts.shut, "guard", into(readings, "shut"), events);
  watchContact(parts.exitRequest, "guard", into(readings, "exitRequest"), events);
  watchContact(parts.tamper, "rest", into(readings, "tamper"), events);
  watchContact(parts.lockPower, "rest", into(readings, "lockPower"), events);
}

function watchFridge({ air, evaporator, door }: FridgeParts, { fridge }: RoomReadings, events: RoomEvents): void {
  air.watch((reading) => {
    fridge.airC = reading;
  });
  evaporator?.watch((reading) => {
    fridge.evaporatorC = reading;
  });
  watchContact(door, "rest", into(fridge, "doorShut"), events);
}

function watchAmenity(parts: AmenityParts, { amenities }: RoomReadings, events: RoomEvents): void {
  const readings = amenities[parts.id];
  if (readings === undefined) return;
  for (const [contact, input] of parts.contacts) {
    // Whoever presses for help does not press twice.
    const pace = parts.kind === "help" ? "guard" : paces[contact];
    watchContact(input, pace, into(readings.contacts, contact), events);
  }
  parts.thermometer?.watch((reading) => {
    readings.tempC = reading;
  });
}

function watchReader(parts: ReaderParts, events: RoomEvents): void {
  const { id } = parts;
  if (parts.reads === "codes") {
    parts.codes.watch((text) => events.roomCode(id, text));
    return;
  }
  const { cards } = parts;
  cards.watch((card) => events.roomCard(id, card, (...asked) => cards.exchange(...asked)));
}

function watchRoom(parts: RoomParts, readings: RoomReadings, events: RoomEvents): void {
  for (const door of parts.doors) watchDoor(door, readings, events);
  parts.climate?.sensors.forEach((sensor, at) => {
    sensor.watch((sample) => {
      readings.air[at] = sample;
    });
  });
  if (parts.fridge !== undefined) watchFridge(parts.fridge, readings, events);
  for (const amenity of parts.amenities) watchAmenity(amenity, readings, events);
  for (const reader of parts.readers) watchReader(reader, events);
  watchContact(parts.presence, "rest", into(readings, "present"), events);
  parts.outside?.watch((reading) => {
    readings.outsideC = reading;
  });
}

/** A heater of a share is on for that share of each cycle; an on/off one knows none and all of it. */
export function isInShare(sharePct: number, nowMs: number, cycleMs: number): boolean {
  return nowMs % cycleMs < (sharePct / 100) * cycleMs;
}

class AttachedRoom implements RoomHardware {
  private readonly parts: RoomParts;
  private readonly readings: RoomReadings;
  private isFridgeAttended = false;

  constructor(parts: RoomParts, readings: RoomReadings) {
    this.parts = parts;
    this.readings = readings;
  }

  apply(levels: RoomLevels = restingRoom, untilMs: number): void {
    for (const { id, strike, magnet } of this.parts.doors) {
      const door = levels.doors[id] ?? restingDoorLevels;
      strike?.hold(door.strike, untilMs);
      magnet?.hold(door.magnet, untilMs);
    }
    this.applyClimate(this.parts.climate, levels.climate, untilMs);
    this.applyFridge(levels.fridge, untilMs);
    for (const { id, kind, outputs } of this.parts.amenities) {
      const own = levels.amenities[id] ?? {};
      if (kind === "phone-lockers") this.lookAtLatches(id, outputs);
      for (const [name, output] of outputs) output.hold(own[name] === true, untilMs);
    }
  }

  /** Lockers have no contacts: that a latch was pulled is what its board says of it. */
  private lookAtLatches(id: string, outputs: AmenityParts["outputs"]): void {
    const readings = this.readings.amenities[id];
    if (readings === undefined) return;
    for (const [name, output] of outputs) {
      if (!name.startsWith("lock-") || output.state() !== "on") continue;
      const value = Number(name.slice("lock-".length));
      readings.pulled = { value, atMs: this.parts.clock.monotonicMs(), quality: "good" };
    }
  }

  private applyClimate(parts: ClimateParts | undefined, levels: RoomLevels["climate"], untilMs: number): void {
    if (parts === undefined) return;
    parts.heaterFeed?.hold(levels.heaterFeed, untilMs);
    parts.heater?.hold(isInShare(levels.heaterPct, untilMs, parts.heaterCycleMs), untilMs);
    parts.cooler?.hold(levels.cooler, untilMs);
  }

  private applyFridge(levels: RoomLevels["fridge"], untilMs: number): void {
    const { fridge } = this.parts;
    if (fridge === undefined) return;
    fridge.compressor.hold(levels.compressor, untilMs);
    fridge.defrostHeater?.hold(levels.defrostHeater, untilMs);
    fridge.lock.hold(levels.lock, untilMs);
    if (levels.lock === this.isFridgeAttended) return;
    this.isFridgeAttended = levels.lock;
    fridge.door.attend(levels.lock);
  }
}

export function attachRoom(parts: RoomParts, readings: RoomReadings, events: RoomEvents): RoomHardware {
  watchRoom(parts, readings, events);
  return new AttachedRoom(parts, readings);
}
