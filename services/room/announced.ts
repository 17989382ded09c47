/** What of the room may stand retained on a broker, in few words, so that what leaves the configuration can be taken away there. */
import type { Announced } from "../journal/durable.ts";
import type { RoomConfig } from "./config.ts";

/** By the tail of the topic: a door, the climate, the fridge, or a kind of amenity. All doors share one topic. */
export function announcedRoom(room: RoomConfig | undefined): NonNullable<Announced["room"]> {
  if (room === undefined) return {};
  return Object.fromEntries([
    ...room.access.doors.map(({ id }) => [`door/${id}`, "door"] as const),
    ...(room.climate === undefined ? [] : [["climate", "climate"] as const]),
    ...(room.fridge === undefined ? [] : [["fridge", "fridge"] as const]),
    ...room.amenities.map(({ id, kind }) => [`amenity/${id}`, kind] as const),
  ]);
}
