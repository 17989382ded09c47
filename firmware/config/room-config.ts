/** What the services may know of the room: rules and how many senses there are, no wires. Without a section of it there is no room. */
import { AccessConfig } from "../../services/access/config.ts";
import type { AmenityConfig } from "../../services/amenities/config.ts";
import type { ReaderPlace, RoomConfig, RoomReader } from "../../services/room/config.ts";
import { climateRules, doorRules, fridgeRules } from "./room-rules.ts";
import type { ConfigFile } from "./schema.ts";
import type { AmenityEntry } from "./schema-amenities.ts";
import type { RoomReaderEntry } from "./schema-room.ts";

function amenityConfig(entry: AmenityEntry): AmenityConfig {
  switch (entry.kind) {
    case "phone-lockers":
    case "gift-lockers": {
      const { wires, ...rules } = entry;
      return { ...rules, lockers: wires.lockers.length };
    }
    case "rescue-cabinet": {
      const { wires, ...rules } = entry;
      return { ...rules, hasAed: wires.inPlace !== undefined };
    }
    default: {
      const { wires: _wires, ...rules } = entry;
      return rules;
    }
  }
}

function placeOf(entry: RoomReaderEntry): ReaderPlace {
  switch (entry.at) {
    case "door":
      return { at: "door", door: entry.door };
    case "fridge":
      return { at: "fridge" };
    case "amenity":
      return { at: "amenity", amenity: entry.amenity };
  }
}

function accessConfig(access: ConfigFile["access"], readers: readonly RoomReader[]): AccessConfig {
  if (access === undefined) return AccessConfig.parse({});
  const atDoors = readers.flatMap(({ id, place }) => (place.at === "door" ? [{ id, door: place.door }] : []));
  return { ...access, doors: access.doors.map((door) => doorRules(door)), readers: atDoors };
}

export function roomConfig(file: ConfigFile): RoomConfig | undefined {
  const { access, climate, fridge, amenities, room } = file;
  const sections = [access, climate, fridge, amenities, room];
  if (sections.every((section) => section === undefined)) return undefined;
  const readers = (room?.readers ?? []).map((entry): RoomReader => ({ id: entry.id, place: placeOf(entry) }));
  return {
    access: accessConfig(access, readers),
    climate: climate && climateRules(climate),
    climateSensors: climate?.wires.sensors.length ?? 0,
    fridge: fridge && fridgeRules(fridge),
    amenities: (amenities ?? []).map(amenityConfig),
    readers,
    hasPresence: room?.presence !== undefined,
  };
}
