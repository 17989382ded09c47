/** Pages for the outbox, by hand: what comes from memory, what from the disk, in which pieces, and what is told of rot. */
import { Buffer } from "node:buffer";
import { describe, expect, test } from "vitest";
import type { LogEntry } from "../../../firmware/log/entry.ts";
import { encodeLine, entryBody, entryRest } from "../../../firmware/log/line.ts";
import { type OutboxPage, OutboxReader } from "../../../firmware/log/outbox-reader.ts";
import { SegmentList } from "../../../firmware/log/segments.ts";
import type { Disk } from "../../../hal/ports/disk.ts";
import { createVirtualClock } from "../../../simulator/clock.ts";
import { LOG_ID } from "./log-rig.ts";

const entryOf = (n: number, text = ""): LogEntry => ({
  n,
  at: 1,
  clock: "ntp",
  boot: "b",
  record: { kind: "note" },
  publish: { kind: "swap", stream: "swap", seq: n, data: { text } },
});
const lineOf = (entry: LogEntry): Buffer =>
  encodeLine(LOG_ID, entryBody({ n: entry.n, synced: entry.n - 1, more: false }, entryRest(entry))).bytes;
const bodyLine = (body: string): Buffer => encodeLine(LOG_ID, body).bytes;

type Asked = readonly [file: string, offset: number, length: number];

/** Segments of whole lines; `answer` may spoil what the disk gives. */
function bench(segments: readonly (readonly Buffer[])[], lastN: number) {
  const clock = createVirtualClock({ wallStartMs: 0 });
  const files = new Map(segments.map((lines, at) => [`s-${at + 1}`, Buffer.concat(lines)]));
  const list = new SegmentList(0);
  let firstN = 1;
  for (const [file, bytes] of files) {
    const number = list.list.length + 1;
    const count = segments[number - 1]?.length ?? 0;
    list.add({ number, file, firstN, lastN: firstN + count - 1, bytes: bytes.length });
    firstN += count;
  }
  const asked: Asked[] = [];
  const rot: (readonly [string, number])[] = [];
  let spoil: (bytes: Uint8Array) => Uint8Array | undefined = (bytes) => bytes;
  const disk: Pick<Disk, "readAt"> = {
    readAt(file, offset, length, done) {
      asked.push([file, offset, length]);
      const bytes = spoil(files.get(file)?.subarray(offset, offset + length) ?? Buffer.alloc(0));
      done(bytes === undefined ? { failure: { code: "EIO", message: "bad sector" } } : { bytes });
    },
  };
  const reader = new OutboxReader({
    disk: disk as Disk,
    clock,
    segments: list,
    lastN,
    onRot: (file, offset) => rot.push([file, offset]),
  });
  const page = (after: number, limit: number): readonly number[] | string => {
    let found: OutboxPage | undefined;
    reader.read(after, limit, (result) => {
      found = result;
    });
    clock.runUntil(clock.monotonicMs() + 1);
    if (found === undefined) throw new Error("no page");
    return "failure" in found ? `${found.failure.code}: ${found.failure.message}` : found.entries.map(({ n }) => n);
  };
  const spoils = (how: typeof spoil) => {
    spoil = how;
  };
  return { reader, list, asked, rot, page, spoils, files };
}
const lines = (from: number, to: number, text = "") =>
  Array.from({ length: to - from + 1 }, (_unused, at) => lineOf(entryOf(from + at, text)));

describe("what is recent", () => {
  test("comes from memory, behind what was acknowledged, and never from within the call", () => {
    const { reader, page, asked } = bench([], 0);
    for (let n = 1; n <= 5; n++) reader.synced(entryOf(n));
    expect([page(0, 2), page(2, 10), page(5, 10)]).toEqual([[1, 2], [3, 4, 5], []]);
    reader.acknowledged(3);
    expect([page(3, 10), page(4, 1)]).toEqual([[4, 5], [5]]);
    let told = false;
    reader.read(3, 1, () => {
      told = true;
    });
    expect([told, asked]).toEqual([false, []]);
  });

  test("is no longer in memory once it is acknowledged: older pages come from the disk", () => {
    const { reader, page, asked, list } = bench([lines(1, 5)], 0);
    for (let n = 1; n <= 5; n++) reader.synced(entryOf(n));
    reader.acknowledged(0);
    expect([page(0, 9), asked.length]).toEqual([[1, 2, 3, 4, 5], 0]);
    reader.acknowledged(3);
    expect([page(3, 9), asked.length]).toEqual([[4, 5], 0]);
    expect([page(2, 9), asked]).toEqual([[3, 4, 5], [["s-1", 0, list.list[0]?.bytes]]]);
  });

  test("is 256 entries; the one more pushes the oldest out to the disk", () => {
    const { reader, page, asked } = bench([lines(1, 300)], 0);
    for (let n = 1; n <= 256; n++) reader.synced(entryOf(n));
    expect([page(0, 1), asked.length]).toEqual([[1], 0]);
    reader.synced(entryOf(257));
    expect([page(1, 1), asked.length]).toEqual([[2], 0]);
    expect([page(0, 1), asked.length > 0]).toEqual([[1], true]);
  });

  test("begins behind what stood in the log when it was opened", () => {
    const { page, asked } = bench([lines(1, 3)], 3);
    expect([page(3, 9), asked.length, page(0, 9)]).toEqual([[], 0, [1, 2, 3]]);
  });

  test("is never a page of nothing", () => {
    expect(() => bench([], 0).page(0, 0)).toThrow(RangeError);
  });
});

describe("what is on the disk", () => {
  test.each([
    [1, 4_096],
    [8, 4_096],
    [10, 5_120],
    [128, 65_536],
    [1_000, 65_536],
  ])("is read in pieces of the size of a page: %d entries, %d bytes", (limit, bytes) => {
    const { page, asked } = bench([lines(1, 900)], 900);
    page(0, limit);
    expect(asked[0]).toEqual(["s-1", 0, bytes]);
    const lengths = new Set(asked.slice(0, -1).map(([, , length]) => length));
    expect([...lengths].every((length) => length === bytes)).toBe(true);
  });

  test("is read on from where the last page ended, and from the start of the segment otherwise", () => {
    const { page, asked } = bench([lines(1, 40)], 40);
    expect(page(0, 5)).toEqual([1, 2, 3, 4, 5]);
    const from = asked.length;
    expect(page(5, 5)).toEqual([6, 7, 8, 9, 10]);
    const resumed = asked[from]?.[1];
    expect(resumed).toBe(lines(1, 5).reduce((sum, line) => sum + line.length, 0));
    const again = asked.length;
    expect(page(2, 2)).toEqual([3, 4]);
    expect(asked[again]?.[1]).toBe(0);
  });

  test("goes on in the next segment, over entries that publish nothing or are none", () => {
    const mute = bodyLine('{"n":2,"at":1,"clock":"ntp","boot":"b","record":{"kind":"note"}}');
    const none = bodyLine('{"n":3,"at":1}');
    const header = bodyLine('{"format":1}');
    const { page } = bench([[header, ...lines(1, 1), mute, none], lines(5, 6)], 9);
    expect(page(0, 9)).toEqual([1, 5, 6]);
  });

  test("is found though a line is longer than a piece", () => {
    const { page, rot } = bench([[...lines(1, 1), ...lines(2, 2, "x".repeat(20_000)), ...lines(3, 3)]], 3);
    expect([page(0, 9), page(1, 1), rot]).toEqual([[1, 2, 3], [2], []]);
  });
});

describe("rot", () => {
  test("is told with its place in the file, also behind the first piece, and the rest is found", () => {
    const good = lines(1, 30);
    const bad = Buffer.from(good[20] as Buffer);
    bad[60] = (bad[60] as number) ^ 1;
    const offset = good.slice(0, 20).reduce((sum, line) => sum + line.length, 0);
    expect(offset).toBeGreaterThan(4_096 / 2);
    const { page, rot } = bench([[...good.slice(0, 20), bad, ...good.slice(21)]], 30);
    expect(page(0, 5)).toEqual([1, 2, 3, 4, 5]);
    expect(page(18, 5)).toEqual([19, 20, 22, 23, 24]);
    expect(rot).toEqual([["s-1", offset]]);
  });

  test("at the end of a segment is a line without an end, told once", () => {
    const torn = (lines(3, 3)[0] as Buffer).subarray(0, 50);
    const whole = lines(1, 2);
    const { page, rot } = bench([[...whole, torn]], 3);
    expect(page(0, 9)).toEqual([1, 2]);
    expect(rot).toEqual([["s-1", whole.reduce((sum, line) => sum + line.length, 0)]]);
  });
});

describe("a disk that fails", () => {
  test("is told as it is, and a file that is too short is one", () => {
    const { page, spoils } = bench([lines(1, 3)], 3);
    spoils(() => undefined);
    expect(page(0, 9)).toBe("EIO: bad sector");
    spoils((bytes) => bytes.subarray(1));
    expect(page(0, 9)).toBe("EIO: s-1 is too short");
    spoils((bytes) => bytes);
    expect(page(0, 9)).toEqual([1, 2, 3]);
  });

  test("is passed over where the segment went while it was read", () => {
    const { page, spoils, list } = bench([lines(1, 3), lines(4, 6)], 6);
    spoils((bytes) => {
      if (list.list.length === 1) return bytes;
      list.dropOldest();
      return undefined;
    });
    expect(page(0, 9)).toEqual([4, 5, 6]);
  });
});
