/** The list of bugs that the swarm is to find is whole, and its page says what the campaign kept. Quick: it runs no swarm. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { faultNamed } from "../../simulator/faults/catalogue.ts";
import { readScenario } from "../../simulator/soak/scenario-file.ts";
import { MISTAKES } from "../../simulator/visit-types.ts";
import { root } from "../support/repository.ts";
import { seededBugs } from "./registry.ts";
import { hunted, isFound, listed, median, swarmBugsPage } from "./swarm-page.ts";

describe("the bugs that the swarm is to find", () => {
  test("are bugs of the registry, each once", () => {
    const ids = listed.map(({ bug }) => bug);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !seededBugs.some((bug) => bug.id === id))).toEqual([]);
  });

  test("ask of a seed only what a seed can draw", () => {
    const kinds = [
      "room",
      "no-room",
      "cabinets",
      "one-cabinet",
      "outdoors",
      "two-empty-bays",
      "locks-fail",
      "cold",
      "hot",
      "power-short",
      "packs-empty",
      "proper",
    ];
    const requests = ["open", "open-all", "reserve", "parameters", "lock-out", "cabinet-lock-out", "update-mode"];
    const known = new Set<string>([...kinds, ...requests, ...MISTAKES, "passer-by"]);
    const words = listed.flatMap(({ needs }) => needs.flatMap((need) => need.split("|")));
    expect(words.filter((word) => !known.has(word) && faultNamed(word) === undefined)).toEqual([]);
  });
});

describe("what the campaign kept", () => {
  test("is of bugs of the list, found within two hundred seeds that were really tried", () => {
    const ids = listed.map(({ bug }) => bug);
    expect(hunted.filter(({ bug }) => !ids.includes(bug))).toEqual([]);
    for (const { bug, seed, tried, invariant } of hunted.filter(isFound)) {
      expect([bug, tried.includes(seed ?? ""), Number(seed) <= 200]).toEqual([bug, true, true]);
      expect([bug, invariant]).toEqual([bug, expect.stringMatching(/./)]);
    }
  });

  test("are scenarios that can still be played, as short as they say", () => {
    for (const { bug, scenario, steps } of hunted) {
      if (scenario === undefined) continue;
      const read = readScenario(scenario);
      expect([bug, read.ok ? read.scenario.steps.length : read.problem]).toEqual([bug, steps]);
    }
  });

  test("is what docs/reference/swarm-bugs.md shows; this test with -u writes the page anew", async () => {
    await expect(swarmBugsPage()).toMatchFileSnapshot(join(root, "docs", "reference", "swarm-bugs.md"));
  });

  test("is summed up by the number in the middle", () => {
    expect(median([])).toBeUndefined();
    expect(median([9, 1, 5])).toBe(5);
    expect(median([9, 1, 5, 2])).toBe(3.5);
  });
});
