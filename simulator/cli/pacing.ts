/**
 * Virtual time beside the clock on the wall: so many virtual seconds a second, as many as are wanted at that moment, until the end or
 * until it is asked to stop. It knows no signal and no process; whoever calls it says when to stop.
 */
import type { Clock } from "../../hal/ports/clock.ts";
import type { Simulation } from "../simulation.ts";

const paceMs = 20;
/** While time stands still somebody only looks whether it shall go on. */
const stillMs = 100;
/** So long at a time, and brokers, pages and signals get their turn; what was not reached by then is not caught up with. */
const busyMsMax = 100;
/** Virtual time between two looks at how long it took. */
const sliceMs = 1_000;
/** A laptop that slept does not have to catch up with its night. */
const elapsedMsMax = 1_000;
const goodbyeMsMax = 3_000;
/** How much virtual time passes at each step while the station says goodbye. */
const goodbyeStepMs = 200;

export interface Pace {
  /** The wall's. */
  readonly clock: Clock;
  /** Times real time, as it is wanted now; 0 stands still. */
  readonly speed: { readonly times: number };
  /** Virtual ms. */
  readonly untilMs: number;
  readonly isStopped: () => boolean;
}

/** Up to the target, or as far as the machine comes in a turn: then false. */
function runTowards(simulation: Simulation, targetMs: number, clock: Clock): boolean {
  const beganMs = clock.monotonicMs();
  while (simulation.clock.nowMs < targetMs) {
    if (clock.monotonicMs() - beganMs >= busyMsMax) return false;
    simulation.clock.runUntil(Math.min(targetMs, simulation.clock.nowMs + sliceMs));
  }
  return true;
}

/** Settles when the end is reached, or soon after it is to stop. */
export function pace(simulation: Simulation, { clock, speed, untilMs, isStopped }: Pace): Promise<void> {
  return new Promise((done) => {
    let lastMs = clock.monotonicMs();
    const beat = (): void => {
      const nowMs = clock.monotonicMs();
      const elapsedMs = Math.min(nowMs - lastMs, elapsedMsMax);
      lastMs = nowMs;
      const { times } = speed;
      const targetMs = Math.min(untilMs, simulation.clock.nowMs + elapsedMs * times);
      const hasReached = runTowards(simulation, targetMs, clock);
      if (isStopped() || simulation.clock.nowMs >= untilMs) done();
      else if (times === 0) clock.after(stillMs, beat);
      else clock.after(hasReached ? paceMs : 0, beat);
    };
    clock.after(paceMs, beat);
  });
}

/**
 * The station says goodbye on the broker; its own clock has to run for that. A broker that is gone keeps nobody waiting, and neither does
 * a station that stays because there is smoke: then false.
 */
export function sayGoodbye(simulation: Simulation, clock: Clock): Promise<boolean> {
  return new Promise((done) => {
    const beginsMs = clock.monotonicMs();
    let isOver = false;
    const beat = (): void => {
      simulation.clock.runUntil(simulation.clock.nowMs + goodbyeStepMs);
      if (isOver || clock.monotonicMs() - beginsMs >= goodbyeMsMax) done(isOver);
      else clock.after(paceMs, beat);
    };
    simulation.station.stop("stopped by hand", () => {
      isOver = true;
    });
    clock.after(paceMs, beat);
  });
}
