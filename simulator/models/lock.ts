/**
 * The lock of one bay: a coil that pulls a latch back, and a spring that pushes the door open once it is free. It obeys whoever
 * drives it, for however long, and cannot tell whether the latch gave way.
 */

import type { BayFaults } from "../fault-types.ts";
import type { SplitRandom } from "../random.ts";
import type { Site } from "./site.ts";

/** The longest time between an energised coil and a released latch, from the latch to the door, and of the coil. */
const RELEASE_MS = 60;
const SPRING_MS = 25;
export const COIL_MS = 300;

/** The door that it holds. */
interface Door {
  readonly bay: number;
  readonly faults: BayFaults;
  readonly doorOpen: boolean;
  moveDoor(open: boolean): void;
}

interface LockOptions {
  readonly site: Site;
  /** How often the latch does not give way, 0 to 1. */
  readonly lockFailure: number;
  readonly random: SplitRandom;
}

export class Lock {
  latched = true;
  coilSinceMs: number | undefined;
  pulses = 0;
  private coilUntilMs = 0;
  private coilHeld = false;
  private readonly door: Door;
  private readonly options: LockOptions;

  constructor(door: Door, options: LockOptions) {
    this.door = door;
    this.options = options;
  }

  pulse(coilMs: number): void {
    const { door, options } = this;
    if (door.faults.lockUnpowered) return;
    const { clock } = options.site;
    const failure = door.faults.lockFailure ?? options.lockFailure;
    const released = failure <= 0 || !options.random.chance(failure);
    const nowMs = clock.monotonicMs();
    this.pulses++;
    this.coilUntilMs = nowMs + coilMs;
    this.coilSinceMs ??= nowMs;
    options.site.emit({ type: "coil", bay: door.bay, on: true, released });
    if (released) clock.after(RELEASE_MS, () => this.release());
    clock.after(coilMs, () => this.coilOff());
  }

  /** A driver that conducts by itself holds its coil for as long as the lock board has its supply. */
  followShortedDriver(): void {
    const { door } = this;
    const { site } = this.options;
    const shorted = door.faults.coilShorted && site.mainsOn;
    if (shorted === this.coilHeld) return;
    this.coilHeld = shorted;
    if (!shorted) {
      this.coilOff();
      return;
    }
    if (this.coilSinceMs === undefined) {
      this.coilSinceMs = site.clock.monotonicMs();
      site.emit({ type: "coil", bay: door.bay, on: true, released: true });
    }
    site.clock.after(RELEASE_MS, () => {
      if (this.coilHeld) this.release();
    });
  }

  private release(): void {
    const { door } = this;
    if (door.doorOpen) return;
    this.latched = false;
    this.options.site.clock.after(SPRING_MS, () => {
      if (!this.latched && !door.faults.doorStuck) door.moveDoor(true);
    });
  }

  private coilOff(): void {
    const { door } = this;
    const { site } = this.options;
    if (this.coilHeld || site.clock.monotonicMs() < this.coilUntilMs || this.coilSinceMs === undefined) return;
    this.coilSinceMs = undefined;
    // A door that did not move while the coil held falls back into its latch.
    if (!door.doorOpen) this.latched = true;
    site.emit({ type: "coil", bay: door.bay, on: false, released: door.doorOpen });
  }
}
