/**
 * What warmth is wanted now: by the hour, by whether people are here, by the door, before a warmer period. The frost floor is
 * below all of them and is never left. An unknown hour is taken for the warmest period, unknown presence for people: a
 * controller that lost its clock in the night does not leave anybody in the cold.
 */
import type { ClimateConfig, ClimatePeriod } from "./config.ts";

export interface Wish {
  readonly minuteOfDay: number | undefined;
  readonly isEmpty: boolean;
  readonly isDoorOpen: boolean;
  /** Nothing but the frost floor, by an operator's word. */
  readonly frostOnly: boolean;
  readonly roomC: number | undefined;
  readonly outsideC: number | undefined;
}

export interface Targets {
  readonly heatC: number;
  /** Undefined: nothing is cooled. */
  readonly coolC: number | undefined;
  readonly why: "frost" | "door-open" | "preheat" | "empty" | "occupied";
}

const dayMinutes = 1_440;

export const minuteOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));

/** The period that holds, and the next one with the minutes until it begins. A configuration without any is refused. */
function around(minute: number, periods: readonly ClimatePeriod[]) {
  const begun = periods.filter((one) => minuteOf(one.from) <= minute);
  const now = (begun.at(-1) ?? periods.at(-1)) as ClimatePeriod;
  const next = (periods[begun.length] ?? periods[0]) as ClimatePeriod;
  const untilMin = (minuteOf(next.from) - minute + dayMinutes) % dayMinutes;
  return { now, next, untilMin: untilMin === 0 ? dayMinutes : untilMin };
}

const warmest = (periods: readonly ClimatePeriod[]): ClimatePeriod =>
  periods.reduce((best, one) => (one.heatC > best.heatC ? one : best));

/** Half the gain at -32 °C: the room loses to the cold what the heater gives it. */
export function gainCPerHour(outsideC: number | undefined, config: ClimateConfig): number {
  const coldC = Math.min(Math.max(-(outsideC ?? -32), 0), 32);
  return config.preheatCPerHour * (1 - coldC / 64);
}

/** The heater comes on one hysteresis below its target, and so while the room is still above the frost floor. */
export const floorC = (config: ClimateConfig): number => config.frostC + 2 * config.hysteresisC;

export function targetsOf(wish: Wish, config: ClimateConfig): Targets {
  const lowestC = floorC(config);
  const floor = (heatC: number) => Math.max(heatC, lowestC);
  if (wish.frostOnly) return { heatC: lowestC, coolC: undefined, why: "frost" };
  if (wish.isDoorOpen) return { heatC: lowestC, coolC: undefined, why: "door-open" };
  const { minuteOfDay } = wish;
  const { now, next, untilMin } =
    minuteOfDay === undefined
      ? { now: warmest(config.periods), next: undefined, untilMin: dayMinutes }
      : around(minuteOfDay, config.periods);
  const heatOf = (period: ClimatePeriod) => floor(wish.isEmpty ? period.emptyHeatC : period.heatC);
  const coolC = wish.isEmpty ? now.emptyCoolC : now.coolC;
  const heatC = heatOf(now);
  if (next !== undefined && wish.roomC !== undefined && untilMin <= config.preheatMinutesMax) {
    const nextC = heatOf(next);
    const neededMin = ((nextC - wish.roomC) / gainCPerHour(wish.outsideC, config)) * 60;
    if (nextC > heatC && neededMin >= untilMin) return { heatC: nextC, coolC, why: "preheat" };
  }
  return { heatC, coolC, why: wish.isEmpty ? "empty" : "occupied" };
}
