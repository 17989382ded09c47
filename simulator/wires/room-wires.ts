/**
 * Connects the room's models to the points of the configuration: every contact and load by its name, every thermometer by its
 * file. What the configuration does not wire is there all the same, and nobody hears it.
 */
import type { ConfigFile } from "../../firmware/config/schema.ts";
import type { AmenityEntry } from "../../firmware/config/schema-amenities.ts";
import type { DimmedPoint, InputPoint, OutputPoint } from "../../firmware/config/schema-wiring.ts";
import {
  amenityWire,
  climateOutput,
  doorContact,
  doorOutput,
  fridgeDoor,
  fridgeOutput,
  presenceContact,
} from "../room/names.ts";
import type { RoomWorld } from "../room/room-world.ts";
import type { InputSource, RelaySink } from "./points.ts";

/** Who can wire one point of the configuration. */
export interface Points {
  input(point: InputPoint, meaning: InputSource): void;
  output(point: OutputPoint, sink: RelaySink): void;
}

class RoomWirer {
  private readonly room: RoomWorld;
  private readonly points: Points;

  constructor(room: RoomWorld, points: Points) {
    this.room = room;
    this.points = points;
  }

  private contact(point: InputPoint | undefined, name: string): void {
    if (point !== undefined) this.points.input(point, this.room.circuits.source(name));
  }

  private load(point: OutputPoint | undefined, name: string): void {
    if (point !== undefined) this.points.output(point, this.room.circuits.sink(name));
  }

  wire(file: ConfigFile): void {
    for (const { id, wires } of file.access?.doors ?? []) {
      this.load(wires.strike, doorOutput(id, "strike"));
      this.load(wires.magnet, doorOutput(id, "magnet"));
      this.contact(wires.shut, doorContact(id, "shut"));
      this.contact(wires.exitRequest, doorContact(id, "exitRequest"));
      this.contact(wires.tamper, doorContact(id, "tamper"));
      this.contact(wires.lockPower, doorContact(id, "lockPower"));
    }
    const climate = file.climate?.wires;
    this.load(climate?.heater, climateOutput("heater"));
    this.load(climate?.heaterFeed, climateOutput("heaterFeed"));
    this.load(climate?.cooler, climateOutput("cooler"));
    const fridge = file.fridge?.wires;
    this.load(fridge?.lock, fridgeOutput("lock"));
    this.load(fridge?.compressor, fridgeOutput("compressor"));
    this.load(fridge?.defrostHeater, fridgeOutput("defrostHeater"));
    this.contact(fridge?.door, fridgeDoor);
    this.contact(file.room?.presence, presenceContact);
    for (const amenity of file.amenities ?? []) this.amenity(amenity);
  }

  private amenity(entry: AmenityEntry): void {
    const name = (what: string): string => amenityWire(entry.id, what);
    const contact = (point: InputPoint | undefined, what: string): void => this.contact(point, name(what));
    const load = (point: DimmedPoint | undefined, what: string): void => {
      // An expander board of the simulated station is silent: what hangs on it stays off.
      if (point === undefined || !("channel" in point)) this.load(point, name(what));
    };
    switch (entry.kind) {
      case "hot-water":
        for (const what of ["element", "feed", "tap"] as const) load(entry.wires[what], what);
        for (const what of ["filled", "leaking", "unlock", "button"] as const) contact(entry.wires[what], what);
        return;
      case "microwave":
      case "socket":
        load(entry.wires.power, "power");
        for (const what of ["button", "stop"] as const) contact(entry.wires[what], what);
        return;
      case "phone-lockers":
        for (const [at, locker] of entry.wires.lockers.entries()) {
          load(locker.lock, `lock-${at + 1}`);
          load(locker.power, `power-${at + 1}`);
        }
        return;
      case "gift-lockers":
        for (const [at, locker] of entry.wires.lockers.entries()) load(locker.lock, `lock-${at + 1}`);
        return;
      case "rescue-cabinet":
        load(entry.wires.siren, "siren");
        for (const what of ["shut", "inPlace"] as const) contact(entry.wires[what], what);
        return;
      case "light":
      case "toilet-light":
        load(entry.wires.lamp, "lamp");
        contact(entry.wires.present, "present");
        return;
      case "ventilation":
        load(entry.wires.power, "power");
        contact(entry.wires.present, "present");
        return;
      case "help":
        load(entry.wires.siren, "siren");
        load(entry.wires.lamp, "lamp");
        contact(entry.wires.button, "button");
        return;
    }
  }
}

export function wireRoom(room: RoomWorld, file: ConfigFile, points: Points): void {
  new RoomWirer(room, points).wire(file);
}

/** What each temperature sensor of the room feels, by the id of its device. */
export function roomTemperatures(room: RoomWorld, file: ConfigFile): Map<string, () => number> {
  const felt = new Map<string, () => number>();
  const { shell, fridge } = room;
  for (const { device } of file.climate?.wires.sensors ?? []) felt.set(device, () => shell.airC);
  if (file.room?.outside !== undefined) felt.set(file.room.outside.device, () => shell.outdoorC);
  const inFridge = file.fridge?.wires;
  if (inFridge !== undefined && fridge !== undefined) {
    felt.set(inFridge.air.device, () => fridge.airC);
    if (inFridge.evaporator !== undefined) felt.set(inFridge.evaporator.device, () => fridge.evaporatorC);
  }
  for (const entry of file.amenities ?? []) {
    const boiler = room.boilers.get(entry.id);
    if (entry.kind === "hot-water" && boiler !== undefined)
      felt.set(entry.wires.temperature.device, () => boiler.waterC);
  }
  return felt;
}
