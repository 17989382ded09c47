/** The form of a line and of what an audit tells: every digit counts, every part of an entry is looked at, every flaw has its place. */
import { Buffer } from "node:buffer";
import { describe, expect, test } from "vitest";
import { encodeLine, entryBody, parseEntry, readLine, readNumbers } from "../../../firmware/log/line.ts";
import { verifyChain } from "../../../firmware/log/verify.ts";
import { FIRST, SECOND, written } from "./damage-rig.ts";
import { LOG_ID, makeRig, note } from "./log-rig.ts";

const lineOf = (body: string) => {
  const { bytes } = encodeLine(LOG_ID, body);
  const line = readLine(bytes, 0, bytes.length);
  if (line === undefined) throw new Error("not a line");
  return { bytes, line };
};
const entryOf = (body: string) => {
  const { bytes, line } = lineOf(body);
  return parseEntry(bytes, line);
};

describe("a line", () => {
  test("is none when a digit of its CRC is a letter behind f, though the sum is the same", () => {
    let n = 1;
    let text = "";
    // 10 in hexadecimal digits is 16, which would be the digit g.
    while (!text.slice(0, 8).includes("10")) text = encodeLine(LOG_ID, `{"n":${n++}}`).bytes.toString("latin1");
    const at = text.indexOf("10");
    const forged = Buffer.from(`${text.slice(0, at)}0g${text.slice(at + 2)}`, "latin1");
    expect(readLine(Buffer.from(text, "latin1"), 0, text.length)).toBeDefined();
    expect(readLine(forged, 0, forged.length)).toBeUndefined();
  });

  test("is written without what is the number just before, and without a mark where its append ends", () => {
    const body = (synced: number, more: boolean) => entryBody({ n: 5, synced, more }, '"at":1}');
    expect([body(4, false), body(3, false), body(4, true), body(6, true)]).toEqual([
      '{"n":5,"at":1}',
      '{"n":5,"synced":3,"at":1}',
      '{"n":5,"more":true,"at":1}',
      '{"n":5,"synced":6,"more":true,"at":1}',
    ]);
  });

  test("has no numbers when the first is left out, whatever stands behind it", () => {
    const { bytes, line } = lineOf('{"n":,"synced":5,"at":1}');
    expect(readNumbers(bytes, line, { n: 0, synced: 0, more: false })).toBe(false);
  });
});

describe("an entry", () => {
  const good = '"n":1,"at":2,"clock":"ntp","boot":"b","record":{"kind":"a"}';

  test("has nothing to publish where it says nothing", () => {
    expect(entryOf(`{${good}}`)).toStrictEqual({ n: 1, at: 2, clock: "ntp", boot: "b", record: { kind: "a" } });
    const publish = { kind: "swap", stream: "swap", seq: 3, data: 4 };
    expect(entryOf(`{${good},"publish":${JSON.stringify(publish)}}`)).toMatchObject({ publish });
  });

  test.each<[string, string]>([
    ["nothing", "null"],
    ["a record that is nothing", '{"n":1,"at":2,"record":null}'],
    ["something to publish that is nothing", `{${good},"publish":null}`],
    ["something to publish without a kind", `{${good},"publish":{"stream":"s","seq":1}}`],
    ["something to publish without a stream", `{${good},"publish":{"kind":"k","seq":1}}`],
    ["something to publish without a number", `{${good},"publish":{"kind":"k","stream":"s"}}`],
    ["something to publish with half a number", `{${good},"publish":{"kind":"k","stream":"s","seq":0.5}}`],
  ])("is not %s", (_what, body) => {
    expect(entryOf(body)).toBeUndefined();
  });
});

describe("an audit", () => {
  test("tells of each flaw which entry is the last whole one before it, of that segment and the ones before", () => {
    const { rewrite, disk, lines } = written();
    const [inFirst, inSecond] = [lines(FIRST).length, lines(SECOND).length];
    rewrite(FIRST, (all) => all.toSpliced(6, 1));
    rewrite(SECOND, (all) => all.toSpliced(5, 1));
    const { flaws, ok } = verifyChain(disk);
    const places = flaws.map(({ kind, file, afterN }) => [kind, file, afterN]);
    // Header and checkpoint come first; what was left out is the fifth entry of the first, and the fourth of the second.
    expect([ok, places]).toEqual([
      false,
      [
        ["corrupt", FIRST, 4],
        ["corrupt", FIRST, inFirst - 2],
        ["corrupt", SECOND, inFirst - 2 + 3],
        ["corrupt", SECOND, inFirst - 2 + inSecond - 2],
      ],
    ]);
  });

  test("finds an entry as it was published, wherever it stands, and none that was changed", () => {
    const { disk, lines } = written();
    const hashOf = (file: string, at: number) => (lines(file)[at] as string).slice(9, 41);
    const count = lines(FIRST).length - 2;
    const anchors = [
      { n: 1, hash: hashOf(FIRST, 2) },
      { n: count, hash: hashOf(FIRST, count + 1) },
      { n: count + 1, hash: hashOf(SECOND, 2) },
    ];
    for (const anchor of anchors) {
      expect(verifyChain(disk, anchor).ok).toBe(true);
      expect(verifyChain(disk, { ...anchor, hash: LOG_ID }).flaws).toMatchObject([
        { kind: "anchor", offset: 0, bytes: 0, afterN: 60, why: `entry ${anchor.n} is not the one that was published` },
      ]);
    }
    expect(verifyChain(disk, { n: 1_000, hash: LOG_ID }).flaws).toMatchObject([{ kind: "anchor", file: "" }]);
  });

  test("of a log whose oldest entries went has nothing against an entry that is older than it", () => {
    const { disk } = written();
    const later = makeRig("later");
    for (const name of disk.names().slice(1)) later.disk.put(name, disk.read(name));
    const report = verifyChain(later.disk, { n: 1, hash: LOG_ID });
    expect(report.flaws.filter(({ kind }) => kind === "anchor")).toEqual([]);
    expect(report.firstN).toBeGreaterThan(1);
  });

  test("of nothing is well, and begins nowhere", () => {
    expect(verifyChain(makeRig("empty").disk)).toEqual({
      ok: true,
      logId: undefined,
      segments: 0,
      bytes: 0,
      records: 0,
      firstN: 0,
      head: undefined,
      flaws: [],
    });
  });
});

describe("the mark of what was delivered", () => {
  test("is written after a while, and at once when it is far ahead", () => {
    const { open, append, clock, until } = makeRig("mark");
    const { log } = open({ lazyMs: 5_000 });
    log.start();
    for (let n = 1; n <= 3; n++) append(log, note(n));
    const before = log.stats().appended;
    log.outboxAcknowledged(2);
    expect([log.acknowledgedN(), log.stats().appended]).toEqual([2, before]);
    const fromMs = clock.nowMs;
    until(() => log.stats().appended > before);
    expect(clock.nowMs - fromMs).toBeGreaterThanOrEqual(5_000);
    const { recovered } = open();
    expect(recovered.acknowledgedN).toBe(2);
  });
});
