import { describe, expect, test } from "vitest";
import { loadText } from "./memory-files.ts";
import { roomMistakes } from "./room-mistakes.ts";
import { ruleMistakes } from "./rule-mistakes.ts";
import { safetyMistakes } from "./safety-mistakes.ts";
import { textMistakes, valueMistakes } from "./value-mistakes.ts";
import { wiringMistakes } from "./wiring-mistakes.ts";

const all = [...valueMistakes, ...wiringMistakes, ...safetyMistakes, ...ruleMistakes, ...textMistakes, ...roomMistakes];

describe("one mistake in an example is told where it stands, with the nearest value that would do", () => {
  test.each(all)("$story", ({ text, told, nearest }) => {
    const loaded = loadText(text);
    expect(loaded.ok).toBe(false);
    const problem = loaded.ok ? undefined : loaded.problems.find(({ code }) => code === told.code);
    expect(problem).toMatchObject({ file: "station/config.yaml", ...told });
    expect(problem?.nearest).toBe(nearest);
    expect(problem?.message.zh).not.toBe("");
    expect(problem?.message.en).not.toBe("");
  });

  test("the room alone has well over fifteen kinds", () => {
    expect(roomMistakes.length).toBeGreaterThanOrEqual(40);
    expect(new Set(roomMistakes.map(({ told }) => told.code)).size).toBeGreaterThanOrEqual(15);
  });

  test("the table holds well over twenty kinds of mistake", () => {
    expect(new Set(all.map(({ told }) => told.code)).size).toBeGreaterThanOrEqual(30);
  });
});

/** Mistakes that unavoidably are more than one problem. */
const several = new Set([
  "a misspelt kind",
  "a kind left out",
  "a bus id twice",
  "a device id twice",
  "a list as a key",
  "an alias to nothing",
  "a tag",
  "a card reader on a shared line",
]);

describe("one mistake is told once, without consequences", () => {
  test.each(all.filter(({ story }) => !several.has(story)))("$story", ({ text }) => {
    const loaded = loadText(text);
    expect(loaded.ok ? [] : loaded.problems.map(({ code, path }) => `${code} ${path}`)).toHaveLength(1);
  });
});
