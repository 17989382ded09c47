/** What the station remembers of its own log after a restart: the same fold, and nothing twice. */
import { describe, expect, test } from "vitest";
import type { LogEntry } from "../../../firmware/log/entry.ts";
import { openJournalDesk } from "../../../firmware/runner/journal-desk.ts";
import type { Effect } from "../../../services/effects.ts";
import { type Durable, emptyDurable } from "../../../services/journal/durable.ts";
import type { JournalRecord } from "../../../services/journal/records.ts";
import { applyEntry, publicationOf } from "../../../services/publication.ts";
import { createVirtualClock } from "../../../simulator/clock.ts";
import { simulatedDisk } from "../../../simulator/disk.ts";
import { createRandom } from "../../../simulator/random.ts";

const wallMs = Date.UTC(2026, 0, 15, 4, 0, 0);
type RecordEffect = Extract<Effect, { do: "record" }>;

function rig() {
  const clock = createVirtualClock({ wallStartMs: wallMs });
  const random = createRandom("desk");
  const disk = simulatedDisk({ clock, random: random.split("disk") });
  const faults: string[] = [];
  let durable: Durable = emptyDurable;
  const publishedAfter = (desk: ReturnType<typeof open>): LogEntry[] => {
    let found: LogEntry[] | undefined;
    desk.log.readOutbox(0, 2_000, (page) => {
      found = "entries" in page ? page.entries : [];
    });
    while (found === undefined && clock.step());
    return found ?? [];
  };
  const open = () =>
    openJournalDesk({
      disk,
      clock,
      logId: "00112233445566778899aabbccddeeff",
      boot: "boot",
      maxBytes: 8 * 65_536,
      durableNow: () => durable,
      onFault: ({ code, raised }) => faults.push(`${code} ${raised ? "raised" : "cleared"}`),
    });
  /** Decides on a record, as the station does: the state moves on at once, the disk follows. */
  const decide = (record: JournalRecord): RecordEffect => {
    const told = publicationOf(record, durable);
    const publish = told === undefined ? undefined : { ...told, seq: (durable.streamSeq[told.stream] ?? 0) + 1 };
    const entry = { record, ...(publish === undefined ? {} : { publish }) };
    durable = applyEntry(durable, { ...entry, at: clock.wallMs() });
    return { do: "record", ...entry };
  };
  const append = (desk: ReturnType<typeof open>, ...effects: RecordEffect[]): string | undefined => {
    let answered: { failure: string | undefined } | undefined;
    desk.append(effects, (failure) => {
      answered = { failure };
    });
    while (answered === undefined && clock.step());
    expect(answered, "the desk answers").toBeDefined();
    return answered?.failure;
  };
  const powerCut = (): void => disk.crash(random.split("cut"));
  return { clock, disk, faults, open, publishedAfter, decide, append, powerCut, now: () => durable };
}

const refused: JournalRecord = { kind: "scan-refused", cabinet: "c-1", reason: "no-full-pack" };
const lockedOut: JournalRecord = { kind: "lock-out", bay: 3, lockOut: "operator", reason: "check", by: "operator" };
const reserved: JournalRecord = {
  kind: "swap-reserved",
  swap: {
    id: "s-000001",
    cabinet: "c-1",
    member: "member-ling-1",
    inBay: 1,
    outBay: 2,
    spares: [3],
    packIn: undefined,
    pays: undefined,
    because: undefined,
    startedAt: wallMs,
  },
};

describe("after a restart", () => {
  test("the station knows what was on the disk, and not one decision more", () => {
    const { open, decide, append, powerCut, now } = rig();
    const desk = open();
    desk.start();
    expect(append(desk, decide(reserved), decide(lockedOut))).toBeUndefined();
    const written = now();
    desk.append([decide(refused)], () => undefined);
    powerCut();
    expect(open().durable).toEqual(JSON.parse(JSON.stringify(written)));
  });

  test("a decision that a checkpoint already held when its record was written behind it counts once", () => {
    const { open, decide, append } = rig();
    const desk = open();
    const effect = decide(refused);
    // The first segment begins with a checkpoint of the state, in which the refusal already stands.
    desk.start();
    expect(append(desk, effect)).toBeUndefined();
    const { today, streamSeq } = open().durable;
    expect([today.refused, today.scans, streamSeq.swap]).toEqual([1, 1, 1]);
  });
});

describe("a disk that fails", () => {
  test("is told as a fault, and the log is tried again by itself", () => {
    const { open, decide, append, disk, faults, clock } = rig();
    const desk = open();
    desk.start();
    expect(append(desk, decide(refused))).toBeUndefined();
    disk.trouble("sync-fails");
    expect(append(desk, decide(lockedOut))).toContain("EIO");
    expect(faults).toEqual(["log-failed raised"]);
    clock.runUntil(clock.nowMs + 20_000);
    expect(faults).toEqual(["log-failed raised", "log-failed cleared"]);
    expect(append(desk, decide(refused))).toBeUndefined();
    // The new segment's checkpoint holds the decision whose own record was lost.
    expect(open().durable.lockOuts["3"]?.lockOut).toBe("operator");
    expect(open().durable.today.refused).toBe(2);
  });
});

describe("events that the log could not take", () => {
  const seqs = (entries: readonly LogEntry[]) => entries.map(({ publish }) => publish?.seq);

  test("are in it once the disk works again: their stream has no gap and nothing stands twice", () => {
    const { open, publishedAfter, decide, append, disk, clock } = rig();
    const desk = open();
    desk.start();
    expect(append(desk, decide(refused))).toBeUndefined();
    disk.trouble("sync-fails");
    expect(append(desk, decide(refused), decide(lockedOut))).toContain("EIO");
    expect(append(desk, decide(refused))).toContain("EIO");
    clock.runUntil(clock.nowMs + 20_000);
    expect(append(desk, decide(refused))).toBeUndefined();
    const swap = publishedAfter(desk).filter(({ publish }) => publish?.stream === "swap");
    expect(seqs(swap)).toEqual([1, 2, 3, 4]);
    expect(publishedAfter(desk).filter(({ publish }) => publish?.stream === "bay")).toHaveLength(1);
    expect(desk.droppedEvents()).toBe(0);
    // What the checkpoint of the new segment held already counts once.
    expect(open().durable.today.refused).toBe(4);
  });

  test("stand before anything newer, also when the newer one comes first to a disk that works again", () => {
    const { open, publishedAfter, decide, append, disk, clock } = rig();
    const desk = open();
    desk.start();
    expect(append(desk, decide(refused))).toBeUndefined();
    disk.trouble("sync-fails");
    expect(append(desk, decide(refused))).toContain("EIO");
    while (desk.log.failure() !== undefined) clock.step();
    expect(append(desk, decide(refused))).toBeUndefined();
    clock.runUntil(clock.nowMs + 5_000);
    expect(seqs(publishedAfter(desk))).toEqual([1, 2, 3]);
  });

  test("are bounded while the disk stays dead, and what is beyond the bound is counted", () => {
    const { open, publishedAfter, decide, append, disk, clock } = rig();
    const desk = open();
    desk.start();
    expect(append(desk, decide(refused))).toBeUndefined();
    disk.setReadOnly(true);
    for (let time = 0; time < 1_300; time++) append(desk, decide(refused));
    clock.runUntil(clock.nowMs + 60_000);
    expect(desk.droppedEvents()).toBe(300);
    disk.setReadOnly(false);
    clock.runUntil(clock.nowMs + 60_000);
    const found = seqs(publishedAfter(desk));
    expect(found).toEqual(Array.from({ length: 1_001 }, (_, index) => index + 1));
    expect(desk.droppedEvents()).toBe(300);
  });
});

describe("the time that it cannot be earlier than", () => {
  test("is the newest moment a time source vouched for, and survives a night in 1970 that fills the log", () => {
    const { open, decide, append, clock } = rig();
    const desk = open();
    desk.start();
    append(desk, decide(refused));
    const seenMs = desk.timeFloorMs();
    expect(seenMs).toBeGreaterThanOrEqual(wallMs);
    clock.setSynchronised(false);
    clock.jumpWall(5_000 - clock.wallMs());
    const night = open();
    night.start();
    for (let n = 0; n < 1_500; n++) append(night, decide(refused));
    expect(night.log.stats().segments).toBeGreaterThan(2);
    expect(open().timeFloorMs()).toBeGreaterThanOrEqual(wallMs);
  });

  test("is not moved by a clock that nobody vouches for, however late it is", () => {
    const { open, decide, append, clock } = rig();
    clock.setSynchronised(false);
    clock.jumpWall(10 * 365 * 86_400_000);
    const desk = open();
    desk.start();
    append(desk, decide(refused));
    expect(open().timeFloorMs()).toBe(0);
  });
});
