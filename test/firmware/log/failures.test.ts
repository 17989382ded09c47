/** The disk faults of the catalogue, D1 to D9, as far as the log is concerned. */
import { describe, expect, test } from "vitest";
import { LOG_CODES } from "../../../firmware/log/entry.ts";
import type { DiskTrouble } from "../../../simulator/disk.ts";
import { createRandom } from "../../../simulator/random.ts";
import { makeRig, note } from "./log-rig.ts";

function started(seed = "failures", options: Parameters<ReturnType<typeof makeRig>["open"]>[0] = {}) {
  const rig = makeRig(seed);
  const { log } = rig.open(options);
  log.start();
  rig.until(() => rig.disk.syncs() === 1);
  const reopen = () => {
    let result: { code: string | undefined } | undefined;
    log.reopen((failure) => {
      result = { code: failure?.code };
    });
    rig.until(() => result !== undefined);
    return result?.code;
  };
  return { ...rig, log, reopen };
}

const seqs = (entries: readonly { record: { kind: string; seq?: unknown } }[]) =>
  entries.filter(({ record }) => record.kind !== "checkpoint").map(({ record }) => record.seq);

const troubles: readonly (readonly [string, DiskTrouble, string])[] = [
  ["D1: the disk is full after half of a record", "short-write", "ENOSPC"],
  ["D2: a write returns EIO", "write-fails", "EIO"],
  ["D3: a sync fails, and later ones would succeed", "sync-fails", "EIO"],
];

describe.each(troubles)("%s", (_story, trouble, code) => {
  test("the append fails with the disk's code, and so does every later one: nothing is believed any more", () => {
    const { log, append, disk, faults, until } = started();
    append(log, note(1));
    disk.trouble(trouble);
    const answers: unknown[] = [];
    for (const seq of [2, 3, 4]) log.append([note(seq)], (failure) => answers.push(failure?.code));
    until(() => answers.length === 3);
    expect(answers).toEqual([code, code, code]);
    expect(append(log, note(5))?.code).toBe(code);
    expect(log.failure()?.code).toBe(code);
    expect(log.syncedN()).toBe(1);
    expect(faults).toMatchObject([{ code: "log-failed", raised: true, failure: { code } }]);
  });

  test("reopening goes on in a new segment, with the numbers that were never acknowledged used again", () => {
    const { log, append, disk, faults, reopen, open } = started();
    append(log, note(1), note(2));
    disk.trouble(trouble);
    append(log, note(3));
    expect(reopen()).toBeUndefined();
    expect(log.failure()).toBeUndefined();
    expect(faults.at(-1)).toMatchObject({ code: "log-failed", raised: false });
    expect(log.append([note(4)], () => {})).toBe(3);
    append(log, note(5));
    expect(disk.names()).toEqual(["log-00000001.yzl", "log-00000002.yzl"]);
    const { recovered } = open();
    expect(recovered).toMatchObject({ damage: { kind: "none" }, complete: true, lastN: 4 });
    expect(recovered.entries.map(({ n }) => n)).toEqual([2, 3, 4]);
    expect(seqs(recovered.entries)).toEqual([4, 5]);
  });

  test("a power cut before reopening loses nothing that was acknowledged", () => {
    for (let seed = 0; seed < 40; seed++) {
      const { log, append, disk, open } = started(`cut-${seed}`);
      append(log, note(1), note(2));
      disk.trouble(trouble);
      append(log, note(3), note(4));
      disk.crash(createRandom(`cut-${seed}`));
      const { recovered } = open();
      expect(seqs(recovered.entries).slice(0, 2)).toEqual([1, 2]);
      expect(recovered.damage.kind).not.toBe("corrupt");
    }
  });

  test("a power cut after reopening loses nothing that was acknowledged before or after", () => {
    for (let seed = 0; seed < 40; seed++) {
      const { log, append, disk, open, reopen } = started(`later-${seed}`);
      append(log, note(1), note(2));
      disk.trouble(trouble);
      append(log, note(3));
      expect(reopen()).toBeUndefined();
      append(log, note(4));
      disk.crash(createRandom(`later-${seed}`));
      const { recovered } = open();
      expect(recovered).toMatchObject({ damage: { kind: "none" }, complete: true, lastN: 3 });
      expect(seqs(recovered.entries)).toEqual([4]);
    }
  });
});

describe("reopening", () => {
  test("fails with the same code while the disk is still full, and works once it is not", () => {
    const { log, append, disk, reopen, open } = started();
    append(log, note(1));
    disk.setCapacity(disk.usedBytes() + 10);
    expect(append(log, note(2))?.code).toBe("ENOSPC");
    expect(reopen()).toBe("ENOSPC");
    expect(reopen()).toBe("ENOSPC");
    disk.setCapacity(Number.POSITIVE_INFINITY);
    expect(reopen()).toBeUndefined();
    expect(append(log, note(3))).toBeUndefined();
    expect(open().recovered).toMatchObject({ damage: { kind: "none" }, complete: true, lastN: 2 });
  });

  test("on a full disk the log gives back its oldest delivered segment rather than refuse riders", () => {
    const { log, append, disk, reopen, pass } = started();
    for (let seq = 1; disk.names().length < 4; seq++) {
      append(log, note(seq, "x".repeat(4_000)));
      pass(20);
    }
    log.outboxAcknowledged(log.syncedN());
    disk.setCapacity(disk.usedBytes());
    expect(append(log, note(0))?.code).toBe("ENOSPC");
    expect(reopen()).toBeUndefined();
    expect(disk.names()).not.toContain("log-00000001.yzl");
    expect(append(log, note(0))).toBeUndefined();
  });

  test("never gives back the last two segments, however full the disk", () => {
    const { log, append, disk, reopen, pass } = started();
    for (let seq = 1; disk.names().length < 3; seq++) {
      append(log, note(seq, "x".repeat(4_000)));
      pass(20);
    }
    disk.setCapacity(disk.usedBytes());
    expect(append(log, note(0))?.code).toBe("ENOSPC");
    disk.setCapacity(0);
    for (let tries = 0; tries < 4; tries++) expect(reopen()).toBe("ENOSPC");
    expect(disk.names().filter((name) => disk.read(name).length > 0)).toEqual(["log-00000002.yzl", "log-00000003.yzl"]);
  });

  test("counts what failed writes left behind, so that the bound holds on the disk itself", () => {
    const { log, append, disk, reopen } = started();
    for (let round = 0; round < 5; round++) {
      disk.trouble("sync-fails");
      append(log, note(round, "x".repeat(5_000)));
      expect(reopen()).toBeUndefined();
    }
    expect(log.stats().bytes).toBeGreaterThanOrEqual(disk.usedBytes());
  });

  test("a log whose first segment held no entry is whole without it", () => {
    const { log, append, disk, reopen, open, pass } = started();
    disk.trouble("write-fails");
    append(log, note(1));
    expect(reopen()).toBeUndefined(); // the second segment begins at number 1 as well
    disk.trouble("write-fails");
    append(log, note(2));
    expect(reopen()).toBeUndefined();
    disk.trouble("short-write");
    append(log, note(3));
    expect(reopen()).toBeUndefined();
    pass(50);
    expect(disk.names()).not.toContain("log-00000001.yzl");
    append(log, note(4));
    expect(open().recovered).toMatchObject({ damage: { kind: "none" }, complete: true, lastN: 1 });
  });

  test("refuses to go on when the disk no longer holds what it acknowledged", () => {
    const { log, append, disk, reopen } = started();
    append(log, note(1), note(2));
    disk.trouble("write-fails");
    append(log, note(3));
    disk.flip("log-00000001.yzl", disk.read("log-00000001.yzl").length - 20, 3);
    expect(reopen()).toBe(LOG_CODES.damaged);
    expect(append(log, note(4))?.code).toBe(LOG_CODES.damaged);
  });

  test("asked for twice at once is done once", () => {
    const { log, append, disk, until } = started();
    disk.trouble("write-fails");
    append(log, note(1));
    const answers: unknown[] = [];
    log.reopen((failure) => answers.push(failure?.code));
    log.reopen((failure) => answers.push(failure?.code));
    until(() => answers.length === 2);
    expect(answers).toEqual([LOG_CODES.busy, undefined]);
    expect(disk.names()).toHaveLength(2);
  });

  test("of a log that is well does nothing, and of a closed one is refused", () => {
    const { log, disk, reopen, until } = started();
    expect(reopen()).toBeUndefined();
    expect(disk.names()).toHaveLength(1);
    let closed = false;
    log.close(() => {
      closed = true;
    });
    until(() => closed);
    expect(reopen()).toBe(LOG_CODES.closed);
  });

  test("while a log that failed is closed, its closing is answered", () => {
    const { log, append, disk, until } = started();
    disk.trouble("write-fails");
    append(log, note(1));
    disk.setCapacity(0);
    const order: string[] = [];
    log.reopen((failure) => order.push(`reopen ${failure?.code}`));
    log.close(() => order.push("closed"));
    until(() => order.length === 2);
    expect(order).toEqual(["reopen ENOSPC", "closed"]);
  });
});

describe("other disk faults", () => {
  test("D6: remounted read-only, appends fail with EROFS, and reading still works", () => {
    const { log, append, disk, open, reopen } = started();
    append(log, note(1));
    disk.setReadOnly(true);
    expect(append(log, note(2))?.code).toBe("EROFS");
    expect(reopen()).toBe("EROFS");
    expect(seqs(open().recovered.entries)).toEqual([1]);
    disk.setReadOnly(false);
    expect(reopen()).toBeUndefined();
    expect(append(log, note(3))).toBeUndefined();
  });

  test("a torn tail that cannot be cut off leaves the log readable, closed for writing, and mendable", () => {
    const { log, append, disk, open, until } = started();
    append(log, note(1));
    append(log, note(2));
    const whole = disk.read("log-00000001.yzl");
    disk.put("log-00000001.yzl", whole.subarray(0, whole.length - 5));
    disk.setReadOnly(true);
    const second = open();
    expect(seqs(second.recovered.entries)).toEqual([1]);
    expect(second.recovered).toMatchObject({ damage: { kind: "torn-tail" }, failure: { code: "EROFS" } });
    second.log.start();
    expect(append(second.log, note(3))?.code).toBe("EROFS");
    disk.setReadOnly(false);
    let reopened: unknown = "not yet";
    second.log.reopen((failure) => {
      reopened = failure;
    });
    until(() => reopened !== "not yet");
    expect(reopened).toBeUndefined();
    expect(append(second.log, note(4))).toBeUndefined();
    expect(open().recovered).toMatchObject({ damage: { kind: "none" }, complete: true, lastN: 2 });
  });

  test("a segment that never began and cannot be emptied is removed before its number is used again", () => {
    const { log, append, disk, open, until } = started();
    append(log, note(1));
    disk.put("log-00000002.yzl", disk.read("log-00000001.yzl").subarray(0, 100));
    disk.setReadOnly(true);
    const second = open();
    expect(second.recovered).toMatchObject({ damage: { kind: "torn-tail", bytes: 100 }, failure: { code: "EROFS" } });
    second.log.start();
    disk.setReadOnly(false);
    let reopened: unknown = "not yet";
    second.log.reopen((failure) => {
      reopened = failure;
    });
    until(() => reopened !== "not yet");
    expect(append(second.log, note(2))).toBeUndefined();
    expect(open().recovered).toMatchObject({ damage: { kind: "none" }, complete: true, lastN: 2 });
  });

  test("D9: a stalled disk fills the bounded queue, refuses the rest at once, and then catches up in order", () => {
    const { log, disk, until, pass, open } = started("stall", { queueMax: 10 });
    disk.stall(5_000);
    const answers: [number, string | undefined][] = [];
    for (let seq = 1; seq <= 15; seq++) log.append([note(seq)], (failure) => answers.push([seq, failure?.code]));
    pass(1);
    const full = LOG_CODES.queueFull;
    expect(answers).toEqual([12, 13, 14, 15].map((seq) => [seq, full]));
    expect(log.stats().queued).toBe(10);
    disk.stall(0);
    until(() => answers.length === 15);
    expect(answers.slice(4)).toEqual(Array.from({ length: 11 }, (_, at) => [at + 1, undefined]));
    expect(seqs(open().recovered.entries)).toEqual(Array.from({ length: 11 }, (_, at) => at + 1));
    expect(log.stats().lastSyncMs).toBeLessThan(100);
  });

  test("D8: a power cut while a new segment begins leaves the old state or the new one, never none", () => {
    const outcomes = new Set<number>();
    for (let seed = 0; seed < 120; seed++) {
      let folded = 0;
      const rig = makeRig(`segment-${seed}`);
      const { log } = rig.open({ checkpoint: () => ({ kind: "checkpoint", folded }) });
      log.start();
      for (let seq = 1; log.stats().bytes < 65_536; seq++) {
        rig.append(log, note(seq, "x".repeat(4_000)));
        folded = seq;
      }
      rig.pass(seed / 10);
      rig.disk.crash(createRandom(`segment-${seed}`));
      const { recovered } = rig.open();
      expect(recovered).toMatchObject({ complete: true, lastN: folded });
      expect(recovered.damage.kind).not.toBe("corrupt");
      const notes = recovered.entries.filter(({ record }) => record.kind === "note").length;
      expect(Number(recovered.entries[0]?.record.folded) + notes).toBe(folded);
      outcomes.add(notes);
    }
    expect(outcomes.size).toBe(2);
  });

  test("a failed start is told, and can be mended", () => {
    const rig = makeRig();
    rig.disk.setReadOnly(true);
    const { log } = rig.open();
    log.start();
    rig.until(() => rig.faults.length > 0);
    expect(rig.faults).toMatchObject([{ code: "log-failed", raised: true, failure: { code: "EROFS" } }]);
    rig.disk.setReadOnly(false);
    let mended: unknown = "not yet";
    log.reopen((failure) => {
      mended = failure;
    });
    rig.until(() => mended !== "not yet");
    expect(mended).toBeUndefined();
    expect(rig.append(log, note(1))).toBeUndefined();
  });
});
