/** All amenities of a station: one list, each of one kind with its own rules. It refuses two of the same name. */
import { z } from "zod";
import { HelpConfig } from "./help.ts";
import { HotWaterConfig } from "./hot-water.ts";
import { GiftLockersConfig, PhoneLockersConfig } from "./lockers.ts";
import { FollowerConfig } from "./occupancy.ts";
import { MicrowaveConfig, SocketConfig } from "./outlets.ts";
import { RescueCabinetConfig } from "./rescue-cabinet.ts";

export const AmenityConfig = z.discriminatedUnion("kind", [
  HotWaterConfig,
  MicrowaveConfig,
  SocketConfig,
  PhoneLockersConfig,
  GiftLockersConfig,
  RescueCabinetConfig,
  FollowerConfig,
  HelpConfig,
]);
export type AmenityConfig = z.output<typeof AmenityConfig>;

export const AmenitiesConfig = z
  .array(AmenityConfig)
  .max(64)
  .default([])
  .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, {
    message: "each amenity has a name of its own",
  })
  .meta({ description: "Amenities of the room." });
