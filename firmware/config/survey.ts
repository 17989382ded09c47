/**
 * The parts of a configuration that must agree with each other, as flat lists with their paths. It is taken from the raw value,
 * entry by entry, so that a mistake in one bay does not hide a clash between two others. An entry that is broken by itself
 * still counts as existing, so that nobody is told that a misspelt device is missing.
 */
import { z } from "zod";
import { ChargingConfig, PackClass, SafetyConfig } from "../../services/config.ts";
import type { Path } from "./problem.ts";
import { ConfigFile } from "./schema.ts";
import { child } from "./schema-node.ts";
import {
  Bus,
  type BusEntry,
  Device,
  type DeviceEntry,
  type DeviceKind,
  InputPoint,
  LockUse,
  OutputPoint,
} from "./schema-wiring.ts";
import { judgeTimeZone, type ZoneVerdict } from "./time-zone.ts";

export type Role =
  | "lock"
  | "door"
  | "presence"
  | "contactor"
  | "heater"
  | "charger"
  | "pack"
  | "scanner"
  | "smoke"
  | "runawayConductor"
  | "water"
  | "fan"
  | "aerosol"
  | "alarm"
  | "emergencyStop"
  | "exitRelease"
  | "thermometer"
  | "master-enable";

export interface Entry<T> {
  readonly path: Path;
  readonly value: T;
}

/** One reference from a bay or cabinet to what serves it. */
export interface Use {
  readonly role: Role;
  readonly path: Path;
  readonly on:
    | { readonly is: "device"; readonly device: string; readonly point: number | undefined }
    | { readonly is: "gpio"; readonly gpio: number };
  /** Inputs and header lines may mean the opposite. */
  readonly inverted: boolean;
}

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
  readonly packs: PackClass | undefined;
  readonly charging: ChargingConfig | undefined;
  readonly safety: SafetyConfig | undefined;
}

/** Lists longer than the schema allows are refused there; looking further would only take time. */
const ENTRIES_MAX = 512;
const OnDevice = z.object({ device: z.string() });
const kinds: ReadonlySet<string> = new Set(Device.options.map((option) => option.shape.kind.value));

function entries(root: unknown, base: Path, key: string): Entry<unknown>[] {
  const list = child(root, key);
  if (!Array.isArray(list)) return [];
  return list.slice(0, ENTRIES_MAX).map((value, at) => ({ path: [...base, key, at], value }));
}

function parsed<T extends z.ZodType>(schema: T, value: unknown): z.output<T> | undefined {
  const result = schema.safeParse(value);
  return result.success ? result.data : undefined;
}

function right<T extends z.ZodType>(schema: T, list: readonly Entry<unknown>[]): Entry<z.output<T>>[] {
  return list.flatMap(({ path, value }) => {
    const good = parsed(schema, value);
    return good === undefined ? [] : [{ path, value: good }];
  });
}

function ids(list: readonly Entry<unknown>[]): Entry<string>[] {
  return list.flatMap(({ path, value }) => {
    const id = child(value, "id");
    return typeof id === "string" ? [{ path: [...path, "id"], value: id }] : [];
  });
}

function known({ path, value }: Entry<unknown>): Entry<KnownDevice>[] {
  const id = child(value, "id");
  const kind = child(value, "kind");
  if (typeof id !== "string") return [];
  const knownKind = typeof kind === "string" && kinds.has(kind) ? (kind as DeviceKind) : undefined;
  return [{ path: [...path, "id"], value: { id, kind: knownKind } }];
}

type Point = z.output<typeof InputPoint> | z.output<typeof OutputPoint>;

function pointUse(role: Role, path: Path, point: Point | undefined): Use[] {
  if (point === undefined) return [];
  const inverted = "inverted" in point && point.inverted;
  if ("gpio" in point) return [{ role, path, on: { is: "gpio", gpio: point.gpio }, inverted }];
  const number = "input" in point ? point.input : point.relay;
  return [{ role, path, on: { is: "device", device: point.device, point: number }, inverted }];
}

function plainUse(role: Role, owner: Entry<unknown>): Use[] {
  const use = parsed(OnDevice, child(owner.value, role));
  if (use === undefined) return [];
  const on = { is: "device", device: use.device, point: undefined } as const;
  return [{ role, path: [...owner.path, role], on, inverted: false }];
}

function inputUse(role: Role, owner: Entry<unknown>): Use[] {
  return pointUse(role, [...owner.path, role], parsed(InputPoint, child(owner.value, role)));
}

function outputUse(role: Role, owner: Entry<unknown>): Use[] {
  return pointUse(role, [...owner.path, role], parsed(OutputPoint, child(owner.value, role)));
}

function lockUse(owner: Entry<unknown>): Use[] {
  const use = parsed(LockUse, child(owner.value, "lock"));
  if (use === undefined) return plainUse("lock", owner);
  const on = { is: "device", device: use.device, point: use.channel } as const;
  return [{ role: "lock", path: [...owner.path, "lock"], on, inverted: false }];
}

function bayUses(bay: Entry<unknown>): Use[] {
  return [
    ...lockUse(bay),
    ...inputUse("door", bay),
    ...inputUse("presence", bay),
    ...outputUse("contactor", bay),
    ...outputUse("heater", bay),
    ...plainUse("charger", bay),
    ...plainUse("pack", bay),
  ];
}

function cabinetUses(cabinet: Entry<unknown>): Use[] {
  return [
    ...plainUse("scanner", cabinet),
    ...inputUse("smoke", cabinet),
    ...inputUse("runawayConductor", cabinet),
    ...inputUse("water", cabinet),
    ...outputUse("fan", cabinet),
    ...outputUse("aerosol", cabinet),
    ...outputUse("alarm", cabinet),
    ...plainUse("thermometer", cabinet),
  ];
}

function stationUses(value: unknown): Use[] {
  const station = { path: ["station"], value };
  return [...inputUse("emergencyStop", station), ...outputUse("alarm", station), ...outputUse("exitRelease", station)];
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
    uses: [...bays.flatMap(bayUses), ...cabinets.flatMap(cabinetUses), ...stationUses(stationPart), ...masterUse(root)],
    hasGpio: child(root, "gpio") !== undefined,
    hasMasterEnable: child(root, "masterEnable") !== undefined,
    timeZone: judgedZone(child(stationPart, "timeZone")),
    siteLimitW: parsed(station.shape.siteLimitW, child(stationPart, "siteLimitW")),
    brokerUrl: parsed(mqtt.unwrap().shape.url, child(child(root, "mqtt"), "url")),
    brokerTls: tlsFields.filter((field) => child(child(root, "mqtt"), field) !== undefined),
    packs: parsed(PackClass, section("packs")),
    charging: parsed(ChargingConfig, section("charging")),
    safety: parsed(SafetyConfig, section("safety")),
  };
}
