/** The room's heating loads, each behind a relay and, where it is wired, a feed; under the names by which a strike is told. */
import { amenityWire, climateOutput } from "../room/names.ts";
import type { FaultGround } from "./fault.ts";
import type { Target } from "./targets.ts";

export interface LoadTarget extends Target {
  readonly kind: "load";
  readonly load: string;
}

export function heatingLoadsOf({ simulation: { world } }: FaultGround): LoadTarget[] {
  const room = world.room?.room;
  if (room === undefined) return [];
  const heater: LoadTarget = { where: "room heater", kind: "load", load: climateOutput("heater") };
  const boilers = [...room.boilers.keys()].map(
    (id): LoadTarget => ({ where: `amenity ${id}`, kind: "load", load: amenityWire(id, "element") }),
  );
  return [heater, ...boilers].filter(({ load }) => room.circuits.isWired(load));
}
