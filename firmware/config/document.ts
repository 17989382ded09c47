/**
 * A YAML file opened for checking: its plain value, and a way back from every field to its line and column. It reads only the
 * JSON part of YAML 1.2 (so `yes` is text and `0x1F` a number) and never runs anything.
 */
import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, parseDocument } from "yaml";
import { type Lines, linesOf } from "./lines.ts";
import type { Located, Locator, Path, Place } from "./problem.ts";
import { syntaxProblems } from "./syntax.ts";
import { keyText, offsetOf, readTree } from "./tree.ts";

export interface OpenedDocument {
  /** Undefined when the text is too broken to look at its values. */
  readonly root: { readonly value: unknown } | undefined;
  readonly locator: Locator;
  readonly problems: readonly Located[];
}

interface Step {
  readonly key: unknown;
  readonly value: unknown;
}

function step(node: unknown, key: string | number): Step | undefined {
  if (isMap(node) && typeof key === "string") {
    const pair = node.items.find((item) => keyText(item.key) === key);
    return pair && { key: pair.key, value: pair.value };
  }
  if (isSeq(node) && typeof key === "number" && key < node.items.length)
    return { key: undefined, value: node.items[key] };
  return undefined;
}

function makeLocator(contents: Node | null, targets: ReadonlyMap<Alias, Node>, lines: Lines): Locator {
  const open = (node: unknown) => (isAlias(node) ? targets.get(node) : node);

  function follow(path: Path): { reached: Step; depth: number } {
    let reached: Step = { key: undefined, value: contents };
    let depth = 0;
    for (const key of path) {
      const next = step(open(reached.value), key);
      if (next === undefined) break;
      reached = next;
      depth += 1;
    }
    return { reached, depth };
  }

  function placeOf(offset: number | undefined): Place {
    return lines.place(offset ?? 0);
  }

  return {
    place(path, point) {
      const { reached, depth } = follow(path);
      const keyOffset = offsetOf(reached.key);
      const isEmpty = isScalar(reached.value) && reached.value.value === null && !reached.value.source;
      const wantsKey = point === "key" || depth < path.length || isEmpty;
      return placeOf(wantsKey ? (keyOffset ?? offsetOf(reached.value)) : (offsetOf(reached.value) ?? keyOffset));
    },
    has: (path) => follow(path).depth === path.length,
    typed(path) {
      const { reached, depth } = follow(path);
      const value = open(reached.value);
      return depth === path.length && isScalar(value) ? value.source : undefined;
    },
  };
}

function topLevelProblem(value: unknown, locator: Locator): Located[] {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return [];
  const isEmpty = value === null || value === undefined;
  return [
    {
      ...locator.place([], "value"),
      path: ".",
      code: isEmpty ? "E_CFG_EMPTY" : "E_CFG_NOT_MAPPING",
      message: isEmpty
        ? { zh: "文件没有内容", en: "the file holds nothing" }
        : { zh: "顶层不是键值映射", en: "the top level is not a mapping" },
      expected: { zh: "顶层为“键: 值”", en: "“key: value” at the top level" },
    },
  ];
}

export function openDocument(text: string, nodesMax: number): OpenedDocument {
  const lines = linesOf(text);
  const document = parseDocument(text, {
    logLevel: "error",
    prettyErrors: false,
    resolveKnownTags: false,
    schema: "core",
    // Comparing every key with every other takes quadratic time; the tree finds duplicates in one pass.
    uniqueKeys: false,
    version: "1.2",
  });
  const syntax = syntaxProblems(text, document, lines);
  if (syntax.length > 0) {
    return { root: undefined, locator: makeLocator(document.contents, new Map(), lines), problems: syntax };
  }
  const lineAt = (offset: number) => lines.place(offset).line;
  const tree = readTree(document.contents, { nodesMax, lineAt });
  const locator = makeLocator(document.contents, tree.aliasTargets, lines);
  const problems = tree.findings.map(({ offset, ...finding }): Located => ({ ...finding, ...lines.place(offset) }));
  if (tree.root === undefined) return { root: undefined, locator, problems };
  const top = topLevelProblem(tree.root.value, locator);
  return { root: top.length === 0 ? tree.root : undefined, locator, problems: [...problems, ...top] };
}
