import { describe, expect, test } from "vitest";
import { problemCodes } from "../../../firmware/config/codes.ts";
import {
  configFields,
  configJsonSchema,
  configReferenceMarkdown,
  membersFields,
} from "../../../firmware/config/json-schema.ts";

interface Node {
  readonly description?: string;
  readonly default?: unknown;
  readonly [key: string]: unknown;
}

/** Every property of a JSON schema, wherever it stands. */
function properties(node: Node, path = ""): [string, Node][] {
  return Object.entries(node).flatMap(([key, value]): [string, Node][] => {
    if (typeof value !== "object" || value === null) return [];
    if (key !== "properties") return properties(value as Node, path);
    return Object.entries(value as Record<string, Node>).flatMap(([name, child]): [string, Node][] => [
      [`${path}.${name}`, child],
      ...properties(child, `${path}.${name}`),
    ]);
  });
}

describe("the schema of the configuration", () => {
  const schema = configJsonSchema() as Node;

  test("is draft-07 and refuses unknown keys, so that an editor underlines them", () => {
    expect(schema.$schema).toBe("http://json-schema.org/draft-07/schema#");
    expect(schema.additionalProperties).toBe(false);
    expect(schema.required).toEqual(["station", "members", "buses", "devices", "cabinets"]);
  });

  test("describes every field", () => {
    const fields = properties(schema);
    expect(fields.length).toBeGreaterThan(100);
    expect(fields.filter(([, { description }]) => !description).map(([path]) => path)).toEqual([]);
  });

  test("can be written as JSON", () => {
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
  });
});

describe("the reference page", () => {
  const page = configReferenceMarkdown();
  const rows = [...configFields(), ...membersFields()];

  test("has a row with a description for every field, and no field twice", () => {
    expect(rows.filter(({ description }) => description === "").map(({ path }) => path)).toEqual([]);
    for (const fields of [configFields(), membersFields()]) {
      expect(new Set(fields.map(({ path }) => path)).size).toBe(fields.length);
    }
    for (const { path, isLeaf } of rows) if (isLeaf) expect(page).toContain(`\`${path}\``);
  });

  test("gives default, bounds and unit of a number", () => {
    expect(page).toContain("| `station.siteLimitW` | whole number | `25000` | 1000 … 500000 | W |");
    expect(page).toContain("| `cabinets[].bays[].lock.channel` | whole number | required | 1 … 24 |");
    expect(page).toContain("| `devices[]{dpm86}.address` | whole number | required | 1 … 99 |");
  });

  test("explains every problem code in both languages", () => {
    for (const [code, { zh, en }] of Object.entries(problemCodes))
      expect(page).toContain(`| \`${code}\` | ${en} | ${zh} |`);
  });

  test("every row of its tables has the same number of cells", () => {
    const cells = page
      .split("\n")
      .filter((line) => line.startsWith("| `"))
      .map((line) => line.replaceAll("\\|", "").split("|").length);
    expect(new Set(cells)).toEqual(new Set([8, 5]));
  });
});
