/** What a safety assertion is given and what it says. Types only. */
import type { StationConfig } from "../config.ts";
import type { Levels } from "../levels.ts";
import type { StationReadings } from "../readings.ts";
import type { StationState } from "../station/state.ts";

export interface Granted {
  readonly levels: Levels;
  readonly state: StationState;
  readonly readings: StationReadings;
  readonly config: StationConfig;
  readonly nowMs: number;
  /** The lease that the levels are about to get. */
  readonly untilMs: number;
}

export interface SafetyAssertion {
  /** Number of the invariant in the reliability catalogue. */
  readonly invariant: string;
  readonly says: string;
  /** What breaks it; undefined as long as it holds. Called at every grant: a station at rest costs a few comparisons. */
  readonly breach: (granted: Granted) => string | undefined;
}

export interface Breach {
  readonly invariant: string;
  readonly what: string;
}
