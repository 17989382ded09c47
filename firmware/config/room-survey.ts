/** What the checks need to know of the room: its references to wires, and which places there are for readers. */
import { child } from "./schema-node.ts";
import type { Role } from "./use-rules.ts";
import { channelUse, deviceUse, type Entry, entries, inputUse, loadUse, outputUse, type Use, under } from "./uses.ts";

type Find = (role: Role, entry: Entry<unknown>) => Use[];
/** By the name of the wire: what it serves, and how it is written. */
type Wires = Readonly<Record<string, readonly [Role, Find]>>;

const doorWires: Wires = {
  strike: ["strike", outputUse],
  magnet: ["magnet", outputUse],
  shut: ["doorContact", inputUse],
  exitRequest: ["exitRequest", inputUse],
  tamper: ["tamper", inputUse],
  lockPower: ["lockPower", inputUse],
};

const climateWires: Wires = {
  heater: ["roomHeater", outputUse],
  heaterFeed: ["heaterFeed", outputUse],
  cooler: ["cooler", outputUse],
};

const fridgeWires: Wires = {
  air: ["fridgeThermometer", channelUse],
  // A defrost heater goes by it: nothing that heats hangs on an expander.
  evaporator: ["fridgeThermometer", deviceUse],
  door: ["fridgeDoor", inputUse],
  lock: ["fridgeLock", outputUse],
  compressor: ["compressor", outputUse],
  defrostHeater: ["defrostHeater", outputUse],
};

const amenityWires: Wires = {
  temperature: ["boilerThermometer", deviceUse],
  element: ["element", outputUse],
  feed: ["feed", outputUse],
  tap: ["tap", outputUse],
  power: ["appliance", loadUse],
  lamp: ["lamp", loadUse],
  siren: ["siren", outputUse],
  filled: ["amenityContact", inputUse],
  leaking: ["amenityContact", inputUse],
  unlock: ["amenityContact", inputUse],
  button: ["amenityContact", inputUse],
  stop: ["amenityContact", inputUse],
  shut: ["amenityContact", inputUse],
  inPlace: ["amenityContact", inputUse],
  present: ["amenityContact", inputUse],
};

const lockerWires: Wires = { lock: ["locker", outputUse], power: ["plug", outputUse] };

function wired(owner: Entry<unknown>, wires: Wires): Use[] {
  return Object.entries(wires).flatMap(([key, [role, find]]) => find(role, under(owner, key)));
}

const top = (root: unknown, section: string): Entry<unknown> => ({ path: [section], value: child(root, section) });
const wiresOf = (owner: Entry<unknown>): Entry<unknown> => under(owner, "wires");
const listed = (owner: Entry<unknown>, key: string): Entry<unknown>[] => entries(owner.value, owner.path, key);

function amenityUses(amenity: Entry<unknown>): Use[] {
  const wires = wiresOf(amenity);
  return [...wired(wires, amenityWires), ...listed(wires, "lockers").flatMap((locker) => wired(locker, lockerWires))];
}

export function roomUses(root: unknown): Use[] {
  const climate = wiresOf(top(root, "climate"));
  const room = top(root, "room");
  return [
    ...listed(top(root, "access"), "doors").flatMap((door) => wired(wiresOf(door), doorWires)),
    ...listed(climate, "sensors").flatMap((sensor) => deviceUse("airSensor", sensor)),
    ...wired(climate, climateWires),
    ...wired(wiresOf(top(root, "fridge")), fridgeWires),
    ...entries(root, [], "amenities").flatMap(amenityUses),
    ...listed(room, "readers").flatMap((reader) => deviceUse("roomReader", reader)),
    ...inputUse("roomPresence", under(room, "presence")),
    ...channelUse("outside", under(room, "outside")),
  ];
}

export interface RoomSurvey {
  readonly doors: readonly Entry<unknown>[];
  readonly amenities: readonly Entry<unknown>[];
  readonly readers: readonly Entry<unknown>[];
  /** Public keys whose owners sign codes, and those whose owners sign lists. */
  readonly issuers: readonly Entry<unknown>[];
  readonly authorities: readonly Entry<unknown>[];
  readonly climate: Entry<unknown>;
  readonly fridge: Entry<unknown>;
}

export function takeRoomSurvey(root: unknown): RoomSurvey {
  const access = top(root, "access");
  return {
    doors: listed(access, "doors"),
    amenities: entries(root, [], "amenities"),
    readers: listed(top(root, "room"), "readers"),
    issuers: listed(access, "issuers"),
    authorities: listed(access, "authorities"),
    climate: top(root, "climate"),
    fridge: top(root, "fridge"),
  };
}
