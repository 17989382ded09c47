import { describe, expect, test } from "vitest";
import type { LogEntry } from "../../../firmware/log/entry.ts";
import type { OneLog } from "../../../firmware/log/one-log.ts";
import { event, makeRig, note } from "./log-rig.ts";

const SIZES = { segmentBytes: 16_384, maxBytes: 64 * 16_384 };

const LARGE = { segmentBytes: 1_048_576, maxBytes: 8 * 1_048_576 };
const BIG = {
  segmentBytes: 65_536,
  maxBytes: 64 * 65_536,
  checkpoint: () => ({ kind: "checkpoint", state: "c".repeat(200_000) }) as const,
};

function started(seed = "outbox", sizes: object = SIZES) {
  const rig = makeRig(seed);
  const { log } = rig.open(sizes);
  log.start();
  rig.until(() => rig.disk.syncs() === 1);
  const page = (of: OneLog, after: number, limit: number): LogEntry[] | string => {
    let result: LogEntry[] | string | undefined;
    let inside = true;
    of.readOutbox(after, limit, (read) => {
      expect(inside).toBe(false);
      result = "entries" in read ? read.entries : read.failure.code;
    });
    inside = false;
    rig.until(() => result !== undefined);
    return result as LogEntry[] | string;
  };
  const drain = (of: OneLog, limit: number, from = 0): LogEntry[] => {
    const all: LogEntry[] = [];
    for (let after = from; ; after = all.at(-1)?.n ?? after) {
      const entries = page(of, after, limit);
      if (typeof entries === "string") throw new Error(entries);
      if (entries.length === 0) return all;
      all.push(...entries);
    }
  };
  /** `count` appends; every third is not for the outbox, some are long. */
  const write = (count: number, from = 1): void => {
    for (let seq = from; seq < from + count; seq++) {
      const failure = rig.append(log, seq % 3 === 0 ? note(seq, "y".repeat(seq % 300)) : event(seq));
      if (failure !== undefined) throw new Error(failure.message);
      if (seq % 20 === 0) rig.pass(20);
    }
  };
  const expected = (count: number): number[] =>
    Array.from({ length: count }, (_, at) => at + 1).filter((seq) => seq % 3 !== 0);
  return { ...rig, log, page, drain, write, expected };
}

const seqs = (entries: readonly LogEntry[]) => entries.map(({ publish }) => publish?.seq);

describe("the outbox's backlog", () => {
  test("recent events come from memory, oldest first, a page at a time, and only those to be sent", () => {
    const { log, page, write, expected } = started();
    write(30);
    expect(seqs(page(log, 0, 5) as LogEntry[])).toEqual([1, 2, 4, 5, 7]);
    expect(seqs(page(log, 7, 100) as LogEntry[])).toEqual(expected(30).slice(5));
    expect(page(log, 30, 10)).toEqual([]);
    expect(page(log, 99, 10)).toEqual([]);
  });

  test("an entry read back is the entry that was appended", () => {
    const { log, page, write, open } = started();
    write(2);
    const again = open(SIZES).log;
    expect(page(again, 0, 10)).toEqual(page(log, 0, 10));
    expect(page(log, 0, 1)).toMatchObject([
      { n: 1, boot: "boot-1", publish: { kind: "swap-completed", stream: "swap", seq: 1, data: { bay: 4 } } },
    ]);
  });

  test.each([1, 7, 50, 1_000])("a long backlog is read from the disk over many segments, %d at a time", (limit) => {
    const { log, drain, write, expected, open, disk } = started();
    write(1_200);
    expect(disk.names().length).toBeGreaterThan(5);
    expect(seqs(drain(log, limit))).toEqual(expected(1_200));
    expect(seqs(drain(open(SIZES).log, limit))).toEqual(expected(1_200));
  });

  test("a backlog is read once, not from its beginning for every page", () => {
    const { drain, write, open, disk, expected } = started("once", LARGE);
    write(1_200);
    expect(disk.names()).toHaveLength(1);
    let read = 0;
    const readAt = disk.readAt.bind(disk);
    disk.readAt = (name, offset, length, done) => {
      read += length;
      readAt(name, offset, length, done);
    };
    expect(seqs(drain(open(LARGE).log, 10))).toEqual(expected(1_200));
    expect(read).toBeLessThan(disk.usedBytes() * 4);
  });

  test.each([
    ["over segments", SIZES],
    ["within one", LARGE],
  ])("going back to an older place works at any time, %s", (_where, sizes) => {
    const { log, page, write } = started("back", sizes);
    write(1_200);
    for (const after of [700, 650, 100, 703, 0, 101, 902]) {
      const next = [1, 2, 3, 4].map((step) => after + step).filter((seq) => seq % 3 !== 0);
      expect(seqs(page(log, after, 2) as LogEntry[])).toEqual(next.slice(0, 2));
    }
    expect(seqs(page(log, 1_190, 3) as LogEntry[])).toEqual([1_192, 1_193, 1_195]);
  });

  test("an event is not offered before it is synced", () => {
    const { log, page, until, write } = started();
    write(2);
    let done = false;
    log.append([event(7)], () => {
      done = true;
    });
    let entries: LogEntry[] | undefined;
    log.readOutbox(0, 10, (read) => {
      entries = "entries" in read ? read.entries : [];
    });
    until(() => entries !== undefined);
    expect(seqs(entries ?? [])).toEqual([1, 2]);
    until(() => done);
    expect(seqs(page(log, 0, 10) as LogEntry[])).toEqual([1, 2, 7]);
  });

  test("lines longer than a read, as checkpoints may be, are read over all the same", () => {
    const { log, append, disk, drain, open, pass } = started("big", BIG);
    const sent: number[] = [];
    for (let seq = 1; disk.names().length < 4; seq++) {
      const { record, publish } = event(seq);
      if (publish === undefined) throw new Error("not an event");
      const failure = append(log, { record, publish: { ...publish, data: "z".repeat(6_400 * (seq % 10)) } });
      expect(failure).toBeUndefined();
      sent.push(seq);
      pass(20);
    }
    expect(seqs(drain(open(BIG).log, 2))).toEqual(sent);
  });

  test("rot in the backlog is reported with its place, and what is whole is still delivered", () => {
    const { log, drain, write, disk, faults, expected } = started();
    write(1_200);
    const text = Buffer.from(disk.read("log-00000002.yzl")).toString("latin1");
    disk.flip("log-00000002.yzl", text.indexOf('"stream":"swap"') + 12, 2);
    const delivered = seqs(drain(log, 100));
    expect(delivered).toHaveLength(expected(1_200).length - 1);
    expect(faults.at(-1)).toMatchObject({ code: "log-corrupt", raised: true, file: "log-00000002.yzl" });
  });

  test("a disk that cannot be read gives a failure with its code", () => {
    const { log, page, write, disk } = started();
    write(1_200);
    disk.readAt = (_name, _offset, _length, done) => done({ failure: { code: "EIO", message: "bad" } });
    let failure: string | undefined;
    log.readOutbox(0, 10, (read) => {
      failure = "failure" in read ? read.failure.code : "none";
    });
    expect(failure).toBe("EIO");
    expect(page(log, 1_198, 10)).toHaveLength(1);
  });

  test("a page of nothing is a bug and throws", () => {
    const { log } = started();
    expect(() => log.readOutbox(0, 0, () => {})).toThrow("at least one");
  });
});

describe("the outbox's mark", () => {
  test("is remembered over a restart, once it was written", () => {
    const { log, write, pass, open } = started();
    write(30);
    log.outboxAcknowledged(20);
    log.outboxAcknowledged(11); // late and lower: no step back
    expect(log.acknowledgedN()).toBe(20);
    pass(6_000);
    const { recovered, log: again } = open(SIZES);
    expect(recovered.acknowledgedN).toBe(20);
    expect(again.acknowledgedN()).toBe(20);
  });

  test("is never beyond what is on the disk", () => {
    const { log, write } = started();
    write(3);
    log.outboxAcknowledged(1_000);
    expect(log.acknowledgedN()).toBe(3);
  });

  test("goes with the next append instead of costing a sync of its own", () => {
    const { log, write, disk, append, open } = started();
    write(3);
    log.outboxAcknowledged(2);
    const before = disk.syncs();
    append(log, note(1));
    expect(disk.syncs()).toBe(before + 1);
    expect(open(SIZES).recovered.acknowledgedN).toBe(2);
  });

  test("many deliveries in a row cost one record", () => {
    const { log, write, pass, open } = started();
    write(40);
    for (let n = 1; n <= 40; n++) log.outboxAcknowledged(n);
    pass(6_000);
    const marks = open(SIZES).recovered.entries.filter(({ record }) => record.kind === "outbox-acknowledged");
    expect(marks.map(({ record }) => record.n)).toEqual([40]);
  });

  test("does not wait during a long drain: a crash in the middle repeats at most 500 deliveries, and those of one window", () => {
    const { log, write, pass, open } = started("drain", LARGE);
    write(2_000);
    for (let n = 1; n <= 1_900; n++) log.outboxAcknowledged(n);
    pass(50);
    const { recovered } = open(LARGE);
    expect(recovered.acknowledgedN).toBeGreaterThanOrEqual(1_500);
    // Four marks, not nineteen hundred.
    const marks = recovered.entries.filter(({ record }) => record.kind === "outbox-acknowledged");
    expect(marks.length).toBeLessThanOrEqual(4);
  });

  test("is not written again once a segment's header holds it", () => {
    const { log, disk, until, pass, open } = started();
    for (let seq = 1; disk.names().length < 2; seq++) {
      let done = false;
      log.append([event(seq)], () => {
        log.outboxAcknowledged(log.syncedN());
        done = true;
      });
      until(() => done);
      pass(20);
    }
    pass(10_000);
    const { entries, acknowledgedN, lastN } = open(SIZES).recovered;
    expect(entries.map(({ record }) => record.kind)).toEqual(["checkpoint"]);
    expect(acknowledgedN).toBe(lastN);
  });

  test("stands in the header of the next segment, so recovery from the checkpoint alone knows it", () => {
    const { log, write, disk, open } = started();
    write(30);
    log.outboxAcknowledged(25);
    for (let seq = 31; disk.names().length < 2; seq += 20) write(20, seq);
    const last = disk.names().at(-1) as string;
    expect(Buffer.from(disk.read(last)).toString().split("\n")[0]).toContain('"acknowledged":25');
    expect(open(SIZES).recovered.acknowledgedN).toBe(25);
  });
});
