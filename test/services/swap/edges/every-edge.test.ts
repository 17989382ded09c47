/** The table of edges is complete, and every one of its stories is told by exactly one test. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { eventTypes } from "../../../../services/contract/event-payloads.ts";
import { faultCatalogue } from "../../../../services/faults.ts";
import { prompts } from "../../../../services/prompts.ts";
import { refusalWords } from "../../../../services/requests/reasons.ts";
import { codeOf, type Edge, edgeCount, edges } from "../../../../services/swap/edges.ts";
import { outcomes } from "../../../../services/swap/outcomes.ts";

const table = Object.entries<Edge>(edges);
const folder = fileURLToPath(new URL(".", import.meta.url));

describe("the table of edges", () => {
  test("numbers E1 to E42, each once", () => {
    expect(table.map(([id]) => id)).toEqual(Array.from({ length: edgeCount }, (_unused, at) => `E${at + 1}`));
  });

  test("gives each edge a code of its own", () => {
    const codes = table.map(([, edge]) => codeOf(edge));
    expect(codes.filter((code, at) => codes.indexOf(code) !== at)).toEqual([]);
  });

  test("gives each edge words in two languages, an event of the contract and a story of its own", () => {
    for (const [id, { words, event, story }] of table) {
      const sentence = "prompt" in words ? prompts[words.prompt] : refusalWords[words.answer];
      expect(sentence.zh.length * sentence.en.length, `${id} is silent`).toBeGreaterThan(0);
      const [kind, type] = event.split("/") as [keyof typeof eventTypes, string];
      expect(eventTypes[kind] as readonly string[], `${id} tells ${event}`).toContain(type);
      expect(story.length, `${id} has no story`).toBeGreaterThan(20);
    }
    expect(new Set(table.map(([, { story }]) => story)).size).toBe(edgeCount);
  });

  test("names codes that exist", () => {
    for (const [id, { code }] of table) {
      if ("outcome" in code) expect(Object.keys(outcomes), id).toContain(code.outcome);
      if ("fault" in code) expect(Object.keys(faultCatalogue), id).toContain(code.fault);
      if ("answer" in code) expect(Object.keys(refusalWords), id).toContain(code.answer);
    }
  });

  test("has every story told by exactly one test", () => {
    const told = readdirSync(folder)
      .filter((file) => file.endsWith(".test.ts"))
      .flatMap((file) => [...readFileSync(`${folder}${file}`, "utf8").matchAll(/^\s*edgeStory\("(E\d+)"/gm)])
      .map((match) => match[1]);
    expect(told.sort()).toEqual(Object.keys(edges).sort());
  });
});
