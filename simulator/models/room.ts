/**
 * The room around the cabinets: heated to its set temperature, a little short of it in deep cold, warmer than wanted on hot
 * days. No state: a function of the weather.
 */
import type { Weather } from "./weather.ts";

export interface Room {
  tempC(atMs: number): number;
}

export interface RoomOptions {
  /** Temperature the room is kept at. */
  readonly keptC: number;
  /** No room at all: the cabinet stands in the street. */
  readonly outdoors: boolean;
}

/** What is left of each kelvin that it is colder, or hotter, outside than the room should be. */
const COLD_LEAK = 0.06;
const HEAT_LEAK = 0.5;

export function createRoom(options: RoomOptions, weather: Weather): Room {
  return {
    tempC(atMs) {
      const outdoorC = weather.outdoorC(atMs);
      if (options.outdoors) return outdoorC;
      const beyond = outdoorC - options.keptC;
      return options.keptC + beyond * (beyond < 0 ? COLD_LEAK : HEAT_LEAK);
    },
  };
}
