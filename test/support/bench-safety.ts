/** The safety contacts of the bench's station, moved by hand. "lost" is a contact that nobody hears. */
import type { Reading } from "../../services/reading.ts";
import type { CabinetReadings, SiteReadings } from "../../services/readings.ts";

export type Says = boolean | "lost";

export class BenchSafety {
  /** By cabinet. */
  readonly smoke: Record<string, Says> = {};
  readonly conductor: Record<string, Says> = {};
  readonly water: Record<string, Says> = {};
  readonly airTempC: Record<string, number> = {};
  emergencyStop: Says = false;

  cabinet(id: string, nowMs: number): CabinetReadings {
    const airTempC = this.airTempC[id];
    return {
      smoke: sampled(this.smoke[id], nowMs),
      conductor: sampled(this.conductor[id], nowMs),
      water: sampled(this.water[id], nowMs),
      airTempC: airTempC === undefined ? undefined : { value: airTempC, atMs: nowMs, quality: "good" },
    };
  }

  station(nowMs: number): SiteReadings {
    return { emergencyStop: sampled(this.emergencyStop, nowMs) };
  }
}

const sampled = (says: Says | undefined, atMs: number): Reading<boolean> | undefined =>
  says === "lost" ? undefined : { value: says ?? false, atMs, quality: "good" };
