/**
 * What the room wants to hold on right now. Off is the safe state of every output here: a strike that is off lets out, a magnet
 * that is off lets out, and nothing that is off heats, cools, pours or sounds.
 */
import { type DoorLevels, restingDoor } from "../access/levels.ts";
import type { AmenityConfig } from "../amenities/config.ts";
import { type ClimateLevels, restingClimate } from "../climate/levels.ts";
import { type FridgeLevels, restingFridge } from "../fridge/levels.ts";

/** Outputs of an amenity by what they do; lockers have one lock and one power each, numbered from 1. */
export type AmenityOutput =
  | "element"
  | "feed"
  | "tap"
  | "power"
  | "lamp"
  | "siren"
  | `lock-${number}`
  | `power-${number}`;

export interface RoomLevels {
  readonly doors: Readonly<Record<string, DoorLevels>>;
  readonly climate: ClimateLevels;
  /** `lock`: the fridge's lock is released. */
  readonly fridge: FridgeLevels & { readonly lock: boolean };
  readonly amenities: Readonly<Record<string, Readonly<Partial<Record<AmenityOutput, boolean>>>>>;
}

export const restingRoom: RoomLevels = {
  doors: {},
  climate: restingClimate,
  fridge: { ...restingFridge, lock: false },
  amenities: {},
};

export const restingDoorLevels: DoorLevels = restingDoor;

/** Which outputs each kind can have: the configuration wires them, the rules drive them. */
export function amenityOutputs(config: AmenityConfig): readonly AmenityOutput[] {
  switch (config.kind) {
    case "hot-water":
      return ["element", "feed", "tap"];
    case "microwave":
    case "socket":
      return ["power"];
    case "phone-lockers":
      return numbered(config.lockers).flatMap((n): AmenityOutput[] => [`lock-${n}`, `power-${n}`]);
    case "gift-lockers":
      return numbered(config.lockers).map((n): AmenityOutput => `lock-${n}`);
    case "rescue-cabinet":
      return ["siren"];
    case "light":
    case "toilet-light":
      return ["lamp"];
    case "ventilation":
      return ["power"];
    case "help":
      return ["siren", "lamp"];
  }
}

const numbered = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1);
