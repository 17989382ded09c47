/**
 * The HTTP side of one running station: `/metrics` and `/healthz`. It is loaded only when the configuration asks for it, and takes
 * its time from the station's clock, so that it tells the truth of a simulated station too.
 */
import type { Clock } from "../../hal/ports/clock.ts";
import type { JournalRecord } from "../../services/journal/records.ts";
import type { Platform } from "../runner/platform.ts";
import type { RunningStation } from "../runner/station.ts";
import { healthz } from "./healthz.ts";
import { createMetrics } from "./metrics.ts";
import { type HttpOptions, type HttpServer, startHttp } from "./server.ts";
import { createTally } from "./tally.ts";

export interface HttpSurface extends HttpServer {
  /** Something was journalled. */
  recorded(record: JournalRecord): void;
}

export interface SurfaceOptions {
  readonly station: RunningStation;
  readonly clock: Clock;
  readonly identity: Pick<Platform["identity"], "version" | "commit">;
  readonly listen: HttpOptions;
}

export async function openHttpSurface({ station, clock, identity, listen }: SurfaceOptions): Promise<HttpSurface> {
  const tally = createTally();
  const metrics = createMetrics({ station, clock, identity, tally });
  const server = await startHttp(listen, {
    "/metrics": async () => ({ status: 200, type: metrics.contentType, body: await metrics.text() }),
    "/healthz": () => healthz(station, clock.monotonicMs()),
  });
  return { ...server, recorded: (record) => tally.recorded(record) };
}
