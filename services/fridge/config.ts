/**
 * The numbers of the drinks fridge: cold, defrost, door, food safety, fairness. Defaults without a named source are ours; the
 * bounds are hard, and a configuration outside them is refused.
 */
import { z } from "zod";

type Bounds = readonly [min: number, fallback: number, max: number];
const ms = ([min, fallback, max]: Bounds, description: string) =>
  z.int().min(min).max(max).default(fallback).meta({ unit: "ms", description });
const degrees = ([min, fallback, max]: Bounds, description: string) =>
  z.number().min(min).max(max).default(fallback).meta({ unit: "°C", description });
const count = ([min, fallback, max]: Bounds, description: string) =>
  z.int().min(min).max(max).default(fallback).meta({ description });

const cold = {
  onC: degrees([2, 6, 12], "The compressor starts above this."),
  offC: degrees([0, 3, 10], "It stops below this."),
  freezingC: degrees([-5, 0, 1], "It never runs below this: drinks freeze and burst."),
  rangeMinC: degrees([-60, -42, -30], "A sample below is no temperature."),
  rangeMaxC: degrees([55, 65, 85], "A sample above is no temperature."),
  staleMs: ms([3_000, 8_000, 9_000], "A reading older than this is lost: compressor and defrost heater go off."),
  minOffMs: ms(
    [180_000, 180_000, 900_000],
    "The compressor rests this long, also after every start of the controller.",
  ),
  minOnMs: ms([0, 60_000, 600_000], "It runs this long, safety excepted."),
  noFallMs: ms([600_000, 3_600_000, 14_400_000], "Running this long without cooling by a degree is a fault."),
  winterC: degrees([-10, 4, 10], "In air this cold around it the compressor rests: winter does its work."),
  winterEndC: degrees([-8, 7, 15], "It works again from here on."),
} as const;

const defrost = {
  defrostAt: z
    .array(
      z
        .string()
        .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
        .meta({ description: "Station time, hours and minutes." }),
    )
    .max(12)
    .default(() => ["03:30"])
    .meta({ description: "Times of the day at which it defrosts." }),
  defrostRunMs: ms([3_600_000, 28_800_000, 86_400_000], "Compressor hours after which it needs a defrost."),
  icedC: degrees([-40, -18, -10], "An evaporator this cold while the air stays warm is iced and needs one."),
  icedMs: ms([60_000, 600_000, 3_600_000], "For this long."),
  defrostEndC: degrees([2, 6, 12], "An evaporator this warm is free of ice."),
  defrostMsMax: ms([300_000, 1_500_000, 2_700_000], "A defrost ends by now."),
  dripMs: ms([0, 180_000, 900_000], "How long it drips before the compressor may run."),
  hasDefrostHeater: z
    .boolean()
    .default(false)
    .meta({ description: "Left out, ice melts in the resting fridge's air." }),
} as const;

const door = {
  pauseMs: ms([0, 10_000, 60_000], "A door open this long pauses the compressor."),
  ajarMs: ms([20_000, 60_000, 600_000], "A door open this long raises the ajar fault."),
  doorHeardMs: ms([1_000, 5_000, 10_000], "A door not heard this long is unknown."),
  releaseMs: ms([5_000, 20_000, 60_000], "The door may be opened this long after its release."),
} as const;

const food = {
  foodLimitC: degrees([4, 10, 12], "Above this the contents lose their time; an unknown temperature counts as above."),
  foodGraceMs: ms([0, 900_000, 1_800_000], "Shorter stretches are a door or a defrost, and do not count."),
  foodMsMax: ms(
    [3_600_000, 14_400_000, 28_800_000],
    "So much time above the limit blocks the contents until restocked.",
  ),
} as const;

const fairness = {
  perDay: count([1, 2, 20], "Drinks of one member and day."),
  perDayWhenLow: count([1, 1, 20], "The same when few are left."),
  lowStock: count([0, 10, 200], "Few are left from here on; a restock is asked for."),
  capacity: count([1, 60, 1_000], "Drinks that fit in."),
  compressorW: count([10, 90, 1_000], "Power of the running compressor, where no meter tells."),
} as const;

export const FridgeConfig = z
  .strictObject({ ...cold, ...defrost, ...door, ...food, ...fairness })
  .refine(({ onC, offC }) => onC - offC >= 1, {
    path: ["onC"],
    message: "the compressor starts warmer than it stops",
    params: { zh: "启动温度高于停机温度" },
  })
  .refine(({ offC, freezingC }) => offC > freezingC, {
    path: ["offC"],
    message: "it stops before the drinks freeze",
    params: { zh: "饮料结冰前停机" },
  })
  .refine(({ winterC, winterEndC }) => winterEndC > winterC, {
    path: ["winterEndC"],
    message: "winter ends warmer than it begins",
    params: { zh: "冬季模式结束温度高于开始温度" },
  })
  .refine(({ foodLimitC, onC }) => foodLimitC > onC, {
    path: ["foodLimitC"],
    message: "it cools before food suffers",
    params: { zh: "食品变质前开始制冷" },
  })
  .refine(({ perDay, perDayWhenLow }) => perDayWhenLow <= perDay, {
    path: ["perDayWhenLow"],
    message: "when few are left nobody gets more",
    params: { zh: "存货少时每人不会更多" },
  })
  .refine(({ lowStock, capacity }) => lowStock < capacity, {
    path: ["lowStock"],
    message: "few are less than fit in",
    params: { zh: "少量低于容量" },
  })
  .meta({ description: "The drinks fridge." });
export type FridgeConfig = z.output<typeof FridgeConfig>;
