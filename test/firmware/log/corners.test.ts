/** Corners of the log that only a forger, a dying disk or a mistake of our own reaches: each is told apart, none is believed. */
import { Buffer } from "node:buffer";
import { crc32 } from "node:zlib";
import { describe, expect, test } from "vitest";
import { BODY_OFFSET, CRC_DIGITS, encodeLine, readLine } from "../../../firmware/log/line.ts";
import { readAll } from "../../../firmware/log/read-all.ts";
import { readSegments } from "../../../firmware/log/recover.ts";
import { SegmentWriter } from "../../../firmware/log/segment-writer.ts";
import { SegmentList } from "../../../firmware/log/segments.ts";
import { FIRST, SECOND, written } from "./damage-rig.ts";
import { LOG_ID, makeRig, note } from "./log-rig.ts";

const hashOf = (line: string | undefined): string => (line ?? "").slice(9, 41);
const lineOf = (previous: string, body: string): string =>
  encodeLine(previous, body).bytes.toString("latin1").trimEnd();

describe("a line whose CRC is right and whose shape is not", () => {
  const sealed = (change: (bytes: Buffer) => void): Buffer => {
    const bytes = Buffer.from(encodeLine("0".repeat(32), '{"n":1}').bytes);
    change(bytes);
    bytes.write(crc32(bytes.subarray(CRC_DIGITS)).toString(16).padStart(CRC_DIGITS, "0"), 0, "latin1");
    return bytes;
  };
  const read = (change: (bytes: Buffer) => void) => {
    const bytes = sealed(change);
    return readLine(bytes, 0, bytes.length);
  };

  test("is no line: both blanks stand where they belong", () => {
    expect(read(() => {})).toMatchObject({ bodyStart: BODY_OFFSET });
    expect(read((bytes) => bytes.write("_", CRC_DIGITS, "latin1"))).toBeUndefined();
    expect(read((bytes) => bytes.write("_", BODY_OFFSET - 1, "latin1"))).toBeUndefined();
  });
});

describe("a forged beginning", () => {
  test("whose header does not follow from the hash that it names is no header", () => {
    const { rewrite, open, lines } = written();
    const body = (lines(FIRST)[0] as string).slice(BODY_OFFSET);
    rewrite(FIRST, (all) => all.with(0, lineOf("f".repeat(32), body)));
    expect(open().recovered.damage).toMatchObject({ file: FIRST, offset: 0 });
  });

  test("that says to be the first segment must begin with the log's id", () => {
    const { rewrite, open, lines } = written();
    const other = "e".repeat(32);
    const body = (lines(FIRST)[0] as string)
      .slice(BODY_OFFSET)
      .replace(`"previous":"${LOG_ID}"`, `"previous":"${other}"`);
    rewrite(FIRST, (all) => all.with(0, lineOf(other, body)));
    expect(open().recovered.damage).toMatchObject({ file: FIRST, why: "the log does not begin with its id" });
  });

  test("a line without a number is not an entry", () => {
    const { rewrite, open, lines } = written();
    const before = hashOf(lines(FIRST)[5]);
    rewrite(FIRST, (all) => all.with(6, lineOf(before, '{"m":6}')));
    expect(open().recovered.damage).toMatchObject({ file: FIRST, why: "a line is not an entry" });
  });

  test("a mark that is no number marks nothing", () => {
    const { rewrite, open, last, lines } = written(66);
    const mark = '{"n":66,"at":1,"clock":"ntp","boot":"b","record":{"kind":"outbox-acknowledged","n":"all"}}';
    rewrite(last, (all) => all.with(-1, lineOf(hashOf(lines(last).at(-2)), mark)));
    expect(open().recovered).toMatchObject({ acknowledgedN: 0, lastN: 66 });
  });
});

describe("an append that was cut short", () => {
  test("right behind damage leaves nothing of itself, and the damage is still told", () => {
    const rig = makeRig("unended");
    const { log } = rig.open();
    log.start();
    for (let seq = 1; seq <= 4; seq++) rig.append(log, note(seq));
    rig.append(log, note(5), note(6));
    const all = Buffer.from(rig.disk.read(FIRST)).toString("latin1").split("\n").slice(0, -1);
    const spoiled = all.with(-3, `0${(all.at(-3) as string).slice(1)}`.replace(/^0/, "z")).slice(0, -1);
    rig.disk.put(FIRST, Buffer.from(`${spoiled.join("\n")}\n`, "latin1"));
    const { recovered } = rig.open();
    expect(recovered.damage).toMatchObject({ kind: "corrupt", why: "a line's CRC does not match" });
    expect([...recovered.entries, ...recovered.afterDamage].map(({ n }) => n)).toEqual([0, 1, 2, 3]);
    expect(recovered.lastN).toBe(3);
  });
});

describe("somebody who only looks", () => {
  test("reads every entry of all segments with its place, checkpoints left out", () => {
    const { disk, lines } = written();
    const all = readAll(disk);
    expect(all.map(({ entry }) => entry.n)).toEqual(Array.from({ length: 60 }, (_unused, at) => at + 1));
    for (const { entry, file, offset } of all) {
      const text = Buffer.from(disk.read(file)).toString("latin1", offset);
      expect(text.slice(BODY_OFFSET, BODY_OFFSET + 20)).toContain(`"n":${entry.n}`);
    }
    expect(lines(SECOND).length).toBeGreaterThan(2);
  });

  test("reads what stands around damage, and nothing of the line that is none", () => {
    const { disk, spoil } = written();
    spoil(FIRST, 6);
    const numbers = readAll(disk).map(({ entry }) => entry.n);
    expect(numbers).toHaveLength(59);
    const { damage, complete } = readSegments(disk);
    expect(damage).toMatchObject({ kind: "corrupt", file: FIRST });
    expect(typeof complete).toBe("boolean");
  });

  test("is told of a whole log, of a body that is no entry, and of a file that is gone at the second look", () => {
    const whole = written();
    expect(readSegments(whole.disk)).toMatchObject({
      logId: LOG_ID,
      complete: true,
      damage: { kind: "none" },
      lastN: 60,
    });
    const strange = written(66);
    strange.rewrite(strange.last, (all) => all.with(-1, lineOf(hashOf(all.at(-2)), '{"n":66,"rubbish')));
    expect(readSegments(strange.disk).damage).toMatchObject({ kind: "corrupt", why: "a line is not an entry" });
    expect(readAll(strange.disk).map(({ entry }) => entry.n)).not.toContain(66);
    const dying = written();
    const seen = new Set<string>();
    const once = {
      names: () => dying.disk.names(),
      read(name: string) {
        if (seen.has(name)) throw new Error("EIO");
        seen.add(name);
        return dying.disk.read(name);
      },
    };
    expect(readSegments(once)).toMatchObject({ complete: false, damage: { kind: "corrupt" } });
  });

  test("stops at a stretch that shrank while it was read", () => {
    const { disk } = written();
    let reads = 0;
    const shrinking = {
      names: () => [FIRST],
      read: (name: string) => (++reads > 1 ? disk.read(name).subarray(0, 700) : disk.read(name)),
    };
    const found = readAll(shrinking);
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThan(readAll({ names: () => [FIRST], read: (name) => disk.read(name) }).length);
  });
});

describe("a disk that fails in its own words", () => {
  test.each<[string, unknown, object]>([
    ["without a code", new Error("no such thing"), { code: "EIO", message: "no such thing" }],
    ["with something that is no error", "gone", { code: "EIO", message: "gone" }],
    ["with a code", Object.assign(new Error("read-only"), { code: "EROFS" }), { code: "EROFS", message: "read-only" }],
  ])("%s when a torn tail is cut off", (_says, thrown, failure) => {
    const rig = makeRig("words");
    const { log } = rig.open();
    log.start();
    rig.append(log, note(1));
    const bytes = rig.disk.read(FIRST);
    rig.disk.put(FIRST, bytes.subarray(0, bytes.length - 3));
    rig.disk.truncate = () => {
      throw thrown;
    };
    expect(rig.open().recovered.failure).toEqual(failure);
  });
});

describe("the writing end", () => {
  const rig = makeRig("writer");
  const writerWith = (disk: object, segments = new SegmentList(0), stale: readonly string[] = []) =>
    new SegmentWriter({
      disk: { ...rig.disk, writeAgain: (_name: string, _from: number, done: () => void) => done(), ...disk } as never,
      logId: LOG_ID,
      segments,
      head: { n: 0, hash: LOG_ID },
      nextNumber: 1,
      stale,
      unprovenFrom: 0,
    });
  const one = () => {
    const segments = new SegmentList(0);
    segments.add({ number: 1, file: FIRST, firstN: 1, lastN: 0, bytes: 100 });
    return segments;
  };
  const failure = { code: "EIO", message: "gone" };
  const said = (ask: (done: (failure: unknown) => void) => void): unknown => {
    let heard: unknown = "nothing";
    ask((what) => {
      heard = what;
    });
    return heard;
  };

  test("that is told to go on in nothing, or to write to nothing, is a mistake of ours", () => {
    expect(() => writerWith({}).resume(() => {})).toThrow("there is no segment to go on in");
    expect(() =>
      writerWith({}, one()).write(
        [],
        () => {},
        () => {},
      ),
    ).toThrow("nothing is open to write to");
  });

  test("tells that its segment cannot be opened, read back, or is shorter than it was", () => {
    const open = { open: (_name: string, done: (result: object) => void) => done({ failure }) };
    expect(said((done) => writerWith(open, one()).resume(done))).toBe(failure);
    const unread = { readAt: (...args: readonly unknown[]) => (args[3] as (result: object) => void)({ failure }) };
    expect(said((done) => writerWith(unread, one()).verify(done))).toBe(failure);
    const short = {
      readAt: (...args: readonly unknown[]) => (args[3] as (result: object) => void)({ bytes: Buffer.alloc(99) }),
    };
    expect(said((done) => writerWith(short, one()).verify(done))).toMatchObject({
      message: `${FIRST} does not hold what was acknowledged`,
    });
  });

  test("removes segments that never began: one that is gone already is as good, one that stays is told", () => {
    const asked: string[] = [];
    const removing = (answer: object | undefined) => ({
      remove(name: string, done: (failure: object | undefined) => void) {
        asked.push(name);
        done(answer);
      },
    });
    const stale = [SECOND, "log-00000003.yzl"];
    expect(
      said((done) => writerWith(removing({ code: "ENOENT", message: "" }), undefined, stale).verify(done)),
    ).toBeUndefined();
    expect(said((done) => writerWith(removing(undefined), undefined, stale).verify(done))).toBeUndefined();
    expect(asked).toEqual([...stale, ...stale]);
    expect(said((done) => writerWith(removing(failure), undefined, stale).verify(done))).toBe(failure);
    expect(asked).toHaveLength(5);
  });
});

describe("the list of segments", () => {
  test("drops nothing where there is nothing", () => {
    const segments = new SegmentList(0);
    expect([segments.dropOldest(), segments.bytes, segments.current, segments.expendable()]).toEqual([
      0,
      0,
      undefined,
      undefined,
    ]);
  });
});

describe("closing", () => {
  test("is answered when the last write fails", () => {
    const rig = makeRig("closing");
    const { log } = rig.open();
    log.start();
    rig.append(log, note(1));
    rig.disk.trouble("sync-fails");
    let failed = false;
    let closed = false;
    log.append([note(2)], (problem) => {
      failed = problem !== undefined;
    });
    log.close(() => {
      closed = true;
    });
    rig.until(() => closed);
    expect(failed).toBe(true);
  });
});
