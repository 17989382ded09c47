/** Tampering: I34 and X9. A gap or a rewrite is detected. */
import { Buffer } from "node:buffer";
import { describe, expect, test } from "vitest";
import { encodeLine } from "../../../firmware/log/line.ts";
import { verifyChain } from "../../../firmware/log/verify.ts";
import { FIRST, SECOND, SIZES, written } from "./damage-rig.ts";
import { makeRig, note } from "./log-rig.ts";

describe("tampering", () => {
  test("one record left out is detected", () => {
    const { rewrite, open, disk } = written();
    rewrite(FIRST, (lines) => lines.toSpliced(6, 1));
    expect(open().recovered.damage).toMatchObject({
      kind: "corrupt",
      file: FIRST,
      why: "entry 6 stands behind entry 4",
    });
    expect(verifyChain(disk)).toMatchObject({ ok: false, records: 60 - 1 + disk.names().length });
  });

  test("two records exchanged is detected", () => {
    const { rewrite, open } = written();
    rewrite(FIRST, (lines) => lines.with(5, lines[6] as string).with(6, lines[5] as string));
    expect(open().recovered.damage).toMatchObject({ kind: "corrupt", file: FIRST });
  });

  test("a record twice is detected", () => {
    const { rewrite, open, last } = written(66);
    rewrite(last, (lines) => lines.toSpliced(4, 0, lines[3] as string));
    expect(open().recovered).toMatchObject({ complete: false, damage: { kind: "corrupt", file: last } });
  });

  test("foreign lines between two records are detected and cost no record", () => {
    const { rewrite, open, last } = written(66);
    rewrite(last, (lines) => lines.toSpliced(lines.length - 1, 0, "somebody was here"));
    const { recovered } = open();
    expect(recovered).toMatchObject({ lastN: 66, complete: false, damage: { kind: "corrupt", file: last } });
    expect(recovered.afterDamage.map(({ n }) => n)).toEqual([66]);
  });

  test("a record rewritten with a right CRC is detected by the chain, and not believed", () => {
    const { rewrite, open, lines } = written();
    const before = (lines(FIRST)[5] as string).slice(9, 41);
    const body = (lines(FIRST)[6] as string).slice(42).replace('"x', '"y').replace('"bay":4', '"bay":5');
    const forged = encodeLine("0".repeat(32), body).bytes.toString("latin1").trimEnd();
    rewrite(FIRST, (all) => all.with(6, forged));
    expect(before).toMatch(/^[0-9a-f]{32}$/);
    expect(open().recovered.damage).toMatchObject({ why: "a line's hash does not follow from the one before" });
  });

  test("a record rewritten with a right CRC and hash breaks the chain at the next one", () => {
    const { rewrite, open, lines } = written();
    const before = (lines(FIRST)[5] as string).slice(9, 41);
    const body = (lines(FIRST)[6] as string).slice(42).replace('"x', '"y').replace('"bay":4', '"bay":5');
    rewrite(FIRST, (all) => all.with(6, encodeLine(before, body).bytes.toString("latin1").trimEnd()));
    expect(open().recovered.damage).toMatchObject({ why: "a line's hash does not follow from the one before" });
  });

  test("a segment taken out of the middle is detected", () => {
    const { disk, open } = written();
    const kept = disk.names().filter((name) => name !== SECOND);
    const rig = makeRig("missing");
    for (const name of kept) rig.disk.put(name, disk.read(name));
    expect(open).toBeDefined();
    const { recovered } = rig.open(SIZES);
    expect(recovered).toMatchObject({ complete: true, lastN: 60 });
    expect(recovered.damage).toMatchObject({
      kind: "corrupt",
      file: "log-00000003.yzl",
      why: "the segment does not follow from the one before",
    });
  });

  test("a segment cut short, though another follows, is detected", () => {
    const { rewrite, open } = written();
    rewrite(FIRST, (lines) => lines.slice(0, -1));
    expect(open().recovered.damage).toMatchObject({
      file: FIRST,
      why: "the segment is shorter than the next one says",
    });
  });

  test("a segment of another log is not taken for ours", () => {
    const { disk, open } = written();
    const rig = makeRig("other");
    const { log } = rig.open({ logId: "f".repeat(32) });
    log.start();
    rig.append(log, note(1));
    disk.put(SECOND, rig.disk.read(FIRST));
    expect(open().recovered.damage).toMatchObject({ kind: "corrupt" });
  });

  test("a well-chained line that is no entry is damage, not a crash", () => {
    const { rewrite, open, last } = written(66);
    rewrite(last, (lines) => {
      const previous = (lines.at(-2) as string).slice(9, 41);
      return lines.with(-1, encodeLine(previous, '{"n":66,"rubbish').bytes.toString("latin1").trimEnd());
    });
    const { recovered } = open();
    expect(recovered).toMatchObject({ complete: false, damage: { kind: "corrupt", file: last } });
  });

  test("a mark beyond the newest entry does not silence the outbox", () => {
    const { rewrite, open, last } = written(66);
    rewrite(last, (lines) => {
      const previous = (lines.at(-2) as string).slice(9, 41);
      const mark = '{"n":66,"at":1,"clock":"ntp","boot":"b","record":{"kind":"outbox-acknowledged","n":1000000}}';
      return lines.with(-1, encodeLine(previous, mark).bytes.toString("latin1").trimEnd());
    });
    expect(open().recovered).toMatchObject({ acknowledgedN: 66, lastN: 66 });
  });

  test("other files in the directory are left alone", () => {
    const { disk, open, append, pass } = written();
    disk.put("log-1.yzl", Buffer.from("mine"));
    disk.put("members.yaml", Buffer.from("mine"));
    const { log, recovered } = open();
    expect(recovered.damage.kind).toBe("none");
    log.start();
    pass(10);
    append(log, note(1));
    expect(Buffer.from(disk.read("members.yaml")).toString()).toBe("mine");
  });
});

describe("an audit of the chain", () => {
  test("of a whole log tells its size, its numbers and its head, and changes nothing", () => {
    const { disk, head } = written();
    const report = verifyChain(disk);
    expect(report).toMatchObject({ ok: true, firstN: 0, head, flaws: [], segments: disk.names().length });
    expect(report.bytes).toBe(disk.usedBytes());
    expect(report.records).toBe(1 + 60 + disk.names().length - 1);
  });

  test("of an empty directory finds an empty log", () => {
    expect(verifyChain(makeRig().disk)).toMatchObject({ ok: true, segments: 0, head: undefined });
  });

  test("finds a tear without mending it", () => {
    const { disk, last } = written();
    const whole = disk.read(last);
    disk.put(last, whole.subarray(0, whole.length - 3));
    expect(verifyChain(disk)).toMatchObject({ ok: false, flaws: [{ kind: "torn-tail", file: last }] });
    expect(disk.read(last).length).toBe(whole.length - 3);
  });

  test("compares with a head that was published: a log rewritten as a whole, or cut off cleanly, is found", () => {
    const { disk, head, rewrite, last } = written();
    expect(verifyChain(disk, head).ok).toBe(true);
    expect(verifyChain(disk, { n: 3, hash: (disk ? head.hash : "").replace(/./, "0") }).flaws).toMatchObject([
      { kind: "anchor", file: FIRST },
    ]);
    rewrite(last, (lines) => lines.slice(0, -1));
    expect(verifyChain(disk).ok).toBe(true); // nothing in the files themselves tells
    expect(verifyChain(disk, head).flaws).toMatchObject([{ kind: "anchor" }]);
  });

  test("finds any earlier head again, at the end of a segment too", () => {
    const rig = makeRig("heads");
    const { log } = rig.open(SIZES);
    log.start();
    const heads = new Map<string, { n: number; hash: string }>();
    for (let seq = 1; seq <= 60; seq++) {
      rig.append(log, note(seq, "x".repeat(100)));
      heads.set(log.head().hash, log.head());
      rig.pass(20);
      heads.set(log.head().hash, log.head());
    }
    expect(heads.size).toBeGreaterThan(60);
    for (const head of heads.values()) expect(verifyChain(rig.disk, head), `n ${head.n}`).toMatchObject({ ok: true });
  });
});
