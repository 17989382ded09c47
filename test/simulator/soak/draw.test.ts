import { describe, expect, test } from "vitest";
import { faultClasses } from "../../../simulator/faults/fault.ts";
import { drawScenario } from "../../../simulator/soak/draw.ts";
import { layoutOf } from "../../../simulator/soak/layout.ts";
import { faultWords } from "../../../simulator/soak/planned.ts";
import { isFault, isVisit, Scenario } from "../../../simulator/soak/scenario.ts";
import { readScenario, writeScenario } from "../../../simulator/soak/scenario-file.ts";

const draw = (seed: string, faults: "all" | readonly string[] = "all") => drawScenario(seed, { days: 1, faults });
const seeds = Array.from({ length: 60 }, (_unused, at) => `draw-${at}`);

describe("a seed", () => {
  test("draws the same scenario every time, and another seed another one", () => {
    expect(draw("7")).toEqual(draw("7"));
    expect(draw("7").scenario).not.toEqual(draw("8").scenario);
  });

  test("draws what a scenario file may hold, and the file brings back the same", () => {
    for (const seed of seeds) {
      const { scenario } = draw(seed);
      expect(Scenario.parse(scenario)).toEqual(scenario);
      expect(readScenario(writeScenario(scenario))).toEqual({ ok: true, scenario });
    }
  });

  test("draws stations that the configuration's schema takes", () => {
    for (const seed of seeds) expect(layoutOf(draw(seed).scenario.station).station.cabinets.length).toBeGreaterThan(0);
  });

  test("leaves each class of faults out of some scenarios and lets each into others, and some have none", () => {
    const classes = seeds.map((seed) => Object.keys(draw(seed).options.classes));
    for (const kind of faultClasses) {
      const share = classes.filter((some) => some.includes(kind)).length / seeds.length;
      expect(share).toBeGreaterThan(0.2);
      expect(share).toBeLessThan(0.8);
    }
    expect(classes.some((some) => some.length === 0)).toBe(true);
  });

  test("lets every class in at one rate when it is drawn harshly, and is the same scenario otherwise", () => {
    const rates = new Set<number>();
    for (const seed of seeds) {
      const mild = draw(seed);
      const harsh = drawScenario(seed, { days: 1, faults: "all", harsh: true });
      const [rate, ...others] = new Set(Object.values(harsh.options.classes));
      expect([Object.keys(harsh.options.classes), others]).toEqual([faultClasses, []]);
      rates.add(rate ?? 0);
      expect(harsh.scenario.steps.filter(isVisit)).toEqual(mild.scenario.steps.filter(isVisit));
      expect({ ...harsh.scenario, steps: [] }).toEqual({ ...mild.scenario, steps: [] });
    }
    expect([...rates].sort()).toEqual([1, 2, 3, 5]);
  });

  test("keeps every visit and every other fault where it was when a fault is left out", () => {
    const both = draw("9", ["smoke", "line-dead"]).scenario.steps;
    const one = draw("9", ["smoke"]).scenario.steps;
    expect(one.filter(isVisit)).toEqual(both.filter(isVisit));
    expect(one.filter(isFault)).toEqual(both.filter(isFault).filter(({ fault }) => fault === "smoke"));
  });
});

describe("the words of --faults", () => {
  test("name a time and a length, or leave both to chance", () => {
    const words = faultWords("smoke@10m:60s,line-dead");
    expect("steps" in words && words.steps("1", 3_600_000)[0]).toEqual({ at: "00:10:00", fault: "smoke", lasts: "1m" });
  });

  test.each([
    ["smok", "did you mean smoke?"],
    ["smoke@soon", "wants a time and a length"],
    ["", "no fault"],
  ])("that cannot be meant are refused with what to write instead: %j", (text, says) => {
    const words = faultWords(text);
    expect("problem" in words && words.problem).toContain(says);
  });
});

test("a scenario file that says something nobody knows is refused with the place", () => {
  const read = readScenario(
    'seed: "1"\nstation: { bays: [3] }\nfrom: 2026-01-01T00:00:00Z\nlasts: 1h\nsteps: [{ at: "00:00:01", fault: "gremlins" }]\n',
  );
  expect(read.ok).toBe(false);
  expect(!read.ok && read.problem).toContain("steps");
});
