import { describe, expect, test } from "vitest";
import type { Quality } from "../../../services/reading.ts";
import { follow, isConfirmed, type Run } from "../../../services/safety/runs.ts";

const confirmMs = 3_000;

/** `ms:value`, with a mark behind it for what is not good: s stale, i invalid, - nothing heard. */
function run(text: string): Run | undefined {
  let now: Run | undefined;
  for (const word of text.split(" ")) {
    const [at = "0", said = "-"] = word.split(":");
    const nowMs = Number(at);
    const quality: Quality = said.endsWith("s") ? "stale" : said.endsWith("i") ? "invalid" : "good";
    const reading = said === "-" ? undefined : { value: said.startsWith("1"), atMs: nowMs, quality };
    now = follow(now, reading, (value) => value, nowMs);
  }
  return now;
}

describe("a sensor is believed", () => {
  test.each([
    ["when it says danger for long enough, three times at least", "0:1 1000:1 3000:1"],
    ["though it fell silent afterwards, as what burns does", "0:1 1500:1 3000:1 4000:- 60000:-"],
    ["though it answers nonsense afterwards", "0:1 1500:1 3000:1 4000:0i"],
    ["through short silences in between", "0:1 1000:- 2000:1 9000:1s 30000:1"],
  ])("%s", (_story, text) => {
    expect(isConfirmed(run(text), confirmMs)).toBe(true);
  });
});

describe("a sensor is not believed", () => {
  test.each([
    ["for one spike", "0:1"],
    ["for one spike that nobody contradicts, however long", "0:1 1000:- 60000:- 500000:-"],
    ["for two samples, however far apart", "0:1 40000:1"],
    ["before the time is over", "0:1 1000:1 2000:1 2999:1"],
    ["when a good sample in between says otherwise", "0:1 1000:1 2000:0 3000:1 4000:1"],
    ["when the last good sample says otherwise", "0:1 1500:1 3000:1 3250:0"],
    ["when it is only stale or invalid that says danger", "0:1s 1500:1i 3000:1s 5000:1i"],
    ["for samples that are minutes apart", "0:1 50000:1 100000:1 150000:1"],
    ["for ever after it fell silent", "0:1 1500:1 3000:1 604000:-"],
  ])("%s", (_story, text) => {
    expect(isConfirmed(run(text), confirmMs)).toBe(false);
  });

  test("for one sample that is looked at many times", () => {
    let now: Run | undefined;
    const reading = { value: true, atMs: 1_000, quality: "good" } as const;
    for (let nowMs = 1_000; nowMs < 20_000; nowMs += 250) now = follow(now, reading, (value) => value, nowMs);
    expect(now).toEqual({ firstMs: 1_000, lastMs: 1_000, samples: 1 });
  });
});
