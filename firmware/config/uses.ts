/**
 * References from what the station does to the wires that serve it, found one by one in the raw value: what is broken by itself is
 * told by the schema and is no reference here.
 */
import { z } from "zod";
import type { Path } from "./problem.ts";
import { child } from "./schema-node.ts";
import { InputPoint, OutputPoint } from "./schema-wiring.ts";
import type { Role } from "./use-rules.ts";

export interface Entry<T> {
  readonly path: Path;
  readonly value: T;
}

/** One reference from a bay, a cabinet or the room to what serves it. */
export interface Use {
  readonly role: Role;
  readonly path: Path;
  readonly on:
    | { readonly is: "device"; readonly device: string; readonly point: number | undefined }
    | { readonly is: "gpio"; readonly gpio: number };
  /** Inputs and header lines may mean the opposite. */
  readonly inverted: boolean;
}

/** Lists longer than the schema allows are refused there; looking further would only take time. */
const ENTRIES_MAX = 512;
const OnDevice = z.object({ device: z.string() });
const OnExpander = z.object({ device: z.string(), channel: z.string() });

export function entries(root: unknown, base: Path, key: string): Entry<unknown>[] {
  const list = child(root, key);
  if (!Array.isArray(list)) return [];
  return list.slice(0, ENTRIES_MAX).map((value, at) => ({ path: [...base, key, at], value }));
}

export function parsed<T extends z.ZodType>(schema: T, value: unknown): z.output<T> | undefined {
  const result = schema.safeParse(value);
  return result.success ? result.data : undefined;
}

export function ids(list: readonly Entry<unknown>[]): Entry<string>[] {
  return list.flatMap(({ path, value }) => {
    const id = child(value, "id");
    return typeof id === "string" ? [{ path: [...path, "id"], value: id }] : [];
  });
}

type Point = z.output<typeof InputPoint> | z.output<typeof OutputPoint>;

function pointUse(role: Role, path: Path, point: Point | undefined): Use[] {
  if (point === undefined) return [];
  const inverted = "inverted" in point && point.inverted;
  if ("gpio" in point) return [{ role, path, on: { is: "gpio", gpio: point.gpio }, inverted }];
  const number = "input" in point ? point.input : point.relay;
  return [{ role, path, on: { is: "device", device: point.device, point: number }, inverted }];
}

/** The owner names a device as a whole. */
export function deviceUse(role: Role, { path, value }: Entry<unknown>): Use[] {
  const use = parsed(OnDevice, value);
  if (use === undefined) return [];
  return [{ role, path, on: { is: "device", device: use.device, point: undefined }, inverted: false }];
}

/** A thermistor of an expander board; the board may have many, so nobody occupies it. */
export function thermistorUse({ path, value }: Entry<unknown>): Entry<z.output<typeof OnExpander>>[] {
  const use = parsed(OnExpander, value);
  return use === undefined ? [] : [{ path, value: use }];
}

/** The owner names a thermometer as a whole, or a thermistor, which is looked at elsewhere. */
export function thermometerUse(role: Role, entry: Entry<unknown>): Use[] {
  return thermistorUse(entry).length > 0 ? [] : deviceUse(role, entry);
}

export function inputUse(role: Role, { path, value }: Entry<unknown>): Use[] {
  return pointUse(role, path, parsed(InputPoint, value));
}

export function outputUse(role: Role, { path, value }: Entry<unknown>): Use[] {
  return pointUse(role, path, parsed(OutputPoint, value));
}

export function under(owner: Entry<unknown>, key: string): Entry<unknown> {
  return { path: [...owner.path, key], value: child(owner.value, key) };
}
