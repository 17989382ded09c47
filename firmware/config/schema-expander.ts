/**
 * An expander board that speaks Firmata (an Arduino with StandardFirmata) in the configuration's schema: its line, its analog
 * inputs and its PWM outputs. Nothing that keeps anybody safe may be named here: the board goes on driving its outputs when
 * nobody talks to it.
 */
import { z } from "zod";
import { id, path } from "./schema-words.ts";

const share = {
  id: id("Name of the input, unique on the board; what is wired elsewhere names it."),
  pin: z.int().min(0).max(15).meta({ description: "Analog input as printed on the board: 0 is A0." }),
};
const ohm = (description: string) => z.number().min(100).max(1_000_000).meta({ unit: "Ω", description });

const AnalogPin = z.discriminatedUnion("kind", [
  z.strictObject({
    ...share,
    kind: z.literal("thermistor").meta({ description: "NTC thermistor behind a divider: a thermometer." }),
    nominalOhm: ohm("Resistance of the thermistor at 25 °C.").default(10_000),
    betaK: z
      .number()
      .min(1_000)
      .max(10_000)
      .default(3_950)
      .meta({ unit: "K", description: "B value from the thermistor's data sheet." }),
    seriesOhm: ohm("The fixed resistor of the divider.").default(10_000),
    thermistorTo: z
      .literal(["ground", "supply"])
      .default("ground")
      .meta({ description: "Which end of the divider the thermistor is." }),
  }),
  z.strictObject({
    ...share,
    kind: z.literal("raw").meta({ description: "Anything else, such as a light sensor: a share of the supply." }),
  }),
]);

const PwmPin = z.strictObject({
  id: id("Name of the output, unique on the board; what is wired elsewhere names it."),
  pin: z.int().min(2).max(69).meta({ description: "Pin as printed on the board; one that can do PWM (marked ~)." }),
});

export const FirmataDevice = z.strictObject({
  id: id("Name of the device, unique among devices."),
  kind: z.literal("firmata").meta({
    description: "Expander board with StandardFirmata on a line of its own; for comfort only, never for safety.",
  }),
  path: path("Serial port of the board; prefer /dev/serial/by-id/… because names like ttyACM0 move."),
  baud: z
    .literal([9600, 19200, 38400, 57600, 115200])
    .default(57600)
    .meta({ unit: "baud", description: "Speed of the firmware; StandardFirmata is built for 57600." }),
  periodMs: z
    .int()
    .min(100)
    .max(2_000)
    .default(1_000)
    .meta({ unit: "ms", description: "How often the board samples; a reading is stale after three missed periods." }),
  inputs: z.array(AnalogPin).max(16).default([]).meta({ description: "Analog inputs." }),
  outputs: z.array(PwmPin).max(16).default([]).meta({ description: "PWM outputs, such as a fan or a buzzer." }),
});
/** A thermometer that may be a thermistor of such a board, where being wrong spoils comfort and nothing else. */
export const thermometerPoint = (description: string) =>
  z
    .strictObject({
      device: id("Id of a thermometer, or of an expander board."),
      channel: id("Name of the board's thermistor; only with an expander board.").optional(),
    })
    .meta({ description });
export type ThermometerPoint = z.output<ReturnType<typeof thermometerPoint>>;

export type FirmataEntry = z.output<typeof FirmataDevice>;
export type AnalogPinEntry = FirmataEntry["inputs"][number];
