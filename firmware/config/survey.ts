/**
 * The parts of a configuration that must agree with each other, as flat lists with their paths. It is taken from the raw value,
 * entry by entry, so that a mistake in one bay does not hide a clash between two others. An entry that is broken by itself
 * still counts as existing, so that nobody is told that a misspelt device is missing.
 */
import type { z } from "zod";
import { ChargingConfig, PackClass, SafetyConfig } from "../../services/config.ts";
import { type RoomSurvey, roomUses, takeRoomSurvey, thermistorUses } from "./room-survey.ts";
import { ConfigFile } from "./schema.ts";
import { child } from "./schema-node.ts";
import { Bus, type BusEntry, Device, type DeviceEntry, type DeviceKind, LockUse } from "./schema-wiring.ts";
import { judgeTimeZone, type ZoneVerdict } from "./time-zone.ts";
import { deviceUse, type Entry, entries, ids, inputUse, outputUse, parsed, type Use, under } from "./uses.ts";

export interface KnownDevice {
  readonly id: string;
  /** Undefined when the entry names no kind there is. */
  readonly kind: DeviceKind | undefined;
}

export const tlsFields = ["caFile", "certFile", "keyFile", "serverName"] as const;
export type TlsField = (typeof tlsFields)[number];

export interface Survey {
  /** Entries that are right by themselves. */
  readonly buses: readonly Entry<BusEntry>[];
  readonly devices: readonly Entry<DeviceEntry>[];
  /** Ids of all entries, broken ones too. */
  readonly busIds: readonly Entry<string>[];
  readonly knownDevices: readonly Entry<KnownDevice>[];
  readonly cabinetIds: readonly Entry<string>[];
  readonly bayNumbers: readonly Entry<number>[];
  readonly uses: readonly Use[];
  readonly hasGpio: boolean;
  readonly hasMasterEnable: boolean;
  readonly timeZone: { readonly name: string; readonly verdict: ZoneVerdict } | undefined;
  readonly siteLimitW: number | undefined;
  readonly brokerUrl: string | undefined;
  /** Which of the fields that only matter with TLS are set. */
  readonly brokerTls: readonly TlsField[];
  readonly room: RoomSurvey;
  /** References to thermistors of expander boards. */
  readonly thermistorUses: ReturnType<typeof thermistorUses>;
  readonly packs: PackClass | undefined;
  readonly charging: ChargingConfig | undefined;
  readonly safety: SafetyConfig | undefined;
}

const kinds: ReadonlySet<string> = new Set(Device.options.map((option) => option.shape.kind.value));

function right<T extends z.ZodType>(schema: T, list: readonly Entry<unknown>[]): Entry<z.output<T>>[] {
  return list.flatMap(({ path, value }) => {
    const good = parsed(schema, value);
    return good === undefined ? [] : [{ path, value: good }];
  });
}

function known({ path, value }: Entry<unknown>): Entry<KnownDevice>[] {
  const id = child(value, "id");
  const kind = child(value, "kind");
  if (typeof id !== "string") return [];
  const knownKind = typeof kind === "string" && kinds.has(kind) ? (kind as DeviceKind) : undefined;
  return [{ path: [...path, "id"], value: { id, kind: knownKind } }];
}

function lockUse(owner: Entry<unknown>): Use[] {
  const use = parsed(LockUse, child(owner.value, "lock"));
  if (use === undefined) return deviceUse("lock", under(owner, "lock"));
  const on = { is: "device", device: use.device, point: use.channel } as const;
  return [{ role: "lock", path: [...owner.path, "lock"], on, inverted: false }];
}

function bayUses(bay: Entry<unknown>): Use[] {
  return [
    ...lockUse(bay),
    ...inputUse("door", under(bay, "door")),
    ...inputUse("presence", under(bay, "presence")),
    ...outputUse("contactor", under(bay, "contactor")),
    ...outputUse("heater", under(bay, "heater")),
    ...deviceUse("charger", under(bay, "charger")),
    ...deviceUse("pack", under(bay, "pack")),
  ];
}

function cabinetUses(cabinet: Entry<unknown>): Use[] {
  return [
    ...deviceUse("scanner", under(cabinet, "scanner")),
    ...inputUse("smoke", under(cabinet, "smoke")),
    ...inputUse("runawayConductor", under(cabinet, "runawayConductor")),
    ...inputUse("water", under(cabinet, "water")),
    ...outputUse("fan", under(cabinet, "fan")),
    ...outputUse("aerosol", under(cabinet, "aerosol")),
    ...outputUse("alarm", under(cabinet, "alarm")),
    ...deviceUse("thermometer", under(cabinet, "thermometer")),
  ];
}

function stationUses(value: unknown): Use[] {
  const station = { path: ["station"], value };
  return [
    ...inputUse("emergencyStop", under(station, "emergencyStop")),
    ...outputUse("alarm", under(station, "alarm")),
    ...outputUse("exitRelease", under(station, "exitRelease")),
  ];
}

function bayNumber({ path, value }: Entry<unknown>): Entry<number>[] {
  const bay = child(value, "bay");
  return typeof bay === "number" ? [{ path: [...path, "bay"], value: bay }] : [];
}

function masterUse(root: unknown): Use[] {
  const gpio = child(child(root, "masterEnable"), "gpio");
  if (typeof gpio !== "number") return [];
  return [{ role: "master-enable", path: ["masterEnable"], on: { is: "gpio", gpio }, inverted: false }];
}

const { station, mqtt } = ConfigFile.shape;

/** Judged once: asking for a time zone for the first time costs some 20 ms. */
function judgedZone(value: unknown): Survey["timeZone"] {
  const name = parsed(station.shape.timeZone, value);
  return name === undefined ? undefined : { name, verdict: judgeTimeZone(name) };
}

export function takeSurvey(root: unknown): Survey {
  const busEntries = entries(root, [], "buses");
  const deviceEntries = entries(root, [], "devices");
  const cabinets = entries(root, [], "cabinets");
  const bays = cabinets.flatMap(({ path, value }) => entries(value, path, "bays"));
  const stationPart = child(root, "station");
  // A section that is left out has its defaults; one that is broken is not compared.
  const section = (key: string) => child(root, key) ?? {};
  return {
    buses: right(Bus, busEntries),
    devices: right(Device, deviceEntries),
    busIds: ids(busEntries),
    knownDevices: deviceEntries.flatMap(known),
    cabinetIds: ids(cabinets),
    bayNumbers: bays.flatMap(bayNumber),
    uses: [
      ...bays.flatMap(bayUses),
      ...cabinets.flatMap(cabinetUses),
      ...stationUses(stationPart),
      ...roomUses(root),
      ...masterUse(root),
    ],
    room: takeRoomSurvey(root),
    hasGpio: child(root, "gpio") !== undefined,
    hasMasterEnable: child(root, "masterEnable") !== undefined,
    timeZone: judgedZone(child(stationPart, "timeZone")),
    siteLimitW: parsed(station.shape.siteLimitW, child(stationPart, "siteLimitW")),
    brokerUrl: parsed(mqtt.unwrap().shape.url, child(child(root, "mqtt"), "url")),
    brokerTls: tlsFields.filter((field) => child(child(root, "mqtt"), field) !== undefined),
    thermistorUses: thermistorUses(root),
    packs: parsed(PackClass, section("packs")),
    charging: parsed(ChargingConfig, section("charging")),
    safety: parsed(SafetyConfig, section("safety")),
  };
}
