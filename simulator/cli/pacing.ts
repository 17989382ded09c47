/**
 * Virtual time beside the clock on the wall: so many virtual seconds a second, until the end or until it is asked to stop. It
 * knows no signal and no process; whoever calls it says when to stop.
 */
import type { Clock } from "../../hal/ports/clock.ts";
import type { Simulation } from "../simulation.ts";

const paceMs = 20;
/** A laptop that slept does not have to catch up with its night. */
const elapsedMsMax = 1_000;
const goodbyeMsMax = 3_000;
/** How much virtual time passes at each step while the station says goodbye. */
const goodbyeStepMs = 200;

export interface Pace {
  /** The wall's. */
  readonly clock: Clock;
  readonly speed: number;
  /** Virtual ms. */
  readonly untilMs: number;
  readonly isStopped: () => boolean;
}

/** Settles when the end is reached, or soon after it is to stop. */
export function pace(simulation: Simulation, { clock, speed, untilMs, isStopped }: Pace): Promise<void> {
  return new Promise((done) => {
    let lastMs = clock.monotonicMs();
    const beat = (): void => {
      const nowMs = clock.monotonicMs();
      const elapsedMs = Math.min(nowMs - lastMs, elapsedMsMax);
      lastMs = nowMs;
      simulation.clock.runUntil(Math.min(untilMs, simulation.clock.nowMs + elapsedMs * speed));
      if (isStopped() || simulation.clock.nowMs >= untilMs) done();
      else clock.after(paceMs, beat);
    };
    clock.after(paceMs, beat);
  });
}

/** The station says goodbye on the broker; its own clock has to run for that. A broker that is gone keeps nobody waiting. */
export function sayGoodbye(simulation: Simulation, clock: Clock): Promise<void> {
  return new Promise((done) => {
    const beginsMs = clock.monotonicMs();
    let isOver = false;
    const beat = (): void => {
      simulation.clock.runUntil(simulation.clock.nowMs + goodbyeStepMs);
      if (isOver || clock.monotonicMs() - beginsMs >= goodbyeMsMax) done();
      else clock.after(paceMs, beat);
    };
    simulation.station.stop("stopped by hand", () => {
      isOver = true;
    });
    clock.after(paceMs, beat);
  });
}
