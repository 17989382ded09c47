/**
 * The room in the configuration's schema: doors, climate, fridge and who is read where. Each thing carries its wires beside
 * its rules, and what a wire says by being there (a heater, a tamper contact) is not said a second time. Whatever the rules
 * of a service refuse is refused here.
 */
import { z } from "zod";
import { AccessConfig, DoorConfig } from "../../services/access/config.ts";
import { ClimateConfig } from "../../services/climate/config.ts";
import { FridgeConfig } from "../../services/fridge/config.ts";
import { climateRules, doorRules, fridgeRules } from "./room-rules.ts";
import { judgedBy } from "./schema-rules.ts";
import { InputPoint, OutputPoint, on, ThermometerUse } from "./schema-wiring.ts";
import { id } from "./schema-words.ts";

const input = (description: string) => InputPoint.meta({ description });
const thermometer = (description: string) => ThermometerUse.meta({ description });
const output = (description: string) => OutputPoint.meta({ description });

const DoorWires = z
  .strictObject({
    strike: output("Strike: powered to let in. A door has a strike or a magnet.").optional(),
    magnet: output("Magnet: powered to keep out; never a header line, which would hold on for ever.").optional(),
    shut: input("Door contact: closed contact = shut."),
    exitRequest: input("Inside handle or button: closed contact = somebody leaves.").optional(),
    tamper: input("Tamper contact of the lock: closed contact = its housing is open.").optional(),
    lockPower: input("Supply of the lock: closed contact = it is there.").optional(),
  })
  .meta({ description: "What the door is wired to." });

const { lock: _lock, hasExitRequest: _exit, hasTamper: _tamper, hasLockPower: _power, ...door } = DoorConfig.shape;

export const Door = z
  .strictObject({ ...door, wires: DoorWires })
  .refine(({ wires }) => (wires.strike === undefined) !== (wires.magnet === undefined), {
    path: ["wires"],
    abort: true,
    message: "either a strike or a magnet",
    params: { zh: "strike 和 magnet 二选一" },
  })
  .superRefine(judgedBy(DoorConfig, doorRules, { hasExitRequest: ["wires", "exitRequest"] }))
  .meta({ description: "One door of the room." });
export type DoorEntry = z.output<typeof Door>;

const { readers: _readers, doors: _doors, ...access } = AccessConfig.shape;

export const Access = z
  .strictObject({ doors: z.array(Door).min(1).max(8).meta({ description: "The doors of the room." }), ...access })
  .meta({ description: "The doors of the room: who is let in, and when. Leaving is always possible." });

const ClimateWires = z
  .strictObject({
    sensors: z
      .array(on("Id of an XY-MD02 or a thermometer.", "One sensor of the room's air."))
      .min(1)
      .max(4)
      .meta({ description: "Sensors of the room's air; two watch each other." }),
    heater: output("Room heater.").optional(),
    heaterFeed: output(
      "Contactor before the heater; it opens when the heater's own relay cannot be trusted.",
    ).optional(),
    heaterCycleMs: z.int().min(10_000).max(120_000).default(60_000).meta({
      unit: "ms",
      description: "A proportional heater is on for its share of this time; only a solid-state relay lasts so.",
    }),
    cooler: output("Cooler.").optional(),
  })
  .refine(({ heater, heaterFeed }) => heater !== undefined || heaterFeed === undefined, {
    path: ["heater"],
    message: "a heater behind the feed",
    params: { zh: "heaterFeed 后面要有 heater" },
  })
  .meta({ description: "What the climate is wired to. Without a heater or cooler none is driven." });

const { hasHeater: _heater, hasCooler: _cooler, sensors: _sensors, ...climate } = ClimateConfig.shape;

export const Climate = z
  .strictObject({ ...climate, wires: ClimateWires })
  .superRefine(judgedBy(ClimateConfig, climateRules))
  .meta({ description: "The room's heater and cooler." });
export type ClimateEntry = z.output<typeof Climate>;

const FridgeWires = z
  .strictObject({
    air: thermometer("Thermometer of the air inside."),
    evaporator: on("Id of a thermometer.", "Thermometer on the evaporator; a defrost ends by it.").optional(),
    door: input("Door contact: closed contact = shut."),
    lock: output("Lock of the door: on = it may be opened."),
    compressor: output("Compressor."),
    defrostHeater: output("Defrost heater; left out, ice melts in the resting fridge's air.").optional(),
  })
  .refine(({ defrostHeater, evaporator }) => defrostHeater === undefined || evaporator !== undefined, {
    path: ["evaporator"],
    message: "a thermometer on the evaporator, because a defrost heater is never on without it",
    params: { zh: "有除霜加热就要有蒸发器温度计" },
  })
  .meta({ description: "What the fridge is wired to." });

const { hasDefrostHeater: _defrost, ...fridge } = FridgeConfig.shape;

export const Fridge = z
  .strictObject({ ...fridge, wires: FridgeWires })
  .superRefine(judgedBy(FridgeConfig, fridgeRules))
  .meta({ description: "The drinks fridge." });
export type FridgeEntry = z.output<typeof Fridge>;

const reader = {
  id: id("Name of the reader, unique in the room."),
  device: id("Id of the code or card reader."),
} as const;
const at = <P extends string>(place: P, description: string) => z.literal(place).meta({ description });

const RoomReader = z.discriminatedUnion("at", [
  z
    .strictObject({ ...reader, at: at("door", "It stands outside a door."), door: id("Id of the door.") })
    .meta({ title: "door", description: "A reader outside a door." }),
  z
    .strictObject({ ...reader, at: at("fridge", "It stands at the fridge.") })
    .meta({ title: "fridge", description: "A reader at the fridge." }),
  z
    .strictObject({
      ...reader,
      at: at("amenity", "It stands at an amenity."),
      amenity: id("Id of the amenity."),
    })
    .meta({ title: "amenity", description: "A reader at an amenity." }),
]);
export type RoomReaderEntry = z.output<typeof RoomReader>;

export const Room = z
  .strictObject({
    readers: z
      .array(RoomReader)
      .max(64)
      .default([])
      .meta({ description: "Code and card readers, and what each stands at." }),
    presence: input("Presence sensor: closed contact = somebody is in the room.").optional(),
    outside: thermometer("Thermometer outside.").optional(),
  })
  .meta({ description: "What the room shares." });
