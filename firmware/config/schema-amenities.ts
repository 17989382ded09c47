/**
 * The amenities in the configuration's schema: each kind with its rules and its wires. How many lockers there are is how many
 * are wired; an AED is there when its contact is. A boiler without a level contact and a leak sensor is refused.
 */
import { z } from "zod";
import { HelpConfig } from "../../services/amenities/help.ts";
import { HotWaterConfig } from "../../services/amenities/hot-water.ts";
import { GiftLockersConfig, PhoneLockersConfig } from "../../services/amenities/lockers.ts";
import { FollowerConfig } from "../../services/amenities/occupancy.ts";
import { MicrowaveConfig, SocketConfig } from "../../services/amenities/outlets.ts";
import { RescueCabinetConfig } from "../../services/amenities/rescue-cabinet.ts";
import { DimmedPoint, InputPoint, OutputPoint, on } from "./schema-wiring.ts";

const input = (description: string) => InputPoint.meta({ description });
const output = (description: string) => OutputPoint.meta({ description });
const dimmed = (description: string) => DimmedPoint.meta({ description });
const wires = <S extends z.ZodRawShape>(shape: S) =>
  z.strictObject(shape).meta({ description: "What it is wired to." });

const HotWater = HotWaterConfig.safeExtend({
  wires: wires({
    temperature: on("Id of a thermometer.", "Thermometer of the boiler."),
    element: output("Heating element."),
    feed: output("Contactor before the element, and inlet valve: both shut when the boiler is latched.").optional(),
    tap: output("Tap."),
    filled: input("Level contact: closed contact = water covers the element."),
    leaking: input("Leak sensor: closed contact = water where none belongs."),
    unlock: input("Child lock: closed contact = it is held open."),
    button: input("Button at the tap: closed contact = pour."),
  }),
});

const outletWires = wires({
  power: output("Supply of the appliance."),
  button: input("Start button: closed contact = pressed.").optional(),
  stop: input("Stop button: closed contact = pressed; it obeys everybody.").optional(),
});

const lockers = <S extends z.ZodRawShape>(shape: S, description: string) =>
  wires({
    lockers: z
      .array(z.strictObject(shape).meta({ description }))
      .min(1)
      .max(48)
      .meta({ description: "The lockers, number 1 first." }),
  });

const { lockers: _phones, ...phoneLockers } = PhoneLockersConfig.shape;
const PhoneLockers = z
  .strictObject({
    ...phoneLockers,
    wires: lockers(
      { lock: output("Lock: on = it may be opened."), power: output("Supply of the charging plug.") },
      "One locker.",
    ),
  })
  .meta({ description: "Phone-charging lockers." });

const { lockers: _gifts, ...giftLockers } = GiftLockersConfig.shape;
const GiftLockers = z
  .strictObject({ ...giftLockers, wires: lockers({ lock: output("Lock: on = it may be opened.") }, "One locker.") })
  .meta({ description: "Gift lockers." });

const { hasAed: _aed, ...rescueCabinet } = RescueCabinetConfig.shape;
const RescueCabinet = z
  .strictObject({
    ...rescueCabinet,
    wires: wires({
      shut: input("Door contact: closed contact = shut."),
      inPlace: input("Contact of the AED: closed contact = it is in its place. Left out: there is no AED.").optional(),
      siren: output("Local alarm.").optional(),
    }),
  })
  .meta({ description: "First-aid cabinet and AED; it has no lock." });

const { kind: _kind, ...follower } = FollowerConfig.shape;
const present = input("Its own presence sensor: closed contact = somebody is there.");

const Light = z
  .strictObject({
    kind: z.literal("light").meta({ description: "Light that follows presence." }),
    ...follower,
    wires: wires({ lamp: dimmed("The light."), present: present.optional() }),
  })
  .meta({ description: "Light." });

const ToiletLight = z
  .strictObject({
    kind: z.literal("toilet-light").meta({ description: "Lamp that shows at once that a toilet is taken." }),
    ...follower,
    wires: wires({ lamp: output("The lamp."), present }),
  })
  .meta({ description: "Toilet lamp." });

const Ventilation = z
  .strictObject({
    kind: z.literal("ventilation").meta({ description: "Ventilation that follows presence." }),
    ...follower,
    wires: wires({ power: dimmed("The fan."), present: present.optional() }),
  })
  .meta({ description: "Ventilation." });

export const Amenity = z.discriminatedUnion("kind", [
  HotWater,
  MicrowaveConfig.safeExtend({ wires: outletWires }),
  SocketConfig.safeExtend({ wires: outletWires }),
  PhoneLockers,
  GiftLockers,
  RescueCabinet,
  Light,
  ToiletLight,
  Ventilation,
  HelpConfig.safeExtend({
    wires: wires({
      button: input("The button: closed contact = pressed."),
      siren: output("Siren."),
      lamp: output("Lamp.").optional(),
    }),
  }),
]);
export type AmenityEntry = z.output<typeof Amenity>;

export const Amenities = z.array(Amenity).max(64).meta({ description: "What people find in the room." });
