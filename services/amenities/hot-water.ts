/**
 * Hot water: a boiler held warm and a tap that runs while it is asked. The boiler heats only over water that is seen, with a
 * temperature that lives; boiling dry and leaking latch it off until a person on site resets it. It refuses to pour before the
 * child lock was opened, and longer than a cup takes.
 */
import { z } from "zod";
import { fresh, type Reading } from "../reading.ts";
import type { Words } from "../words.ts";
import { amenityId } from "./outlets.ts";

type Bounds = readonly [number, number, number];
const ms = (description: string, [min, fallback, max]: Bounds) =>
  z.int().min(min).max(max).default(fallback).meta({ unit: "ms", description });
const degrees = (description: string, [min, fallback, max]: Bounds) =>
  z.number().min(min).max(max).default(fallback).meta({ unit: "°C", description });

export const HotWaterConfig = z
  .strictObject({
    kind: z.literal("hot-water").meta({ description: "A boiler with a tap." }),
    id: amenityId,
    targetC: degrees("The boiler is held at this.", [50, 88, 96]),
    hysteresisC: degrees("It heats from this far below.", [1, 4, 15]),
    hardLimitC: degrees("Hotter than this latches it off.", [97, 105, 110]),
    dryRiseCPerS: z
      .number()
      .min(0.2)
      .max(5)
      .default(1)
      .meta({ unit: "°C/s", description: "Water never warms this fast: an element without water does." }),
    staleMs: ms("A reading older than this is lost, and the boiler off.", [3_000, 8_000, 9_000]),
    frozenMs: ms("A temperature bit-identical this long under the element is frozen.", [20_000, 50_000, 57_000]),
    heatMsMax: ms("The element is on at most this long in one go.", [300_000, 2_700_000, 5_400_000]),
    heatRestMs: ms("It rests this long after that.", [60_000, 600_000, 3_600_000]),
    pourMsMax: ms("Longest pour.", [2_000, 12_000, 30_000]),
    pourRestMs: ms("Rest between two pours.", [0, 2_000, 30_000]),
    childLockMs: ms("The tap pours only this long after the child lock was opened.", [2_000, 8_000, 20_000]),
  })
  .meta({ description: "Hot water." });
export type HotWaterConfig = z.output<typeof HotWaterConfig>;

export type HotWaterLatch = "dry-boil" | "leak" | "too-hot";
export type HotWaterStop =
  | HotWaterLatch
  | "no-water"
  | "no-sensor"
  | "leak-unknown"
  | "frozen"
  | "too-long"
  | "stopped";

export interface HotWaterLook {
  readonly nowMs: number;
  readonly boilerC: Reading<number> | undefined;
  /** True = water covers the element. */
  readonly filled: Reading<boolean> | undefined;
  /** True = water where none belongs. */
  readonly leaking: Reading<boolean> | undefined;
  readonly stopped: boolean;
}

export interface HotWaterState {
  readonly heatingSinceMs: number | undefined;
  readonly restUntilMs: number;
  readonly sample: { readonly tempC: number; readonly atMs: number; readonly changedMs: number } | undefined;
  readonly isFrozen: boolean;
  readonly stop: HotWaterStop | undefined;
  /** Holds before it is in the log. */
  readonly latching: HotWaterLatch | undefined;
  readonly unlockedUntilMs: number;
  readonly pour: { readonly untilMs: number } | undefined;
  readonly pouredMs: number;
}

export const newHotWater = (nowMs: number): HotWaterState => ({
  heatingSinceMs: undefined,
  restUntilMs: nowMs,
  sample: undefined,
  isFrozen: false,
  stop: "no-sensor",
  latching: undefined,
  unlockedUntilMs: nowMs,
  pour: undefined,
  pouredMs: nowMs - 60_000,
});

const tempRangeC = [-20, 130] as const;

function tempOf({ boilerC, nowMs }: HotWaterLook, config: HotWaterConfig): number | undefined {
  const tempC = fresh(boilerC, nowMs, config.staleMs - 1);
  return tempC !== undefined && tempC >= tempRangeC[0] && tempC <= tempRangeC[1] ? tempC : undefined;
}

interface Seen {
  readonly tempC: number | undefined;
  readonly sample: HotWaterState["sample"];
  readonly isFrozen: boolean;
  readonly latch: HotWaterLatch | undefined;
}

type Sample = NonNullable<HotWaterState["sample"]>;

function sampleOf(was: HotWaterState, tempC: number | undefined, atMs: number): Sample | undefined {
  const last = was.sample;
  if (tempC === undefined || (last !== undefined && atMs <= last.atMs)) return last;
  return { tempC, atMs, changedMs: last !== undefined && tempC === last.tempC ? last.changedMs : atMs };
}

function isStill(was: HotWaterState, sample: Sample | undefined, nowMs: number, config: HotWaterConfig): boolean {
  if (was.isFrozen && sample?.changedMs === was.sample?.changedMs) return true;
  if (was.heatingSinceMs === undefined || sample === undefined) return false;
  return nowMs - Math.max(sample.changedMs, was.heatingSinceMs) >= config.frozenMs;
}

function boilsDry(was: HotWaterState, sample: Sample | undefined, config: HotWaterConfig): boolean {
  const last = was.sample;
  if (was.heatingSinceMs === undefined || sample === undefined || last === undefined || sample === last) return false;
  return ((sample.tempC - last.tempC) * 1_000) / (sample.atMs - last.atMs) > config.dryRiseCPerS;
}

function seenOf(was: HotWaterState, look: HotWaterLook, config: HotWaterConfig): Seen {
  const tempC = tempOf(look, config);
  const sample = sampleOf(was, tempC, look.boilerC?.atMs ?? 0);
  const leaks = fresh(look.leaking, look.nowMs, config.staleMs) === true;
  const isHot = tempC !== undefined && tempC > config.hardLimitC;
  const isDry = boilsDry(was, sample, config);
  return {
    tempC,
    sample,
    isFrozen: isStill(was, sample, look.nowMs, config),
    latch: leaks ? "leak" : isHot ? "too-hot" : isDry ? "dry-boil" : undefined,
  };
}

function stopOf(was: HotWaterState, seen: Seen, look: HotWaterLook, config: HotWaterConfig): HotWaterStop | undefined {
  const { nowMs } = look;
  if (look.stopped) return "stopped";
  if (fresh(look.leaking, nowMs, config.staleMs) === undefined) return "leak-unknown";
  if (fresh(look.filled, nowMs, config.staleMs) !== true) return "no-water";
  if (seen.tempC === undefined) return "no-sensor";
  if (seen.isFrozen) return "frozen";
  const isLong = was.heatingSinceMs !== undefined && nowMs - was.heatingSinceMs >= config.heatMsMax;
  return isLong || nowMs < was.restUntilMs ? "too-long" : undefined;
}

export interface HotWaterStep {
  readonly state: HotWaterState;
  /** To be written as `amenity-latched`. */
  readonly latched: HotWaterLatch | undefined;
}

export function stepHotWater(
  was: HotWaterState,
  look: HotWaterLook,
  durableLatch: HotWaterLatch | undefined,
  config: HotWaterConfig,
): HotWaterStep {
  const { nowMs } = look;
  const seen = seenOf(was, look, config);
  const latching = durableLatch === undefined ? (was.latching ?? seen.latch) : undefined;
  const stop = durableLatch ?? latching ?? stopOf(was, seen, look, config);
  const belowC = was.heatingSinceMs === undefined ? config.targetC - config.hysteresisC : config.targetC;
  const heats = stop === undefined && seen.tempC !== undefined && seen.tempC < belowC;
  const isTired = stop === "too-long" && was.heatingSinceMs !== undefined;
  const pours = was.pour !== undefined && nowMs < was.pour.untilMs && mayPour(stop);
  return {
    state: {
      heatingSinceMs: heats ? (was.heatingSinceMs ?? nowMs) : undefined,
      restUntilMs: isTired ? nowMs + config.heatRestMs : was.restUntilMs,
      sample: seen.sample,
      isFrozen: seen.isFrozen,
      stop,
      latching,
      unlockedUntilMs: was.unlockedUntilMs,
      pour: pours ? was.pour : undefined,
      pouredMs: was.pour !== undefined ? nowMs : was.pouredMs,
    },
    latched: was.latching === undefined ? latching : undefined,
  };
}

/** A boiler that merely rests still pours. */
const mayPour = (stop: HotWaterStop | undefined): boolean => stop === undefined || stop === "too-long";

export interface HotWaterLevels {
  readonly element: boolean;
  readonly tap: boolean;
  /** The feed of the element, and the inlet valve: both shut behind a latch. */
  readonly feed: boolean;
}

export function hotWaterLevels(state: HotWaterState, latch: HotWaterLatch | undefined, nowMs: number): HotWaterLevels {
  const feed = latch === undefined && state.latching === undefined;
  return {
    feed,
    element: feed && state.stop === undefined && state.heatingSinceMs !== undefined,
    tap: feed && state.pour !== undefined && nowMs < state.pour.untilMs,
  };
}

export const hotWaterRefusals = {
  "water-stopped": { zh: "热水暂停使用，请联系客服", en: "Hot water is out of use; please contact the operator." },
  "water-child-lock": { zh: "请先按住解锁键，再按出水键", en: "Open the child lock first, then press for water." },
  "water-pouring": { zh: "正在出水", en: "It is pouring already." },
  "water-resting": { zh: "请稍候再取水", en: "Please wait a moment." },
} as const satisfies Record<string, Words>;
export type HotWaterRefusal = keyof typeof hotWaterRefusals;

export const openChildLock = (was: HotWaterState, nowMs: number, config: HotWaterConfig): HotWaterState => ({
  ...was,
  unlockedUntilMs: nowMs + config.childLockMs,
});

/** Each pour needs the child lock anew. */
export function pourHotWater(
  was: HotWaterState,
  nowMs: number,
  config: HotWaterConfig,
): { readonly state: HotWaterState } | { readonly refused: HotWaterRefusal } {
  if (!mayPour(was.stop)) return { refused: "water-stopped" };
  if (was.pour !== undefined) return { refused: "water-pouring" };
  if (nowMs >= was.unlockedUntilMs) return { refused: "water-child-lock" };
  if (nowMs - was.pouredMs < config.pourRestMs) return { refused: "water-resting" };
  return { state: { ...was, unlockedUntilMs: nowMs, pour: { untilMs: nowMs + config.pourMsMax } } };
}

/** The button let go, or pressed again. */
export const stopPour = (was: HotWaterState, nowMs: number): HotWaterState => ({
  ...was,
  pour: undefined,
  pouredMs: nowMs,
});
