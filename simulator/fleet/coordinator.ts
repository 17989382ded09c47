/**
 * Leads a fleet through its life: observers first, then the stations, then the steady state, on demand a broken line for all
 * of them, and the reckoning. It knows its workers by what they say, not whether they are processes, and never waits for
 * one without a deadline.
 */
import type { Clock, Timer } from "../../hal/ports/clock.ts";
import type { FleetMessage, FleetOrder, FleetTally } from "./messages.ts";

export interface CoordinatorOptions {
  readonly clock: Clock;
  readonly stations: number;
  readonly workers: readonly { send(order: FleetOrder): void }[];
  /** How long the steady state lasts; endless without. */
  readonly steadyMs: number | undefined;
  /** Break all connections in the middle of it. */
  readonly storm: boolean;
  readonly clean: boolean;
  progress(now: FleetProgress): void;
  done(course: FleetCourse): void;
}

export type FleetPhase = "preparing" | "connecting" | "telling" | "steady" | "storm" | "finishing" | "leaving";

export interface FleetProgress {
  readonly phase: FleetPhase;
  readonly connected: number;
  readonly started: number;
  readonly inFlight: number;
}

/** A time in which not all stations were connected, after they had been. */
export interface Outage {
  readonly fromMs: number;
  /** How few were connected. */
  lowest: number;
  /** When all were back. */
  backMs: number | undefined;
  /** When all of them had told their state again. */
  toldMs: number | undefined;
}

export interface FleetCourse {
  /** Why nothing could be done at all. */
  readonly failed: string | undefined;
  readonly connectAllMs: number | undefined;
  readonly toldAllMs: number | undefined;
  readonly outages: readonly Outage[];
  readonly tallies: readonly FleetTally[];
}

export interface Coordinator {
  received(worker: number, message: FleetMessage): void;
  /** The worker is gone. */
  ended(worker: number): void;
  /** Ends it early, with a reckoning. */
  stop(): void;
}

/** How long stations get to connect: as slow as 10 a second, and a minute besides. */
const connectDeadlineMs = (stations: number): number => 60_000 + stations * 100;
const REPLY_DEADLINE_MS = 60_000;
/** In the steady state this share of the stations may have a message under way. */
const CALM_SHARE = 0.02;
const CALM_LEAST = 5;
const STEADY_LEAST_MS = 5_000;

class FleetCoordinator implements Coordinator {
  private readonly options: CoordinatorOptions;
  private readonly latest: { connected: number; inFlight: number; started: number }[];
  private readonly readyWorkers = new Set<number>();
  private readonly leftWorkers = new Set<number>();
  private readonly tallies = new Map<number, FleetTally>();
  private readonly outages: Outage[] = [];
  private phase: FleetPhase = "preparing";
  private goMs = 0;
  private connectAllMs: number | undefined;
  private toldAllMs: number | undefined;
  private failed: string | undefined;
  private over = false;
  private readonly timers: Timer[] = [];
  private stormDue: boolean;

  constructor(options: CoordinatorOptions) {
    this.options = options;
    this.latest = options.workers.map(() => ({ connected: 0, inFlight: 0, started: 0 }));
    this.stormDue = options.storm;
  }

  received(worker: number, message: FleetMessage): void {
    switch (message.is) {
      case "ready":
        this.readyWorkers.add(worker);
        if (this.readyWorkers.size === this.options.workers.length && this.phase === "preparing") this.go();
        return;
      case "failed":
        this.failed ??= message.why;
        if (this.phase === "preparing") this.leave();
        return;
      case "progress":
        this.latest[worker] = message;
        this.look();
        return;
      case "tally":
        this.tallies.set(worker, message.tally);
        if (this.tallies.size === this.options.workers.length) this.leave();
        return;
      case "left":
        this.leftWorkers.add(worker);
        if (this.leftWorkers.size === this.options.workers.length) this.end();
        return;
    }
  }

  ended(worker: number): void {
    if (this.over || this.leftWorkers.has(worker)) return;
    this.failed ??= `process ${worker + 1} of the fleet ended by itself`;
    this.leftWorkers.add(worker);
    if (this.leftWorkers.size === this.options.workers.length) this.end();
    else this.finish();
  }

  stop(): void {
    if (this.phase === "preparing") this.leave();
    else this.finish();
  }

  private tell(order: FleetOrder): void {
    for (const [at, worker] of this.options.workers.entries()) if (!this.leftWorkers.has(at)) worker.send(order);
  }

  private after(delayMs: number, run: () => void): void {
    this.timers.push(this.options.clock.after(delayMs, run));
  }

  private go(): void {
    const { clock, stations } = this.options;
    this.phase = "connecting";
    this.goMs = clock.monotonicMs();
    this.tell({ do: "go" });
    this.after(connectDeadlineMs(stations), () => {
      if (this.phase === "connecting" || this.phase === "telling") this.finish();
    });
  }

  private sum(what: "connected" | "inFlight" | "started"): number {
    return this.latest.reduce((sum, now) => sum + now[what], 0);
  }

  private look(): void {
    const { clock, stations } = this.options;
    const connected = this.sum("connected");
    const inFlight = this.sum("inFlight");
    const all = connected === stations;
    const calm = all && inFlight <= Math.max(CALM_LEAST, stations * CALM_SHARE);
    const nowMs = clock.monotonicMs();
    if (this.phase === "connecting" && all) {
      this.connectAllMs = nowMs - this.goMs;
      this.phase = "telling";
    }
    if (this.phase === "telling" && calm) this.steady(nowMs);
    else if (this.phase === "steady" || this.phase === "storm") this.watchOutage(connected, calm, nowMs);
    this.options.progress({ phase: this.phase, connected, inFlight, started: this.sum("started") });
  }

  private steady(nowMs: number): void {
    this.toldAllMs = nowMs - this.goMs;
    this.phase = "steady";
    this.tell({ do: "steady" });
    this.endLater(this.stormDue ? this.half() : this.options.steadyMs);
  }

  private half(): number {
    return Math.max(STEADY_LEAST_MS, (this.options.steadyMs ?? 0) / 2);
  }

  private endLater(steadyMs: number | undefined): void {
    if (steadyMs === undefined) return;
    this.after(steadyMs, () => {
      if (!this.stormDue) {
        this.finish();
        return;
      }
      if (this.phase !== "steady") return;
      this.stormDue = false;
      this.phase = "storm";
      this.tell({ do: "drop" });
      this.after(connectDeadlineMs(this.options.stations), () => {
        if (this.phase === "storm") this.finish();
      });
    });
  }

  private watchOutage(connected: number, calm: boolean, nowMs: number): void {
    const { stations } = this.options;
    let outage = this.outages.at(-1);
    if (connected < stations) {
      if (outage === undefined || outage.backMs !== undefined) {
        outage = { fromMs: nowMs - this.goMs, lowest: connected, backMs: undefined, toldMs: undefined };
        this.outages.push(outage);
      }
      outage.lowest = Math.min(outage.lowest, connected);
      return;
    }
    if (outage === undefined) return;
    outage.backMs ??= nowMs - this.goMs;
    if (!calm || outage.toldMs !== undefined) return;
    outage.toldMs = nowMs - this.goMs;
    if (this.phase !== "storm") return;
    this.phase = "steady";
    this.endLater(this.half());
  }

  private finish(): void {
    if (this.phase === "finishing" || this.phase === "leaving") return;
    this.phase = "finishing";
    this.tell({ do: "finish" });
    this.after(REPLY_DEADLINE_MS, () => this.leave());
  }

  private leave(): void {
    if (this.phase === "leaving") return;
    this.phase = "leaving";
    this.options.progress({ phase: "leaving", connected: this.sum("connected"), inFlight: 0, started: 0 });
    this.tell({ do: "leave", clean: this.options.clean });
    this.after(REPLY_DEADLINE_MS, () => {
      this.failed ??= "a process of the fleet did not end in time";
      this.end();
    });
  }

  private end(): void {
    if (this.over) return;
    this.over = true;
    // A deadline that is not needed any more must not keep the process waiting for it.
    for (const timer of this.timers) timer.cancel();
    this.options.done({
      failed: this.failed,
      connectAllMs: this.connectAllMs,
      toldAllMs: this.toldAllMs,
      outages: this.outages,
      tallies: [...this.tallies.values()],
    });
  }
}

export function leadFleet(options: CoordinatorOptions): Coordinator {
  return new FleetCoordinator(options);
}
