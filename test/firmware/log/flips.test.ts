import { Buffer } from "node:buffer";
import { describe, expect, test } from "vitest";
import { createRandom } from "../../../simulator/random.ts";
import { diskHolding, makeRig, sampleLog } from "./log-rig.ts";

const RECORDS = 200;

describe("a log of 200 acknowledged records with one bit flipped", () => {
  const sample = sampleLog(RECORDS);
  const byN = new Map(sample.entries.map((entry) => [entry.n, JSON.stringify(entry)]));
  const bits = sample.bytes.length * 8;

  test("never opens as if nothing had happened, nor with a wrong record", { timeout: 3_600_000 }, () => {
    const random = createRandom("flips");
    // One bit of every second byte, and 500 anywhere; every night all of them.
    const spread = Math.floor(sample.bytes.length / 2);
    const flips = process.env.YIZHAN_LOG_FLIPS === "all" ? bits : spread + 500;
    let undetected = 0;
    let corrupt = 0;
    for (let at = 0; at < flips; at++) {
      const bit = flips === bits ? at : at < spread ? at * 16 + random.int(16) : random.int(bits);
      const kind = outcomeOfFlip(bit);
      if (kind === "none") undetected++;
      if (kind === "corrupt") corrupt++;
    }
    console.log(`log flips: ${flips} of ${bits} bits, ${undetected} undetected, ${corrupt} told as rot`);
    expect(undetected).toBe(0);
    // All but those in the records of the last append, which look like a tear.
    expect(corrupt).toBeGreaterThan(flips * 0.95);
  });

  function outcomeOfFlip(bit: number): string {
    const bytes = Buffer.from(sample.bytes);
    const at = bit >> 3;
    bytes[at] = (bytes[at] as number) ^ (1 << (bit & 7));
    const rig = makeRig("flip");
    const { recovered } = rig.open({ disk: diskHolding(rig, sample.file, bytes) });
    const { entries, afterDamage, damage } = recovered;
    let last = -1;
    for (const entry of [...entries, ...afterDamage]) {
      if (JSON.stringify(entry) !== byN.get(entry.n)) expect(entry, `bit ${bit}`).toEqual(byN.get(entry.n));
      if (entry.n <= last) expect.unreachable(`bit ${bit}: order`);
      last = entry.n;
    }
    // One bit spoils one line, or two if it was the newline between them.
    const missing = RECORDS + 1 - entries.length - afterDamage.length;
    if (damage.kind === "corrupt" && missing > 2) expect.unreachable(`bit ${bit}: ${missing} records missing`);
    if (recovered.complete && damage.kind !== "torn-tail") {
      // Only the header can be spoilt without costing the present state.
      expect(at, `bit ${bit}`).toBeLessThan(sample.ends[0] as number);
    }
    return damage.kind;
  }
});
