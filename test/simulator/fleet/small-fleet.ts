/** A fleet in one process, on a virtual clock and the broker in memory: the same workers and the same coordinator. */
import { type LoadedConfig, loadConfig } from "../../../firmware/config/load.ts";
import type { OpenBrokerLink } from "../../../hal/ports/broker-link.ts";
import { createSimulatedBroker, type SimulatedBroker } from "../../../simulator/broker.ts";
import { createVirtualClock, type VirtualClock } from "../../../simulator/clock.ts";
import {
  type Coordinator,
  type FleetCourse,
  type FleetProgress,
  leadFleet,
} from "../../../simulator/fleet/coordinator.ts";
import type { FleetJob } from "../../../simulator/fleet/messages.ts";
import { FleetWorker } from "../../../simulator/fleet/worker.ts";

export interface SmallFleet {
  readonly clock: VirtualClock;
  readonly broker: SimulatedBroker;
  readonly coordinator: Coordinator;
  readonly phases: string[];
  /** Lets it live until it is over. */
  play(): FleetCourse;
}

export interface SmallFleetOptions {
  readonly stations?: number;
  readonly workers?: number;
  readonly steadyMs?: number;
  readonly swapsPerDay?: number;
  readonly storm?: boolean;
  readonly clean?: boolean;
  readonly wildcard?: boolean;
  /** Stands between each link and the broker; the first link of a worker is its observer's. */
  readonly between?: (open: OpenBrokerLink, isObserver: boolean) => OpenBrokerLink;
}

export function referenceConfig(): LoadedConfig {
  const loaded = loadConfig("examples/reference-station.yaml");
  if (!loaded.ok) throw new Error("the example does not load");
  return loaded.config;
}

export function smallFleet(options: SmallFleetOptions = {}): SmallFleet {
  const { stations = 20, workers: processes = 2, between = (open) => open } = options;
  const clock = createVirtualClock({ wallStartMs: Date.parse("2026-01-15T03:00:00Z") });
  const broker = createSimulatedBroker({ clock });
  const config = referenceConfig();
  const phases: string[] = [];
  let course: FleetCourse | undefined;
  let coordinator: Coordinator | undefined;
  const workers = Array.from({ length: processes }, (_unused, at) => {
    const first = (at * stations) / processes + 1;
    const { swapsPerDay = 20_000 } = options;
    const shape = {
      kind: "telemetry",
      prefix: "fleet",
      seed: "1",
      run: "r1",
      jitterMs: 1_000,
      wildcard: options.wildcard ?? false,
    } as const;
    const job: FleetJob = { ...shape, first, count: stations / processes, swapsPerDay };
    let links = 0;
    return new FleetWorker({
      clock,
      config,
      job,
      openBroker: () => between(broker.open, links++ === 0),
      dropConnections: () => broker.cut(),
      memory: () => ({ bareMb: 40, rssMb: 60, peakMb: 61 }),
      cpuSeconds: () => clock.nowMs / 10_000,
      send: (message) => clock.after(1, () => coordinator?.received(at, message)),
    });
  });
  coordinator = leadFleet({
    clock,
    stations,
    workers: workers.map((worker) => ({ send: (order) => clock.after(1, () => worker.obey(order)) })),
    steadyMs: options.steadyMs ?? 30_000,
    storm: options.storm ?? false,
    clean: options.clean ?? true,
    progress: ({ phase }: FleetProgress) => {
      if (phases.at(-1) !== phase) phases.push(phase);
    },
    done: (ended) => {
      course = ended;
    },
  });
  for (const worker of workers) worker.prepare();
  return {
    clock,
    broker,
    coordinator,
    phases,
    play() {
      const untilMs = clock.nowMs + 21_600_000;
      while (course === undefined && clock.nowMs < untilMs) clock.runUntil(clock.nowMs + 100);
      if (course === undefined) throw new Error(`the fleet never ended: ${phases.join(", ")}`);
      return course;
    },
  };
}
