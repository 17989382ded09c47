/**
 * The schema as JSON schema, walked along the path of a field: what keys, values and bounds are allowed there. Made on demand,
 * because only a broken file needs it, and from the same schema that does the checking.
 */
import { z } from "zod";
import type { Path } from "./problem.ts";

export interface SchemaNode {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly unit?: string;
  readonly default?: unknown;
  readonly const?: string | number;
  readonly enum?: readonly (string | number)[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: SchemaNode;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  /** Of a mapping whose keys are ids; `false` where no other key is allowed. */
  readonly additionalProperties?: SchemaNode | boolean;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
}

/** Making one takes some 50 ms, and a schema never changes. */
const made = new WeakMap<z.ZodType, SchemaNode>();

export function schemaNode(schema: z.ZodType): SchemaNode {
  const known = made.get(schema);
  if (known !== undefined) return known;
  const node = z.toJSONSchema(schema, { target: "draft-7", io: "input" }) as SchemaNode;
  made.set(schema, node);
  return node;
}

export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function child(value: unknown, key: string | number): unknown {
  if (typeof key === "number") return Array.isArray(value) ? value[key] : undefined;
  return isMapping(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>(child, root);
}

/** How badly a value misses one branch of a union: keys it does not know, then keys it would need; a tag that differs is worst. */
function misfit(node: SchemaNode, value: unknown): number {
  const properties = node.properties ?? {};
  if (!isMapping(value)) return 0;
  let score = 0;
  for (const key of Object.keys(value)) if (!Object.hasOwn(properties, key)) score += 2;
  for (const key of node.required ?? []) if (!Object.hasOwn(value, key)) score += 1;
  for (const [key, property] of Object.entries(properties)) {
    if (property.const !== undefined && child(value, key) !== property.const) score += 100;
  }
  return score;
}

/** Which branch of a union a value was probably meant for; the first of equals. */
export function branchOf(branches: readonly SchemaNode[], value: unknown): number {
  let best = 0;
  branches.forEach((branch, at) => {
    if (misfit(branch, value) < misfit(branches[best] ?? branch, value)) best = at;
  });
  return best;
}

function settled(node: SchemaNode, value: unknown): SchemaNode {
  const branches = node.anyOf ?? node.oneOf;
  return branches === undefined ? node : (branches[branchOf(branches, value)] ?? node);
}

/** The schema of one field, as far as the path leads inside the schema. Unions are settled by the values on the way. */
export function nodeAt(schema: SchemaNode, root: unknown, path: Path): SchemaNode | undefined {
  let node: SchemaNode | undefined = schema;
  let value = root;
  for (const key of path) {
    if (node === undefined) return undefined;
    const here = settled(node, value);
    node = typeof key === "number" ? here.items : here.properties?.[key];
    value = child(value, key);
  }
  return node;
}

export function settledAt(schema: SchemaNode, root: unknown, path: Path): SchemaNode | undefined {
  const node = nodeAt(schema, root, path);
  return node && settled(node, valueAt(root, path));
}
