/**
 * The numbers of the room's warmth and coolness: what people get, and what no request, schedule or fault may pass. Defaults
 * without a named source are ours; the bounds are hard, and a configuration outside them is refused.
 */
import { z } from "zod";

type Bounds = readonly [min: number, fallback: number, max: number];
const ms = ([min, fallback, max]: Bounds, description: string) =>
  z.int().min(min).max(max).default(fallback).meta({ unit: "ms", description });
const degrees = ([min, fallback, max]: Bounds, description: string) =>
  z.number().min(min).max(max).default(fallback).meta({ unit: "°C", description });

/** Hours and minutes of a day, station time. */
export const clockTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
  .meta({ description: "Station time, hours and minutes." });

export const ClimatePeriod = z
  .strictObject({
    from: clockTime,
    heatC: degrees([5, 18, 24], "Heated to this while people are in the room."),
    emptyHeatC: degrees([5, 12, 24], "Heated to this while nobody is in the room."),
    coolC: degrees([22, 27, 35], "Cooled to this while people are in the room."),
    emptyCoolC: degrees([22, 32, 40], "Cooled to this while nobody is in the room."),
  })
  .meta({ description: "What holds from this time of the day until the next period begins." });
export type ClimatePeriod = z.output<typeof ClimatePeriod>;

const limits = {
  frostC: degrees([3, 5, 10], "The room never cools below this while there is mains: nothing but safety is above it."),
  hardLimitC: degrees([35, 45, 50], "A room this hot switches its heater's feed off until a person on site resets it."),
  coolMinC: degrees([15, 18, 22], "The cooler never runs in a room colder than this."),
  rangeMinC: degrees([-60, -42, -30], "A sample below is no temperature (XY-MD02: -40 °C)."),
  rangeMaxC: degrees([55, 65, 85], "A sample above is no temperature (XY-MD02: 60 °C)."),
  staleMs: ms([3_000, 8_000, 9_000], "A reading whose last good sample is this old is lost: nothing heats or cools."),
  frozenMs: ms([20_000, 50_000, 57_000], "A bit-identical sample this long under the heater is a frozen sensor."),
  frozenLatchMs: ms(
    [300_000, 1_200_000, 3_600_000],
    "A frozen sensor that did not move this long after the heater went off latches it: a live room moves.",
  ),
  spikeC: degrees([2, 5, 10], "A sample this far from the last is believed only when the next one agrees."),
  disagreeC: degrees([2, 4, 8], "Two sensors this far apart disagree: only the frost floor is held."),
  disagreeMs: ms([5_000, 30_000, 120_000], "How long they must disagree."),
  disagreeRestMs: ms([60_000, 300_000, 900_000], "The heater rests this long then, before it holds the frost floor."),
  riseC: degrees([0.5, 1, 2], "A heater that is on must show this rise."),
  noRiseMs: ms([120_000, 590_000, 600_000], "Within this time, or it goes off."),
  noRiseRestMs: ms([60_000, 120_000, 600_000], "How long it rests then; twice as long each time in a row."),
  noRiseRestMsMax: ms([600_000, 3_600_000, 14_400_000], "It never rests longer than this."),
  holdBandC: degrees([0.5, 1, 2], "A proportional heater this close to its setpoint holds, and need not rise."),
  weldedRiseC: degrees([2, 4, 8], "A rise by this with the heater off is a welded relay."),
  weldedWindowMs: ms([600_000, 1_800_000, 3_600_000], "Within this time."),
  weldedSettleMs: ms([60_000, 300_000, 900_000], "How long warmth spreads after the heater went off."),
  weldedOutsideC: degrees([0, 10, 15], "Only while it is colder than this outside: in summer the sun does it."),
} as const;

const comfort = {
  hysteresisC: degrees([0.3, 1, 3], "Heater and cooler work from this far off the setpoint until it is reached."),
  heaterMinOnMs: ms([0, 60_000, 600_000], "The heater stays on this long, safety excepted."),
  heaterMinOffMs: ms([0, 60_000, 600_000], "The heater stays off this long, frost excepted."),
  coolerMinOnMs: ms([60_000, 180_000, 900_000], "The cooler's compressor runs this long, safety excepted."),
  coolerMinOffMs: ms([180_000, 180_000, 900_000], "It rests this long, also after every start of the controller."),
  changeoverMs: ms([60_000, 600_000, 3_600_000], "Time between heating and cooling."),
  doorOpenMs: ms([10_000, 60_000, 600_000], "A door open this long sets the room back to the frost floor."),
  emptyAfterMs: ms([60_000, 900_000, 7_200_000], "The room counts as empty when nobody was seen this long."),
  presenceHeardMs: ms([1_000, 5_000, 60_000], "Presence or door not heard this long is unknown."),
  preheatMinutesMax: z
    .int()
    .min(0)
    .max(240)
    .default(90)
    .meta({ unit: "min", description: "A warmer period is prepared for at most this long before it begins." }),
  preheatCPerHour: degrees([0.5, 6, 30], "What the heater gains in an hour at 0 °C outside; less when it is colder."),
} as const;

export const ProportionalHeater = z
  .strictObject({
    gainPctPerC: z
      .number()
      .min(1)
      .max(100)
      .default(30)
      .meta({ unit: "%/°C", description: "Power for each degree below the setpoint." }),
    resetPctPerCMin: z
      .number()
      .min(0)
      .max(20)
      .default(1.5)
      .meta({ unit: "%/(°C·min)", description: "Power added each minute for each degree." }),
    minPct: z.number().min(0).max(50).default(5).meta({ unit: "%", description: "Less power than this is none." }),
  })
  .meta({ description: "A heater of 0 to 100 %, led by a PI rule." });
export type ProportionalHeater = z.output<typeof ProportionalHeater>;

export const ClimateConfig = z
  .strictObject({
    hasHeater: z.boolean().default(true).meta({ description: "There is a room heater." }),
    hasCooler: z.boolean().default(true).meta({ description: "There is a cooler." }),
    proportional: ProportionalHeater.optional().meta({ description: "Left out: the heater is on or off." }),
    sensors: z.int().min(1).max(4).default(2).meta({ description: "Room temperature sensors; two watch each other." }),
    periods: z
      .array(ClimatePeriod)
      .min(1)
      .max(12)
      .default(() => [ClimatePeriod.parse({ from: "00:00" })])
      .meta({ description: "Setpoints by the time of the day, in order." }),
    ...comfort,
    ...limits,
  })
  .refine(({ periods }) => periods.every((one, at) => one.from > (periods[at - 1]?.from ?? "")), {
    path: ["periods"],
    message: "periods follow one another through the day",
    params: { zh: "各时段按一天中的先后排列" },
  })
  .refine(
    ({ periods, hysteresisC }) =>
      periods.every(
        (one) =>
          Math.min(one.coolC, one.emptyCoolC) - Math.max(one.heatC, one.emptyHeatC) >= 2 * Math.max(1, hysteresisC),
      ),
    {
      path: ["periods"],
      message: "cooling begins well above where heating ends",
      params: { zh: "制冷温度明显高于供暖温度" },
    },
  )
  .meta({ description: "The room's heater and cooler." });
export type ClimateConfig = z.output<typeof ClimateConfig>;
