import { describe, expect, test } from "vitest";
import { LOG_CODES } from "../../../firmware/log/entry.ts";
import { LOG_ID, makeRig, note, WALL_MS } from "./log-rig.ts";

function started(seed = "log", options: Parameters<ReturnType<typeof makeRig>["open"]>[0] = {}) {
  const rig = makeRig(seed);
  const { log, recovered } = rig.open(options);
  log.start();
  rig.until(() => rig.disk.syncs() === 1);
  return { ...rig, log, recovered };
}

const kinds = (entries: readonly { record: { kind: string } }[]) => entries.map(({ record }) => record.kind);

describe("appending", () => {
  test("a record is acknowledged only after the sync, and stands on the disk from then on", () => {
    const { log, disk, until, open } = started();
    let answered = false;
    expect(
      log.append([note(1)], () => {
        answered = true;
      }),
    ).toBe(1);
    expect(log.syncedN()).toBe(0);
    const syncsBefore = disk.syncs();
    until(() => answered);
    expect(disk.syncs()).toBe(syncsBefore + 1);
    expect(log.syncedN()).toBe(1);
    expect(kinds(open().recovered.entries)).toEqual(["checkpoint", "note"]);
  });

  test("what is queued while one append runs is written together, in order, with one sync", () => {
    const { log, disk, until, open } = started();
    const order: number[] = [];
    const before = disk.syncs();
    for (const seq of [1, 2, 3, 4]) log.append([note(seq)], () => void order.push(seq));
    until(() => order.length === 4);
    expect(order).toEqual([1, 2, 3, 4]);
    expect(disk.syncs()).toBe(before + 2); // the first alone, the other three together
    expect(
      open()
        .recovered.entries.slice(1)
        .map(({ n, record }) => [n, record.seq]),
    ).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 4],
    ]);
  });

  test("drafts of one append get consecutive numbers and one answer", () => {
    const { log, append } = started();
    expect(append(log, note(1), note(2), note(3))).toBeUndefined();
    expect(log.append([note(4), note(5)], () => {})).toBe(4);
  });

  test("an answer never comes from inside the call, not even a refusal", () => {
    const { log, until } = started("log", { queueMax: 1 });
    const answers: unknown[] = [];
    let inside = true;
    log.append([note(1), note(2)], (failure) => {
      expect(inside).toBe(false);
      answers.push(failure?.code);
    });
    inside = false;
    until(() => answers.length === 1);
    expect(answers).toEqual([LOG_CODES.queueFull]);
  });

  test("what an answer appends is written with what the other answers append", () => {
    const { log, disk, until } = started();
    const done: string[] = [];
    const before = disk.syncs();
    log.append([note(1)], () => {});
    for (const seq of [2, 3])
      log.append([note(seq)], () => log.append([note(seq + 10)], () => void done.push("second")));
    until(() => done.length === 2);
    expect(disk.syncs()).toBe(before + 3);
  });

  test("an entry is stamped with time, trust in that time, and boot", () => {
    const { log, clock, append, open } = started();
    clock.setSynchronised(false);
    clock.jumpWall(-10_000_000);
    append(log, note(1));
    const entry = open().recovered.entries.at(-1);
    expect(entry).toMatchObject({ clock: "unsynced", boot: "boot-1" });
    expect(entry?.at).toBeLessThan(WALL_MS);
  });

  test("text of any kind comes back as it was, and never breaks a line", () => {
    const { log, append, open, disk } = started();
    const text = 'line\nbreak\r\n\u0000\u001b[31m "quoted" \\ 驿站 \u2028 𝄞 \ud800 "publish":{"stream":"swap"}';
    append(log, { record: { kind: "note", text, nested: { list: [1, null, { a: "\n" }] } } });
    expect(open().recovered.entries.at(-1)?.record).toEqual({
      kind: "note",
      text,
      nested: { list: [1, null, { a: "\n" }] },
    });
    const lines = Buffer.from(disk.read("log-00000001.yzl")).toString().split("\n");
    expect(lines).toHaveLength(4); // header, checkpoint, entry, nothing
  });

  test("mistakes of a caller are not refusals: they throw", () => {
    const { log, open } = started();
    expect(() => log.append([], () => {})).toThrow("at least one");
    expect(() => log.append([{ record: { kind: "checkpoint" } }], () => {})).toThrow("by the log itself");
    expect(() => log.appendLazily({ record: { kind: "outbox-acknowledged" } })).toThrow("by the log itself");
    expect(() => log.start()).toThrow("started before");
    expect(() => open().log.append([note(1)], () => {})).toThrow("not started");
    expect(() => open({ logId: "no" })).toThrow("32");
    expect(() => open({ maxBytes: 65_536 })).toThrow("six segments");
  });

  test("an entry larger than the log takes is refused and costs nothing", () => {
    const { log, append, disk } = started();
    const before = disk.usedBytes();
    expect(append(log, note(1, "x".repeat(70_000)))?.code).toBe(LOG_CODES.tooLarge);
    expect(disk.usedBytes()).toBe(before);
    expect(append(log, note(2))).toBeUndefined();
    expect(log.stats()).toMatchObject({ appended: 2, refused: 1 });
  });
});

describe("a new log and its segments", () => {
  test("a new log takes the id it was given and begins with a checkpoint of the state it was given", () => {
    const { disk, open, recovered } = started("log", { checkpoint: () => ({ kind: "checkpoint", packs: 7 }) });
    expect(recovered).toMatchObject({ logId: LOG_ID, entries: [], complete: true, lastN: 0, damage: { kind: "none" } });
    expect(disk.names()).toEqual(["log-00000001.yzl"]);
    expect(open().recovered.entries).toMatchObject([{ n: 0, record: { kind: "checkpoint", packs: 7 } }]);
  });

  test("an existing log keeps its id and its numbers", () => {
    const { log, append, open, until } = started();
    append(log, note(1));
    const second = open({ logId: "f".repeat(32) });
    expect(second.recovered).toMatchObject({ logId: LOG_ID, lastN: 1 });
    second.log.start();
    let done = false;
    expect(
      second.log.append([note(2)], () => {
        done = true;
      }),
    ).toBe(2);
    until(() => done);
    expect(open().recovered.entries.map(({ boot }) => boot)).toEqual(["boot-1", "boot-1", "boot-2"]);
  });

  test("a full segment is followed by one with a checkpoint, and recovery needs no more than that", () => {
    let folded = 0;
    const { log, append, open, disk, pass } = started("log", { checkpoint: () => ({ kind: "checkpoint", folded }) });
    for (let seq = 1; disk.names().length < 3; seq++) {
      expect(append(log, note(seq, "x".repeat(1_000)))).toBeUndefined();
      folded = seq; // after the answer, as a queue of events would have it
      pass(20);
    }
    const last = log.syncedN();
    append(log, note(last + 1));
    const { recovered } = open();
    expect(recovered.entries).toMatchObject([
      { n: last, record: { kind: "checkpoint", folded: last } },
      { n: last + 1, record: { seq: last + 1 } },
    ]);
    expect(recovered.complete).toBe(true);
  });

  test("the checkpoint is asked for when nothing is queued or unanswered, as long as such a moment comes", () => {
    let unanswered = 0;
    const seen: number[] = [];
    const { log, until, pass } = started("log", {
      checkpoint: () => {
        seen.push(unanswered);
        return { kind: "checkpoint" };
      },
    });
    for (let round = 0; round < 40; round++) {
      for (let seq = 0; seq < 5; seq++) {
        unanswered++;
        log.append([note(seq, "x".repeat(1_000))], () => void unanswered--);
      }
      until(() => unanswered === 0);
      pass(20);
    }
    expect(seen.length).toBeGreaterThan(2);
    expect(new Set(seen)).toEqual(new Set([0]));
  });

  test("a segment that fills up in the middle of a burst waits for its end", () => {
    let working = false;
    const seen = new Set<boolean>();
    const checkpoint = () => {
      seen.add(working);
      return { kind: "checkpoint" } as const;
    };
    const { log, until, pass, clock, disk } = started("log", { checkpoint });
    const stop = (): void => {
      working = false;
    };
    const burst = (left: number): void => {
      working = true;
      // The next one comes a turn later, as from a queue of events.
      const next = (): void => (left > 1 ? burst(left - 1) : stop());
      log.append([note(left, "x".repeat(1_000))], () => clock.after(0, next));
    };
    for (let round = 0; round < 20; round++) {
      burst(13);
      until(() => !working);
      pass(200);
    }
    expect(disk.names().length).toBeGreaterThan(2);
    expect(seen).toEqual(new Set([false]));
  });

  test("a log that never comes to rest still begins new segments, and numbers stay as they were given", () => {
    const rig = started();
    const { log, until, open, disk } = rig;
    let last = 0;
    let left = 400;
    const more = (): void => {
      if (left-- > 0) last = log.append([note(left, "x".repeat(1_000))], more);
    };
    for (let chain = 0; chain < 3; chain++) more();
    until(() => left < -2);
    expect(disk.names().length).toBeGreaterThan(2);
    expect(log.syncedN()).toBe(last);
    const { entries, complete } = open().recovered;
    expect(complete).toBe(true);
    expect(entries.map(({ n }) => n)).toEqual(entries.map((_, at) => last - entries.length + 1 + at));
  });
});
