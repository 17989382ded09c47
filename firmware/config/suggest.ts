/** What a field expects, in words, and the accepted value nearest to the one that was given. */
import { closest, closestNumber } from "./nearest.ts";
import { type Bilingual, oneOf } from "./problem.ts";
import type { SchemaNode } from "./schema-node.ts";

function withUnit(text: string, unit: string | undefined): string {
  return unit === undefined ? text : `${text} ${unit}`;
}

function numberWords(node: SchemaNode): Bilingual {
  const { minimum, maximum, unit } = node;
  const hasBounds = minimum !== undefined && maximum !== undefined;
  const isWhole = node.type === "integer";
  if (!hasBounds) return isWhole ? { zh: "整数", en: "a whole number" } : { zh: "数值", en: "a number" };
  return {
    zh: `${withUnit(`${minimum} 到 ${maximum}`, unit)} 的${isWhole ? "整数" : "数值"}`,
    en: withUnit(`${isWhole ? "a whole number" : "a number"} from ${minimum} to ${maximum}`, unit),
  };
}

function textWords(node: SchemaNode): Bilingual {
  if (node.pattern?.startsWith("^mqtts?")) return { zh: "mqtt://主机:端口", en: "mqtt://host:port" };
  if (node.pattern?.includes(".-")) return { zh: "主机名", en: "the name of a host" };
  if (node.pattern?.includes(":[0-5]\\d")) return { zh: "时:分", en: "HH:MM" };
  if (node.pattern?.startsWith("^\\d{4}-")) return { zh: "年-月-日", en: "YYYY-MM-DD" };
  if (node.pattern?.startsWith("^[A-Za-z0-9_-]{4")) {
    return { zh: "43 个 base64url 字符", en: "43 characters of base64url" };
  }
  if (node.pattern === "^[0-9a-f]{64}$") return { zh: "64 位小写十六进制", en: "64 lower-case hex digits" };
  if (node.pattern !== undefined) {
    return { zh: "小写字母、数字和短横线，最多 32 个字符", en: "lower-case letters, digits and dashes, at most 32" };
  }
  const { maxLength } = node;
  if (maxLength === undefined) return { zh: "文本", en: "text" };
  return { zh: `1 到 ${maxLength} 个字符的文本`, en: `text of 1 to ${maxLength} characters` };
}

function listWords(node: SchemaNode): Bilingual {
  const minimum = node.minItems ?? 0;
  return { zh: `${minimum} 到 ${node.maxItems} 项的列表`, en: `a list of ${minimum} to ${node.maxItems} entries` };
}

function mappingWords(branches: readonly SchemaNode[]): Bilingual {
  const keys = branches.map((branch) => (branch.required ?? []).join(", ")).filter((text) => text !== "");
  if (keys.length === 0) return { zh: "“键: 值”", en: "“key: value”" };
  return { zh: `含有 ${keys.join(" 或 ")} 的映射`, en: `a mapping with ${keys.join(" or ")}` };
}

export function expectedWords(node: SchemaNode | undefined): Bilingual {
  if (node === undefined) return mappingWords([]);
  const values = allowedValues(node);
  if (values !== undefined) return oneOf(values);
  switch (node.type) {
    case "integer":
    case "number":
      return numberWords(node);
    case "boolean":
      return { zh: "true 或 false", en: "true or false" };
    case "string":
      return textWords(node);
    case "array":
      return listWords(node);
    default:
      return mappingWords(node.anyOf ?? [node]);
  }
}

function allowedValues(node: SchemaNode): readonly (string | number)[] | undefined {
  return node.enum ?? (node.const === undefined ? undefined : [node.const]);
}

const scales: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  ms: { ms: 1, s: 1_000, sec: 1_000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 },
  W: { w: 1, kw: 1_000 },
  mA: { ma: 1, a: 1_000 },
  mV: { mv: 1, v: 1_000 },
  mAh: { mah: 1, ah: 1_000 },
  MB: { mb: 1, m: 1, gb: 1_024, g: 1_024 },
};

/** `"12"` → 12; `60s` in a field of milliseconds → 60000. */
function numberFrom(value: unknown, unit: string | undefined): number | undefined {
  if (typeof value === "number") return Number.isNaN(value) ? undefined : value;
  if (typeof value !== "string") return undefined;
  const found = /^\s*([+-]?\d[\d_,]*(?:\.\d+)?)\s*([a-z]*)/i.exec(value);
  if (found === null) return undefined;
  const scale = scales[unit ?? ""]?.[(found[2] ?? "").toLowerCase()] ?? 1;
  return Number((found[1] ?? "").replace(/[_,]/g, "")) * scale;
}

function suggestNumber(node: SchemaNode, value: unknown): string | undefined {
  const number = numberFrom(value, node.unit);
  if (number === undefined) return undefined;
  const { minimum = Number.MIN_SAFE_INTEGER, maximum = Number.MAX_SAFE_INTEGER } = node;
  const bounded = Math.min(maximum, Math.max(minimum, number));
  return String(node.type === "integer" ? Math.round(bounded) : bounded);
}

function suggestAllowed(values: readonly (string | number)[], value: unknown): string | undefined {
  const numbers = values.filter((allowed) => typeof allowed === "number");
  if (numbers.length > 0) {
    const number = numberFrom(value, undefined);
    return number === undefined ? undefined : String(closestNumber(number, numbers) ?? "");
  }
  return typeof value === "string" ? closest(value, values.map(String)) : undefined;
}

const yes = new Set(["yes", "y", "on", "1", "true", "是"]);
const no = new Set(["no", "n", "off", "0", "false", "否"]);

function suggestBoolean(value: unknown): string | undefined {
  const word = String(value).trim().toLowerCase();
  if (yes.has(word)) return "true";
  return no.has(word) ? "false" : undefined;
}

function slug(text: string): string {
  return text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 32)
    .replace(/^-+|-+$/g, "");
}

function brokerUrl(text: string): string {
  const [, scheme = "", rest = ""] = /^\s*(?:([a-z]+):\/\/)?([^\s/]*)/i.exec(text) ?? [];
  return `${/^(mqtts|ssl|tls|https|wss)$/i.test(scheme) ? "mqtts" : "mqtt"}://${rest}`;
}

function suggestText(node: SchemaNode, value: unknown, typed: string | undefined): string | undefined {
  const pattern = node.pattern === undefined ? undefined : new RegExp(node.pattern);
  const fits = (text: string) =>
    text.length >= (node.minLength ?? 0) &&
    text.length <= (node.maxLength ?? Number.POSITIVE_INFINITY) &&
    (pattern === undefined || pattern.test(text));
  if (typeof value === "number" || typeof value === "boolean") {
    const text = typed ?? String(value);
    return fits(text) ? JSON.stringify(text) : undefined;
  }
  if (typeof value !== "string") return undefined;
  const shortened = value.slice(0, node.maxLength);
  const candidates = pattern === undefined ? [shortened] : [slug(value), brokerUrl(value)];
  return candidates.find((text) => text !== value && fits(text));
}

/** `typed` is the value as it stands in the file. */
export function suggest(node: SchemaNode | undefined, value: unknown, typed: string | undefined): string | undefined {
  if (node === undefined) return undefined;
  const values = allowedValues(node);
  if (values !== undefined) return suggestAllowed(values, value);
  switch (node.type) {
    case "integer":
    case "number":
      return suggestNumber(node, value);
    case "boolean":
      return suggestBoolean(value);
    case "string":
      return suggestText(node, value, typed);
    case "object":
      return value === null && (node.required ?? []).length === 0 ? "{}" : undefined;
    default:
      return undefined;
  }
}
