/** What the climate remembers from look to look. None of it survives a restart: after one, everything is off and unproven. */
import type { Watch } from "./heat-watch.ts";
import { newProbe, type Probe } from "./probe.ts";
import type { ClimateLatchCause } from "./records.ts";
import type { Targets } from "./targets.ts";

/** Why the heater may not heat at all. */
export type HeatStop =
  | "latched"
  | "too-hot"
  | "no-sensor"
  | "frozen"
  | "no-rise"
  /** The sensors came to disagree a moment ago. */
  | "disagree"
  /** Without the master enable. */
  | "unpowered";

export interface ClimateState {
  readonly at: "rest" | "heat" | "cool";
  readonly sinceMs: number;
  readonly heaterPct: number;
  /** The part of the PI rule that remembers. */
  readonly integralPct: number;
  readonly lookedMs: number;
  readonly probes: readonly Probe[];
  readonly disagreeSinceMs: number | undefined;
  readonly seenMs: number;
  readonly doorOpenSinceMs: number | undefined;
  readonly heatedMs: number | undefined;
  readonly cooledMs: number | undefined;
  readonly coolerOffMs: number;
  readonly rise: Watch | undefined;
  readonly rest: Watch | undefined;
  /** The heater did not heat: it rests, longer each time in a row. */
  readonly noRise: { readonly untilMs: number; readonly times: number } | undefined;
  readonly stop: HeatStop | undefined;
  /** Decided here before it is in the log: the outputs do not wait for the disk. */
  readonly latching: ClimateLatchCause | undefined;
  readonly targets: Targets | undefined;
  readonly roomC: number | undefined;
}

/**
 * After a start, and after a reset on site: everything is to be proven anew. The cooler's rest begins anew as well, because
 * nobody knows when it ran last.
 */
export function newClimate(nowMs: number, sensors: number): ClimateState {
  return {
    at: "rest",
    sinceMs: nowMs,
    heaterPct: 0,
    integralPct: 0,
    lookedMs: nowMs,
    probes: Array.from({ length: sensors }, () => newProbe),
    disagreeSinceMs: undefined,
    seenMs: nowMs,
    doorOpenSinceMs: undefined,
    heatedMs: undefined,
    cooledMs: undefined,
    coolerOffMs: nowMs,
    rise: undefined,
    rest: undefined,
    noRise: undefined,
    stop: undefined,
    latching: undefined,
    targets: undefined,
    roomC: undefined,
  };
}
