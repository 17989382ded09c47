import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ConfigLoad } from "../../../firmware/config/load.ts";
import { loadText, members, room, starter } from "./memory-files.ts";

/** Positions lie in the file, every problem is told in full, and "not valid" always has a reason. */
function sane(loaded: ConfigLoad, texts: Readonly<Record<string, string>>): void {
  const told = loaded.ok ? loaded.warnings : [...loaded.problems, ...loaded.warnings];
  if (!loaded.ok) expect(loaded.problems.length).toBeGreaterThan(0);
  for (const { file, line, column, path, message, expected } of told) {
    const lines = (texts[file] ?? "").split("\n");
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(column).toBeLessThanOrEqual((lines[line - 1] ?? "").length + 1);
    expect([path, message.zh, message.en, expected.zh, expected.en]).not.toContain("");
  }
}

const snippets = fc.constantFrom(
  ..."{ } [ ] : , - # & * ! | > ' \" % @ \t \n \r \0 ~ . null true .nan .inf -1 1e400 0x10 __proto__ constructor <<".split(
    " ",
  ),
  "\n  ",
  "\n\t",
  ": ",
  "- ",
  "? ",
  "&a ",
  "*a",
  "!!binary ",
  "2026-01-01",
  "仓",
  "\u2028",
  "😀",
);
const words = fc.constantFrom(...new Set(starter.match(/[A-Za-z0-9-]+/g) ?? []));

interface Edit {
  readonly at: number;
  readonly cut: number;
  readonly put: string;
}
const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(),
  cut: fc.nat(30),
  put: fc.oneof(snippets, words, fc.string({ unit: "binary", maxLength: 12 })),
});

function edited(text: string, edits: readonly Edit[]): string {
  return edits.reduce((now, { at, cut, put }) => {
    const start = at % (now.length + 1);
    return now.slice(0, start) + put + now.slice(start + cut);
  }, text);
}

/** Text as it comes back from the file: lone surrogates are not UTF-8 and become replacement characters. */
const stored = (text: string) => new TextDecoder().decode(new TextEncoder().encode(text));

describe("whatever is done to a valid file, the answer is a configuration or located problems", () => {
  test("characters and words cut, put and replaced in the configuration", () => {
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        const text = stored(edited(starter, edits));
        sane(loadText(text), { "station/config.yaml": text, "station/members.yaml": members });
      }),
      { numRuns: 150, seed: 7 },
    );
  }, 60_000);

  test("words exchanged for other words of the file", () => {
    const pieces = starter.split(/([A-Za-z0-9.-]+)/);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), words), { minLength: 1, maxLength: 5 }), (swaps) => {
        const next = [...pieces];
        for (const [at, word] of swaps) next[(at % Math.floor(pieces.length / 2)) * 2 + 1] = word;
        const text = next.join("");
        sane(loadText(text), { "station/config.yaml": text, "station/members.yaml": members });
      }),
      { numRuns: 150, seed: 7 },
    );
  }, 60_000);

  test("words of a room exchanged for its other words, and pieces of it cut out", () => {
    const pieces = room.split(/([A-Za-z0-9.-]+)/);
    const own = fc.constantFrom(...new Set(room.match(/[A-Za-z0-9-]+/g) ?? []));
    const swaps = fc.array(fc.tuple(fc.nat(), own), { maxLength: 5 });
    fc.assert(
      fc.property(swaps, fc.array(edit, { maxLength: 2 }), (exchanged, edits) => {
        const next = [...pieces];
        for (const [at, word] of exchanged) next[(at % Math.floor(pieces.length / 2)) * 2 + 1] = word;
        const text = stored(edited(next.join(""), edits));
        sane(loadText(text), { "station/config.yaml": text, "station/members.yaml": members });
      }),
      { numRuns: 100, seed: 7 },
    );
  }, 60_000);

  test("whole lines dropped, doubled and moved", () => {
    const lines = starter.split("\n");
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: 6 }), (moves) => {
        const next = [...lines];
        for (const [from, to] of moves) next.splice(to % next.length, from % 2, next[from % next.length] ?? "");
        const text = next.join("\n");
        sane(loadText(text), { "station/config.yaml": text, "station/members.yaml": members });
      }),
      { numRuns: 100, seed: 7 },
    );
  }, 60_000);

  test("characters and words cut and put in the members file", () => {
    const short = members.split("\n").slice(-8).join("\n");
    const base = `members:\n${short.replace(/^members:\n/m, "")}`;
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        const text = stored(edited(base, edits));
        sane(loadText(starter, text), { "station/config.yaml": starter, "station/members.yaml": text });
      }),
      { numRuns: 100, seed: 7 },
    );
  }, 60_000);

  test("bytes of any kind", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const loaded = loadText(bytes);
        expect(loaded.ok).toBe(false);
        sane(loaded, { "station/config.yaml": new TextDecoder().decode(bytes) });
      }),
      { numRuns: 150, seed: 7 },
    );
  });
});
