/**
 * The numbers that watch over a bay, its charger, its heater and the pack in it. A default is what the sources say; the bounds
 * are hard, and a configuration outside them is refused. FW-C below is the firmware of a shipping cabinet's bay board; Marlin
 * is the printer firmware whose thermal protection (Configuration_adv.h) this follows.
 */
import { z } from "zod";

function limit(unit: string, [min, fallback, max]: readonly [number, number, number], description: string) {
  return z.int().min(min).max(max).default(fallback).meta({ unit, description });
}
const degrees = ([min, fallback, max]: readonly [number, number, number], description: string) =>
  z.number().min(min).max(max).default(fallback).meta({ unit: "°C", description });

export const bayLimits = {
  hardLimitC: degrees(
    [60, 70, 70],
    "A pack this hot latches its bay off until a person on site resets it (FW-C: 70 °C).",
  ),
  temperatureSpreadC: degrees([5, 20, 30], "Sensors of one pack that differ more than this for a minute are reported."),

  cellMaxMv: limit("mV", [3_600, 4_250, 4_250], "A cell above this is never charged, and its pack is quarantined."),
  cellMinMv: limit(
    "mV",
    [2_000, 2_000, 3_200],
    "A cell below this is never charged, and its pack is quarantined (FW-C: 2 V).",
  ),
  spreadMv: limit("mV", [20, 100, 100], "Highest minus lowest cell beyond which a pack is unbalanced (FW-C: 0.1 V)."),
  spreadAboveMv: limit("mV", [3_000, 3_800, 3_800], "Imbalance counts from this highest cell on (FW-C: 3.8 V)."),
  cellFlawMs: limit(
    "ms",
    [10_000, 12_000, 30_000],
    "Cells must show a flaw this long: FW-C waits 10 s, and they are read every 10 s, so that two readings agree.",
  ),

  leakageMa: limit(
    "mA",
    [100, 800, 800],
    "Charger current minus pack current beyond which something leaks (FW-C: 800 mA).",
  ),
  leakageMs: limit("ms", [5_000, 15_000, 30_000], "How long they must differ; the charger is read every 2 s only."),
  overCurrentMa: limit("mA", [100, 500, 1_000], "A charger may give this much more than it was set to."),
  overCurrentMs: limit("ms", [2_000, 10_000, 30_000], "How long it may give more: set-points take a while to arrive."),
  deliversMa: limit(
    "mA",
    [50, 200, 500],
    "A pack that gives more than this with nothing connected feeds a fault (E16).",
  ),
  deliversMs: limit("ms", [1_000, 10_000, 10_000], "How long a pack may deliver current in the bay (FW-C: 10 s)."),
  strayMa: limit("mA", [50, 200, 500], "Current above this flows although the charger is off."),
  strayMs: limit("ms", [1_000, 5_000, 10_000], "How long current may go on after the charger was switched off (E19)."),
  noProgressMs: limit(
    "ms",
    [300_000, 1_200_000, 1_800_000],
    "A charge with neither more voltage nor more charge for this long is stopped (FW-C: 20 min).",
  ),
  noCurrentMs: limit(
    "ms",
    [300_000, 1_800_000, 3_600_000],
    "A charger switched on that moves almost no current into a pack below target this long is stopped (FW-C: 30 min).",
  ),
  noCurrentMa: limit("mA", [10, 50, 200], "Almost no current (FW-C: 50 mA)."),
  chargeMaxMs: limit(
    "ms",
    [3_600_000, 28_800_000, 43_200_000],
    "Longest charge: 0.2 C in the cold fills a pack in five hours, and the end takes its time.",
  ),
  repeatStops: limit(
    "",
    [1, 2, 5],
    "Electrical stops of one bay in one day after which its charger waits for a person.",
  ),

  silentProbeMs: limit(
    "ms",
    [10_000, 10_000, 30_000],
    "Time between two probes of a pack that fell silent while charging.",
  ),
  silentProbes: limit("", [1, 3, 3], "Probes in vain after which the bay is locked out (E18)."),
  lockHeldMs: limit("ms", [2_000, 5_000, 10_000], "A lock still released behind a shut door this long is held (E42)."),

  heatMaxC: degrees([10, 30, 30], "No pack is heated beyond this, whatever was asked."),
  heaterFallC: degrees([1, 2, 5], "A pack that cools by this while its heater is on is not heated by it."),
  heaterLagMs: limit(
    "ms",
    [0, 120_000, 300_000],
    "How long the sensors may stand still after a heater came on: warmth has to reach them.",
  ),
  heaterFrozenMs: limit(
    "ms",
    [30_000, 60_000, 300_000],
    "Bit-identical temperatures under a running heater for this long are a frozen sensor.",
  ),
  weldedRiseC: degrees(
    [2, 3, 5],
    "A rise by this within half an hour, with heater and charger off, is a welded relay.",
  ),
  weldedAboveAirC: degrees([3, 8, 15], "Only a pack this much warmer than the cabinet's air can have been heated."),
  weldedSettleMs: limit("ms", [60_000, 300_000, 900_000], "How long warmth spreads after heater and charger went off."),
} as const;
