/** Which faults of the room stand right now, derived afresh at every look; the catalogue's rows stand with each service. */

import { doorFaults } from "../access/faults.ts";
import { accessFaults } from "../access/watch.ts";
import { amenityFaultCatalogue, hotWaterFault } from "../amenities/faults.ts";
import { emptyLockers, phoneLevels } from "../amenities/lockers.ts";
import { rescueFaults } from "../amenities/rescue-cabinet.ts";
import { climateFaultCatalogue, climateFaults } from "../climate/faults.ts";
import { fridgeFaultCatalogue, fridgeFaults } from "../fridge/faults.ts";
import { accessContext, type RoomContext } from "./draft.ts";
import type { RoomDurable } from "./durable.ts";
import { fridgeLook, rescueLook } from "./looks.ts";
import type { RoomState } from "./state.ts";

export const roomFaultCatalogue = {
  ...doorFaults,
  ...climateFaultCatalogue,
  ...fridgeFaultCatalogue,
  ...amenityFaultCatalogue,
} as const;
export type RoomFaultCode = keyof typeof roomFaultCatalogue;

export interface RoomFault {
  readonly code: RoomFaultCode;
  readonly subject: string;
}

function amenityFaults(state: RoomState, durable: RoomDurable, context: RoomContext): RoomFault[] {
  const { now, config } = context;
  return config.amenities.flatMap((amenity): RoomFault[] => {
    const own = state.amenities[amenity.id];
    const subject = amenity.id;
    if (own?.kind === "hot-water") {
      const code = hotWaterFault(own.state);
      return code === undefined ? [] : [{ code, subject }];
    }
    if (own?.kind === "rescue" && amenity.kind === "rescue-cabinet")
      return rescueFaults(own.state, rescueLook(context, subject), amenity).map((code) => ({ code, subject }));
    if (amenity.kind === "phone-lockers" && now.synchronised) {
      const { overdue } = phoneLevels(durable.lockers[subject] ?? emptyLockers, now.wallMs, amenity);
      return overdue.map((locker) => ({ code: "locker-overdue", subject: `${subject}-${locker}` }));
    }
    return [];
  });
}

export function roomFaults(state: RoomState, durable: RoomDurable, context: RoomContext): readonly RoomFault[] {
  const { climate, fridge } = state;
  const { config, now } = context;
  const found: RoomFault[] = [...accessFaults(state.access, accessContext(context))];
  if (climate !== undefined && config.climate !== undefined)
    found.push(...climateFaults(climate, durable.climate, now.monotonicMs, config.climate));
  if (fridge !== undefined && config.fridge !== undefined) {
    const seen = { state: fridge, durable: durable.fridge, look: fridgeLook(context) };
    found.push(...fridgeFaults(seen, config.fridge).map((code) => ({ code, subject: "fridge" })));
  }
  found.push(...amenityFaults(state, durable, context));
  return found;
}
