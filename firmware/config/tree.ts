/**
 * YAML nodes → plain values, within limits. It refuses what a configuration has no use for: keys that are not text, tags,
 * aliases that lead nowhere, in a circle or to too much, and nesting deeper than any configuration needs. A key that stands
 * twice keeps its first value, so that the rest of the file can still be checked.
 */
import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from "yaml";
import { type Detail, type Path, pathText, shorten } from "./problem.ts";

const DEPTH_MAX = 24;
const PLAIN_TAGS = new Set(
  ["str", "int", "float", "bool", "null", "map", "seq"].map((tag) => `tag:yaml.org,2002:${tag}`),
);

export interface TreeFinding extends Detail {
  readonly offset: number;
  readonly path: string;
}

export interface Tree {
  /** Undefined when a limit was reached and the value is not complete. */
  readonly root: { readonly value: unknown } | undefined;
  readonly findings: readonly TreeFinding[];
  readonly aliasTargets: ReadonlyMap<Alias, Node>;
}

export interface TreeOptions {
  readonly nodesMax: number;
  lineAt(offset: number): number;
}

interface Walk {
  readonly options: TreeOptions;
  readonly findings: TreeFinding[];
  readonly anchors: Map<string, Node>;
  readonly aliasTargets: Map<Alias, Node>;
  nodes: number;
  broken: boolean;
}

export function offsetOf(node: unknown): number | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range?.[0] : undefined;
}

export function keyText(key: unknown): string | undefined {
  if (!isScalar(key)) return undefined;
  if (typeof key.value === "string") return key.value;
  return key.value === null ? undefined : (key.source ?? String(key.value));
}

function report(walk: Walk, offset: number | undefined, path: Path, detail: Detail): void {
  walk.findings.push({ ...detail, offset: offset ?? 0, path: pathText(path) });
}

/** A limit ends the walk: going on would only repeat it. */
function giveUp(walk: Walk, node: Node, path: Path, detail: Detail): undefined {
  if (!walk.broken) report(walk, offsetOf(node), path, detail);
  walk.broken = true;
  return undefined;
}

function withinLimits(walk: Walk, node: Node, path: Path): boolean {
  if (walk.broken) return false;
  walk.nodes += 1;
  if (path.length > DEPTH_MAX) {
    giveUp(walk, node, path.slice(0, DEPTH_MAX), {
      code: "E_CFG_TOO_DEEP",
      message: { zh: "嵌套过深，或别名指回自身", en: "is nested too deeply, or an alias leads back to itself" },
      expected: { zh: `最多 ${DEPTH_MAX} 层`, en: `at most ${DEPTH_MAX} levels` },
      nearest: String(DEPTH_MAX),
    });
  } else if (walk.nodes > walk.options.nodesMax) {
    giveUp(walk, node, path, {
      code: "E_CFG_YAML_ALIAS",
      message: { zh: "内容（展开别名后）过多", en: "the content is too much (aliases expanded)" },
      expected: { zh: `最多 ${walk.options.nodesMax} 个值`, en: `at most ${walk.options.nodesMax} values` },
      nearest: String(walk.options.nodesMax),
    });
  }
  return !walk.broken;
}

function aliasValue(walk: Walk, alias: Alias, path: Path): unknown {
  const target = walk.anchors.get(alias.source);
  if (target === undefined) {
    const known = [...walk.anchors.keys()];
    report(walk, offsetOf(alias), path, {
      code: "E_CFG_YAML_ALIAS",
      message: {
        zh: `别名 *${shorten(alias.source)} 没有对应的锚点`,
        en: `the alias *${shorten(alias.source)} has no anchor before it`,
      },
      expected: { zh: "前面出现过的锚点", en: "an anchor that stands before it" },
      nearest: known[0] === undefined ? undefined : `*${known[0]}`,
    });
    return undefined;
  }
  walk.aliasTargets.set(alias, target);
  return readNode(walk, target, path);
}

function badKey(walk: Walk, pair: Pair, path: Path, fallback: number | undefined): void {
  report(walk, offsetOf(pair.key) ?? fallback, path, {
    code: "E_CFG_YAML_KEY",
    message: { zh: "键不是普通文本", en: "a key is not plain text" },
    expected: { zh: "一个词作为键", en: "a word as the key" },
  });
}

function mapValue(walk: Walk, map: YAMLMap, path: Path): unknown {
  // Without a prototype, so that a key like __proto__ is a key like any other.
  const value: Record<string, unknown> = Object.create(null);
  const offsets = new Map<string, number>();
  for (const pair of map.items) {
    const key = keyText(pair.key);
    const offset = offsetOf(pair.key);
    if (key === undefined) {
      badKey(walk, pair, path, offsetOf(map));
      continue;
    }
    const first = offsets.get(key);
    if (first !== undefined) {
      const line = walk.options.lineAt(first);
      report(walk, offset, [...path, key], {
        code: "E_CFG_YAML_DUPLICATE_KEY",
        message: { zh: `键与第 ${line} 行重复`, en: `the key stands already on line ${line}` },
        expected: { zh: "每个键只出现一次", en: "each key once" },
      });
      continue;
    }
    offsets.set(key, offset ?? 0);
    value[key] = readNode(walk, pair.value as Node | null, [...path, key]);
  }
  return value;
}

function seqValue(walk: Walk, seq: YAMLSeq, path: Path): unknown {
  return seq.items.map((item, at) => readNode(walk, item as Node | null, [...path, at]));
}

function checkTag(walk: Walk, node: Node, path: Path): void {
  const tag = isScalar(node) || isMap(node) || isSeq(node) ? node.tag : undefined;
  if (tag === undefined || PLAIN_TAGS.has(tag)) return;
  report(walk, offsetOf(node), path, {
    code: "E_CFG_YAML_TAG",
    message: { zh: `不支持标签 ${shorten(tag)}`, en: `the tag ${shorten(tag)} is not supported` },
    expected: { zh: "不带标签的值", en: "a value without a tag" },
  });
}

function readNode(walk: Walk, node: Node | null, path: Path): unknown {
  if (node === null || node === undefined) return null;
  if (!withinLimits(walk, node, path)) return undefined;
  if (isAlias(node)) return aliasValue(walk, node, path);
  checkTag(walk, node, path);
  if ((isScalar(node) || isMap(node) || isSeq(node)) && node.anchor !== undefined) walk.anchors.set(node.anchor, node);
  if (isMap(node)) return mapValue(walk, node, path);
  if (isSeq(node)) return seqValue(walk, node, path);
  return isScalar(node) ? node.value : undefined;
}

export function readTree(contents: Node | null, options: TreeOptions): Tree {
  const walk: Walk = { options, findings: [], anchors: new Map(), aliasTargets: new Map(), nodes: 0, broken: false };
  const value = readNode(walk, contents, []);
  return { root: walk.broken ? undefined : { value }, findings: walk.findings, aliasTargets: walk.aliasTargets };
}
