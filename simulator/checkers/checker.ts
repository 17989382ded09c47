/**
 * What a checker may look at, and how it reports. Checkers judge by the world's ground truth; the controller's own opinion is
 * there only to be held against it.
 */
import type { StationConfig } from "../../services/config.ts";
import type { JournalRecord } from "../../services/journal/records.ts";
import type { StationReadings } from "../../services/readings.ts";
import type { StationState } from "../../services/station/state.ts";
import type { VirtualClock } from "../clock.ts";
import type { Troubles } from "../faults/troubles.ts";
import type { TruthEvent } from "../truth-types.ts";
import type { World } from "../world-types.ts";

export interface Violation {
  readonly invariant: string;
  readonly atMs: number;
  readonly what: string;
}

/** What the controller holds to be so. */
export interface ControllerView {
  state(): StationState;
  readonly readings: StationReadings;
}

export interface CheckerSetup {
  readonly world: World;
  readonly clock: VirtualClock;
  readonly config: StationConfig;
  /** What somebody broke on purpose; none where nobody does. */
  readonly troubles?: Troubles | undefined;
  readonly report: (invariant: string, what: string) => void;
}

export interface BookCheckerSetup extends CheckerSetup {
  readonly controller: ControllerView;
}

export interface Checker {
  /** Number of the invariant in the reliability catalogue. */
  readonly invariant: string;
  readonly says: string;
  /** After everything that really happens. */
  readonly onTruth?: (event: TruthEvent) => void;
  /** After everything that the controller journals, as it decides it. */
  readonly onRecord?: (record: JournalRecord) => void;
  /** Every ten simulated seconds, and at the end. */
  readonly onLook?: () => void;
}
