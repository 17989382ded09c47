/** Each house rule catches a bad text and lets a good one pass; otherwise a green tree would mean nothing. */
import { describe, expect, test } from "vitest";
import {
  ambientUse,
  codeOf,
  headerMissing,
  hiddenImports,
  privateMentions,
  sleepingTests,
  tooLong,
  unspoken,
} from "./support/house-rules.ts";

const inTemplate = ["const a = `$", "{Date.now()}`;"].join("");

describe("the checkers catch what they are for", () => {
  test("comments, strings and regular expressions are not code, and lines keep their numbers", () => {
    const source = `/* Date.now */ a; // Math.random\nb = "setTimeout" + 'x' + /perf.*"/;\n${inTemplate}`;
    const code = codeOf(source).split("\n");
    expect(code).toHaveLength(3);
    expect(code[0]?.trim()).toBe("a;");
    expect(code[1]).not.toContain("setTimeout");
    expect(code[1]).not.toContain("perf");
    expect(code[2]).toContain("Date.now()");
  });

  test.each([
    "const a = Date.now();",
    'const a = Date["now"]();',
    "const a = new Date();",
    "const a = new Date(5);",
    "setTimeout(go, 5);",
    "const { setInterval } = globalThis;",
    "queueMicrotask(go);",
    "const a = Math.random();",
    "const a = [1, 2].map(Math.random);",
    'const a = Math["random"]();',
    "const { floor, random } = Math;",
    "const { now } = Date;",
    "const a = performance.now();",
    "const a = globalThis.Date;",
    inTemplate,
  ])("time or chance from the process: %s", (bad) => {
    expect(ambientUse(`/** Header. */\n${bad}\n`)[0]?.line).toBe(2);
  });

  test.each([
    "const a = Math.floor(x);",
    "const a = Date.UTC(2026, 0, 1);",
    "// Date.now() stands in a comment",
    'const a = "Math.random()";',
    "interface A { readonly date: string }",
    "import { performanceOf } from './x.ts';",
  ])("and nothing else: %s", (good) => {
    expect(ambientUse(good)).toEqual([]);
  });

  test("imports that the linter cannot follow", () => {
    expect(hiddenImports('const fs = require("node:fs");')).toHaveLength(1);
    expect(hiddenImports("const owner = await import(path);")).toHaveLength(1);
    expect(hiddenImports('const { x } = await import("onoff");\nimport { y } from "./y.ts";')).toEqual([]);
  });

  test("a missing header, a file too long, a sleeping test", () => {
    expect(headerMissing('import { x } from "./x.ts";\n\nexport const y = x;\n')).toHaveLength(1);
    expect(headerMissing('import { x } from "./x.ts";\n\n/** Doubles it. */\nexport const y = x;\n')).toEqual([]);
    expect(tooLong("/* long\n comment */\na;\n\nb;\n", 1)).toHaveLength(1);
    expect(tooLong("/* long\n comment */\na;\n\nb;\n", 2)).toEqual([]);
    const sleeping = ["test", "describe", "it"].map((word) => `${word}.${"skip"}("x", () => {});`);
    for (const bad of [...sleeping, `test.${"only"}("x", f);`, `test.each([1]).${"skip"}("x", f);`]) {
      expect(sleepingTests(bad), bad).toHaveLength(1);
    }
    expect(sleepingTests('describe.runIf(tools)("x", f); test.each([1])("x", f);')).toEqual([]);
  });

  test("words that must not leave the house, and a sentence in one language", () => {
    const bad = [
      ["/wo", "rk/main"],
      ["https://registry.", "npmjs.org"],
      ["see ../sha", "red/x.md"],
      ["this ses", "sion"],
    ];
    for (const pieces of bad) expect(privateMentions(pieces.join("")), pieces.join("")).toHaveLength(1);
    expect(privateMentions("the MQTT session of the station")).toEqual([]);
    expect(unspoken({ zh: "", en: "Shut the door" })).not.toEqual([]);
    expect(unspoken({ zh: "请关门", en: "请关门" })).not.toEqual([]);
    expect(unspoken({ zh: "{bay}号仓", en: "The bay" })).not.toEqual([]);
    expect(unspoken({ zh: "{bay}号仓", en: "Bay {bay}" })).toEqual([]);
  });
});
