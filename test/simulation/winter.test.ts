import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { loadConfig } from "../../firmware/config/load.ts";
import { type WinterResult, winter } from "../../simulator/campaigns/winter.ts";

/** A day in CI; `npm run nightly` takes 30. */
const days = Number(process.env.YIZHAN_WINTER_DAYS ?? "0.5");
const patienceMs = 900_000 * Math.max(1, days);

function run(options: { days: number; unheated: boolean; arrivalsPerDay?: number }): Promise<WinterResult> {
  const loaded = loadConfig(fileURLToPath(new URL("../../examples/reference-station.yaml", import.meta.url)));
  if (!loaded.ok) throw new Error("the reference station is not valid");
  return winter({
    config: loaded.config,
    configPath: "reference",
    seed: "1",
    arrivalsPerDay: 400,
    ...options,
    wallNowMs: () => 0,
  });
}

function told(name: string, { report, gauged }: WinterResult): string {
  const { riders, energy, cold } = report;
  return `${name}: ${riders.gotPack.withPack} of ${riders.gotPack.visits} riders left with a pack, ${cold.deposits} packs came in below 0 °C, ${energy.heatWhPerSwap} Wh of warmth a swap, ${cold.chargeCoulombs} C below 0 °C, ${gauged.withoutReadyPct} % of the time without a ready pack`;
}

const places = [
  { where: "in the heated room", unheated: false, days, share: 85 },
  // The street costs as much time again; half a day shows the same.
  { where: "in the street", unheated: true, days: days > 1 ? days : 0.5, share: 60 },
] as const;

describe.each(places)("a station at -32 °C with its cabinets $where", ({ where, unheated, days: length, share }) => {
  let result: WinterResult;

  beforeAll(async () => {
    result = await run({ days: length, unheated });
    console.log(told(`winter, ${length} day(s) ${where}`, result));
  }, patienceMs);

  test("charges no pack below 0 °C, breaks no invariant, and serves the riders for whom all was there", () => {
    expect(result.broken).toEqual([]);
    expect(result.report.cold).toMatchObject({ chargeCoulombs: 0, chargeSeconds: 0 });
    expect(result.report.riders.served.entitled).toBeGreaterThan(0);
  });

  test("was really cold, and still most riders left with a pack", () => {
    const { riders, cold, energy, swaps } = result.report;
    expect(cold.deposits).toBeGreaterThan(0.9 * swaps.completed);
    expect(energy.heatWhPerSwap).toBeGreaterThan(0);
    expect(riders.gotPack.sharePct).toBeGreaterThan(share);
  });
});
