/**
 * Prometheus' view of the station, read from the running one when it is asked for; nothing is sampled in between. Base units,
 * ratios from 0 to 1, and no label that names a rider or a member. Names are promised: dashboards depend on them.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Clock } from "../../hal/ports/clock.ts";
import type { Platform } from "../runner/platform.ts";
import type { RunningStation } from "../runner/station.ts";
import { bayMetrics } from "./bay-metrics.ts";
import type { Tally } from "./tally.ts";

export interface MetricSources {
  readonly station: RunningStation;
  readonly clock: Clock;
  readonly identity: Pick<Platform["identity"], "version" | "commit">;
  readonly tally: Tally;
}

export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
}

/** A count kept elsewhere, told as it stands when asked. */
type Totals = Iterable<readonly [labels: Record<string, string>, total: number]>;

const durationBuckets = [10, 15, 20, 30, 45, 60, 90, 120, 180, 300];
/** The event loop's delay needs a timer of its own; this often is enough to see a stall and does not wake a small computer. */
const loopPrecisionMs = 100;

/** The library calls these gauges totals, which Prometheus' own linter refuses. */
const misnamed = ["nodejs_active_handles_total", "nodejs_active_requests_total", "nodejs_active_resources_total"];

function makers(registry: Registry) {
  const registers = [registry];
  return {
    gauge: (name: string, help: string, value: () => number) => {
      new Gauge({
        name: `yizhan_${name}`,
        help,
        registers,
        collect() {
          this.set(value());
        },
      });
    },
    counter: (name: string, help: string, told: { readonly labelNames: readonly string[]; totals(): Totals }) => {
      new Counter({
        name: `yizhan_${name}`,
        help,
        registers,
        labelNames: [...told.labelNames],
        collect() {
          this.reset();
          for (const [labels, total] of told.totals()) this.inc(labels, total);
        },
      });
    },
  };
}

type Makers = ReturnType<typeof makers>;

function buildMetric(registry: Registry, { version, commit }: MetricSources["identity"]): void {
  const build = new Gauge({
    name: "yizhan_build_info",
    help: "Always 1; the labels say what runs.",
    labelNames: ["version", "commit"],
    registers: [registry],
  });
  build.set({ version, commit }, 1);
}

function swapMetrics(registry: Registry, { counter }: Makers, tally: Tally): void {
  counter("swaps_total", "Scans and swaps since start, by how they ended.", {
    labelNames: ["result"],
    totals: () => Object.entries(tally.swaps).map(([result, total]) => [{ result }, total] as const),
  });
  const duration = new Histogram({
    name: "yizhan_swap_duration_seconds",
    help: "From the scan to the last door shut, of swaps that handed a pack out.",
    buckets: durationBuckets,
    registers: [registry],
  });
  tally.onDuration = (durationMs) => duration.observe(durationMs / 1_000);
  counter("lock_jams_total", "Times a lock did not open its door, since start.", {
    labelNames: ["bay"],
    totals: () => [...tally.lockFailures].map(([bay, total]) => [{ bay }, total] as const),
  });
}

function busMetrics({ counter }: Makers, { hardware }: RunningStation): void {
  const buses = () => Object.entries(hardware.stats().buses);
  counter("bus_requests_total", "Questions on a serial line, by what came of them.", {
    labelNames: ["bus", "result"],
    totals: () =>
      buses().flatMap(([bus, { answered, silent, bad }]) => [
        [{ bus, result: "answered" }, answered] as const,
        [{ bus, result: "silent" }, silent] as const,
        [{ bus, result: "bad" }, bad] as const,
      ]),
  });
  counter("bus_busy_seconds_total", "Time with a question outstanding.", {
    labelNames: ["bus"],
    totals: () => buses().map(([bus, { busyMs }]) => [{ bus }, busyMs / 1_000] as const),
  });
}

type Connected = Pick<RunningStation, "journal"> & { readonly session: NonNullable<RunningStation["session"]> };

/** Only where a broker is configured: what is switched off has no metrics. */
function mqttMetrics({ gauge, counter }: Makers, { session, journal }: Connected): void {
  const of = (total: number): Totals => [[{}, total]];
  gauge("mqtt_connected", "1 while the broker is connected.", () => Number(session.stats().connected));
  gauge("outbox_depth", "Log entries not yet known to be delivered.", () => session.stats().outbox.queued);
  gauge("outbox_oldest_seconds", "How long the oldest of them waits.", () => session.stats().outbox.waitingMs / 1_000);
  counter("outbox_dropped_total", "Events given up since start, which will never be delivered.", {
    labelNames: [],
    totals: () => of(journal.droppedEvents()),
  });
  counter("mqtt_reconnects_total", "Connections after the first.", {
    labelNames: [],
    totals: () => of(session.stats().reconnects),
  });
  counter("mqtt_published_total", "Messages the broker acknowledged.", {
    labelNames: [],
    totals: () => of(session.stats().published),
  });
  counter("mqtt_publish_failures_total", "Publishes that failed and were or will be sent again.", {
    labelNames: [],
    totals: () => of(session.stats().failed),
  });
  counter("requests_total", "Operators' requests, by what was done with them.", {
    labelNames: ["result"],
    totals: () => {
      const { accepted, repeated, refusedTotal } = session.stats().requests;
      return [
        [{ result: "accepted" }, accepted],
        [{ result: "repeated" }, repeated],
        [{ result: "refused" }, refusedTotal],
      ];
    },
  });
}

function ownMetrics({ gauge, counter }: Makers, { station, clock }: MetricSources): void {
  const { loop, journal } = station;
  gauge("clock_synced", "1 while the wall clock was confirmed by a time source.", () =>
    Number(clock.wallSynchronised()),
  );
  counter("people_served_total", "People served by kind since midnight, station time, when it starts again.", {
    labelNames: ["kind"],
    totals: () => Object.entries(loop.state().durable.people.today).map(([kind, total]) => [{ kind }, total] as const),
  });
  gauge("log_bytes", "Size of the one log on disk.", () => journal.log.stats().bytes);
  gauge("log_writable", "1 while the log can be written.", () => Number(journal.log.failure() === undefined));
  counter("loop_steps_total", "Events decided by the one loop.", {
    labelNames: [],
    totals: () => [[{}, loop.stats().steps]],
  });
  counter("loop_dropped_total", "Events dropped by its full queue.", {
    labelNames: [],
    totals: () => [[{}, loop.stats().dropped]],
  });
}

export function createMetrics(sources: MetricSources): Metrics {
  const registry = new Registry();
  const make = makers(registry);
  const { station, tally, clock } = sources;
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: loopPrecisionMs });
  for (const name of misnamed) registry.removeSingleMetric(name);
  buildMetric(registry, sources.identity);
  swapMetrics(registry, make, tally);
  bayMetrics(registry, station, clock);
  busMetrics(make, station);
  const { session, journal } = station;
  if (session !== undefined) mqttMetrics(make, { session, journal });
  ownMetrics(make, sources);
  return { contentType: registry.contentType, text: () => registry.metrics() };
}
