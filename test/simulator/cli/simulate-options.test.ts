import { expect, test } from "vitest";
import { readSimulateOptions, simulateUsage } from "../../../simulator/cli/options.ts";
import { scenarios } from "../../../simulator/scenarios.ts";

const read = (...args: string[]) => readSimulateOptions(args, { LANG: "en_US.UTF-8" });

test("a scenario brings its beginning, its day and night, its riders and full speed", () => {
  expect(read("--scenario", "winter-night")).toMatchObject({
    options: {
      scenario: { name: "winter-night" },
      fromMs: Date.parse("2026-01-10T18:00:00+08:00"),
      untilMs: 86_400_000,
      speed: undefined,
      arrivalsPerDay: 30,
    },
  });
});

test("what is said beside a scenario counts more than the scenario", () => {
  const said = read("--scenario", "power-cuts", "--until", "30d", "--arrivals", "5", "--speed", "60", "--seed", "7");
  expect(said).toMatchObject({
    options: { untilMs: 30 * 86_400_000, arrivalsPerDay: 5, speed: 60, seed: "7", scenario: { cutsPerDay: 4 } },
  });
});

test.each([
  ["winter-nite", "did you mean winter-night?"],
  ["heatwave", "did you mean heat-wave?"],
  ["earthquake", "there are winter-night, heat-wave, power-cuts"],
])("an unknown scenario %s is refused with what there is", (name, says) => {
  const said = read("--scenario", name);
  expect("problem" in said && said.problem).toContain(says);
});

test("the configuration is named in short, as everywhere", () => {
  expect(read("-c", "mine.yaml")).toMatchObject({ options: { config: "mine.yaml" } });
});

test("the help names every scenario", () => {
  for (const { name, says } of scenarios) expect(simulateUsage).toContain(`${name.padEnd(14)}${says.en}`);
});

test("without a scenario full speed still wants an end", () => {
  expect(read("--speed", "max")).toEqual({ problem: "--speed max needs --until, or it would never end" });
  expect(read()).toMatchObject({ options: { speed: 60, arrivalsPerDay: 400, scenario: undefined } });
});

test("the cockpit's port is said like the others, and refused like the others", () => {
  expect(read()).toMatchObject({ options: { cockpitPort: 8_090 } });
  expect(read("--cockpit-port", "0")).toMatchObject({ options: { cockpitPort: 0 } });
  expect(read("--cockpit-port", "70000")).toEqual({ problem: "--cockpit-port wants a port number" });
});
