/**
 * What the schema refuses, told in our words: zod's issues become located problems with the nearest accepted value. A key that
 * was only mistyped is told once, as an unknown key, and not again as the missing one. Values of secret fields are never
 * repeated, because problems end up on screens and in logs.
 */
import type { z } from "zod";
import { closest, plausible } from "./nearest.ts";
import {
  type Bilingual,
  type Detail,
  type Located,
  type Locator,
  locate,
  oneOf,
  type Path,
  same,
  shorten,
  spaced,
} from "./problem.ts";
import { branchOf, isMapping, nodeAt, type SchemaNode, schemaNode, settledAt, valueAt } from "./schema-node.ts";
import { expectedWords, suggest } from "./suggest.ts";

type Issue = z.core.$ZodIssue;
interface Placed {
  readonly issue: Issue;
  readonly path: Path;
}

interface Context {
  readonly root: unknown;
  readonly schema: SchemaNode;
  readonly locator: Locator;
}

const secretKeys = new Set(["credentialSha256", "password", "passwordFile"]);

export function isSecret(path: Path, value: unknown): boolean {
  const last = path.at(-1);
  if (typeof last === "string" && secretKeys.has(last)) return true;
  return typeof value === "string" && value.includes("@");
}

export function shown(value: unknown): Bilingual {
  if (value === null || value === undefined) return { zh: "空", en: "empty" };
  if (Array.isArray(value)) return { zh: "列表", en: "a list" };
  if (typeof value === "object") return { zh: "映射", en: "a mapping" };
  if (typeof value !== "string") return same(String(value));
  const text = JSON.stringify(shorten(value));
  return { zh: `文本 ${text}`, en: `the text ${text}` };
}

function is(path: Path, value: unknown): Bilingual {
  if (isSecret(path, value)) return { zh: "不符合要求", en: "does not fit" };
  const { zh, en } = shown(value);
  return { zh: spaced("是", zh), en: `is ${en}` };
}

/** Issues of the union branch that was meant, instead of one issue that says only "none fits". */
function flatten(issues: readonly Issue[], base: Path, context: Context): Placed[] {
  return issues.flatMap((issue): Placed[] => {
    const path = [...base, ...issue.path] as Path;
    if (issue.code !== "invalid_union" || issue.errors.length === 0) return [{ issue, path }];
    const branches = nodeAt(context.schema, context.root, path)?.anyOf ?? [];
    const chosen = issue.errors[branchOf(branches, valueAt(context.root, path))] ?? [];
    return flatten(chosen, path, context);
  });
}

const missing: Bilingual = { zh: "缺失", en: "is missing" };

function isMissing(root: unknown, path: Path): boolean {
  const key = path.at(-1);
  const parent = valueAt(root, path.slice(0, -1));
  return typeof key === "string" && isMapping(parent) && !Object.hasOwn(parent, key);
}

interface UnknownKeys {
  readonly problems: readonly Located[];
  /** Keys that were meant, as path texts, so that they are not told as missing too. */
  readonly meant: ReadonlySet<string>;
}

function unknownKeys(placed: readonly Placed[], context: Context): UnknownKeys {
  const problems: Located[] = [];
  const meant = new Set<string>();
  for (const { issue, path } of placed) {
    if (issue.code !== "unrecognized_keys") continue;
    const known = Object.keys(settledAt(context.schema, context.root, path)?.properties ?? {});
    const here = valueAt(context.root, path);
    const free = known.filter((key) => !(isMapping(here) && Object.hasOwn(here, key)));
    for (const key of issue.keys) {
      const nearest = plausible(key, free) ?? plausible(key, known);
      if (nearest !== undefined) meant.add(JSON.stringify([...path, nearest]));
      const detail: Detail = {
        code: "E_CFG_UNKNOWN_KEY",
        message: { zh: "是未知的键", en: "is not a known key here" },
        expected: oneOf(free.length > 0 ? free : known),
        nearest,
      };
      problems.push(locate(context.locator, [...path, key], "key", detail));
    }
  }
  return { problems, meant };
}

function lengthWords(value: unknown): Bilingual {
  const length = typeof value === "string" || Array.isArray(value) ? value.length : 0;
  if (typeof value === "string") return { zh: `有 ${length} 个字符`, en: `has ${length} characters` };
  return { zh: `有 ${length} 项`, en: `has ${length} entries` };
}

/** A rule over several values says itself what it wants. */
function rule(issue: Extract<Issue, { code: "custom" }>): Bilingual {
  const zh: unknown = issue.params?.zh;
  return { zh: typeof zh === "string" ? zh : issue.message, en: issue.message };
}

function detailOf(issue: Issue, path: Path, context: Context): Detail {
  const value = valueAt(context.root, path);
  const discriminated = issue.code === "invalid_union" && "options" in issue ? issue.options : undefined;
  const options = Array.isArray(discriminated) ? discriminated.map(String) : undefined;
  const node = nodeAt(context.schema, context.root, path);
  const expected = options === undefined ? expectedWords(node) : oneOf(options);
  const suggestion =
    options === undefined ? suggest(node, value, context.locator.typed(path)) : closestOption(value, options);
  const nearest = isSecret(path, value) ? undefined : suggestion;
  if (issue.code === "custom") {
    const whole = typeof value === "object" ? { zh: "自相矛盾", en: "contradicts itself" } : is(path, value);
    const message = isMissing(context.root, path) ? missing : whole;
    return { code: "E_CFG_RULE", message, expected: rule(issue) };
  }
  if (isMissing(context.root, path)) {
    return { code: "E_CFG_MISSING_KEY", message: missing, expected };
  }
  switch (issue.code) {
    case "invalid_value":
    case "invalid_union":
      return { code: "E_CFG_NOT_ALLOWED", message: is(path, value), expected, nearest };
    case "too_small":
    case "too_big":
      if (typeof value === "number") return { code: "E_CFG_OUT_OF_RANGE", message: is(path, value), expected, nearest };
      return { code: "E_CFG_LENGTH", message: lengthWords(value), expected, nearest };
    case "invalid_format":
      return { code: "E_CFG_FORMAT", message: is(path, value), expected, nearest };
    default:
      return { code: "E_CFG_WRONG_TYPE", message: is(path, value), expected, nearest };
  }
}

function closestOption(value: unknown, options: readonly string[]): string | undefined {
  return typeof value === "string" ? closest(value, options) : undefined;
}

/** The value, when the schema accepts it, and otherwise everything it refuses. */
export function checkSchema<T extends z.ZodType>(
  schema: T,
  root: unknown,
  locator: Locator,
): { readonly value: z.output<T> | undefined; readonly problems: readonly Located[] } {
  const parsed = schema.safeParse(root);
  if (parsed.success) return { value: parsed.data, problems: [] };
  const context: Context = { root, schema: schemaNode(schema), locator };
  const placed = flatten(parsed.error.issues, [], context);
  const { problems, meant } = unknownKeys(placed, context);
  const told = new Set<string>();
  const others: Located[] = [];
  for (const { issue, path } of placed) {
    const key = JSON.stringify(path);
    // One problem a field: its type first, because its length means nothing then.
    if (issue.code === "unrecognized_keys" || told.has(key)) continue;
    told.add(key);
    if (meant.has(key) && isMissing(root, path)) continue;
    others.push(locate(locator, path, "value", detailOf(issue, path, context)));
  }
  return { value: undefined, problems: [...problems, ...others] };
}
