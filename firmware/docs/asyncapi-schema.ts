/**
 * A payload's schema as AsyncAPI wants it: JSON schema, draft 7, with our own words (units) under `x-`. It changes the spelling
 * of what the contract says and nothing of its meaning.
 */
import { z } from "zod";

export type Json = Readonly<Record<string, unknown>>;

const isMapping = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Keys whose members are schemas by name, so that a property called `unit` stays a property. */
const maps = new Set(["properties", "definitions", "patternProperties"]);
/** Keys that hold plain values, never schemas. */
const plain = new Set(["enum", "const", "default", "examples", "required"]);

function spelled(key: string, value: unknown): unknown {
  if (plain.has(key)) return value;
  if (maps.has(key) && isMapping(value))
    return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, respelled(schema)]));
  return Array.isArray(value) ? value.map(respelled) : respelled(value);
}

function respelled(schema: unknown): unknown {
  if (!isMapping(schema)) return schema;
  const entries = Object.entries(schema).filter(([key]) => key !== "$schema");
  return Object.fromEntries(
    entries.map(([key, value]) => (key === "unit" ? ["x-unit", value] : [key, spelled(key, value)])),
  );
}

/** As the payload is written by its sender. */
export function payloadSchema(payload: z.ZodType): Json {
  return respelled(z.toJSONSchema(payload, { target: "draft-7", io: "input" })) as Json;
}
