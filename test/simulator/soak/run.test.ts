import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { drawScenario } from "../../../simulator/soak/draw.ts";
import { runScenario } from "../../../simulator/soak/run.ts";
import type { Scenario } from "../../../simulator/soak/scenario.ts";
import { readScenario } from "../../../simulator/soak/scenario-file.ts";
import { shrink } from "../../../simulator/soak/shrink.ts";
import { judgeHits, sometimes } from "../../../simulator/soak/sometimes.ts";
import { root } from "../../support/repository.ts";

const base: Scenario = drawScenario("story", { days: 0.02, faults: [] }).scenario;
const quiet: Scenario = { ...base, station: { ...base.station, bays: [2], room: false }, steps: [], mustServe: false };

describe("a scenario", () => {
  test("comes to the same digest each time, and to another one when a single step is left out", () => {
    const { scenario } = drawScenario("3", { days: 0.05, faults: "all" });
    const short = { ...scenario, mustServe: false };
    const { digest } = runScenario(short);
    expect(runScenario(short).digest).toBe(digest);
    const visit = short.steps.findIndex((step) => "rider" in step);
    expect(runScenario({ ...short, steps: short.steps.filter((_step, at) => at !== visit) }).digest).not.toBe(digest);
  });

  test("with nothing wrong serves a rider after its end", () => {
    const result = runScenario({ ...quiet, mustServe: true });
    expect(result.violation).toBeUndefined();
    expect(result.tally.completed).toBe(1);
  });
});

/** What the checkers found in a station whose bay charges into an open door: fed by hand, the controller is right. */
const welded: Scenario = {
  ...quiet,
  lasts: "2h",
  packs: { emptyBays: 1, socPct: 20 },
  steps: [
    { at: "00:10:00", rider: 3, does: "proper", packPct: 20 },
    { at: "00:20:00", cabinet: "a", shows: "a poster" },
    { at: "00:30:00", request: "snapshot", with: {} },
    { at: "01:00:00", fault: "smoke", lasts: "5m", where: "cabinet a" },
    { at: "01:30:00", rider: 5, does: "proper", packPct: 20 },
  ],
};

describe("shrinking", () => {
  test("leaves only what is needed, begins shortly before it, and says what still goes wrong", () => {
    const violation = { invariant: "T", atMs: 3_605_000, what: "there was smoke" };
    const ran: number[] = [];
    const run = (scenario: Scenario) => {
      ran.push(scenario.steps.length);
      const smoke = scenario.steps.some((step) => "fault" in step && step.fault === "smoke");
      return { ...runScenario({ ...quiet, lasts: "1s", steps: [] }), violation: smoke ? violation : undefined };
    };
    const shrunk = shrink(welded, run(welded), { runsMax: 100, run });
    expect(shrunk.scenario.steps.map((step) => ("fault" in step ? step.fault : "other"))).toEqual(["smoke"]);
    expect(shrunk.scenario.says).toBe("T: there was smoke");
    expect(ran.length).toBeLessThan(60);
  });
});

describe("what must sometimes be", () => {
  test("is listed once each, and nothing is come by in no run", () => {
    expect(new Set(sometimes).size).toBe(sometimes.length);
    expect(judgeHits(new Map()).missing).toEqual(sometimes);
  });

  test("counts what a run came by", () => {
    const { hits } = runScenario({ ...welded, packs: { emptyBays: 1, socPct: 96 }, lasts: "1h10m" });
    expect(hits.get("fault: smoke")).toBe(1);
    expect(hits.get("completed: completed")).toBe(1);
    expect(hits.get("swap: start to opening-in")).toBe(1);
  });
});

const folder = join(root, "test", "scenarios");
const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));

describe("scenarios that once went wrong", () => {
  test.each(files)("%s", (name) => {
    const read = readScenario(readFileSync(join(folder, name), "utf8"));
    if (!read.ok) throw new Error(`${name}: ${read.problem}`);
    expect(read.scenario.says).toBeTruthy();
    expect(runScenario(read.scenario).violation).toBeUndefined();
  });
});
