/**
 * What a rider does with their hands at one bay, each movement taking human time. One movement at a time; when the last one
 * of a sequence is done, the rider looks around again.
 */
import type { Clock } from "../../hal/ports/clock.ts";
import type { SplitRandom } from "../random.ts";
import type { Bay } from "./bay.ts";
import type { Pack } from "./pack.ts";
import { HABITS } from "./rider-habits.ts";

/** A door that springs open again is pushed again, so many times. */
const PUSHES = 5;
const PUSH_AGAIN_MS = 1_000;

export class RiderHands {
  busy = false;
  private stopped = false;
  private readonly clock: Clock;
  private readonly random: SplitRandom;

  constructor(clock: Clock, random: SplitRandom) {
    this.clock = clock;
    this.random = random;
  }

  /** Gone: nothing that was begun is finished. */
  stop(): void {
    this.stopped = true;
    this.busy = false;
  }

  durationMs(habit: keyof typeof HABITS): number {
    const [from, to] = HABITS[habit];
    return this.random.between(from, to) * 1_000;
  }

  private move(habit: keyof typeof HABITS, then: () => void): void {
    this.busy = true;
    this.clock.after(this.durationMs(habit), () => {
      if (this.stopped) return;
      this.busy = false;
      then();
    });
  }

  /** `then` hears whether the door latched. */
  shut(bay: Bay, then: (shut: boolean) => void): void {
    this.move("shut", () => this.push(bay, PUSHES, then));
  }

  private push(bay: Bay, left: number, then: (shut: boolean) => void): void {
    if (bay.shut() || left === 0) {
      then(!bay.doorOpen);
      return;
    }
    this.busy = true;
    this.clock.after(PUSH_AGAIN_MS, () => {
      if (this.stopped) return;
      this.busy = false;
      this.push(bay, left - 1, then);
    });
  }

  /** `then` hears whether it went in: the door may have been shut, or the bay filled, while the hand moved. */
  insert(bay: Bay, pack: Pack, then: (inside: boolean) => void): void {
    this.move("insert", () => {
      const fits = bay.doorOpen && bay.pack === undefined && !bay.foreignObject;
      if (fits) bay.insert(pack);
      then(fits);
    });
  }

  insertObject(bay: Bay, then: (inside: boolean) => void): void {
    this.move("insert", () => {
      const fits = bay.doorOpen && bay.pack === undefined;
      if (fits) bay.setObject(true);
      then(fits);
    });
  }

  plug(bay: Bay, then: () => void): void {
    this.move("plug", () => {
      if (bay.doorOpen) bay.plug();
      then();
    });
  }

  take(bay: Bay, then: (pack: Pack | undefined) => void): void {
    this.move("take", () => then(bay.take()));
  }

  takeObject(bay: Bay, then: () => void): void {
    this.move("take", () => {
      if (bay.doorOpen) bay.setObject(false);
      then();
    });
  }
}
