/**
 * Home Assistant's device discovery, made from the contract and the configuration: one retained message for the station, one for
 * each cabinet, and one for the room where there is one. What earlier configurations announced and this one does not is taken
 * away: a bay, or something of the room, by an entry with its platform alone, a cabinet by an empty message. It is loaded only
 * when the configuration asks for it, and talks to nobody itself.
 */
import type { StateName } from "../../services/contract/deadband.ts";
import { eventTypes } from "../../services/contract/event-payloads.ts";
import { eventNames, type HomeHint, type HomeNeed, roomKinds } from "../../services/contract/home-hints.ts";
import { contract, type TopicRow, topicFor } from "../../services/contract/topics.ts";
import type { RoomConfig } from "../../services/room/config.ts";
import { signaturesIn } from "../config/request-keys.ts";
import { roomConfig } from "../config/room-config.ts";
import type { ConfigFile } from "../config/schema.ts";
import type { BayEntry, CabinetEntry } from "../config/schema-wiring.ts";
import type { Discovery, DiscoveryInput } from "../runner/platform.ts";
import {
  type Component,
  componentKey,
  componentOf,
  eventComponent,
  type Place,
  uniqueId,
  wordOf,
} from "./components.ts";
import { roomEntities } from "./room-entities.ts";

type Components = Record<string, Component>;

const hintsOf = (name: StateName): readonly HomeHint[] => (contract[name] as TopicRow).home ?? [];

interface Settings {
  readonly file: ConfigFile;
  readonly room: RoomConfig | undefined;
  readonly station: string;
  readonly language: "zh" | "en";
  readonly openBays: boolean;
}

function placed(
  settings: Settings,
  row: StateName,
  where: { topic: string; key?: string; bay?: number; name?: string },
): Place {
  const { station, language, openBays } = settings;
  return { station, language, openBays, row, key: "", name: "", ...where };
}

function entitiesAt(place: Place, has: (hint: HomeHint) => boolean): Components {
  const fitting = hintsOf(place.row).filter(has);
  return Object.fromEntries(fitting.map((hint) => [componentKey(place, hint), componentOf(hint, place)]));
}

const bayKey = (bay: number): string => `bay_${bay}`;

function bayEntities(settings: Settings, { bay, heater }: BayEntry): Components {
  const { station, language } = settings;
  const topic = topicFor(contract.bay, { station, bay });
  const name = language === "zh" ? `${bay}号仓` : `Bay ${bay}`;
  const place = placed(settings, "bay", { topic, key: bayKey(bay), bay, name });
  return entitiesAt(place, ({ needs }) => needs !== "heater" || heater !== undefined);
}

/** What tells Home Assistant that the entities of a bay are no more: their platforms and nothing else. */
function retired(settings: Settings, bay: number): Components {
  const lock = settings.openBays ? "lock" : "sensor";
  const entries = hintsOf("bay").map((hint): readonly [string, Component] => [
    componentKey({ key: bayKey(bay) }, hint),
    { platform: hint.platform === "lock" ? lock : hint.platform },
  ]);
  return Object.fromEntries(entries);
}

function cabinetEntities(settings: Settings, cabinet: CabinetEntry, gone: readonly number[]): Components {
  const { id, smoke, bays } = cabinet;
  const topic = topicFor(contract.cabinet, { station: settings.station, cabinet: id });
  const place = placed(settings, "cabinet", { topic, key: `cabinet_${wordOf(id)}` });
  return Object.assign(
    entitiesAt(place, ({ needs }) => needs !== "smoke" || smoke !== undefined),
    ...gone.map((bay) => retired(settings, bay)),
    ...bays.map((bay) => bayEntities(settings, bay)),
  ) as Components;
}

/** Whether the room has what an entity of the station is about. */
function hasInRoom({ room }: Settings, need: HomeNeed | undefined): boolean {
  if (need === undefined) return true;
  if (need === "door") return (room?.access.doors.length ?? 0) > 0;
  if (need === "fridge") return room?.fridge !== undefined;
  const kinds: readonly HomeNeed[] = need === "outlet" ? ["microwave", "socket"] : [need];
  return room?.amenities.some(({ kind }) => kinds.includes(kind)) === true;
}

function stationEntities(settings: Settings): Components {
  const { station, language } = settings;
  const entities: Components = {};
  for (const row of ["power", "ledger", "people", "health", "info"] as const) {
    Object.assign(
      entities,
      entitiesAt(placed(settings, row, { topic: topicFor(contract[row], { station }) }), ({ needs }) =>
        hasInRoom(settings, needs),
      ),
    );
  }
  for (const [kind, types] of Object.entries(eventTypes)) {
    if (settings.room === undefined && roomKinds.has(kind)) continue;
    const name = eventNames[kind as keyof typeof eventTypes][language];
    entities[`event_${kind}`] = eventComponent({ station, kind, name, types });
  }
  return entities;
}

interface Device {
  readonly id: string;
  readonly about: Component;
  readonly components: Components;
}

/** None where the station has no room. */
function roomDevice({ room, file, station, language }: Settings, { before, version }: DiscoveryInput): Device[] {
  if (room === undefined) return [];
  const id = uniqueId(station, "room");
  const stationName = file.station.name[language];
  const about = {
    identifiers: [id],
    name: language === "zh" ? `${stationName} 房间` : `${stationName} room`,
    model: "room",
    via_device: uniqueId(station, "station"),
    manufacturer: "yizhan",
    sw_version: version,
  };
  return [{ id, about, components: roomEntities(room, { station, language }, before.room) }];
}

function devicesOf(settings: Settings, input: DiscoveryInput): Device[] {
  const { file, station, language } = settings;
  const { cabinets: before } = input.before;
  const id = uniqueId(station, "station");
  const stationName = file.station.name[language];
  const common = { manufacturer: "yizhan", sw_version: input.version };
  const cabinets = file.cabinets.map((cabinet): Device => {
    const own = uniqueId(station, `cabinet_${wordOf(cabinet.id)}`);
    const gone = (before[cabinet.id] ?? []).filter((bay) => !cabinet.bays.some((entry) => entry.bay === bay));
    const name = language === "zh" ? `${stationName} 换电柜 ${cabinet.id}` : `${stationName} cabinet ${cabinet.id}`;
    const about = { identifiers: [own], name, model: "swap cabinet", via_device: id, ...common };
    return { id: own, about, components: cabinetEntities(settings, cabinet, gone) };
  });
  const about = { identifiers: [id], name: stationName, model: "union station", ...common };
  return [{ id, about, components: stationEntities(settings) }, ...cabinets, ...roomDevice(settings, input)];
}

export function discover(input: DiscoveryInput): Discovery {
  const { file, version } = input;
  const { prefix, language } = file.homeassistant;
  // A template cannot sign: where a signature is required, a lock that offers to open would only be refused.
  const openBays = file.homeassistant.openBays && signaturesIn(file.requests) === "optional";
  const station = file.station.id;
  const settings: Settings = { file, room: roomConfig(file), station, language, openBays };
  const messages = devicesOf(settings, input).map(({ id, about, components }) => ({
    topic: `${prefix}/device/${id}/config`,
    payload: JSON.stringify({
      device: about,
      origin: { name: "yizhan", sw_version: version },
      qos: 1,
      availability: [{ topic: topicFor(contract.availability, { station }) }],
      components,
    }),
  }));
  return { messages, birth: { topic: `${prefix}/status`, payload: "online" } };
}
