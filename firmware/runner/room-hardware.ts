/**
 * Joins the ports of the room to the image and the levels: readings go in, every output is leased at every scan, off included.
 * What people wait at and what tells of danger is asked as often as the line allows. It decides nothing; what no level speaks of
 * is off.
 */
import type { DigitalInput } from "../../hal/ports/digital-input.ts";
import type { Reading } from "../../hal/ports/reading.ts";
import type { SwitchedOutput } from "../../hal/ports/switched-output.ts";
import { type AmenityOutput, type RoomLevels, restingDoorLevels, restingRoom } from "../../services/room/levels.ts";
import type { AmenityContact, AmenityReadings, RoomReadings } from "../../services/room/readings.ts";
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

/** Lockers have no contacts: that a latch was pulled is what its board said of it while it was told to pull it. */
class LatchWatch {
  private readonly latches: readonly {
    readonly name: AmenityOutput;
    readonly locker: number;
    readonly output: SwitchedOutput;
  }[];
  private readonly readings: AmenityReadings;
  private told: number | undefined;

  constructor({ outputs }: AmenityParts, readings: AmenityReadings) {
    this.readings = readings;
    this.latches = [...outputs].flatMap(([name, output]) =>
      name.startsWith("lock-") ? [{ name, locker: Number(name.slice("lock-".length)), output }] : [],
    );
  }

  /** Before the levels reach the outputs: what was told until now has been answered or not. */
  look(own: Readonly<Partial<Record<AmenityOutput, boolean>>>): void {
    let told: number | undefined;
    for (const { name, locker, output } of this.latches) {
      if (own[name] === true) told = locker;
      if (this.told === locker && output.state() === "on") this.readings.pulled = locker;
    }
    if (told !== undefined && told !== this.told) this.readings.pulled = undefined;
    this.told = told;
  }
}

class AttachedRoom implements RoomHardware {
  private readonly parts: RoomParts;
  private readonly latches: ReadonlyMap<string, LatchWatch>;
  private isFridgeAttended = false;

  constructor(parts: RoomParts, { amenities }: RoomReadings) {
    this.parts = parts;
    const watched = parts.amenities.flatMap((amenity) => {
      const readings = amenities[amenity.id];
      if (amenity.kind !== "phone-lockers" || readings === undefined) return [];
      return [[amenity.id, new LatchWatch(amenity, readings)] as const];
    });
    this.latches = new Map(watched);
  }

  apply(levels: RoomLevels = restingRoom, untilMs: number): void {
    for (const { id, strike, magnet } of this.parts.doors) {
      const door = levels.doors[id] ?? restingDoorLevels;
      strike?.hold(door.strike, untilMs);
      magnet?.hold(door.magnet, untilMs);
    }
    this.applyClimate(this.parts.climate, levels.climate, untilMs);
    this.applyFridge(levels.fridge, untilMs);
    for (const { id, outputs } of this.parts.amenities) {
      const own = levels.amenities[id] ?? {};
      this.latches.get(id)?.look(own);
      for (const [name, output] of outputs) output.hold(own[name] === true, untilMs);
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
