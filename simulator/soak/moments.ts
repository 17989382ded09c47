/**
 * Moments for which a step of a scenario may wait: a swap comes to one of its states, or the controller was started. What waits
 * happens once, and where the swap is. It looks at the controller's state to find the moment, and at nothing else of it.
 */
import type { StationState } from "../../services/station/state.ts";
import type { Swap } from "../../services/swap/swap.ts";
import type { VirtualClock } from "../clock.ts";

export const moments = [
  "opening-in",
  "await-insert",
  "reopening-in",
  "inspecting",
  "returning",
  "await-take-back",
  "preparing-out",
  "opening-out",
  "await-take",
  "reopening-out",
  "taken",
  "started",
] as const satisfies readonly (Swap["at"] | "started")[];
export type Moment = (typeof moments)[number];

/** The swap that came to a state; for a start, the last one that did. */
export interface Place {
  readonly cabinet: string;
  readonly inBay: number | undefined;
  readonly outBay: number;
}

/** A swap may pass several states in one decision, in this order: those before a return, and those of one that goes on. */
const deposits = ["opening-in", "await-insert", "inspecting"] as const satisfies readonly Swap["at"][];
const ways: readonly (readonly Swap["at"][])[] = [
  [...deposits, "preparing-out", "opening-out", "await-take", "taken"],
  [...deposits, "returning", "await-take-back"],
];

/** What a swap came to on its way from one state to the other. */
export function passed(from: Swap["at"] | undefined, to: Swap["at"]): readonly Swap["at"][] {
  for (const way of ways) {
    const [first, last] = [from === undefined ? -1 : way.indexOf(from), way.indexOf(to)];
    if (first >= 0 && last > first) return way.slice(first + 1, last + 1);
  }
  return [to];
}

interface Waiting {
  readonly moment: Moment;
  readonly afterMs: number;
  readonly happens: (place: Place | undefined) => void;
}

export class Moments {
  private readonly clock: VirtualClock;
  private waiting: readonly Waiting[] = [];
  private before: StationState["swaps"] | undefined;
  private place: Place | undefined;
  private isOver = false;

  constructor(clock: VirtualClock) {
    this.clock = clock;
  }

  await(waiting: Waiting): void {
    this.waiting = [...this.waiting, waiting];
  }

  /** Nothing waits any more. */
  end(): void {
    this.isOver = true;
    this.waiting = [];
  }

  /** The controller's swaps after one of its decisions. */
  decided(swaps: StationState["swaps"]): void {
    const { before } = this;
    this.before = swaps;
    if (before === swaps) return;
    for (const [cabinet, { id, at, inBay, outBay }] of Object.entries(swaps)) {
      const was = before?.[cabinet];
      if (was?.id === id && was.at === at) continue;
      this.place = { cabinet, inBay, outBay };
      for (const moment of passed(was?.id === id ? was.at : undefined, at)) this.come(moment);
    }
  }

  started(): void {
    this.before = undefined;
    this.come("started");
  }

  /** Whoever tells of the moment is in the middle of something, so what waited for it comes after that. */
  private come(moment: Moment): void {
    const { place } = this;
    const due = this.waiting.filter((one) => one.moment === moment);
    if (due.length === 0) return;
    this.waiting = this.waiting.filter((one) => one.moment !== moment);
    for (const { afterMs, happens } of due) {
      this.clock.after(afterMs, () => {
        if (!this.isOver) happens(place);
      });
    }
  }
}
