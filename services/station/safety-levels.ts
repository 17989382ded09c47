/**
 * The levels that answer a danger: fans, alarms, the exit, the extinguisher. Derived from alerts and latches alone. What must go
 * off in a danger is not its business: the interlocks take that away.
 */
import type { CabinetLayout } from "../config.ts";
import { type BayLevels, restingSafety, type SafetyLevels } from "../levels.ts";
import { calmAlerts, isFire, isFlooded } from "../safety/alerts.ts";
import type { StationContext, StationState } from "./state.ts";

interface Wanted {
  readonly bays: readonly (BayLevels | undefined)[];
  readonly fans: Record<string, boolean>;
}

/** From the first hint on all packs of the zone are asked often: the second signal is in their cells. */
function attendZone(bays: Wanted["bays"], cabinet: CabinetLayout): void {
  for (const number of cabinet.bays) {
    const levels = bays[number];
    if (levels !== undefined) levels.watchPack = true;
  }
}

function holdFan(into: Wanted, cabinet: CabinetLayout, fire: boolean, flooded: boolean): void {
  if (!cabinet.hasFan) return;
  if (flooded) into.fans[cabinet.id] = false;
  else if (fire) into.fans[cabinet.id] = true;
}

/** Fills in what safety wants beyond the bays' own wishes; a calm station costs one comparison. */
export function deriveSafety(state: StationState, context: StationContext, into: Wanted): SafetyLevels {
  const { config } = context;
  const { alerts } = state;
  const { latches } = state.durable.safety;
  if (alerts === calmAlerts && Object.keys(latches).length === 0) return restingSafety;
  const aerosols: Record<string, boolean> = {};
  const alarms: Record<string, boolean> = {};
  let anywhere = false;
  for (const cabinet of config.cabinets) {
    const { id } = cabinet;
    const fire = isFire(alerts, latches, id);
    anywhere ||= fire;
    if (fire || alerts.zones[id] !== undefined) attendZone(into.bays, cabinet);
    holdFan(into, cabinet, fire, isFlooded(alerts, cabinet, config));
    if (cabinet.hasAlarm) alarms[id] = fire;
    if (cabinet.hasAerosol) aerosols[id] = alerts.releases[id]?.at === "releasing";
  }
  return {
    aerosols,
    alarms,
    stationAlarm: anywhere && config.hasAlarm,
    exitRelease: anywhere && config.hasExitRelease,
  };
}
