import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { writtenBeforeDone } from "../swap/written-before-done.ts";
import { watchAlways } from "./always.ts";
import { type Deed, doOne, history, mend, newBench, propertyRuns, writtenHistory } from "./histories.ts";

const settings = { numRuns: propertyRuns };

function played(deeds: readonly Deed[], watched = true) {
  const bench = newBench();
  if (watched) watchAlways(bench);
  for (const deed of deeds) doOne(bench, deed);
  return bench;
}

describe("any history of people, packs, wires, smoke, disk and mains", () => {
  test("breaks no rule at any step, and never makes the station throw", () => {
    fc.assert(
      fc.property(history, (deeds) => {
        played(deeds);
      }),
      settings,
    );
  });

  test("leaves no swap running for ever once everything works again, and the log then tells the live state", () => {
    fc.assert(
      fc.property(history, (deeds) => {
        const bench = played(deeds);
        mend(bench);
        bench.pass(420_000, 1_000);
        expect(bench.state.swaps).toEqual({});
        expect(bench.state.recovering).toEqual([]);
        expect(bench.remembered()).toEqual(bench.state.durable);
      }),
      settings,
    );
  });

  test("has everything written down before it is done, and its log folds to the live state at every end", () => {
    fc.assert(
      fc.property(writtenHistory, (deeds) => {
        const bench = played(deeds);
        expect(writtenBeforeDone(bench.told)).toEqual([]);
        expect(bench.remembered()).toEqual(bench.state.durable);
      }),
      settings,
    );
  });

  test("played twice comes to the same, effect by effect", () => {
    fc.assert(
      fc.property(history, (deeds) => {
        const once = played(deeds, false);
        const twice = played(deeds, false);
        expect(twice.told).toEqual(once.told);
        expect(twice.state).toEqual(once.state);
      }),
      { numRuns: Math.ceil(propertyRuns / 4) },
    );
  });
});
