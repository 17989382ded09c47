import { describe, expect, test } from "vitest";
import { createRandom } from "../../../simulator/random.ts";
import { drawScenario } from "../../../simulator/soak/draw.ts";
import { runScenario } from "../../../simulator/soak/run.ts";
import type { Scenario, Step } from "../../../simulator/soak/scenario.ts";
import { drawStories, stepsOf, stories } from "../../../simulator/soak/stories.ts";

/** A warm cabinet of four with three packs that are nearly full. */
function station(steps: readonly Step[], lasts = "12m"): Scenario {
  const { scenario } = drawScenario("story", { days: 0.02, faults: [] });
  return {
    ...scenario,
    station: { bays: [4], room: false, siteLimitW: 3_000, outdoors: false },
    weather: { meanC: 20, dailySwingC: 0, noiseC: 0 },
    packs: { emptyBays: 1, socPct: 96 },
    disk: { syncMsMin: 2, syncMsMax: 6 },
    latencyMs: 20,
    turnaroundMs: 5,
    lockFailure: 0,
    mustServe: false,
    lasts,
    steps: [...steps],
  };
}

/** What each story is for. Those that pick one of several steps are held against what they come by in any case. */
const points: Readonly<Record<string, readonly string[]>> = {
  "stopped before the deposit": ["cancelled: cancelled-emergency", "refused: emergency-stop"],
  "smoke before the deposit": ["cancelled: cancelled-fire"],
  "water while a rider comes": ["refused: water"],
  "a technician who is too early": ["refused: reset-too-early"],
  "a restart in the middle of a swap": ["refused: stopping"],
  "an operator at work": ["refused: operator-at-work"],
  "killed before the full pack's door": ["after a restart: ended waiting-for-rescan"],
  "killed over an own pack that goes back": ["after a restart: resumed at await-take-back", "cancelled: left-behind"],
  "a bay that nobody sees after a start": ["refused: checking", "after a restart: ended interrupted"],
  "an own pack behind a stuck door": ["owed: own-door-stuck", "swap: returning to ended"],
  "a loose plug behind a stuck door": ["swap: reopening-in to ended"],
  "a full bay that does not open": ["swap: opening-out to preparing-out"],
  "a full bay that does not open again": ["swap: reopening-out to ended"],
  "a rider who leaves the own pack": ["cancelled: left-behind"],
  "a rider who puts it in late": ["cancelled: suspended-open", "swap: start to inspecting"],
  "another pack in the emptied bay": ["completed: completed-exchanged"],
  "a pack put back": ["swap: taken to await-take"],
  "a friend's pack": ["cancelled: other-riders-pack"],
  "a pack that never answers": ["cancelled: pack-unreadable"],
  "a wet plug": ["cancelled: pack-leaking"],
  "a pack better than the stock": ["cancelled: better-than-stock"],
};

function told(name: string, draw: number): Step[] {
  const random = createRandom(`${name}/${draw}`);
  return stepsOf(stories[name]?.({ random, rider: 5, cabinet: "a", bays: 4 }) ?? [], 60_000);
}

describe("a story comes to its point", () => {
  test.each(Object.entries(points))("%s", (name, wanted) => {
    const { hits, violation } = runScenario(station(told(name, 1)));
    expect(violation).toBeUndefined();
    expect([...hits.keys()]).toEqual(expect.arrayContaining([...wanted]));
  });

  test.each([
    ["stopped in the middle", "owed: interrupted-emergency"],
    ["smoke in the middle", "owed: interrupted"],
    ["a thief while the controller is down", "after a restart: ended pack-vanished"],
    ["killed while a full pack stands in the open", "after a restart: resumed at await-take"],
    ["killed while a full pack stands in the open", "after a restart: ended not-taken"],
    ["a rider who comes back to an open door with their pack", "swap: start to await-take"],
    ["a door pulled open", "swap: inspecting to await-insert"],
  ])("sooner or later, as it is drawn: %s, %s", (name, wanted) => {
    const came = Array.from({ length: 12 }, (_unused, draw) => draw).some((draw) => {
      const { hits, violation } = runScenario(station(told(name, draw)));
      expect(violation).toBeUndefined();
      return hits.has(wanted);
    });
    expect(came).toBe(true);
  });
});

describe("drawn stories", () => {
  const draw = (perDay: number) =>
    drawStories(createRandom("draw"), { perDay, bays: [3, 2], riders: 60, lastsMs: 86_400_000 });

  test("are the same for the same randomness, none where none are asked for, and more where more are", () => {
    expect(draw(20)).toEqual(draw(20));
    expect(draw(0)).toEqual([]);
    expect(draw(60).length).toBeGreaterThan(draw(6).length);
  });

  test("come in each of many seeds or in none, and never where faults are named", () => {
    const deeds = (seed: number, faults: "all" | readonly string[]) =>
      drawScenario(String(seed), { days: 1, faults }).scenario.steps.filter((step) => "deed" in step).length;
    const seeds = Array.from({ length: 20 }, (_unused, seed) => seed);
    expect(seeds.some((seed) => deeds(seed, "all") > 0)).toBe(true);
    expect(seeds.some((seed) => deeds(seed, "all") === 0)).toBe(true);
    expect(seeds.every((seed) => deeds(seed, ["smoke"]) === 0)).toBe(true);
  });
});
