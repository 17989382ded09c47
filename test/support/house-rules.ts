/**
 * The house rules as functions over text: each takes a file's source and says, with the line, what is wrong and what to write
 * instead. They know nothing of the tree; `tidy.test.ts` walks it, and first shows that each of them catches a bad text.
 */
export interface Finding {
  readonly line: number;
  readonly says: string;
}

/** Blanks out what a character-by-character reading shows to be a comment or the inside of a string; lines keep their numbers. */
export function codeOf(source: string): string {
  let out = "";
  let at = 0;
  let before = ""; // The last character of code, which tells a regular expression from a division.
  const blank = (text: string): string => text.replace(/[^\n]/g, " ");
  while (at < source.length) {
    const rest = source.slice(at);
    const skipped =
      /^\/\*[\s\S]*?(\*\/|$)/.exec(rest) ??
      /^\/\/[^\n]*/.exec(rest) ??
      /^"([^"\\\n]|\\.)*"?/.exec(rest) ??
      /^'([^'\\\n]|\\.)*'?/.exec(rest) ??
      (/[\w)\]}]/.test(before) ? null : /^\/([^/\\\n[]|\\.|\[([^\]\\\n]|\\.)*\])+\/[a-z]*/.exec(rest));
    if (skipped !== null) {
      out += blank(skipped[0]);
      at += skipped[0].length;
      continue;
    }
    const character = source[at] as string;
    if (/\S/.test(character)) before = character;
    out += character;
    at++;
  }
  return out;
}

const ambient = [
  {
    found: /\bDate\s*(\.\s*now\b|\[)/,
    says: "Date.now: take nowMs or wallMs as data, or a Clock (hal/ports/clock.ts)",
  },
  {
    found: /\bnew\s+Date\b/,
    says: "new Date: take wallMs as data; write dates with arithmetic or Intl.DateTimeFormat",
  },
  {
    found: /\bset(Timeout|Interval|Immediate)\b/,
    says: "a timer of the process: use Clock.after (hal/ports/clock.ts)",
  },
  { found: /\bqueueMicrotask\b/, says: "queueMicrotask: use Clock.after(0, …) (hal/ports/clock.ts)" },
  { found: /\bMath\s*(\.\s*random\b|\[)/, says: "Math.random: take a Random (hal/ports/random.ts)" },
  {
    found: /\{[^{}\n]*\b(random|now)\b[^{}\n]*\}\s*=\s*(Math|Date)\b/,
    says: "the same by another name: take a port instead",
  },
  { found: /\bperformance\s*[.[]/, says: "performance: use Clock.monotonicMs (hal/ports/clock.ts)" },
  { found: /\bglobalThis\b/, says: "globalThis: what comes from outside comes as an argument" },
] as const;

/** Time and chance taken from the process instead of being handed in. */
export function ambientUse(source: string): Finding[] {
  return codeOf(source)
    .split("\n")
    .flatMap((text, index) =>
      ambient.filter(({ found }) => found.test(text)).map(({ says }) => ({ line: index + 1, says })),
    );
}

/** Imports that the linter cannot follow. */
export function hiddenImports(source: string): Finding[] {
  return codeOf(source)
    .split("\n")
    .flatMap((text, index) => {
      const line = index + 1;
      if (/\brequire\s*\(/.test(text)) return [{ line, says: "require: write an import, which the linter can judge" }];
      // The inside of a literal is blanked out, so a literal is two quotes or blanks before the bracket.
      const dynamic = /\bimport\s*\(\s*([^\s)])/.exec(text);
      return dynamic === null
        ? []
        : [{ line, says: "import(variable): name the module, so that the linter can judge it" }];
    });
}

/** A file says what it is before it declares anything. */
export function headerMissing(source: string): Finding[] {
  const lines = source.split("\n");
  const comment = lines.findIndex((text) => text.startsWith("/**"));
  const declared = lines.findIndex((text) => /^(export|const|let|function|class|interface|type|async)\b/.test(text));
  return comment >= 0 && (declared < 0 || comment < declared)
    ? []
    : [{ line: 1, says: "no header: open with /** what this is and what it refuses to do */" }];
}

/** Lines that hold code. */
export const codeLines = (source: string): number =>
  codeOf(source)
    .split("\n")
    .filter((text) => text.trim() !== "").length;

export function tooLong(source: string, max: number): Finding[] {
  const lines = codeLines(source);
  return lines > max ? [{ line: max, says: `${lines} lines of code: split by meaning at ${max}` }] : [];
}

/** Tests that do not run, or keep others from running. */
export function sleepingTests(source: string): Finding[] {
  return codeOf(source)
    .split("\n")
    .flatMap((text, index) =>
      /\b(it|test|describe|suite)(\.\w+|\([^()]*\))*\.(skip|only|todo|fails)\b|\b(xit|xtest|xdescribe|fit)\s*\(/.test(
        text,
      )
        ? [
            {
              line: index + 1,
              says: "a test that sleeps or silences others: mend it, or delete it; runIf names a missing tool",
            },
          ]
        : [],
    );
}

/** What must not stand in anything that leaves this house. Written in pieces, because this file leaves it too. */
const privateWords = [
  {
    found: new RegExp(["/wo", "rk/"].join("")),
    says: "a path of one machine: name the standard, datasheet or project",
  },
  { found: new RegExp(["\\.\\./sha", "red\\b"].join("")), says: "a path outside the repository" },
  { found: new RegExp(["/tmp/", "plan"].join("")), says: "a path of one machine" },
  {
    found: new RegExp(["registry\\.", "(npm|yarn)"].join("")),
    says: "the host of a package registry: npm knows it by itself",
  },
  {
    found: new RegExp(["\\b(this|another|previous|next|earlier) ses", "sion\\b"].join(""), "i"),
    says: "how this was made",
  },
  { found: new RegExp(["\\bhelp", "er [A-K]\\b"].join("")), says: "how this was made" },
] as const;

export function privateMentions(text: string): Finding[] {
  return text
    .split("\n")
    .flatMap((line, index) =>
      privateWords.filter(({ found }) => found.test(line)).map(({ says }) => ({ line: index + 1, says })),
    );
}

/** A sentence for riders and operators exists in both languages and fills in the same things. */
export function unspoken(entry: { readonly zh: string; readonly en: string }): string[] {
  const holes = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([hole]) => hole).sort();
  const wrong: string[] = [];
  if (!/\p{Script=Han}/u.test(entry.zh)) wrong.push("the Chinese sentence is missing");
  if (!/[a-z]{2}/i.test(entry.en) || /\p{Script=Han}/u.test(entry.en)) wrong.push("the English sentence is missing");
  if (holes(entry.zh).join() !== holes(entry.en).join()) wrong.push("the two sentences fill in different things");
  return wrong;
}
