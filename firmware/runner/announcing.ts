/**
 * What the station leaves retained on the broker, remembered in the log over restarts: written down before it is announced and again
 * after it was taken away, so that a bay or a cabinet that left the configuration leaves nothing behind, whenever the power goes.
 */
import { contract, topicFor, topicRoot } from "../../services/contract/topics.ts";
import type { Announced } from "../../services/journal/durable.ts";
import { announcedRoom } from "../../services/room/announced.ts";
import { roomConfig } from "../config/room-config.ts";
import type { ConfigFile } from "../config/schema.ts";
import type { Announcements } from "../mqtt/announcer.ts";
import type { Discover } from "./platform.ts";

export interface Announcing {
  readonly announcements: Announcements;
  /** To be written down before anything is sent; undefined when the log says so already. */
  readonly first: Announced | undefined;
}

export interface AnnouncingOptions {
  readonly file: ConfigFile;
  readonly version: string;
  readonly before: Announced;
  readonly discover: Discover | undefined;
  /** Write it down. */
  record(announced: Announced): void;
}

const same = (one: Announced, other: Announced): boolean => JSON.stringify(one) === JSON.stringify(other);

function both(one: Announced, other: Announced): Announced {
  const ids = [...new Set([...Object.keys(one.cabinets), ...Object.keys(other.cabinets)])].sort();
  const numbers = (id: string) => [...new Set([...(one.cabinets[id] ?? []), ...(other.cabinets[id] ?? [])])];
  // Where something became of another kind, what it was is what must be taken away.
  const room = Object.entries({ ...other.room, ...one.room }).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    cabinets: Object.fromEntries(ids.map((id) => [id, numbers(id).sort((a, b) => a - b)])),
    devices: [...new Set([...one.devices, ...other.devices])].sort(),
    ...(room.length === 0 ? {} : { room: Object.fromEntries(room) }),
  };
}

/** Topics of the room that nobody fills any more. All doors share one. */
function goneRoomTopics(station: string, before: Announced["room"] = {}, now: Announced["room"] = {}): string[] {
  const topicOf = (part: string): string => topicRoot(station) + (part.startsWith("door/") ? "door" : part);
  const kept = new Set(Object.keys(now).map(topicOf));
  return [...new Set(Object.keys(before).map(topicOf))].filter((topic) => !kept.has(topic));
}

const bare = (announced: Announced): Announced => both(announced, { cabinets: {}, devices: [] });

function goneTopics(station: string, before: Announced, now: Announced): string[] {
  const bays = new Set(Object.values(now.cabinets).flat());
  const goneBays = Object.values(before.cabinets)
    .flat()
    .filter((bay) => !bays.has(bay));
  const goneCabinets = Object.keys(before.cabinets).filter((id) => !Object.hasOwn(now.cabinets, id));
  return [
    ...before.devices.filter((topic) => !now.devices.includes(topic)),
    ...goneRoomTopics(station, before.room, now.room),
    ...goneCabinets.map((cabinet) => topicFor(contract.cabinet, { station, cabinet })),
    ...goneBays.flatMap((bay) => [
      topicFor(contract.bay, { station, bay }),
      topicFor(contract.bayAvailability, { station, bay }),
    ]),
  ];
}

export function announcingOf({ file, version, before, discover, record }: AnnouncingOptions): Announcing {
  const discovery = discover?.({ file, version, before });
  const now = bare({
    cabinets: Object.fromEntries(file.cabinets.map(({ id, bays }) => [id, bays.map(({ bay }) => bay)])),
    devices: (discovery?.messages ?? []).map(({ topic }) => topic),
    room: announcedRoom(roomConfig(file)),
  });
  const gone = goneTopics(file.station.id, before, now);
  // A bay that moved to another cabinet leaves no topic behind, and is forgotten where it was.
  const first = gone.length === 0 ? now : both(before, now);
  return {
    announcements: { discovery, gone, emptied: () => record(now) },
    first: same(first, before) ? undefined : first,
  };
}
