/** What a checker may look at, and how it reports. Checkers see the world's ground truth, never the controller's opinion. */
import type { StationConfig } from "../../services/config.ts";
import type { VirtualClock } from "../clock.ts";
import type { TruthEvent, World } from "../world-types.ts";

export interface Violation {
  readonly invariant: string;
  readonly atMs: number;
  readonly what: string;
}

export interface CheckerSetup {
  readonly world: World;
  readonly clock: VirtualClock;
  readonly config: StationConfig;
  readonly report: (invariant: string, what: string) => void;
}

export interface Checker {
  /** Number of the invariant in the reliability catalogue. */
  readonly invariant: string;
  readonly says: string;
  /** After everything that really happens. */
  readonly onTruth?: (event: TruthEvent) => void;
  /** Every ten simulated seconds, and at the end. */
  readonly onLook?: () => void;
}
