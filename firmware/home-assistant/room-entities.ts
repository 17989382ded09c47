/**
 * The room as a device of Home Assistant: doors, climate, fridge and amenities, made from the contract's hints and the
 * configuration. It offers no command. What left the configuration is taken away by entries with a platform alone.
 */
import type { HomeHint } from "../../services/contract/home-hints.ts";
import { amenityHints, amenityNames, doorHints } from "../../services/contract/home-hints-room.ts";
import { contract, type TopicRow, topicFor } from "../../services/contract/topics.ts";
import type { Announced } from "../../services/journal/durable.ts";
import { announcedRoom } from "../../services/room/announced.ts";
import type { RoomConfig } from "../../services/room/config.ts";
import { type Component, componentKey, componentOf, type Language, type Place, wordOf } from "./components.ts";
import { entryOf } from "./templates.ts";

type Components = Record<string, Component>;
type Amenity = RoomConfig["amenities"][number];

export interface RoomPlace {
  readonly station: string;
  readonly language: Language;
}

const hintsOfRow = (name: "door" | "climate" | "fridge"): readonly HomeHint[] =>
  (contract[name] as TopicRow).home ?? [];

function hintsOf(what: string): readonly HomeHint[] {
  if (what === "door") return doorHints;
  if (what === "climate" || what === "fridge") return hintsOfRow(what);
  return Object.hasOwn(amenityHints, what) ? amenityHints[what as keyof typeof amenityHints] : [];
}

/** `door_front`, `climate`, `amenity_hot_water`: first part of the entity's id. */
const keyOf = (part: string): string => wordOf(part.replace("/", "_"));

function entitiesAt(place: Place, hints: readonly HomeHint[]): Components {
  return Object.fromEntries(hints.map((hint) => [componentKey(place, hint), componentOf(hint, place)]));
}

function retired(part: string, what: string): Components {
  const entries = hintsOf(what).map((hint): readonly [string, Component] => [
    componentKey({ key: keyOf(part) }, hint),
    { platform: hint.platform },
  ]);
  return Object.fromEntries(entries);
}

function doorEntities({ access }: RoomConfig, { station, language }: RoomPlace): Components {
  const topic = topicFor(contract.door, { station });
  const shared = { station, language, openBays: false, topic, row: "door" } as const;
  const whole = access.doors.length === 0 ? {} : entitiesAt({ ...shared, key: "", name: "" }, hintsOfRow("door"));
  const each = access.doors.map(({ id }) => {
    const name = language === "zh" ? `${id} 门` : `Door ${id}`;
    return entitiesAt({ ...shared, key: keyOf(`door/${id}`), name, root: entryOf("doors", id) }, doorHints);
  });
  return Object.assign(whole, ...each) as Components;
}

function nameOf({ id, kind }: Amenity, { amenities }: RoomConfig, language: Language): string {
  const name = amenityNames[kind][language];
  return amenities.filter((other) => other.kind === kind).length > 1 ? `${name} ${id}` : name;
}

function amenityEntities(room: RoomConfig, config: Amenity, { station, language }: RoomPlace): Components {
  const { id, kind } = config;
  const place: Place = {
    station,
    language,
    openBays: false,
    topic: topicFor(contract.amenity, { station, amenity: id }),
    row: "amenity",
    key: keyOf(`amenity/${id}`),
    name: nameOf(config, room, language),
  };
  const hasAed = config.kind === "rescue-cabinet" && config.hasAed;
  return entitiesAt(
    place,
    hintsOf(kind).filter(({ needs }) => needs !== "aed" || hasAed),
  );
}

export function roomEntities(room: RoomConfig, place: RoomPlace, before: Announced["room"] = {}): Components {
  const now = announcedRoom(room);
  const gone = Object.entries(before).filter(([part, what]) => now[part] !== what);
  const plain = (name: "climate" | "fridge"): Components => {
    if (room[name] === undefined) return {};
    const topic = topicFor(contract[name], { station: place.station });
    return entitiesAt({ ...place, openBays: false, topic, row: name, key: name, name: "" }, hintsOfRow(name));
  };
  return Object.assign(
    {},
    ...gone.map(([part, what]) => retired(part, what)),
    doorEntities(room, place),
    plain("climate"),
    plain("fridge"),
    ...room.amenities.map((config) => amenityEntities(room, config, place)),
  ) as Components;
}
