/**
 * The process image as a flat row of places, so that what changed between two steps is found by comparing references: readings are
 * replaced, never altered. The row is named in each recording, and a replay puts readings back by these names.
 */
import type { StationReadings } from "../../services/readings.ts";
import type { AmenityContact } from "../../services/room/readings.ts";

type Holder = Record<string, unknown>;

export interface Slot {
  /** As `bays/3/doorShut`. */
  readonly path: string;
  readonly holder: Holder;
  readonly key: string;
}

/** Contacts appear in the image when they are heard for the first time. */
const contacts = {
  filled: true,
  leaking: true,
  unlock: true,
  button: true,
  stop: true,
  shut: true,
  inPlace: true,
  present: true,
} as const satisfies Record<AmenityContact, true>;

const isHolder = (value: unknown): value is Holder =>
  typeof value === "object" && value !== null && !Object.hasOwn(value, "quality");

function collect(slots: Slot[], holder: Holder, path: string): void {
  const isContacts = path.endsWith("/contacts/");
  for (const key of Object.keys(isContacts ? { ...contacts, ...holder } : holder)) {
    const value = holder[key];
    if (isHolder(value)) collect(slots, value, `${path}${key}/`);
    else slots.push({ path: `${path}${key}`, holder, key });
  }
}

export function slotsOf(readings: StationReadings): readonly Slot[] {
  const slots: Slot[] = [];
  collect(slots, readings as unknown as Holder, "");
  return slots;
}

/** The same place in another image; what is missing on the way is made. */
export function slotAt(readings: StationReadings, path: string): Slot {
  const names = path.split("/");
  const key = names.pop() ?? "";
  let holder = readings as unknown as Holder;
  for (const name of names) {
    if (!isHolder(holder[name])) holder[name] = {};
    holder = holder[name] as Holder;
  }
  return { path, holder, key };
}
