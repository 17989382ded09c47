/**
 * The configuration described for others, from the one schema that also checks it: a JSON schema for editors, and a reference
 * page for people. Both are generated; nothing in them is written by hand, so they cannot disagree with the program.
 */
import { MembersFile } from "../../services/members/members.ts";
import { problemCodes } from "./codes.ts";
import { ConfigFile } from "./schema.ts";
import { type SchemaNode, schemaNode } from "./schema-node.ts";

/** JSON schema (draft-07) of the file as it is written, so fields with defaults are not required. */
export function configJsonSchema(): object {
  return { ...schemaNode(ConfigFile) };
}

export interface FieldRow {
  /** `cabinets[].bays[].lock.channel`. */
  readonly path: string;
  readonly type: string;
  readonly fallback: string;
  readonly bounds: string;
  readonly unit: string;
  readonly description: string;
  readonly isLeaf: boolean;
}

function boundsOf(node: SchemaNode): string {
  if (node.enum !== undefined) return node.enum.map((value) => `\`${value}\``).join(", ");
  if (node.minimum !== undefined || node.maximum !== undefined)
    return `${node.minimum ?? "…"} … ${node.maximum ?? "…"}`;
  if (node.minItems !== undefined || node.maxItems !== undefined)
    return `${node.minItems ?? 0} … ${node.maxItems ?? "…"} entries`;
  if (node.pattern !== undefined) return `\`${node.pattern}\``;
  if (node.maxLength !== undefined) return `${node.minLength ?? 0} … ${node.maxLength} characters`;
  return "";
}

function typeOf(node: SchemaNode): string {
  if (node.enum !== undefined) return "choice";
  if (node.anyOf !== undefined || node.oneOf !== undefined || node.type === "object") return "mapping";
  if (node.type === "array") return "list";
  return { integer: "whole number", number: "number", boolean: "true or false" }[node.type ?? ""] ?? "text";
}

function fallbackOf(node: SchemaNode, isRequired: boolean): string {
  const { default: fallback } = node;
  if (isRequired) return "required";
  if (fallback === undefined) return "none";
  return typeof fallback === "object" ? "as below" : `\`${String(fallback)}\``;
}

function childRows(node: SchemaNode, path: string, skip: ReadonlySet<string>): FieldRow[] {
  const required = new Set(node.required ?? []);
  const own = Object.entries(node.properties ?? {}).filter(([key]) => !skip.has(key));
  return own.flatMap(([key, child]) => rowsOf(child, path === "" ? key : `${path}.${key}`, required.has(key)));
}

/** The branches of a union, one after the other; each is named by its kind or its title. */
function branchRows(node: SchemaNode, path: string): FieldRow[] {
  return (node.anyOf ?? node.oneOf ?? []).flatMap((branch) => {
    const kind = branch.properties?.kind;
    const named = `${path}{${kind?.const ?? branch.title}}`;
    const description = kind?.description ?? branch.description ?? "";
    return [rowOf(branch, { path: named, description, fallback: "" }), ...childRows(branch, named, new Set(["kind"]))];
  });
}

function rowOf(node: SchemaNode, told: Pick<FieldRow, "path" | "fallback" | "description">): FieldRow {
  const isLeaf =
    node.properties === undefined && node.items === undefined && node.anyOf === undefined && node.oneOf === undefined;
  return { ...told, type: typeOf(node), bounds: boundsOf(node), unit: node.unit ?? "", isLeaf };
}

function rowsOf(node: SchemaNode, path: string, isRequired: boolean): FieldRow[] {
  const row = rowOf(node, { path, fallback: fallbackOf(node, isRequired), description: node.description ?? "" });
  if (node.items !== undefined) return [row, ...inside(node.items, `${path}[]`)];
  return [row, ...inside(node, path)];
}

function inside(node: SchemaNode, path: string): FieldRow[] {
  return node.anyOf !== undefined || node.oneOf !== undefined
    ? branchRows(node, path)
    : childRows(node, path, new Set());
}

/** Every field of the configuration file, in the order of the schema. */
export function configFields(): FieldRow[] {
  return childRows(schemaNode(ConfigFile), "", new Set());
}

/** Every field of the members file. */
export function membersFields(): FieldRow[] {
  return childRows(schemaNode(MembersFile), "", new Set());
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function table(rows: readonly FieldRow[]): string[] {
  const lines = rows.map(({ path, type, fallback, bounds, unit, description }) => {
    const cells = [`\`${path}\``, type, fallback, bounds, unit, description];
    return `| ${cells.map(cell).join(" | ")} |`;
  });
  return ["| field | type | default | allowed | unit | meaning |", "|---|---|---|---|---|---|", ...lines];
}

function sections(rows: readonly FieldRow[]): string[] {
  const names = [...new Set(rows.map(({ path }) => path.split(/[.[{]/)[0] ?? ""))];
  return names.flatMap((name) => {
    const [head, ...fields] = rows.filter(({ path }) => path.split(/[.[{]/)[0] === name);
    const isSection = fields.length > 0;
    const told = isSection && head !== undefined ? [head.description, "", `Default: ${head.fallback}.`, ""] : [];
    return [`## ${name}`, "", ...told, ...table(isSection || head === undefined ? fields : [head]), ""];
  });
}

function codeTable(): string[] {
  const rows = Object.entries(problemCodes).map(([code, { zh, en }]) => `| \`${code}\` | ${en} | ${zh} |`);
  return ["| code | meaning | 含义 |", "|---|---|---|", ...rows];
}

/** The reference page, in Markdown. */
export function configReferenceMarkdown(): string {
  const lines = [
    "<!-- Generated by `yizhan docs` from firmware/config/schema.ts. Do not edit. -->",
    "",
    "# Configuration",
    "",
    "One YAML file describes a station: its wires, its bays and its rules. `yizhan check FILE` says whether it is valid and",
    "where it is not. In the tables `[]` stands for every entry of a list, and braces name one of several forms.",
    "",
    ...sections(configFields()),
    "# Members file",
    "",
    "Named by `members.file`. It holds digests of codes, never the codes.",
    "",
    ...table(membersFields()),
    "",
    "# Problem codes",
    "",
    "`E_` makes a file invalid (exit code 78); `W_` is advice, shown with `--warnings`.",
    "",
    ...codeTable(),
    "",
  ];
  return lines.join("\n");
}
