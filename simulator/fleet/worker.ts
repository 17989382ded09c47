/**
 * One process of a fleet, without the process: its stations, its observer, its meter, and obedience to the coordinator. It
 * reads no clock and opens no socket by itself. What a broken connection of our own making causes is counted apart.
 */
import type { LoadedConfig } from "../../firmware/config/load.ts";
import type { OpenBrokerLink } from "../../hal/ports/broker-link.ts";
import type { Clock } from "../../hal/ports/clock.ts";
import type { InfoPayload } from "../../services/contract/state-payloads.ts";
import { createRandom, type SplitRandom } from "../random.ts";
import { DeliveryBook } from "./delivery-book.ts";
import type { FullStation } from "./full-station.ts";
import type { LatencyData } from "./latencies.ts";
import type { FleetJob, FleetMessage, FleetOrder, FleetTally, MemoryTally } from "./messages.ts";
import { Meter, type MeterCounters, meteredBroker } from "./metered-link.ts";
import { type Observer, openObserver } from "./observer.ts";
import { type FleetStation, startTelemetryStation } from "./telemetry-station.ts";

export interface WorkerPorts {
  readonly clock: Clock;
  readonly config: LoadedConfig;
  readonly job: FleetJob;
  /** A link to the broker; `note` hears why an attempt failed. */
  openBroker(note: (text: string) => void): OpenBrokerLink;
  /** Breaks every connection but the observer's. */
  dropConnections(): void;
  memory(): Pick<MemoryTally, "bareMb" | "rssMb" | "peakMb">;
  cpuSeconds(): number;
  send(message: FleetMessage): void;
}

const PROGRESS_MS = 250;
const BEAT_MS = 20;
/** At most this much of a whole station's time is made up for in one beat; the rest stays behind and is reported. */
const CATCH_UP_MS = 1_000;
const QUIET_MS = 1_000;
const QUIET_DEADLINE_MS = 20_000;
const PREPARE_DEADLINE_MS = 10_000;
const LEAVE_DEADLINE_MS = 30_000;
/** While leaving, whole stations live faster: nobody waits for a rider who stands at an open door. */
const LEAVE_SPEED = 10;
const CLEAN_UNDER_WAY_MAX = 200;

const noCounters: Pick<MeterCounters, "published" | "bytes"> = { published: 0, bytes: 0 };

export class FleetWorker {
  private readonly ports: WorkerPorts;
  private readonly random: SplitRandom;
  private readonly meter: Meter;
  private readonly book = new DeliveryBook();
  private readonly stations: FleetStation[] = [];
  private readonly whole: FullStation[] = [];
  private readonly errors: Record<string, number> = {};
  private readonly errorsWhileDropped: Record<string, number> = {};
  private observer: Observer | undefined;
  /** Loaded on demand: a whole controller is code that telemetry stations need not carry. */
  private startFullStation: typeof import("./full-station.ts").startFullStation | undefined;
  private dropped = false;
  private prepared = false;
  private loadedMb = 0;
  private birth: LatencyData | undefined;
  private steadySinceMs: number | undefined;
  private atSteady = noCounters;
  private readonly cpuAtStart: number;
  private cpuAtSteady: number;
  private beatMs = 0;
  private speed = 1;
  private behindMs = 0;
  private leaving = false;

  constructor(ports: WorkerPorts) {
    this.ports = ports;
    this.random = createRandom(ports.job.seed).split("fleet");
    this.meter = new Meter(ports.clock, this.book, (why) => this.error(`connection lost: ${why}`));
    this.cpuAtStart = ports.cpuSeconds();
    this.cpuAtSteady = this.cpuAtStart;
  }

  obey(order: FleetOrder): void {
    switch (order.do) {
      case "go":
        this.go();
        return;
      case "steady":
        this.steady();
        return;
      case "drop":
        this.dropped = true;
        this.ports.dropConnections();
        return;
      case "finish":
        this.finish();
        return;
      case "leave":
        this.leave(order.clean);
        return;
    }
  }

  private name(at: number): string {
    const { prefix, first } = this.ports.job;
    return `${prefix}-${String(first + at).padStart(5, "0")}`;
  }

  private error(text: string): void {
    // One line a kind of error, not one a station.
    const kind = text.replace(/subscription to \S+/, "subscription");
    const record = this.dropped ? this.errorsWhileDropped : this.errors;
    record[kind] = (record[kind] ?? 0) + 1;
  }

  /** Opens the observer; `ready` is said when it hears. */
  prepare(): void {
    if (this.ports.job.kind === "telemetry") {
      this.openObserver();
      return;
    }
    import("./full-station.ts").then(
      ({ startFullStation }) => {
        this.startFullStation = startFullStation;
        this.openObserver();
      },
      (error: unknown) => this.ports.send({ is: "failed", why: String(error) }),
    );
  }

  private openObserver(): void {
    const { ports } = this;
    const { clock, job } = ports;
    const deadline = clock.after(PREPARE_DEADLINE_MS, () => {
      const why = Object.keys(this.errors).at(-1) ?? "the observer does not hear its own word";
      ports.send({ is: "failed", why });
    });
    this.observer = openObserver({
      open: ports.openBroker((text) => this.error(text)),
      clock,
      name: `${job.prefix}-observer-${job.first}`,
      wildcard: job.wildcard,
      stations: Array.from({ length: job.count }, (_unused, at) => this.name(at)),
      seen: (event) => this.book.seen(event),
      watching: (watching) => {
        this.book.observerIs(watching);
        if (!watching || this.prepared) return;
        this.prepared = true;
        deadline.cancel();
        this.loadedMb = ports.memory().rssMb;
        ports.send({ is: "ready" });
      },
    });
  }

  private go(): void {
    const { clock, job } = this.ports;
    const { file, hash } = this.ports.config;
    const info: Omit<InfoPayload, "bootId"> = {
      version: "0.1.0",
      commit: "simulated",
      configHash: hash,
      contract: 1,
      capabilities: ["swap"],
      hardware: file.devices.map(({ id, kind, ...rest }) => ({
        id,
        kind,
        ...("bus" in rest ? { bus: rest.bus } : {}),
      })),
    };
    for (let at = 0; at < job.count; at++) {
      const random = this.random.split(this.name(at));
      clock.after(random.between(0, job.jitterMs), () => this.startStation(this.name(at), random, info));
    }
    this.progress();
    if (job.kind === "full") this.beat();
  }

  private startStation(station: string, random: SplitRandom, info: Omit<InfoPayload, "bootId">): void {
    if (this.leaving) return;
    const { clock, config, job } = this.ports;
    const { swapsPerDay, run } = job;
    const open = meteredBroker(
      this.ports.openBroker((text) => this.error(text)),
      station,
      this.meter,
    );
    if (this.startFullStation !== undefined) {
      const seed = `${job.seed}/${station}`;
      const full = this.startFullStation({ station, config, seed, fromMs: clock.wallMs(), open, swapsPerDay });
      this.whole.push(full);
      this.stations.push(full);
      return;
    }
    const { station: layout, requests: policy } = config;
    const unsendable = (why: string): void => this.error(`event cannot be sent: ${why}`);
    this.stations.push(
      startTelemetryStation({ station, layout, policy, info, run, open, clock, random, swapsPerDay, unsendable }),
    );
  }

  private progress(): void {
    const { connected, inFlight } = this.meter.counters();
    const started = this.stations.length;
    // All of them are back: whatever breaks from now on was not us.
    if (connected === this.ports.job.count) this.dropped = false;
    this.ports.send({ is: "progress", connected, inFlight, started });
    this.ports.clock.after(PROGRESS_MS, () => this.progress());
  }

  /** Whole stations have clocks of their own; this moves them along with the real one. */
  private beat(): void {
    const { clock } = this.ports;
    const nowMs = clock.monotonicMs();
    const elapsedMs = this.beatMs === 0 ? 0 : nowMs - this.beatMs;
    this.beatMs = nowMs;
    this.behindMs += Math.max(0, elapsedMs - CATCH_UP_MS);
    const stepMs = Math.min(elapsedMs, CATCH_UP_MS) * this.speed;
    for (const station of this.whole) station.runUntil(station.elapsedMs() + stepMs);
    clock.after(BEAT_MS, () => this.beat());
  }

  private steady(): void {
    if (this.steadySinceMs !== undefined) return;
    this.steadySinceMs = this.ports.clock.monotonicMs();
    this.birth = this.meter.nextPhase().toData();
    this.cpuAtSteady = this.ports.cpuSeconds();
    this.atSteady = this.meter.counters();
  }

  /** No new swaps; when nothing is under way any more, or time is up, the tally is told. */
  private finish(): void {
    const { clock } = this.ports;
    // Taken before anything winds down: this is what the fleet cost while it lived.
    const usage = this.usage();
    for (const station of this.stations) station.calm();
    const deadlineMs = clock.monotonicMs() + QUIET_DEADLINE_MS;
    let quietSinceMs: number | undefined;
    const look = (): void => {
      const nowMs = clock.monotonicMs();
      const quiet = this.meter.counters().inFlight === 0 && this.book.awaiting() === 0;
      quietSinceMs = quiet ? (quietSinceMs ?? nowMs) : undefined;
      if (nowMs >= deadlineMs || (quietSinceMs !== undefined && nowMs - quietSinceMs >= QUIET_MS))
        this.ports.send({ is: "tally", tally: this.tally(usage) });
      else clock.after(100, look);
    };
    look();
  }

  private usage(): Pick<FleetTally, "memory" | "cpu" | "steady"> {
    const { clock, memory, cpuSeconds } = this.ports;
    const nowMs = clock.monotonicMs();
    const { published, bytes } = this.meter.counters();
    const cpuNow = cpuSeconds();
    const isSteady = this.steadySinceMs !== undefined;
    return {
      memory: { ...memory(), loadedMb: this.loadedMb },
      cpu: {
        birthS: (isSteady ? this.cpuAtSteady : cpuNow) - this.cpuAtStart,
        steadyS: isSteady ? cpuNow - this.cpuAtSteady : 0,
      },
      steady: {
        seconds: (nowMs - (this.steadySinceMs ?? nowMs)) / 1_000,
        messages: isSteady ? published - this.atSteady.published : 0,
        bytes: isSteady ? bytes - this.atSteady.bytes : 0,
      },
    };
  }

  private tally(usage: Pick<FleetTally, "memory" | "cpu" | "steady">): FleetTally {
    const now = this.meter.nextPhase().toData();
    const none: LatencyData = { counts: [], maxMs: 0 };
    return {
      ...usage,
      counters: this.meter.counters(),
      events: this.book.stats(this.ports.clock.monotonicMs()),
      waiting: this.stations.reduce((sum, station) => sum + station.waiting(), 0),
      latencies: { birth: this.birth ?? now, steady: this.birth === undefined ? none : now },
      errors: { ...this.errors },
      errorsWhileDropped: { ...this.errorsWhileDropped },
      violated: this.whole.reduce((sum, station) => sum + station.violated(), 0),
      behindMs: Math.round(this.behindMs),
    };
  }

  private leave(clean: boolean): void {
    this.leaving = true;
    this.speed = LEAVE_SPEED;
    // Connections end now because we end them.
    this.dropped = true;
    let left = this.stations.length;
    let done = false;
    const gone = (): void => {
      if (done) return;
      done = true;
      deadline.cancel();
      if (clean) this.cleanUp(() => this.goodbye());
      else this.goodbye();
    };
    const deadline = this.ports.clock.after(LEAVE_DEADLINE_MS, gone);
    if (left === 0) gone();
    for (const station of this.stations) {
      station.close(() => {
        left--;
        if (left === 0) gone();
      });
    }
  }

  /** Empties every retained topic; what fails stays, and the next run of the same stations overwrites it. */
  private cleanUp(done: () => void): void {
    const topics = [...this.meter.retained].values();
    let underWay = 0;
    let ended = false;
    const next = (): void => {
      while (underWay < CLEAN_UNDER_WAY_MAX && !ended) {
        const topic = topics.next();
        if (topic.done === true) ended = true;
        else {
          underWay++;
          this.observer?.publish(topic.value, "", true, () => {
            underWay--;
            // Not at once: a link that refuses would answer from within.
            this.ports.clock.after(0, next);
          });
        }
      }
      if (ended && underWay === 0) {
        underWay = -1;
        done();
      }
    };
    next();
  }

  private goodbye(): void {
    const said = (): void => this.ports.send({ is: "left" });
    if (this.observer === undefined) said();
    else this.observer.close(said);
  }
}
