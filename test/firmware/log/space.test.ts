import { describe, expect, test } from "vitest";
import { LOG_CODES, type LogDraft } from "../../../firmware/log/entry.ts";
import { event, makeRig, note } from "./log-rig.ts";

const MAX_BYTES = 16 * 65_536;

function started(seed = "space", state = "") {
  const rig = makeRig(seed);
  const { log } = rig.open({ maxBytes: MAX_BYTES, checkpoint: () => ({ kind: "checkpoint", state }) });
  log.start();
  rig.until(() => rig.disk.syncs() === 1);
  const big = (seq: number, stream = "swap", size = 4_000): LogDraft => {
    const { record, publish } = event(seq, stream);
    return { record: { ...record, text: "x".repeat(size) }, ...(publish === undefined ? {} : { publish }) };
  };
  /** Appends until one is refused; tells how many were taken and why the last was not. */
  const fill = (draft: (seq: number) => LogDraft, limit = 2_000) => {
    for (let seq = 1; seq <= limit; seq++) {
      const failure = rig.append(log, draft(seq));
      if (failure !== undefined) return { taken: seq - 1, code: failure.code };
      rig.pass(20);
      expect(rig.disk.usedBytes()).toBeLessThanOrEqual(MAX_BYTES);
    }
    return { taken: limit, code: undefined };
  };
  return { ...rig, log, fill, big };
}

describe("a log that is bounded in bytes", () => {
  test("drops its oldest segments once nothing in them waits to be delivered, and never grows over its bound", () => {
    const { fill, disk, open, faults } = started();
    expect(fill((seq) => note(seq, "x".repeat(4_000)))).toEqual({ taken: 2_000, code: undefined });
    expect(disk.names().at(0)).not.toBe("log-00000001.yzl");
    expect(faults).toEqual([]);
    const { recovered } = open();
    expect(recovered).toMatchObject({ complete: true, damage: { kind: "none" }, lastN: 2_000 });
  });

  test("refuses appends rather than drop events that were not delivered, and says so once", () => {
    const { fill, big, faults, log, append, open, until } = started();
    const { taken, code } = fill((seq) => big(seq));
    expect(code).toBe(LOG_CODES.full);
    expect(taken).toBeGreaterThan(150);
    append(log, big(0));
    expect(faults).toMatchObject([{ code: "log-full", raised: true }]);
    expect(log.stats().droppedOutbox).toBe(0);
    expect(log.failure()).toBeUndefined();
    // Everything is still there, from the first to the last.
    const numbers = new Set<number>();
    const { log: again } = open();
    let pages = 0;
    const read = (after: number): void =>
      again.readOutbox(after, 50, (page) => {
        if (!("entries" in page)) throw new Error(page.failure.message);
        for (const { n } of page.entries) numbers.add(n);
        pages++;
        if (page.entries.length > 0) read(page.entries.at(-1)?.n ?? 0);
        else pages = -1;
      });
    read(0);
    until(() => pages === -1);
    expect(numbers.size).toBe(taken);
  });

  test("outcomes of what was begun still fit when intents are refused already", () => {
    const { fill, big, log, append } = started();
    fill((seq) => big(seq));
    expect(append(log, big(1))?.code).toBe(LOG_CODES.full);
    expect(append(log, { ...note(2), outcome: true })).toBeUndefined();
    let taken = 0;
    while (append(log, { ...big(3), outcome: true }) === undefined) taken++;
    expect(taken).toBeGreaterThanOrEqual(3);
    expect(taken).toBeLessThan(10);
  });

  test.each([200, 1_000, 2_000, 3_000])(
    "however full the log is, whatever it accepts (%d characters) can fail and be followed by a new segment",
    (size) => {
      const { fill, big, log, append, disk, until } = started("failing", "c".repeat(8_000));
      fill((seq) => big(seq));
      let failures = 0;
      for (;;) {
        disk.trouble("write-fails");
        const code = append(log, { ...note(4, "x".repeat(size)), outcome: true })?.code;
        if (code === LOG_CODES.full) break;
        expect(code).toBe("EIO");
        let answer: string | undefined = "none yet";
        log.reopen((failure) => {
          answer = failure?.code;
        });
        until(() => answer !== "none yet");
        expect(answer, `after ${++failures} failures`).toBeUndefined();
        expect(log.stats().bytes).toBeLessThanOrEqual(MAX_BYTES);
      }
      expect(failures).toBeGreaterThan(0);
    },
  );

  test("a checkpoint that grew too large for the room left is put off, not tried for ever", () => {
    const rig = makeRig("grown");
    let state = "";
    const checkpoint = () => ({ kind: "checkpoint", state }) as const;
    const { log } = rig.open({ maxBytes: MAX_BYTES, checkpoint });
    log.start();
    let code: string | undefined;
    for (let seq = 1; code === undefined; seq++) {
      const { record, publish } = event(seq);
      if (publish === undefined) throw new Error("not an event");
      code = rig.append(log, { record: { ...record, text: "x".repeat(4_000) }, publish, outcome: true })?.code;
      if (log.stats().bytes > MAX_BYTES - 150_000) state = "c".repeat(200_000);
      rig.pass(20);
    }
    expect(code).toBe(LOG_CODES.full);
    expect(log.failure()).toBeUndefined();
    const segments = log.stats().segments;
    log.outboxAcknowledged(log.syncedN());
    rig.pass(2_000);
    expect(rig.append(log, note(1))).toBeUndefined();
    rig.pass(2_000);
    expect(rig.disk.names().at(-1)).toBe(`log-${String(segments + 1).padStart(8, "0")}.yzl`);
    expect(rig.disk.usedBytes()).toBeLessThanOrEqual(MAX_BYTES);
  });

  test("takes appends again once events were delivered, and clears the fault", () => {
    const { fill, big, faults, log, append, pass } = started();
    const { taken } = fill((seq) => big(seq));
    log.outboxAcknowledged(Math.floor(taken / 2));
    pass(2_000);
    expect(faults.map(({ code, raised }) => [code, raised])).toEqual([
      ["log-full", true],
      ["log-full", false],
    ]);
    expect(append(log, note(1))).toBeUndefined();
  });

  test("drops telemetry that was not delivered, counts it and reports it", () => {
    const { fill, big, faults, log } = started();
    expect(fill((seq) => big(seq, "telemetry"), 400).code).toBeUndefined();
    const { droppedOutbox } = log.stats();
    expect(droppedOutbox).toBeGreaterThan(50);
    expect(faults.at(-1)).toEqual({ code: "outbox-dropped", raised: true, dropped: droppedOutbox });
  });

  test("refuses telemetry before any event that must not be lost, where both stand in the same segments, and counts it", () => {
    const { big, faults, log, append, pass, disk } = started();
    const taken = { telemetry: 0, swap: 0 };
    let code: string | undefined;
    for (let seq = 1; code === undefined; seq++) {
      if (append(log, big(seq, "telemetry")) === undefined) taken.telemetry++;
      code = append(log, big(seq, "swap"))?.code;
      if (code === undefined) taken.swap++;
      if (taken.telemetry < seq) expect(log.stats().droppedOutbox).toBe(seq - taken.telemetry);
      pass(20);
      expect(disk.usedBytes()).toBeLessThanOrEqual(MAX_BYTES);
    }
    // Telemetry took half of the bytes together with the others and nothing more; the other half was theirs alone.
    expect(code).toBe(LOG_CODES.full);
    expect(taken.telemetry).toBeGreaterThan(50);
    expect(taken.swap).toBeGreaterThan(2.5 * taken.telemetry);
    expect(faults.map((fault) => fault.code)).toContain("outbox-dropped");
    expect(faults.at(-1)?.code).toBe("log-full");
  });

  test("telemetry that was delivered before it was dropped is not counted as lost", () => {
    const { fill, big, log } = started();
    fill((seq) => {
      log.outboxAcknowledged(log.syncedN());
      return big(seq, "telemetry");
    }, 400);
    expect(log.stats().droppedOutbox).toBe(0);
  });

  test("knows after a restart which segments it may drop", () => {
    const rig = started();
    const { taken } = rig.fill((seq) => rig.big(seq));
    const { log } = rig.open({ maxBytes: MAX_BYTES });
    log.start();
    rig.pass(100);
    expect(rig.append(log, rig.big(1))?.code).toBe(LOG_CODES.full);
    log.outboxAcknowledged(taken);
    rig.pass(2_000);
    expect(rig.append(log, rig.big(1))).toBeUndefined();
    expect(rig.disk.names().length).toBeLessThan(15);
  });

  test("knows after a restart what still waits in the newest segment as well", () => {
    const rig = started();
    expect(rig.append(rig.log, event(1))).toBeUndefined();
    const { log } = rig.open({ maxBytes: MAX_BYTES });
    log.start();
    rig.pass(100);
    let code: string | undefined;
    for (let seq = 2; seq < 2_000 && code === undefined; seq++) {
      code = rig.append(log, note(seq, "x".repeat(4_000)))?.code;
      rig.pass(20);
    }
    expect(code).toBe(LOG_CODES.full);
    expect(rig.disk.names()).toContain("log-00000001.yzl");
  });

  test("a segment that is dropped while the outbox reads it is passed over", () => {
    const { fill, big, log, disk, until, pass } = started();
    const { taken } = fill((seq) => big(seq, "swap", 1_500));
    let entries: readonly number[] | undefined;
    disk.stall(500);
    log.readOutbox(0, 1_000, (page) => {
      if ("entries" in page) entries = page.entries.map(({ n }) => n);
      else expect.unreachable(page.failure.code);
    });
    disk.stall(0);
    log.outboxAcknowledged(taken);
    pass(400);
    expect(disk.names()).not.toContain("log-00000001.yzl");
    until(() => entries !== undefined);
    expect(entries?.at(-1)).toBe(taken);
    expect(entries?.[0]).toBeGreaterThan(1);
  });

  test("keeps the segment before the last, so that a checkpoint gone bad does not take the state with it", () => {
    const { fill, disk, open } = started();
    fill((seq) => note(seq, "x".repeat(4_000)), 600);
    const last = disk.names().at(-1) as string;
    const text = Buffer.from(disk.read(last)).toString("latin1");
    disk.flip(last, text.indexOf('"kind":"checkpoint"') + 3, 0);
    const { recovered } = open();
    expect(recovered.damage.kind).not.toBe("none");
    expect(recovered.entries[0]?.record.kind).toBe("checkpoint");
    expect(recovered.lastN).toBe(600);
  });

  test("a segment that cannot be removed is tried again later", () => {
    const { fill, disk, log, append, pass } = started();
    const remove = disk.remove.bind(disk);
    let refusals = 0;
    disk.remove = (name, done) => {
      if (refusals++ < 3) remove("no such file, but not said so", () => done({ code: "EIO", message: "no" }));
      else remove(name, done);
    };
    expect(fill((seq) => note(seq, "x".repeat(4_000)), 800).code).toBeUndefined();
    expect(refusals).toBeGreaterThan(3);
    pass(100);
    expect(append(log, note(1))).toBeUndefined();
  });
});
