/**
 * Whether a regular expression may judge pack ids. It runs on text that comes from a foreign pack, inside the one loop, so it
 * must not only compile: it must also finish quickly on any text. Refused are repeated groups, back references and look-around
 * (the ways to exponential time) and more than three open-ended repeats (high polynomial time).
 */
import type { Bilingual } from "./problem.ts";

export type PatternVerdict =
  | { readonly is: "good"; readonly anchored: boolean }
  | { readonly is: "bad"; readonly why: Bilingual; readonly nearest?: string };

const LENGTH_MAX = 120;
const REPEATS_MAX = 3;

interface Token {
  readonly text: string;
  readonly kind: "class" | "escape" | "repeat" | "other";
}

const pieces = /\[(?:\\.|[^\]\\])*\]|\\(?:\d+|.)|\{\d+(?:,\d*)?\}|\(\?<?[=!]|\(\?<|./gsu;

function tokens(pattern: string): Token[] {
  return [...pattern.matchAll(pieces)].map(([text]) => {
    if (text.startsWith("[")) return { text, kind: "class" };
    if (text.startsWith("\\")) return { text, kind: "escape" };
    return { text, kind: text === "*" || text === "+" || /^\{\d/.test(text) ? "repeat" : "other" };
  });
}

function slow(parts: readonly Token[]): Bilingual | undefined {
  const isOpenEnded = ({ kind, text }: Token) => kind === "repeat" && !/^\{\d+\}$/.test(text);
  if (
    parts.some(({ text }) => /^\(\?<?[=!]/.test(text)) ||
    parts.some(({ kind, text }) => kind === "escape" && /[1-9k]/.test(text))
  ) {
    return { zh: "含有环视或反向引用", en: "it holds a look-around or a back reference" };
  }
  if (parts.some((part, at) => part.kind === "repeat" && parts[at - 1]?.text === ")")) {
    return { zh: "重复了一个括号组，可能极慢", en: "it repeats a group, which can take for ever" };
  }
  if (parts.filter(isOpenEnded).length > REPEATS_MAX) {
    return { zh: `不定长的重复多于 ${REPEATS_MAX} 个`, en: `it holds more than ${REPEATS_MAX} open-ended repeats` };
  }
  return undefined;
}

export function judgeIdPattern(pattern: string): PatternVerdict {
  if (pattern.length === 0 || pattern.length > LENGTH_MAX) {
    return {
      is: "bad",
      why: { zh: `长度不在 1 到 ${LENGTH_MAX} 之间`, en: `it is not 1 to ${LENGTH_MAX} characters long` },
    };
  }
  try {
    new RegExp(pattern);
  } catch {
    return { is: "bad", why: { zh: "不是有效的正则表达式", en: "it is not a regular expression" } };
  }
  const parts = tokens(pattern);
  const why = slow(parts);
  if (why !== undefined) return { is: "bad", why };
  // Ids are normalised to lower case before they are compared.
  const lower = parts.map(({ kind, text }) => (kind === "escape" ? text : text.toLowerCase())).join("");
  if (lower !== pattern) {
    return {
      is: "bad",
      why: { zh: "含有大写字母，而电池编号都是小写", en: "it holds capital letters, and pack ids are lower case" },
      nearest: lower,
    };
  }
  return { is: "good", anchored: pattern.startsWith("^") && pattern.endsWith("$") };
}
