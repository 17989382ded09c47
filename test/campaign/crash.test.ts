/**
 * Power cuts before and after every log write and every effect of swaps that go right and wrong, and again while recovering.
 * `YIZHAN_CRASH_SEEDS` says how many stories; what breaks is told with its seed and the way there, and
 * `YIZHAN_CRASH_FIRST=<seed> YIZHAN_CRASH_SEEDS=1 YIZHAN_CRASH_WAY="<way>"` tells the history of that one.
 */
import { describe, expect, test } from "vitest";
import { newTally, runSeed, type Tally } from "./campaign.ts";
import { storyNames } from "./stories.ts";

const first = Number(process.env.YIZHAN_CRASH_FIRST ?? "1");
const seeds = Number(process.env.YIZHAN_CRASH_SEEDS ?? "120");
/** Everything below must be reached once by this many seeds: a campaign that no longer gets there proves nothing. */
const enoughSeeds = 100;

const instants = [
  "before a write",
  "during a write",
  "after a write",
  "after a pulse",
  "after a coil",
  "after a sentence",
  "after asking a pack anew",
  "after a deed",
  "after a scan",
];
const standings = ["nothing owed", "debt", "credit", "help", "in reach"];

function report(tally: Tally): string {
  const { cutPoints, cuts, secondCuts, thirdCuts, torn, helped, handedOver, broken } = tally;
  const recoveries = cuts + secondCuts + thirdCuts;
  return (
    `crash campaign: ${tally.seeds} seeds, ${cutPoints} cut points (${cuts} different cuts), ${recoveries} recoveries ` +
    `(${secondCuts} of them cut again, ${thirdCuts} a third time), ${torn} torn logs, a person helped ${helped} times, ` +
    `a bay that could not be seen was handed to a person ${handedOver} times, ${broken.length} broken promises`
  );
}

describe("the power goes", () => {
  const tally = newTally(process.env.YIZHAN_CRASH_WAY);

  test(
    "at any instant of any swap and of its recovery: no pack is lost or doubled, no door opens at the start, and nobody is left without pack, debt or help",
    () => {
      for (let seed = first; seed < first + seeds; seed++) runSeed(seed, tally);
      console.log(report(tally));
      if (tally.history.length > 0) console.log(tally.history.join("\n"));
      expect(tally.broken.slice(0, 50)).toEqual([]);
    },
    120_000 + seeds * 10_000,
  );

  test.runIf(seeds >= enoughSeeds)(
    "in every story, at every kind of instant, and leaves riders in every standing",
    () => {
      expect(storyNames.filter((name) => tally.stories[name] === undefined)).toEqual([]);
      expect(instants.filter((instant) => tally.instants[instant] === undefined)).toEqual([]);
      expect(standings.filter((standing) => tally.standings[standing] === undefined)).toEqual([]);
      for (const some of [tally.torn, tally.handedOver, tally.secondCuts, tally.thirdCuts])
        expect(some).toBeGreaterThan(0);
    },
  );
});
