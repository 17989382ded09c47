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

describe("a reading that cannot be judged", () => {
  const good = { value: true, atMs: 2_000, quality: "good" } as const;
  const was: Run = { firstMs: 0, lastMs: 1_000, samples: 2 };

  test("neither adds to a run nor ends it, and begins none", () => {
    expect(follow(was, good, () => undefined, 2_000)).toBe(was);
    expect(follow(undefined, good, () => undefined, 2_000)).toBeUndefined();
  });

  test("that says calm and is older than the run's newest does not end it; one just as old does", () => {
    const calm = (atMs: number) => follow(was, { ...good, atMs }, () => false, 2_000);
    expect([calm(999), calm(1_000)]).toEqual([was, undefined]);
    expect(follow(undefined, good, () => false, 2_000)).toBeUndefined();
  });

  test("that is ten minutes old when it is looked at begins no run any more", () => {
    const seen = (nowMs: number) => follow(undefined, good, () => true, nowMs);
    expect(seen(602_000)).toEqual({ firstMs: 2_000, lastMs: 2_000, samples: 1 });
    expect(seen(602_001)).toBeUndefined();
  });
});

describe("the limits of a run", () => {
  const was: Run = { firstMs: 0, lastMs: 1_000, samples: 2 };
  const danger = (atMs: number) => follow(was, { value: true, atMs, quality: "good" }, (value) => value, atMs);

  test("a sample 45 s after the last still belongs to it, a later one begins anew", () => {
    expect(danger(46_000)).toEqual({ firstMs: 0, lastMs: 46_000, samples: 3 });
    expect(danger(46_001)).toEqual({ firstMs: 46_001, lastMs: 46_001, samples: 1 });
  });

  test("a sensor that fell silent counts ten minutes, and not a moment longer", () => {
    expect(follow(was, undefined, () => true, 601_000)).toBe(was);
    expect(follow(was, undefined, () => true, 601_001)).toBeUndefined();
  });

  test("no run at all confirms nothing", () => {
    expect(isConfirmed(undefined, 0)).toBe(false);
    expect(isConfirmed({ firstMs: 0, lastMs: 3_000, samples: 3 }, 3_000)).toBe(true);
  });
});
