/** What the log takes and what it lets go, to the last byte: its queue, its space, and the segments that may be dropped. */
import { describe, expect, test } from "vitest";
import {
  CHECKPOINT,
  ENTRY_MAX_BYTES,
  LOG_CODES,
  type LogFault,
  OUTBOX_ACKNOWLEDGED,
} from "../../../firmware/log/entry.ts";
import {
  AppendQueue,
  assertOwnKinds,
  type Drafted,
  drafted,
  isTelemetry,
  sumBytes,
} from "../../../firmware/log/queue.ts";
import { SegmentList } from "../../../firmware/log/segments.ts";
import { Space } from "../../../firmware/log/space.ts";
import type { Disk, DiskFailure } from "../../../hal/ports/disk.ts";

const stamp = { at: 7, clock: "ntp", boot: "b" } as const;
const event = (stream: string) => ({ kind: "swap", stream, seq: 1, data: {} });
const draftOf = (bytes: number, more: Partial<Drafted> = {}): Drafted => ({
  entry: { ...stamp, record: { kind: "note" } },
  rest: "",
  bytes,
  outcome: false,
  ...more,
});
const telemetry = (bytes: number): Drafted =>
  draftOf(bytes, { entry: { ...stamp, record: { kind: "note" }, publish: event("telemetry") } });
const guess = 4_096;

describe("the queue", () => {
  test("takes as many entries and bytes as it may, and is empty when they are taken", () => {
    const queue = new AppendQueue(3, 200_000);
    const code = (...drafts: readonly Drafted[]) => queue.refusal(drafts)?.code;
    expect([queue.isEmpty, code(draftOf(1), draftOf(1), draftOf(1))]).toEqual([true, undefined]);
    expect(code(draftOf(1), draftOf(1), draftOf(1), draftOf(1))).toBe(LOG_CODES.queueFull);
    const pending = { drafts: [draftOf(60_000)], bytes: 60_000, done: undefined };
    queue.push(pending);
    queue.push(pending);
    expect([queue.entries, queue.bytes, queue.isEmpty]).toEqual([2, 120_000, false]);
    queue.push({ ...pending, drafts: [] });
    expect([code(draftOf(20_000)), code(draftOf(20_001))]).toEqual([undefined, LOG_CODES.queueFull]);
    expect(code(draftOf(1), draftOf(1))).toBe(LOG_CODES.queueFull);
    expect(queue.takeAll()).toEqual([pending, pending, { ...pending, drafts: [] }]);
    expect([queue.entries, queue.bytes, queue.isEmpty, queue.takeAll()]).toEqual([0, 0, true, []]);
  });

  test("takes an entry of the largest size, in segments however small, and no larger one", () => {
    const queue = new AppendQueue(10, 1);
    const largest = draftOf(ENTRY_MAX_BYTES);
    expect(queue.refusal([largest, largest])).toBeUndefined();
    expect(queue.refusal([largest, largest, draftOf(1)])?.code).toBe(LOG_CODES.queueFull);
    expect(queue.refusal([draftOf(1), draftOf(ENTRY_MAX_BYTES + 1)])?.code).toBe(LOG_CODES.tooLarge);
    expect(sumBytes([draftOf(3), draftOf(4)])).toBe(7);
  });

  test("stamps a draft, unless it says when it was, and leaves out what it does not publish", () => {
    const record = { kind: "note" };
    const plain = drafted({ record }, stamp);
    expect(plain.entry).toStrictEqual({ ...stamp, record });
    expect([plain.outcome, isTelemetry(plain), plain.bytes]).toEqual([false, false, plain.rest.length + 42 + 61]);
    const early = drafted({ record, at: 3.6, outcome: true, publish: event("telemetry") }, stamp);
    expect(early.entry).toStrictEqual({ ...stamp, at: 4, record, publish: event("telemetry") });
    expect([early.outcome, isTelemetry(early)]).toEqual([true, true]);
    expect(isTelemetry(drafted({ record, publish: event("swap") }, stamp))).toBe(false);
  });

  test("is not given nothing, nor what only the log itself writes", () => {
    expect(() => assertOwnKinds([])).toThrow(/at least one draft/);
    expect(() => assertOwnKinds([{ record: { kind: "note" } }])).not.toThrow();
    for (const kind of [CHECKPOINT, OUTBOX_ACKNOWLEDGED])
      expect(() => assertOwnKinds([{ record: { kind: "note" } }, { record: { kind } }])).toThrow(kind);
  });
});

interface Setup {
  readonly maxBytes: number;
  readonly segmentBytes?: number;
  readonly reserveBytes?: number;
  /** Bytes of each segment. */
  readonly segments: readonly number[];
}

function spaceOf({ maxBytes, segmentBytes = 1_000, reserveBytes = 500, segments }: Setup) {
  const list = new SegmentList(0);
  segments.forEach((bytes, at) => {
    list.add({ number: at + 1, file: `s-${at + 1}`, firstN: 10 * at + 1, lastN: 10 * at + 10, bytes });
  });
  const faults: LogFault[] = [];
  const removed: string[] = [];
  const waiting: ((failure: DiskFailure | undefined) => void)[] = [];
  let failure: DiskFailure | undefined | "waits";
  const disk: Pick<Disk, "remove"> = {
    remove(file, done) {
      removed.push(file);
      if (failure === "waits") waiting.push(done);
      else done(failure);
    },
  };
  const space = new Space({
    disk: disk as Disk,
    segments: list,
    maxBytes,
    segmentBytes,
    reserveBytes,
    onFault: (fault) => faults.push(fault),
  });
  const disksAnswer = (how: typeof failure) => {
    failure = how;
  };
  return { space, list, faults, removed, waiting, disksAnswer };
}

describe("the space of the log", () => {
  test("takes intents up to the reserve and two checkpoints, outcomes up to the checkpoints, and says once that it is full", () => {
    const maxBytes = 20_000;
    const freeBytes = maxBytes - 2 * guess - 5_000;
    const { space, faults } = spaceOf({ maxBytes, segments: [5_000] });
    const code = (bytes: number, outcome: boolean, queued = 0) =>
      space.refusal([draftOf(bytes, { outcome })], queued)?.code;
    expect([code(freeBytes - 500, false), code(freeBytes, true)]).toEqual([undefined, undefined]);
    expect([code(freeBytes - 600, false, 100), code(freeBytes - 100, true, 100)]).toEqual([undefined, undefined]);
    expect(faults).toEqual([]);
    expect([code(freeBytes - 499, false), code(freeBytes + 1, true), code(freeBytes - 500, false, 1)]).toEqual(
      new Array(3).fill(LOG_CODES.full),
    );
    expect(faults).toEqual([{ code: "log-full", raised: true, bytes: 5_000 }]);
    space.writingBytes = 1;
    expect([code(freeBytes - 500, false), code(freeBytes - 501, false)]).toEqual([LOG_CODES.full, undefined]);
    const mixed = [draftOf(freeBytes - 400, { outcome: true }), draftOf(1)];
    expect(space.refusal(mixed, 0)?.code).toBe(LOG_CODES.full);
  });

  test("refuses telemetry first, when half is used and nothing can be dropped, and counts it", () => {
    const { space, list, faults } = spaceOf({ maxBytes: 100_000, segments: [20_000, 10_000, 10_000] });
    const code = (...drafts: readonly Drafted[]) => space.refusal(drafts, 0)?.code;
    expect(code(telemetry(20_000))).toBeUndefined();
    const [oldest] = list.list;
    if (oldest === undefined) throw new Error("no segment");
    oldest.keepN = 5;
    expect([code(telemetry(10_000)), code(telemetry(10_001), telemetry(1)), space.droppedOutbox]).toEqual([
      undefined,
      LOG_CODES.full,
      2,
    ]);
    expect(faults).toEqual([{ code: "outbox-dropped", raised: true, dropped: 2 }]);
    expect([code(draftOf(10_001)), code(telemetry(10_001), draftOf(1)), space.droppedOutbox]).toEqual([
      undefined,
      undefined,
      2,
    ]);
    list.acknowledge(5);
    expect(code(telemetry(10_001))).toBeUndefined();
    const two = spaceOf({ maxBytes: 100_000, segments: [30_000, 20_000] });
    expect(two.space.refusal([telemetry(9_000)], 0)).toBeUndefined();
  });

  test("lets a segment begin that fits, and one be full when it has its bytes and there is room for the next", () => {
    const { space, list } = spaceOf({ maxBytes: 20_000, segments: [9_000] });
    expect([space.admitsSegment(11_000), space.admitsSegment(11_001)]).toEqual([true, false]);
    const [current] = list.list;
    if (current === undefined) throw new Error("no segment");
    expect(space.admitsSegment(100)).toBe(true);
    current.headBytes = 8_000;
    expect([space.segmentIsFull(1), space.segmentIsFull(2)]).toEqual([true, false]);
    current.headBytes = 8_001;
    expect(space.segmentIsFull(1)).toBe(false);
    current.headBytes = 7_000;
    expect(space.segmentIsFull(2)).toBe(true);
    space.admitsSegment(11_001);
    expect(space.segmentIsFull(2)).toBe(false);
    space.admitsSegment(11_000);
    expect(space.segmentIsFull(2)).toBe(true);
    expect(spaceOf({ maxBytes: 1, segments: [] }).space.segmentIsFull(1)).toBe(false);
  });

  test("drops the oldest until the next segment fits, never the last two, and none that waits for its delivery", () => {
    const target = 3 * 1_000 + 2 * guess;
    const fits = spaceOf({ maxBytes: target + 30_000, segments: [10_000, 10_000, 10_000] });
    fits.space.retain();
    expect(fits.removed).toEqual([]);
    const over = spaceOf({ maxBytes: target + 29_999, segments: [10_000, 10_000, 10_000] });
    over.space.retain();
    expect([over.removed, over.list.bytes]).toEqual([["s-1"], 20_000]);
    const tight = spaceOf({ maxBytes: target, segments: [10_000, 10_000, 10_000, 10_000] });
    tight.space.retain();
    expect([tight.removed, tight.list.list.length]).toEqual([["s-1", "s-2"], 2]);
    const kept = spaceOf({ maxBytes: target, segments: [10_000, 10_000, 10_000] });
    const [oldest] = kept.list.list;
    if (oldest === undefined) throw new Error("no segment");
    oldest.keepN = 1;
    kept.space.retain();
    expect(kept.removed).toEqual([]);
    kept.list.acknowledge(1);
    kept.space.retain();
    expect(kept.removed).toEqual(["s-1"]);
  });

  test("drops one file at a time; one that is gone already is dropped, one that fails is kept", () => {
    const told: boolean[] = [];
    const note = (dropped: boolean) => void told.push(dropped);
    const { space, list, waiting, removed, disksAnswer, faults } = spaceOf({ maxBytes: 1, segments: [1, 1, 1, 1, 1] });
    disksAnswer("waits");
    space.dropOldest(note);
    space.dropOldest(note);
    expect([told, removed]).toEqual([[false], ["s-1"]]);
    waiting[0]?.({ code: "EIO", message: "no" });
    expect([told, list.list.length]).toEqual([[false, false], 5]);
    disksAnswer({ code: "ENOENT", message: "gone" });
    list.list[0]?.droppable.push(1, 2);
    space.dropOldest(note);
    expect([told.at(-1), list.list.length, space.droppedOutbox]).toEqual([true, 4, 2]);
    disksAnswer(undefined);
    space.dropOldest(note);
    expect([list.list.length, faults]).toEqual([3, [{ code: "outbox-dropped", raised: true, dropped: 2 }]]);
    space.dropOldest(note);
    space.dropOldest(note);
    expect([told.at(-1), list.list.length]).toEqual([false, 2]);
  });

  test("says that it is no longer full once a whole segment fits beside the reserve", () => {
    const maxBytes = 2 * guess + 500 + 1_000 + 3_000;
    const { space, list, faults } = spaceOf({ maxBytes, segments: [3_001] });
    space.refusal([draftOf(9_000)], 0);
    space.retain();
    expect(faults.map((fault) => fault.raised)).toEqual([true]);
    const [only] = list.list;
    if (only === undefined) throw new Error("no segment");
    list.grow(only, -1, 10);
    space.retain();
    expect(faults.at(-1)).toEqual({ code: "log-full", raised: false, bytes: 3_000 });
    space.retain();
    expect(faults).toHaveLength(2);
  });
});

describe("the list of segments", () => {
  const entry = (n: number, stream?: string) => ({
    ...stamp,
    n,
    record: { kind: "note" },
    ...(stream === undefined ? {} : { publish: event(stream) }),
  });

  test("remembers what has to be delivered, and forgets what was", () => {
    const { list } = spaceOf({ maxBytes: 1, segments: [1, 1, 1] });
    const [oldest] = list.list;
    if (oldest === undefined) throw new Error("no segment");
    list.note(oldest, entry(1));
    list.note(oldest, entry(2, "telemetry"));
    expect([oldest.keepN, oldest.droppable, list.expendable()]).toEqual([0, [2], oldest]);
    list.note(oldest, entry(3, "swap"));
    list.note(oldest, entry(4, "telemetry"));
    expect([oldest.keepN, oldest.droppable, list.expendable()]).toEqual([3, [2, 4], undefined]);
    expect([list.acknowledge(2), list.acknowledge(2), oldest.droppable]).toEqual([true, false, [4]]);
    list.note(oldest, entry(2, "swap"));
    expect([oldest.keepN, list.acknowledge(3), list.expendable()]).toEqual([3, true, oldest]);
  });

  test("knows its bytes, slack and all, and which segment comes next", () => {
    const { list } = spaceOf({ maxBytes: 1, segments: [10, 20, 30] });
    const [oldest] = list.list;
    if (oldest === undefined) throw new Error("no segment");
    list.addSlack(oldest, 5);
    list.grow(oldest, 2, 10);
    expect([list.bytes, oldest.bytes, oldest.slackBytes, list.current?.number]).toEqual([67, 12, 5, 3]);
    expect([list.firstAfter(9)?.number, list.firstAfter(10)?.number, list.firstAfter(30)]).toEqual([1, 2, undefined]);
    expect([list.nextOf(1)?.number, list.nextOf(3)]).toEqual([2, undefined]);
    expect([list.dropOldest(), list.bytes]).toEqual([0, 50]);
    expect(new SegmentList(0).dropOldest()).toBe(0);
  });
});
