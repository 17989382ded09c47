/**
 * The part of the process image that belongs to the room: plain readings with their age. Nothing is filled in here; what was
 * never heard is undefined, and each service decides what that means.
 */
import { type DoorReadings, emptyDoorReadings } from "../access/readings.ts";
import type { RoomSample } from "../climate/readings.ts";
import type { Reading } from "../reading.ts";
import type { RoomConfig } from "./config.ts";

export interface FridgeReadings {
  airC: Reading<number> | undefined;
  evaporatorC: Reading<number> | undefined;
  doorShut: Reading<boolean> | undefined;
  /** Where a meter tells. */
  powerW: Reading<number> | undefined;
  /** Where a sensor counts the drinks. */
  stock: Reading<number> | undefined;
}

/** Contacts of an amenity, by what they say when true. Which kind has which stands in `amenityContacts`. */
export type AmenityContact =
  /** Water covers the element. */
  | "filled"
  /** Water where none belongs. */
  | "leaking"
  /** The child lock is held open. */
  | "unlock"
  /** A button is pressed: pour, start or help. */
  | "button"
  /** The button that stops. */
  | "stop"
  /** The door of a cabinet is shut. */
  | "shut"
  /** The AED is in its place. */
  | "inPlace"
  /** Somebody is there. */
  | "present";

export interface AmenityReadings {
  readonly contacts: { [K in AmenityContact]?: Reading<boolean> };
  tempC: Reading<number> | undefined;
  /** The locker whose latch was known to be pulled last, and when. */
  pulled: Reading<number> | undefined;
}

export interface RoomReadings {
  readonly doors: Readonly<Record<string, DoorReadings>>;
  /** By sensor; as many as the configuration has. */
  readonly air: (Reading<RoomSample> | undefined)[];
  outsideC: Reading<number> | undefined;
  /** True = somebody is in the room. */
  present: Reading<boolean> | undefined;
  readonly fridge: FridgeReadings;
  readonly amenities: Readonly<Record<string, AmenityReadings>>;
}

export function emptyRoomReadings(config: RoomConfig): RoomReadings {
  return {
    doors: Object.fromEntries(config.access.doors.map(({ id }) => [id, emptyDoorReadings()])),
    air: Array.from({ length: config.climateSensors }, () => undefined),
    outsideC: undefined,
    present: undefined,
    fridge: { airC: undefined, evaporatorC: undefined, doorShut: undefined, powerW: undefined, stock: undefined },
    amenities: Object.fromEntries(
      config.amenities.map(({ id }) => [id, { contacts: {}, tempC: undefined, pulled: undefined }]),
    ),
  };
}
