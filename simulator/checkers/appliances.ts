/** I11: whatever is on for a time goes off in time. Judged by the relays; how long each may be on stands in the configuration. */
import type { AmenityConfig } from "../../services/amenities/config.ts";
import type { StationConfig } from "../../services/config.ts";
import { amenityWire, fridgeOutput } from "../room/names.ts";
import type { Checker, CheckerSetup } from "./checker.ts";
import { isWelded } from "./excuses.ts";

/** The last scan before its time was over may have leased it for so long. */
const slackMs = 2_500;

function amenityLimits(amenity: AmenityConfig): (readonly [string, number])[] {
  const wire = (what: string) => amenityWire(amenity.id, what);
  switch (amenity.kind) {
    case "microwave":
    case "socket":
      return [[wire("power"), amenity.maxOnMs]];
    case "hot-water":
      return [
        [wire("element"), amenity.heatMsMax],
        [wire("tap"), amenity.pourMsMax],
      ];
    default:
      return [];
  }
}

/** How long each output may be on in one go. */
function limits({ room, bays, cabinets, charging, safety }: StationConfig): ReadonlyMap<string, number> {
  const all = new Map<string, number>();
  for (const bay of bays) if (bay?.hasHeater) all.set(`heater of bay ${bay.bay}`, charging.heaterMaxOnMs);
  for (const { id, hasAerosol } of cabinets) if (hasAerosol) all.set(`extinguisher of ${id}`, safety.aerosolMs);
  for (const amenity of room?.amenities ?? []) for (const [name, maxMs] of amenityLimits(amenity)) all.set(name, maxMs);
  if (room?.fridge !== undefined) all.set(fridgeOutput("defrostHeater"), room.fridge.defrostMsMax);
  return all;
}

export function timedThingsEnd({ world, config, clock, troubles, report, looked }: CheckerSetup): Checker {
  const maxMs = limits(config);
  const onSinceMs = new Map<string, number>();
  function judge(name: string, nowMs: number): void {
    const forMs = nowMs - (onSinceMs.get(name) ?? nowMs);
    looked();
    if (forMs > (maxMs.get(name) ?? 0) + slackMs && !isWelded(name, { troubles }))
      report("I11", `${name} is on for ${Math.round(forMs / 1_000)} s`);
  }
  function turned(name: string, on: boolean, atMs: number): void {
    if (!maxMs.has(name)) return;
    if (on) onSinceMs.set(name, onSinceMs.get(name) ?? atMs);
    else if (onSinceMs.has(name)) {
      judge(name, atMs);
      onSinceMs.delete(name);
    }
  }
  return {
    invariant: "I11",
    says: "whatever is on for a time is off when its longest time is over: bay heaters, extinguishers, outlets, boilers, taps, defrosting",
    looksAt: "how long each timed output really was on",
    excuses: "a heater that is stuck on: its relay is judged; a boiler's relay that is welded: its feed is judged",
    everyMs: 30_000,
    onTruth(event) {
      if (event.type === "room-output") turned(event.output, event.on, event.atMs);
      else if (event.type === "aerosol") turned(`extinguisher of ${event.cabinet}`, event.on, event.atMs);
    },
    onLook() {
      const { nowMs } = clock;
      // Relays of bay heaters: a heater that is stuck on asks nobody.
      for (const { bay, heaterRelayOn } of world.truth.bays) turned(`heater of bay ${bay}`, heaterRelayOn, nowMs);
      for (const name of onSinceMs.keys()) judge(name, nowMs);
    },
  };
}
