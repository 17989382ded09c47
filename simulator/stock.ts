/** The packs in the cabinets: what stands there at the start, and which of them may be handed out. By ground truth only. */
import type { ConfigFile } from "../firmware/config/schema.ts";
import type { Clock } from "../hal/ports/clock.ts";
import type { Frame } from "./frame.ts";
import type { Bay } from "./models/bay.ts";
import { HEALTHY_BITS } from "./models/pack.ts";
import type { StockRule } from "./models/scene.ts";
import type { WorldOptions } from "./option-types.ts";

/** The stock at the start: a few bays empty, most packs full, some still to be charged. */
export function stockUp({ options, random, site, cabinets, packs }: Frame): void {
  const draw = random.split("stock");
  const emptyBays = options.emptyBaysPerCabinet ?? 2;
  for (const cabinet of cabinets.values()) {
    // The empty bays move round the cabinet from world to world.
    const offset = draw.int(cabinet.bays.length);
    for (const [at, bay] of cabinet.bays.entries()) {
      const soc = draw.chance(0.85) ? draw.between(0.93, 1) : draw.between(0.3, 0.9);
      if ((at + offset) % cabinet.bays.length < emptyBays) continue;
      const place = { at: "bay", bay: bay.bay } as const;
      bay.place(packs.make(options.initialSoc ?? soc, options.initialPackC ?? site.roomC, place), true);
    }
  }
}

/**
 * A pack tells whole percents and tenths of a degree, and a resting one is asked every ten seconds, in which the charger adds
 * 0.14 %: a pack this far above the marks has been heard to be ready.
 */
const toldMargin = { pct: 1, c: 0.5 } as const;

/** A door that was shut this long ago has been heard to be shut: the station believes one after 1.5 s, and looks four times a second. */
const DOOR_HEARD_MS = 3_000;

export function stockRule(config: ConfigFile, options: WorldOptions, clock: Pick<Clock, "monotonicMs">): StockRule {
  const readyPct = options.readySocPct ?? config.charging.targetSocPct;
  // A pack below the mark of full current may still be on its way; above it a cell may be handed out by any rule.
  const warmC = Math.max(config.safety.fullCurrentMinC, config.safety.chargeMinC);
  const above = ({ pack, plugged, doorOpen }: Bay, margin: { readonly pct: number; readonly c: number }): boolean => {
    if (pack === undefined || !plugged || doorOpen || (pack.protectionBits & ~HEALTHY_BITS) !== 0) return false;
    const { hotPackC } = config.safety;
    return pack.socPct >= readyPct + margin.pct && pack.tempC >= warmC + margin.c && pack.hottestCellC < hotPackC;
  };
  const isHeardShut = ({ doorChangedMs }: Bay): boolean => clock.monotonicMs() - doorChangedMs >= DOOR_HEARD_MS;
  const empty = (bay: Bay): boolean => bay.pack === undefined && !bay.foreignObject && !bay.doorOpen;
  return {
    ready: (bay) => above(bay, { pct: 0, c: 0 }),
    surelyReady: (bay) => above(bay, toldMargin) && isHeardShut(bay),
    empty,
    surelyEmpty: (bay) => empty(bay) && isHeardShut(bay),
  };
}
