/**
 * The fields of a payload as rows of a table, read from its schema: path, type, bounds, unit, description. It shows what the
 * schema says and adds nothing, so a payload cannot be described differently from how it is checked.
 */
import type { z } from "zod";
import { type SchemaNode, schemaNode } from "../config/schema-node.ts";
import { code } from "./markdown.ts";

interface Field {
  readonly path: string;
  readonly node: SchemaNode;
  readonly optional: boolean;
  readonly nullable: boolean;
}

const branchesOf = (node: SchemaNode): readonly SchemaNode[] => node.anyOf ?? node.oneOf ?? [];
const isNull = (node: SchemaNode): boolean => node.type === "null";

/** `X or null` is X that may be null; other unions stay unions. */
function settle(node: SchemaNode): { readonly node: SchemaNode; readonly nullable: boolean } {
  const branches = branchesOf(node);
  const rest = branches.filter((branch) => !isNull(branch));
  const [only] = rest;
  if (only === undefined || rest.length !== 1 || rest.length === branches.length) return { node, nullable: false };
  const description = node.description ?? only.description;
  return { node: description === undefined ? only : { ...only, description }, nullable: true };
}

function fieldsOf(node: SchemaNode, path: string): Field[] {
  const required = new Set(node.required ?? []);
  return Object.entries(node.properties ?? {}).flatMap(([name, given]): Field[] => {
    const { node: child, nullable } = settle(given);
    const here = path === "" ? name : `${path}.${name}`;
    const own: Field = { path: here, node: child, optional: !required.has(name), nullable };
    return [own, ...inside(child, here)];
  });
}

/** Fields of what stands in a field: of the mapping itself, of each entry of a list, of each value of a mapping by id. */
function inside(node: SchemaNode, path: string): Field[] {
  const { items, additionalProperties: values } = node;
  return [
    ...fieldsOf(node, path),
    ...(items === undefined ? [] : fieldsOf(items, `${path}[]`)),
    ...(typeof values === "object" ? fieldsOf(values, `${path}.<id>`) : []),
  ];
}

/** A payload of several kinds has the fields of each in turn. */
function fieldsOfAll(root: SchemaNode): Field[] {
  return [root, ...branchesOf(root)].flatMap((node) => fieldsOf(node, ""));
}

const plain: Readonly<Record<string, string>> = {
  integer: "whole number",
  boolean: "true or false",
  string: "text",
  object: "mapping",
};

function typeOf(node: SchemaNode): string {
  const branches = branchesOf(node);
  if (branches.length > 0) return branches.map(typeOf).join(" or ");
  if (node.enum !== undefined) return node.enum.map((word) => code(String(word))).join(", ");
  if (node.const !== undefined) return code(String(node.const));
  if (node.type === "array") return `list of ${node.items === undefined ? "values" : typeOf(node.items)}`;
  return plain[node.type ?? ""] ?? node.type ?? "any value";
}

function boundsOf(node: SchemaNode): string {
  const { minimum, maximum, minLength, maxLength, maxItems } = node;
  const max = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? undefined : maximum;
  if (minimum !== undefined && max !== undefined) return `${minimum} … ${max}`;
  if (minimum !== undefined) return `≥ ${minimum}`;
  if (max !== undefined) return `≤ ${max}`;
  if (maxLength !== undefined)
    return `${minLength === undefined ? "at most" : `${minLength} …`} ${maxLength} characters`;
  return maxItems === undefined ? "" : `at most ${maxItems} entries`;
}

export const fieldHead = ["field", "type", "unit", "bounds", "meaning"] as const;

/** Rows under `fieldHead`. A payload that is one bare word has a single row. */
export function fieldRows(payload: z.ZodType): string[][] {
  const root = schemaNode(payload);
  const fields = fieldsOfAll(root);
  if (fields.length === 0) return [["(the whole payload)", typeOf(root), "", boundsOf(root), root.description ?? ""]];
  return fields.map(({ path, node, optional, nullable }) => {
    const type = `${typeOf(node)}${nullable ? " or null" : ""}${optional ? "; optional" : ""}`;
    return [code(path), type, node.unit ?? "", boundsOf(node), node.description ?? ""];
  });
}
