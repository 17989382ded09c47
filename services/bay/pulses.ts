/**
 * The three-pulse rule: no lock is pulsed a fourth time within 30 s, and a restart does not forget how often it was. Pulses are
 * counted at the decision; the coil follows after the disk and the bus, so a second is added. Each is written down before it
 * is driven.
 */
import type { Durable } from "../journal/durable.ts";

export const pulseWindowMs = 31_000;
export const pulsesInWindowMax = 3;

export function pulseAllowed(pulses: readonly number[], nowMs: number): boolean {
  const oldestMs = pulses.at(-pulsesInWindowMax);
  return oldestMs === undefined || nowMs - oldestMs >= pulseWindowMs;
}

/** How many pulses this lock will have had within the window, with one now. */
export const pulseNumber = (pulses: readonly number[], nowMs: number): number =>
  1 + pulses.filter((atMs) => nowMs - atMs < pulseWindowMs).length;

/**
 * What was driven before the start, as if it were now: no clock tells how long the station was down, and only a lock that had
 * all three has to wait for it.
 */
export function pulsesBefore(bay: number, { safety }: Durable, nowMs: number): number[] {
  return new Array<number>(safety.bays.pulses[String(bay)] ?? 0).fill(nowMs);
}
