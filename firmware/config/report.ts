/** Problems as lines for people: `file:line:col path message (nearest valid value) [code]`, as editors and terminals can follow. */
import type { Bilingual, Language, Problem } from "./problem.ts";

const phrases = {
  expected: { zh: "；期望：", en: "; expected " },
  nearest: { zh: "最接近的有效值：", en: "nearest valid value: " },
  warning: { zh: "警告：", en: "warning: " },
} satisfies Record<string, Bilingual>;

/** Foreign text must not move the cursor or colour the terminal. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

function nearestText(nearest: string): string {
  return nearest.trim() === nearest ? nearest : JSON.stringify(nearest);
}

export function problemLine(problem: Problem, language: Language): string {
  const { file, line, column, path, code, message, expected, nearest } = problem;
  const kind = code.startsWith("W_") ? phrases.warning[language] : "";
  const words = `${kind}${message[language]}${phrases.expected[language]}${expected[language]}`;
  const hint = nearest === undefined ? "" : ` (${phrases.nearest[language]}${nearestText(nearest)})`;
  return printable(`${file}:${line}:${column} ${path} ${words}${hint} [${code}]`);
}

/** LC_ALL wins over LC_MESSAGES, and that over LANG, as everywhere else on the system. */
export function languageOf(env: Readonly<Record<string, string | undefined>>): Language {
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || "";
  return /^zh/i.test(locale) ? "zh" : "en";
}
