/** The process image: drivers put their newest readings here, services read it. Holding is all it does. */
import type { StationConfig } from "../../services/config.ts";
import {
  type BayReadings,
  type CabinetReadings,
  emptyBayReadings,
  emptyCabinetReadings,
  type StationReadings,
} from "../../services/readings.ts";
import { emptyRoomReadings } from "../../services/room/readings.ts";

export interface Image extends StationReadings {
  readonly bays: readonly (BayReadings | undefined)[];
  readonly cabinets: Readonly<Record<string, CabinetReadings>>;
}

export function emptyImage(config: StationConfig): Image {
  const cabinets: Record<string, CabinetReadings> = {};
  for (const cabinet of config.cabinets) cabinets[cabinet.id] = emptyCabinetReadings();
  const bays = config.bays.map((layout) => (layout === undefined ? undefined : emptyBayReadings()));
  const room = config.room && emptyRoomReadings(config.room);
  return { bays, cabinets, station: { emergencyStop: undefined }, ...(room && { room }) };
}
