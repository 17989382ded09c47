/**
 * What the station knows of its room: the rules of door, warmth, fridge and amenities, and how many senses each has. No wires:
 * which contact is whose stands in the configuration file, and stays there.
 */
import type { AccessConfig } from "../access/config.ts";
import type { AmenityConfig } from "../amenities/config.ts";
import type { ClimateConfig } from "../climate/config.ts";
import type { FridgeConfig } from "../fridge/config.ts";

/** Where a code or card reader of the room stands: outside a door, or at something a member is served at. */
export type ReaderPlace =
  | { readonly at: "door"; readonly door: string }
  | { readonly at: "fridge" }
  | { readonly at: "amenity"; readonly amenity: string };

export interface RoomReader {
  readonly id: string;
  readonly place: ReaderPlace;
}

export interface RoomConfig {
  readonly access: AccessConfig;
  readonly climate: ClimateConfig | undefined;
  /** How many thermometers hang in the room. */
  readonly climateSensors: number;
  readonly fridge: FridgeConfig | undefined;
  readonly amenities: readonly AmenityConfig[];
  /** All readers of the room; those at doors stand in `access` as well. */
  readonly readers: readonly RoomReader[];
  /** A sensor tells whether somebody is in the room. */
  readonly hasPresence: boolean;
}
