/** What the processes of a fleet say to each other: orders down, reports up, plain data both ways. */
import type { DeliveryStats } from "./delivery-book.ts";
import type { LatencyData } from "./latencies.ts";
import type { MeterCounters } from "./metered-link.ts";

export type FleetKind = "telemetry" | "full";

/** The part of a fleet that one process plays. */
export interface FleetJob {
  readonly kind: FleetKind;
  readonly prefix: string;
  /** Number of the first station, from 1. */
  readonly first: number;
  readonly count: number;
  readonly seed: string;
  /** Names this run; ids of events carry it, so that two runs never share one. */
  readonly run: string;
  readonly swapsPerDay: number;
  /** Stations start at random moments within this. */
  readonly jitterMs: number;
  /** The observer takes one subscription for all, for brokers that allow a client few of them. */
  readonly wildcard: boolean;
}

export type FleetOrder =
  | { readonly do: "go" }
  /** All are connected and have told their state: from here on the figures of the steady state count. */
  | { readonly do: "steady" }
  /** Break every station's connection on this side. */
  | { readonly do: "drop" }
  | { readonly do: "finish" }
  /** Say goodbye; `clean` also takes the retained messages off the broker. */
  | { readonly do: "leave"; readonly clean: boolean };

export type FleetMessage =
  | { readonly is: "ready" }
  | { readonly is: "failed"; readonly why: string }
  | { readonly is: "progress"; readonly connected: number; readonly inFlight: number; readonly started: number }
  | { readonly is: "tally"; readonly tally: FleetTally }
  | { readonly is: "left" };

export interface FleetTally {
  readonly counters: MeterCounters;
  readonly events: DeliveryStats;
  /** Not acknowledged at the end. */
  readonly waiting: number;
  readonly latencies: { readonly birth: LatencyData; readonly steady: LatencyData };
  readonly memory: MemoryTally;
  readonly cpu: { readonly birthS: number; readonly steadyS: number };
  readonly steady: { readonly seconds: number; readonly messages: number; readonly bytes: number };
  /** By what happened; what we broke ourselves stands apart. */
  readonly errors: Readonly<Record<string, number>>;
  readonly errorsWhileDropped: Readonly<Record<string, number>>;
  /** Violations of the simulation's invariants, in whole stations. */
  readonly violated: number;
  /** How far the clocks of whole stations were behind, because the process had no time for them. */
  readonly behindMs: number;
}

export interface MemoryTally {
  /** The process before it had loaded anything of ours. */
  readonly bareMb: number;
  /** With everything loaded and the observer connected, and no station yet. */
  readonly loadedMb: number;
  readonly rssMb: number;
  readonly peakMb: number;
}
