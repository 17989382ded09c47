/** The list that a station starts with: what it kept the last time, judged like any other. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { keptFile } from "../../../firmware/platform/kept-file.ts";
import { createAccessLists } from "../../../firmware/runner/access-lists.ts";
import { listCharsMax } from "../../../services/access/list.ts";
import type { StationEvent } from "../../../services/events.ts";
import { until } from "../../support/until.ts";

function bench(kept: string | undefined) {
  const events: StationEvent[] = [];
  const notes: string[] = [];
  const written: string[] = [];
  const lists = createAccessLists(
    {
      accessList: { read: () => kept, write: (text) => written.push(text) },
      digest: (text) => `digest of ${text.length}`,
      note: (_level, what) => notes.push(what),
    },
    (event) => events.push(event),
  );
  return { lists, events, notes, written };
}

describe("at a start", () => {
  test("the list of before is handed to the core, which judges it anew", () => {
    const { lists, events } = bench("a.b.c\n");
    lists.start();
    expect(events).toEqual([{ type: "access-list", text: "a.b.c", digest: "digest of 5" }]);
  });

  test.each([undefined, "", "\n"])("%j is no list, and no trouble", (kept) => {
    const { lists, events, notes } = bench(kept);
    lists.start();
    expect([...events, ...notes]).toEqual([]);
  });

  test("a file that cannot be a list is noted and left alone", () => {
    const { lists, events, notes } = bench("x".repeat(listCharsMax + 1));
    lists.start();
    expect(events).toEqual([]);
    expect(notes).toHaveLength(1);
  });
});

test("what the core accepted is kept, and found again by the next start", async () => {
  const directory = mkdtempSync(join(tmpdir(), "yizhan-list-"));
  try {
    const path = join(directory, "access-list.jws");
    const file = keptFile(path, "the access list", () => {});
    const events: StationEvent[] = [];
    const lists = createAccessLists({ accessList: file, digest: () => "d", note: () => {} }, (event) =>
      events.push(event),
    );
    lists.keep("a.b.old");
    lists.keep("a.b.new");
    await until(() => file.read() === "a.b.new", { what: "the newer list on disk" });
    expect(readFileSync(path, "utf8")).toBe("a.b.new");
    lists.start();
    expect(events).toEqual([{ type: "access-list", text: "a.b.new", digest: "d" }]);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
