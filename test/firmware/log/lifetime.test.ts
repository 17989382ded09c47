/** Waiting, closing, and what can be watched meanwhile. */
import { describe, expect, test } from "vitest";
import { LOG_CODES, type LogDraft } from "../../../firmware/log/entry.ts";
import { event, makeRig, note } from "./log-rig.ts";

function started(seed = "log", options: Parameters<ReturnType<typeof makeRig>["open"]>[0] = {}) {
  const rig = makeRig(seed);
  const { log, recovered } = rig.open(options);
  log.start();
  rig.until(() => rig.disk.syncs() === 1);
  return { ...rig, log, recovered };
}

describe("lazy drafts", () => {
  test("wait for the next append and go before it", () => {
    const { log, append, open, disk } = started();
    const before = disk.syncs();
    log.appendLazily(note(1));
    log.appendLazily(note(2));
    append(log, note(3));
    expect(disk.syncs()).toBe(before + 1);
    expect(
      open()
        .recovered.entries.slice(1)
        .map(({ record }) => record.seq),
    ).toEqual([1, 2, 3]);
  });

  test("do not wait longer than they may", () => {
    const { log, clock, until } = started("log", { lazyMs: 3_000 });
    log.appendLazily(note(1));
    const from = clock.nowMs;
    until(() => log.syncedN() === 1);
    expect(clock.nowMs - from).toBeGreaterThanOrEqual(3_000);
    expect(clock.nowMs - from).toBeLessThan(3_050);
  });

  test("are bounded in number: too many are written at once", () => {
    const { log, clock, until } = started();
    for (let seq = 0; seq < 64; seq++) log.appendLazily(note(seq));
    const from = clock.nowMs;
    until(() => log.syncedN() === 64);
    expect(clock.nowMs - from).toBeLessThan(50);
  });
});

describe("closing", () => {
  test("writes what is queued and what was lazy, then refuses", () => {
    const { log, until, open } = started();
    let closed = false;
    const answers: unknown[] = [];
    log.appendLazily(note(1));
    log.append([note(2)], (failure) => answers.push(failure?.code));
    log.append([note(3)], (failure) => answers.push(failure?.code));
    log.appendLazily(note(4));
    log.close(() => {
      closed = true;
    });
    log.append([note(5)], (failure) => answers.push(failure?.code));
    until(() => closed && answers.length === 3);
    expect(answers.toSorted()).toEqual([LOG_CODES.closed, undefined, undefined]);
    expect(
      open()
        .recovered.entries.slice(1)
        .map(({ record }) => record.seq),
    ).toEqual([1, 2, 3, 4]);
  });

  test("a log that was never started closes, and closing twice answers twice", () => {
    const { open, until } = makeRig();
    const { log } = open();
    let closed = 0;
    log.close(() => closed++);
    log.close(() => closed++);
    until(() => closed === 2);
  });

  test("while a segment begins, closing waits for it", () => {
    const rig = makeRig();
    const { log } = rig.open();
    log.start();
    let closed = false;
    const drafts: LogDraft[] = [event(1)];
    let failure: unknown = "none yet";
    log.append(drafts, (result) => {
      failure = result;
    });
    log.close(() => {
      closed = true;
    });
    rig.until(() => closed);
    expect(failure).toBeUndefined();
    expect(rig.open().recovered.lastN).toBe(1);
  });
});

describe("numbers to watch", () => {
  test("stats and head tell what happened", () => {
    const { log, append, disk } = started();
    append(log, note(1), note(2));
    append(log, note(3));
    const stats = log.stats();
    expect(stats).toMatchObject({ segments: 1, appended: 4, syncs: 3, queued: 0, refused: 0, droppedOutbox: 0 });
    expect(stats.bytes).toBe(disk.usedBytes());
    expect(stats.lastSyncMs).toBeGreaterThan(0);
    expect(log.head()).toEqual({ n: 3, hash: expect.stringMatching(/^[0-9a-f]{32}$/) });
  });
});
