/** What the parts of one world share while it is put together, and its bays and cabinets. It decides nothing. */
import type { ConfigFile } from "../firmware/config/schema.ts";
import { Bay } from "./models/bay.ts";
import { Cabinet } from "./models/cabinet.ts";
import type { PackRegister } from "./models/pack-register.ts";
import type { Site } from "./models/site.ts";
import type { WorldOptions } from "./option-types.ts";
import type { SplitRandom } from "./random.ts";

/** Mains to pack. A little better than the 0.92 that the controller's default plan assumes. */
const CHARGER_EFFICIENCY = 0.93;

export interface Frame {
  readonly config: ConfigFile;
  readonly options: WorldOptions;
  readonly random: SplitRandom;
  readonly site: Site;
  readonly bays: Map<number, Bay>;
  readonly cabinets: Map<string, Cabinet>;
  readonly packs: PackRegister;
}

export function buildCabinets({ config, options, random, site, bays, cabinets }: Frame): void {
  let meterSource = 0;
  for (const entry of config.cabinets) {
    const here: Bay[] = [];
    for (const { bay } of entry.bays) {
      const body = new Bay({
        bay,
        cabinet: entry.id,
        site,
        meterSource: meterSource++,
        heaterW: config.charging.heaterW,
        chargerEfficiency: CHARGER_EFFICIENCY,
        lockFailure: options.lockFailure ?? 0,
        random: random.split(`bay-${bay}`),
      });
      bays.set(bay, body);
      here.push(body);
    }
    cabinets.set(entry.id, new Cabinet({ id: entry.id, bays: here, site, meterSource: meterSource++ }));
  }
}
