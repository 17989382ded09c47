/**
 * One hint of the contract as one entity of Home Assistant's device discovery. Names, classes and units come from the hint; ids and
 * topics from where the entity stands. It invents no entity of its own.
 */
import { pacing, type StateName } from "../../services/contract/deadband.ts";
import type { HomeHint } from "../../services/contract/home-hints.ts";
import { contract, topicFor } from "../../services/contract/topics.ts";
import { openTemplate, valueTemplate } from "./templates.ts";

export type Language = "zh" | "en";
export type Component = Readonly<Record<string, unknown>>;

/** Where an entity stands: the station, a cabinet of it, a bay, or something of the room. */
export interface Place {
  readonly station: string;
  readonly language: Language;
  readonly openBays: boolean;
  /** First part of the entity's id: `bay_3`; "" for what belongs to the device as a whole. */
  readonly key: string;
  readonly bay?: number;
  readonly name: string;
  readonly topic: string;
  readonly row: StateName;
  /** Where in the payload its fields are, when not at the top. */
  readonly root?: string;
}

const availabilityOf = (topic: string) => ({ topic });

/** Ids of Home Assistant know no dashes. */
export const wordOf = (id: string): string => id.replaceAll("-", "_");

export const uniqueId = (station: string, key: string): string => `yizhan_${wordOf(station)}_${key}`;

/** `bay_3_soc`: the component's name within its device, and the tail of its ids. */
export const componentKey = (place: Pick<Place, "key">, hint: Pick<HomeHint, "key">): string =>
  place.key === "" ? hint.key : `${place.key}_${hint.key}`;

/** Without a command there is no lock in Home Assistant; its states are then shown as words. */
function shownAs({ platform }: HomeHint, { openBays }: Place): HomeHint["platform"] {
  return platform === "lock" && !openBays ? "sensor" : platform;
}

const lockWords = ["LOCKED", "UNLOCKED", "JAMMED"];

function lockPart(hint: HomeHint, place: Place): Component {
  if (hint.platform !== "lock" || place.bay === undefined) return {};
  if (!place.openBays) return { device_class: "enum", options: lockWords };
  return {
    command_topic: topicFor(contract.request, { station: place.station, verb: "open" }),
    command_template: openTemplate(place.bay),
    optimistic: false,
  };
}

/** Both the station and the bay's own devices must be heard. */
function availabilityPart({ station, bay }: Place): Component {
  if (bay === undefined) return {};
  const topics = [topicFor(contract.availability, { station }), topicFor(contract.bayAvailability, { station, bay })];
  return { availability: topics.map(availabilityOf), availability_mode: "all" };
}

function classPart(hint: HomeHint, { row }: Place): Component {
  const { deviceClass, stateClass, unit, precision, options, diagnostic, expires } = hint;
  return {
    ...(deviceClass === undefined ? {} : { device_class: deviceClass }),
    ...(stateClass === undefined ? {} : { state_class: stateClass }),
    ...(unit === undefined ? {} : { unit_of_measurement: unit }),
    ...(precision === undefined ? {} : { suggested_display_precision: precision }),
    ...(options === undefined ? {} : { options }),
    ...(diagnostic === undefined ? {} : { entity_category: "diagnostic" }),
    ...(expires === undefined ? {} : { expire_after: (2 * pacing[row].heartbeatMs) / 1_000 + 60 }),
  };
}

/** The words shown to riders are read in the language of the names. */
function spoken({ reads }: HomeHint, language: Language): HomeHint["reads"] {
  if (!("path" in reads) || "words" in reads) return reads;
  return { path: reads.path.replace(/\.zh$/, `.${language}`) };
}

export function componentOf(hint: HomeHint, place: Place): Component {
  const { station, language, name, topic } = place;
  const key = componentKey(place, hint);
  const platform = shownAs(hint, place);
  return {
    platform,
    unique_id: uniqueId(station, key),
    default_entity_id: `${platform}.${wordOf(station)}_${key}`,
    name: name === "" ? hint.name[language] : `${name} ${hint.name[language]}`,
    state_topic: topic,
    value_template: valueTemplate(spoken(hint, language), place.root),
    ...classPart(hint, place),
    ...lockPart(hint, place),
    ...availabilityPart(place),
  };
}

export interface EventPlace {
  readonly station: string;
  readonly kind: string;
  readonly name: string;
  readonly types: readonly string[];
}

/** An entity that fires; its topic is not retained, because Home Assistant would take an old event for a new one. */
export function eventComponent({ station, kind, name, types }: EventPlace): Component {
  const key = `event_${kind}`;
  return {
    platform: "event",
    unique_id: uniqueId(station, key),
    default_entity_id: `event.${wordOf(station)}_${kind}`,
    name,
    state_topic: topicFor(contract.event, { station, kind }),
    event_types: types,
  };
}
