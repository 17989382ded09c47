/** Recordings on a real disk: whole or not there, the newest kept, everything else left alone. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { recordingFiles, recordingsIn, tooMany } from "../../../firmware/platform/recording-files.ts";

let directory: string;
beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), "yizhan-recordings-")), "recordings");
});
afterEach(() => rmSync(join(directory, ".."), { recursive: true, force: true }));

const nameOf = (day: number): string => `recording-202601${String(day).padStart(2, "0")}T000000000Z-smoke.jsonl.gz`;
const parts = (bytes: number): Uint8Array[] => [new Uint8Array(bytes - 1).fill(1), new Uint8Array([2])];

function written(name: string, bytes: number, keep = { files: 3, bytes: 10_000 }): Promise<string | undefined> {
  return new Promise((done) => recordingFiles(directory, keep).write(name, parts(bytes), done));
}

describe("recordings on disk", () => {
  test("are written whole, into a directory that is made for them", async () => {
    expect(await written(nameOf(1), 100)).toBeUndefined();
    expect([...readFileSync(join(directory, nameOf(1)))]).toEqual([...parts(100).flatMap((part) => [...part])]);
    expect(recordingsIn(directory)).toEqual([nameOf(1)]);
  });

  test("are at most so many: the oldest goes, and what is no recording stays", async () => {
    await written(nameOf(1), 10);
    for (const other of ["notes.txt", "recording.txt"]) writeFileSync(join(directory, other), "mine");
    writeFileSync(join(directory, `${nameOf(9)}.new`), "half of one");
    for (const day of [2, 3, 4, 5]) await written(nameOf(day), 10);
    expect(readdirSync(directory).sort()).toEqual(
      ["notes.txt", nameOf(3), nameOf(4), nameOf(5), "recording.txt"].sort(),
    );
    expect(recordingsIn(directory)).toEqual([nameOf(5), nameOf(4), nameOf(3)]);
  });

  test("are written before the call returns where the process ends", () => {
    recordingFiles(directory, { files: 3, bytes: 10_000 }).writeNow(nameOf(1), parts(50));
    expect(readFileSync(join(directory, nameOf(1))).length).toBe(50);
    expect(existsSync(join(directory, `${nameOf(1)}.new`))).toBe(false);
  });

  test("that cannot be written say why", async () => {
    writeFileSync(directory, "a file where the directory should be");
    expect(await written(nameOf(1), 10)).toMatch(/EEXIST|ENOTDIR/);
  });

  test("together stay within their size, and the newest is kept however large it is", () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 4_000 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 9_000 }), (all, files, bytes) => {
        const found = all.map((size, at) => ({ name: nameOf(at + 1), bytes: size }));
        const gone = new Set(tooMany(found, { files, bytes }));
        const kept = found.filter(({ name }) => !gone.has(name));
        expect(kept.at(-1)?.name).toBe(found.at(-1)?.name);
        expect(kept.length).toBeLessThanOrEqual(files);
        const sum = kept.reduce((total, file) => total + file.bytes, 0);
        if (kept.length > 1) expect(sum).toBeLessThanOrEqual(bytes);
        // Nothing older is kept than what went.
        expect(found.slice(-kept.length).map(({ name }) => name)).toEqual(kept.map(({ name }) => name));
      }),
    );
  });
});
