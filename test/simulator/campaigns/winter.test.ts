import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { loadConfig } from "../../../firmware/config/load.ts";
import type { Progress } from "../../../simulator/campaigns/long-run.ts";
import { cutWinter } from "../../../simulator/campaigns/stretches.ts";
import { type WinterResult, winter } from "../../../simulator/campaigns/winter.ts";

const twoPieces = 2 / 48;

function run(progress?: Progress, firstDay = 0): Promise<WinterResult> {
  const loaded = loadConfig(fileURLToPath(new URL("../../../examples/starter-cabinet.yaml", import.meta.url)));
  if (!loaded.ok) throw new Error("the starter cabinet is not valid");
  const winters = { seed: "1", days: twoPieces, firstDay, arrivalsPerDay: 400, unheated: false };
  return winter({
    ...winters,
    config: loaded.config,
    configPath: "starter",
    wallNowMs: () => 0,
    ...(progress === undefined ? {} : { progress }),
  });
}

describe("a winter", () => {
  test("comes to the same digest, however often somebody asked how far it is", async () => {
    let asked = 0;
    const watched = await run(async (_share, report) => {
      asked++;
      report();
      report();
      return undefined;
    });
    expect(asked).toBe(2);
    expect(watched.report.digest).toBe((await run()).report.digest);
  });

  test("that begins on a later night is another one", async () => {
    expect((await run(undefined, 45)).report.digest).not.toBe((await run()).report.digest);
  });

  test("ends where it is when that is enough", async () => {
    const { report } = await run(async () => "enough");
    expect(report.simulatedSeconds).toBe(1_800);
  });
});

describe("a winter cut into stretches", () => {
  const whole = {
    configFile: "/f",
    configPath: "f",
    seed: "7",
    firstDay: 0,
    days: 90,
    arrivalsPerDay: 400,
    unheated: false,
  };

  test("has each begin on the night on which the one before ends, with a seed of its own", () => {
    const cut = cutWinter(whole, 3).map(({ seed, firstDay, days }) => ({ seed, firstDay, days }));
    expect(cut).toEqual([
      { seed: "7", firstDay: 0, days: 30 },
      { seed: "8", firstDay: 30, days: 30 },
      { seed: "9", firstDay: 60, days: 30 },
    ]);
  });

  test("that begins later begins all of them later", () => {
    expect(cutWinter({ ...whole, firstDay: 10 }, 2).map(({ firstDay }) => firstDay)).toEqual([10, 55]);
  });

  test("in one stretch is the winter as it was", () => {
    expect(cutWinter(whole, 1)).toEqual([whole]);
  });
});
