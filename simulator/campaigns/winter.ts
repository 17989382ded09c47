/**
 * The winter campaign: a station in the deepest cold for days on end. What must hold: not a coulomb below 0 °C, no invariant
 * broken, nobody sent away without a word, everybody served for whom a ready pack and an empty bay were there. What is
 * measured and not judged: which share of all riders that is, and what the warmth of a swap costs.
 */
import type { LoadedConfig } from "../../firmware/config/load.ts";
import { entitled, type SimulationReport } from "../report.ts";
import type { RiderVisit } from "../visit-types.ts";
import type { Gauged } from "./gauge.ts";
import { dayMs, longRun, type Progress } from "./long-run.ts";

/** The coldest the station is built for (Liaoyuan), day and night. */
export const WINTER_OUTDOOR_C = -32;

export interface WinterOptions {
  readonly config: LoadedConfig;
  readonly configPath: string;
  readonly seed: string;
  readonly days: number;
  /** The night of the winter on which it begins, counted from 0. Default 0. */
  readonly firstDay?: number;
  readonly arrivalsPerDay: number;
  /** The cabinets stand in the street instead of in the heated room. */
  readonly unheated: boolean;
  readonly wallNowMs: () => number;
  readonly progress?: Progress;
}

export interface WinterResult {
  readonly report: SimulationReport;
  readonly gauged: Gauged;
  /** What did not hold, in words; empty when everything did. */
  readonly broken: readonly string[];
}

/** Midnight of a January day in Liaoyuan. */
const winterNight = Date.UTC(2026, 0, 14, 16, 0);

/** So many of those who went without are told by name. */
const TOLD_MAX = 3;

const toldOf = ({ visit, cabinetsTried, firstScanMs = 0, refusal, ending }: RiderVisit): string =>
  `visit ${visit} at ${cabinetsTried.join(", ")}, ${(firstScanMs / dayMs).toFixed(3)} days in: ${refusal ?? ending}`;

function unserved({ riders }: SimulationReport, visits: readonly RiderVisit[]): string[] {
  const { entitled: all, leftWithPack } = riders.served;
  if (leftWithPack >= all) return [];
  const without = visits.filter((visit) => entitled(visit) && visit.receivedPack === undefined);
  const told = without.slice(0, TOLD_MAX).map(toldOf);
  return [`${all - leftWithPack} of ${all} with a ready pack went without (${told.join("; ")})`];
}

function brokenIn(report: SimulationReport, visits: readonly RiderVisit[]): string[] {
  const { cold, invariants, riders } = report;
  const broken: string[] = [];
  if (cold.chargeCoulombs > 0 || cold.chargeSeconds > 0)
    broken.push(`${cold.chargeCoulombs} C in ${cold.chargeSeconds} s went into packs below 0 °C`);
  for (const { invariant, what } of invariants.violated.slice(0, 10)) broken.push(`${invariant}: ${what}`);
  if (riders.unnamed > 0) broken.push(`${riders.unnamed} visits ended without a word`);
  return [...broken, ...unserved(report, visits)];
}

export async function winter(options: WinterOptions): Promise<WinterResult> {
  const { arrivalsPerDay, unheated, firstDay = 0, ...run } = options;
  const fromMs = winterNight + Math.round(firstDay * dayMs);
  const world = { arrivalsPerDay, outdoors: unheated, weather: { fixedC: WINTER_OUTDOOR_C } };
  const { report, gauged, visits } = await longRun({ ...run, fromMs, world });
  return { report, gauged, broken: brokenIn(report, visits) };
}
