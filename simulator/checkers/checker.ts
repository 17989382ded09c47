/**
 * What a checker may look at, and how it reports. Checkers judge by the world's ground truth: physics, the hardware side of the
 * wire, the broker's inbox, the disk. The controller's own opinion is there only to be held against it.
 */
import type { ConfigFile } from "../../firmware/config/schema.ts";
import type { BrokerMessage } from "../../hal/ports/broker-link.ts";
import type { StationConfig } from "../../services/config.ts";
import type { JournalRecord } from "../../services/journal/records.ts";
import type { Levels } from "../../services/levels.ts";
import type { StationReadings } from "../../services/readings.ts";
import type { StationContext, StationState } from "../../services/station/state.ts";
import type { SimulatedBroker } from "../broker.ts";
import type { VirtualClock } from "../clock.ts";
import type { SimulatedDisk } from "../disk.ts";
import type { Troubles } from "../faults/troubles.ts";
import type { TruthEvent } from "../truth-types.ts";
import type { World } from "../world-types.ts";
import type { Ears } from "./ears.ts";

export interface Violation {
  readonly invariant: string;
  readonly atMs: number;
  readonly what: string;
}

/** What the controller holds to be so. */
export interface ControllerView {
  state(): StationState;
  readonly readings: StationReadings;
  /** What it decides with, beside its state. */
  readonly context: StationContext;
  /** What it means to hold on now. */
  granted(): Levels;
  /** What its computer's clock says. */
  wallMs(): number;
  /** The newest entry of the log that it takes for written. */
  syncedN(): number;
}

export interface CheckerSetup {
  readonly world: World;
  readonly clock: VirtualClock;
  readonly config: StationConfig;
  /** What somebody broke on purpose; none where nobody does. */
  readonly troubles?: Troubles | undefined;
  readonly report: (invariant: string, what: string) => void;
  /** One judgement was made: something was there to be compared. */
  readonly looked: () => void;
}

export interface BookCheckerSetup extends CheckerSetup {
  readonly controller: ControllerView;
}

export interface WiredCheckerSetup extends CheckerSetup {
  /** What is wired where. */
  readonly file: ConfigFile;
}

export interface WireCheckerSetup extends WiredCheckerSetup {
  readonly ears: Ears;
}

export interface BrokerCheckerSetup extends CheckerSetup {
  readonly broker: SimulatedBroker;
}

export interface DiskCheckerSetup extends BookCheckerSetup {
  readonly disk: SimulatedDisk;
  readonly file: ConfigFile;
}

/** Everything a whole simulated station has. A checker asks for the part that it needs. */
export interface WholeSetup extends DiskCheckerSetup, WireCheckerSetup, BrokerCheckerSetup {}

export interface Checker {
  /** Number of the invariant in the reliability catalogue. */
  readonly invariant: string;
  readonly says: string;
  /** The truth that it judges by. */
  readonly looksAt: string;
  /** What the hardware, the clock or the medium does by itself, and no controller could help. */
  readonly excuses?: string;
  /** Simulated time between two looks. Default 10 s. */
  readonly everyMs?: number;
  /** After everything that really happens. */
  readonly onTruth?: (event: TruthEvent) => void;
  /** After everything that the controller journals, as it decides it. */
  readonly onRecord?: (record: JournalRecord) => void;
  /** At each scan of the controller's loop, before its levels are granted. */
  readonly onScan?: (nowMs: number) => void;
  /** Everything that is published on the broker, by whomever; retained messages of earlier come marked. */
  readonly onMessage?: (message: BrokerMessage) => void;
  /** Everything that the station itself publishes, its last will included. */
  readonly onPublished?: (message: BrokerMessage) => void;
  /** Every `everyMs`, and at the end. */
  readonly onLook?: () => void;
  /** Once, at the end of a run. */
  readonly onFinish?: () => void;
}
