/**
 * The scenarios of the `simulate` command: a station with a room in weather or trouble of one kind. Each is a whole world by name,
 * so that two people who name the same one with the same seed talk about the same night.
 */
import type { WorldOptions } from "./option-types.ts";

export interface Scenario {
  readonly name: string;
  readonly says: { readonly zh: string; readonly en: string };
  /** When it begins, where nobody says otherwise. */
  readonly from: string;
  /** One day and one night, where nobody says otherwise. */
  readonly lastsMs: number;
  readonly arrivalsPerDay: number;
  readonly world: Partial<WorldOptions>;
  /** Power cuts a day at random instants, beside those in the middle of something. */
  readonly cutsPerDay?: number;
}

const dayMs = 86_400_000;

export const scenarios: readonly Scenario[] = [
  {
    name: "winter-night",
    says: { zh: "零下32度的夜晚", en: "nights of -32 °C" },
    from: "2026-01-10T18:00:00+08:00",
    lastsMs: dayMs,
    arrivalsPerDay: 30,
    world: {
      weather: { meanC: -28, yearlySwingC: 0, dailySwingC: 5, noiseC: 1 },
      room: { visitsPerDay: 120, startC: 18 },
    },
  },
  {
    name: "heat-wave",
    says: { zh: "42度的白天", en: "days of +42 °C" },
    from: "2026-07-04T06:00:00+08:00",
    lastsMs: dayMs,
    arrivalsPerDay: 30,
    world: {
      weather: { meanC: 35, yearlySwingC: 0, dailySwingC: 7, noiseC: 1 },
      room: { visitsPerDay: 160, startC: 27 },
    },
  },
  {
    name: "power-cuts",
    says: { zh: "每天多次停电，门开着时也停", en: "power fails several times a day, doors open or not" },
    from: "2026-03-10T06:00:00+08:00",
    lastsMs: dayMs,
    arrivalsPerDay: 60,
    cutsPerDay: 4,
    world: {
      weather: { meanC: -4, yearlySwingC: 0, dailySwingC: 6, noiseC: 2 },
      room: { visitsPerDay: 160, startC: 16 },
    },
  },
];

export const scenarioNames: readonly string[] = scenarios.map(({ name }) => name);

export const scenarioOf = (name: string): Scenario | undefined => scenarios.find((known) => known.name === name);
