import { describe, expect, test } from "vitest";
import { diskHolding, event, makeRig, sampleLog } from "./log-rig.ts";

const RECORDS = 200;
/** Lines 1 and 2 are header and checkpoint: a segment without both never began. */
const HEAD_LINES = 2;

describe("a log of 200 acknowledged records cut at any byte", () => {
  const sample = sampleLog(RECORDS);
  /** What must come back, as text, by the number of entries: comparing texts is what makes every byte affordable. */
  const texts = [...Array(RECORDS + 2).keys()].map((count) => JSON.stringify(sample.entries.slice(0, count)));

  test("holds what it should before it is cut", () => {
    expect(sample.ends).toHaveLength(HEAD_LINES + RECORDS);
    expect(sample.entries.map(({ n }) => n)).toEqual(Array.from({ length: RECORDS + 1 }, (_, n) => n));
  });

  test("opens with exactly the whole appends before the cut, and goes on from there", { timeout: 300_000 }, () => {
    let wrong = 0;
    for (let cut = 0; cut <= sample.bytes.length; cut++) wrong += outcomeOfCut(cut) ? 0 : 1;
    console.log(`log cuts: ${sample.bytes.length + 1} cut points of ${RECORDS} records, ${wrong} wrong`);
    expect(wrong).toBe(0);
  });

  function outcomeOfCut(cut: number): boolean {
    const rig = makeRig("cut", { syncMsMin: 0, syncMsMax: 0 });
    const disk = diskHolding(rig, sample.file, sample.bytes.subarray(0, cut));
    const kept = sample.wholeEnds.filter((end) => end <= cut).at(-1) ?? 0;
    const began = kept > 0;
    const entries = sample.ends.filter((end) => end <= kept).length - HEAD_LINES + 1;
    const expected = sample.entries.slice(0, Math.max(0, entries));
    const { log, recovered } = rig.open({ disk });
    const damage = cut > kept ? { kind: "torn-tail", file: sample.file, bytes: cut - kept } : { kind: "none" };
    const right =
      JSON.stringify(recovered.entries) === texts[expected.length] &&
      recovered.complete &&
      JSON.stringify(recovered.damage) === JSON.stringify(damage) &&
      disk.read(sample.file).length === kept;
    if (!right) expect({ cut, ...recovered }).toMatchObject({ cut, entries: expected, complete: true, damage });
    // Every so often all the way: one more record, and everything again.
    if (cut % 7 !== 0 && cut !== kept) return right;
    log.start();
    expect(rig.append(log, event(1_000))).toBeUndefined();
    const again = rig.open({ disk }).recovered;
    const last = again.entries.at(-1);
    const rightAgain =
      again.damage.kind === "none" &&
      again.complete &&
      last?.n === recovered.lastN + 1 &&
      last.record.seq === 1_000 &&
      (!began || JSON.stringify(again.entries.slice(0, -1)) === texts[expected.length]);
    if (!rightAgain) expect({ cut, ...again }).toMatchObject({ cut, complete: true, damage: { kind: "none" } });
    return right && rightAgain;
  }
});
