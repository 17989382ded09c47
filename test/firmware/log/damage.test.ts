/** Rot: D4 and D5. What rotted is told from what was torn, and nothing is skipped in silence. */
import { Buffer } from "node:buffer";
import { describe, expect, test } from "vitest";
import type { LogEntry } from "../../../firmware/log/entry.ts";
import { FIRST, SECOND, written } from "./damage-rig.ts";
import { makeRig, note } from "./log-rig.ts";

const numbers = (entries: readonly LogEntry[]) => entries.map(({ n }) => n);
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);

describe("rot", () => {
  test("in an old segment does not touch the state, which a later checkpoint holds, but is reported with its place", () => {
    const { spoil, open, faults, lines, pass } = written();
    spoil(FIRST, 5);
    const { log, recovered } = open();
    expect(recovered.damage).toEqual({
      kind: "corrupt",
      file: FIRST,
      offset: `${lines(FIRST).slice(0, 5).join("\n")}\n`.length,
      why: "a line's CRC does not match",
    });
    expect(recovered).toMatchObject({ complete: true, afterDamage: [], lastN: 60 });
    log.start();
    pass(50);
    expect(faults).toMatchObject([{ code: "log-corrupt", raised: true, file: FIRST }]);
    expect(log.failure()).toBeUndefined();
  });

  test("among the newest records gives the state before it, and hands over apart what stands behind it", () => {
    const { spoil, open, last, append, disk, lines } = written(66);
    const base = Number(JSON.parse((lines(last)[1] as string).slice(42)).n);
    spoil(last, 3);
    const { log, recovered } = open();
    expect(recovered).toMatchObject({ complete: false, lastN: 66, damage: { kind: "corrupt", file: last } });
    expect(numbers(recovered.entries)).toEqual([base, base + 1]);
    expect(numbers(recovered.afterDamage)).toEqual(range(base + 3, 66));
    // Writing goes on behind it, in a new segment with a checkpoint: from there the state is whole again.
    log.start();
    expect(append(log, note(61))).toBeUndefined();
    const again = open().recovered;
    expect(again).toMatchObject({ complete: true, lastN: 67, damage: { kind: "corrupt", file: last } });
    expect(numbers(again.entries)).toEqual([66, 67]);
    expect(disk.names().at(-1)).not.toBe(last);
  });

  test("in the newest checkpoint falls back to the one before", () => {
    const { spoil, open, last, lines } = written(66);
    const base = Number(JSON.parse((lines(last)[1] as string).slice(42)).n);
    spoil(last, 1);
    const { recovered } = open();
    expect(recovered.complete).toBe(false);
    expect(recovered.entries[0]?.record.kind).toBe("checkpoint");
    expect(recovered.entries.at(-1)?.n).toBe(base);
    expect(numbers(recovered.afterDamage)).toEqual(range(base + 1, 66));
  });

  test("in a segment's header costs neither state nor record", () => {
    const { spoil, open, last } = written(66);
    spoil(last, 0);
    const { recovered } = open();
    expect(recovered).toMatchObject({ complete: true, lastN: 66 });
    expect(recovered.damage).toMatchObject({ kind: "corrupt", file: last, offset: 0 });
  });

  test("in the only header of a log is told from a tear as soon as one record follows", () => {
    const rig = makeRig("one");
    const { log } = rig.open();
    log.start();
    expect(rig.append(log, note(1))).toBeUndefined();
    rig.disk.flip(FIRST, 100, 0);
    const { recovered } = rig.open();
    expect(recovered).toMatchObject({ complete: true, lastN: 1, damage: { kind: "corrupt", offset: 0 } });
    expect(numbers(recovered.entries)).toEqual([0, 1]);
  });

  test("in the last record looks like a tear, is reported as one with its bytes, and is never accepted", () => {
    const { spoil, open, last, lines } = written(66);
    const count = lines(last).length;
    const bytes = (lines(last)[count - 1] as string).length + 1;
    spoil(last, count - 1);
    const { recovered } = open();
    expect(recovered.damage).toEqual({ kind: "torn-tail", file: last, bytes });
    expect(recovered).toMatchObject({ tornBytes: bytes, lastN: 65, complete: true });
  });

  test("in several places is reported at each of them, and the first is named", () => {
    const { spoil, open, faults, pass } = written();
    spoil(SECOND, 4);
    spoil(FIRST, 3);
    spoil(FIRST, 9);
    const { log, recovered } = open();
    expect(recovered.damage).toMatchObject({ file: FIRST });
    log.start();
    pass(10);
    expect(faults.map((fault) => ("file" in fault ? fault.file : ""))).toEqual([FIRST, FIRST, SECOND]);
  });

  test("together with a torn tail is both reported and cut", () => {
    const { spoil, open, last, disk } = written(66);
    spoil(FIRST, 5);
    const whole = disk.read(last);
    disk.put(last, whole.subarray(0, whole.length - 7));
    const { recovered } = open();
    expect(recovered.damage).toMatchObject({ kind: "corrupt", file: FIRST });
    expect(recovered.tornBytes).toBeGreaterThan(0);
    expect(recovered).toMatchObject({ complete: true, lastN: 65 });
  });

  test("of everything but the state leaves a log that goes on", () => {
    const { open, disk, append, last, pass } = written();
    for (const name of disk.names()) if (name !== last) disk.put(name, Buffer.alloc(disk.read(name).length, 0xff));
    const { log, recovered } = open();
    expect(recovered).toMatchObject({ complete: true, lastN: 60, damage: { kind: "corrupt", file: FIRST } });
    log.start();
    pass(10);
    expect(append(log, note(61))).toBeUndefined();
  });

  test("of every checkpoint leaves nothing to start from, says so, and hands over what is whole", () => {
    const rig = makeRig("none");
    const { log } = rig.open();
    log.start();
    for (let seq = 1; seq <= 5; seq++) rig.append(log, note(seq));
    const text = Buffer.from(rig.disk.read(FIRST)).toString("latin1");
    rig.disk.flip(FIRST, text.indexOf('"checkpoint"'), 0);
    const { recovered } = rig.open();
    expect(recovered).toMatchObject({ complete: false, entries: [], lastN: 5, damage: { kind: "corrupt" } });
    expect(numbers(recovered.afterDamage)).toEqual(range(1, 5));
  });

  test("that makes a segment unreadable is damage like any other", () => {
    const { open, disk, append, last, pass } = written();
    const read = disk.read.bind(disk);
    disk.read = (name) => {
      if (name === last) throw Object.assign(new Error("EIO: i/o error, read"), { code: "EIO" });
      return read(name);
    };
    const { log, recovered } = open();
    expect(recovered.complete).toBe(true); // as far as anyone can read
    expect(recovered.damage).toMatchObject({ kind: "corrupt", file: last, why: expect.stringContaining("EIO") });
    log.start();
    pass(20);
    expect(append(log, note(61))).toBeUndefined();
    expect(disk.names().at(-1)).not.toBe(last);
  });
});
