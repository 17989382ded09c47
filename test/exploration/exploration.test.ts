/**
 * Two riders, three bays, every event order to a stated depth: the real decision is run from every world that can be reached, and
 * every rule is checked in each. `YIZHAN_EXPLORE_DEPTH`, `_DEVIATIONS` and `_STATES` make it larger.
 */
import { afterAll, describe, expect, test } from "vitest";
import { type OutcomeCode, outcomes } from "../../services/swap/outcomes.ts";
import { campaigns, explored, report } from "./campaigns.ts";
import { states, unreachable } from "./sometimes.ts";

const reachedStates = new Set<string>();
const reachedEnds = new Set<string>();
const lines: string[] = [];

describe("two riders and three bays, explored", () => {
  for (const campaign of campaigns()) {
    test(`${campaign.name}: no rule is broken`, { timeout: 14_400_000 }, () => {
      const startedMs = performance.now();
      const { found, by } = explored(campaign);
      lines.push(report(campaign, found, (performance.now() - startedMs) / 1_000));
      for (const state of by.reached.states) reachedStates.add(state);
      for (const end of by.reached.ends) reachedEnds.add(end);
      expect(found.worlds).toBeGreaterThan(20);
    });
  }

  test("every state of a swap is reached", () => {
    expect(states.filter((state) => !reachedStates.has(state))).toEqual([]);
  });

  test("every way to end is reached, or is listed as out of reach here, and never both", () => {
    const codes = Object.keys(outcomes) as OutcomeCode[];
    const listed = codes.filter((code) => unreachable[code] !== undefined);
    expect(codes.filter((code) => !reachedEnds.has(code))).toEqual(listed);
  });

  afterAll(() => {
    process.stdout.write(lines.join(""));
  });
});
