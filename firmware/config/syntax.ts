/**
 * What the YAML parser complains about, told in our words. A tab in the indentation is looked for first: the parser's own
 * complaint about it is often about something else some lines later.
 */
import { type Document, isMap, isSeq, parseDocument, type YAMLError } from "yaml";
import type { Lines } from "./lines.ts";
import { type Bilingual, type Located, type Path, pathText, shorten } from "./problem.ts";
import { keyText, offsetOf } from "./tree.ts";

/** More would be consequences of the first ones. */
const ERRORS_MAX = 20;

const words: Readonly<Record<string, Bilingual>> = {
  BAD_INDENT: {
    zh: "缩进与同级的行不一致，或括号没有闭合",
    en: "the indentation does not match its neighbours, or a bracket is not closed",
  },
  MISSING_CHAR: {
    zh: "缺少一个符号（引号、冒号后的空格或括号）",
    en: "a character is missing (a quote, a space after a colon, a bracket)",
  },
  UNEXPECTED_TOKEN: { zh: "此处不应出现这个符号", en: "this does not belong here" },
  BLOCK_AS_IMPLICIT_KEY: {
    zh: "一行中有两个“键: 值”，文本含冒号时请加引号",
    en: "two “key: value” on one line; put text with a colon in quotes",
  },
  MULTILINE_IMPLICIT_KEY: {
    zh: "键不能跨行，可能漏了冒号",
    en: "a key runs over several lines; a colon may be missing",
  },
  BAD_SCALAR_START: {
    zh: "文本不能以这个符号开头，请加引号",
    en: "text cannot start with this character; put it in quotes",
  },
  BAD_DQ_ESCAPE: { zh: "双引号中的反斜杠写法无效", en: "the backslash in double quotes means nothing" },
  BLOCK_IN_FLOW: { zh: "花括号或方括号内不能换用缩进写法", en: "an indented block cannot stand inside brackets" },
  BAD_ALIAS: { zh: "别名写法无效", en: "the alias is not written properly" },
  MULTIPLE_ANCHORS: { zh: "一个值有多个锚点", en: "a value has more than one anchor" },
  MULTIPLE_DOCS: { zh: "文件中有多个 YAML 文档", en: "the file holds more than one YAML document" },
  RESOURCE_EXHAUSTION: { zh: "嵌套过深", en: "it is nested too deeply" },
};

const valid: Bilingual = { zh: "有效的 YAML", en: "valid YAML" };

/** The innermost field whose text begins before `offset`. */
function pathAt(document: Document, offset: number): Path {
  const path: (string | number)[] = [];
  let node: unknown = document.contents;
  for (;;) {
    if (isMap(node)) {
      const pair = node.items.findLast((item) => (offsetOf(item.key) ?? Number.POSITIVE_INFINITY) <= offset);
      const key = pair && keyText(pair.key);
      if (key === undefined) return path;
      path.push(key);
      node = pair?.value;
    } else if (isSeq(node)) {
      const at = node.items.findLastIndex((item) => (offsetOf(item) ?? Number.POSITIVE_INFINITY) <= offset);
      if (at === -1) return path;
      path.push(at);
      node = node.items[at];
    } else return path;
    if ((offsetOf(node) ?? Number.POSITIVE_INFINITY) > offset) return path;
  }
}

function indentBefore(lines: readonly string[], at: number): string {
  let above = at - 1;
  while (above >= 0 && !/^\s*[^\s#]/.test(lines[above] ?? "")) above -= 1;
  const previous = lines[above] ?? "";
  const indent = /^ */.exec(previous)?.[0] ?? "";
  return /:\s*(#.*)?$/.test(previous) ? `${indent}  ` : indent;
}

/** The text with the first tabs at the start of lines replaced by the spaces it probably stands for. */
function withoutTabs(text: string): { readonly lines: readonly string[]; readonly tabs: ReadonlyMap<number, number> } {
  const lines = text.split("\n");
  const tabs = new Map<number, number>();
  lines.forEach((line, at) => {
    const column = /^ *\t/.exec(line)?.[0].length;
    if (column === undefined || tabs.size === ERRORS_MAX || line.trim() === "" || line.trim().startsWith("#")) return;
    tabs.set(at, column);
    lines[at] = `${indentBefore(lines, at)}${line.trim()}`;
  });
  return { lines, tabs };
}

function tabProblems(text: string): Located[] {
  const { lines, tabs } = withoutTabs(text);
  if (tabs.size === 0) return [];
  const mended = parseDocument(lines.join("\n"), { logLevel: "error", prettyErrors: false, uniqueKeys: false });
  const starts: number[] = [];
  let offset = 0;
  for (const line of lines) {
    starts.push(offset);
    offset += line.length + 1;
  }
  return [...tabs].map(([at, column]) => {
    const line = lines[at] ?? "";
    return {
      line: at + 1,
      column,
      path: pathText(pathAt(mended, (starts[at] ?? 0) + line.search(/\S/))),
      code: "E_CFG_YAML_TAB",
      message: { zh: "行首缩进用了制表符", en: "the line is indented with a tab" },
      expected: { zh: "用空格缩进", en: "spaces" },
      nearest: shorten(line.replace(/\s+#.*$/, "")),
    };
  });
}

function told(error: YAMLError, document: Document, lines: Lines): Located {
  const [offset] = error.pos;
  const known = words[error.code];
  return {
    ...lines.place(offset),
    path: pathText(pathAt(document, offset)),
    code: error.code === "RESOURCE_EXHAUSTION" ? "E_CFG_TOO_DEEP" : "E_CFG_YAML",
    message: known ?? { zh: `YAML 语法错误（${error.code}）`, en: `the text is not valid YAML (${error.code})` },
    expected: valid,
  };
}

export function syntaxProblems(text: string, document: Document, lines: Lines): Located[] {
  if (document.errors.length === 0) return [];
  const tabs = tabProblems(text);
  const firstTab = tabs[0]?.line ?? Number.POSITIVE_INFINITY;
  const others = new Map<number, Located>();
  for (const error of document.errors) {
    if (others.size === ERRORS_MAX) break;
    const problem = told(error, document, lines);
    // One problem a line, and none after a tab: those are consequences.
    if (problem.line < firstTab && !others.has(problem.line)) others.set(problem.line, problem);
  }
  return [...others.values(), ...tabs];
}
