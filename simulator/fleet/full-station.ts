/**
 * One whole station of a fleet: controller, virtual hardware, riders and weather, as `yizhan simulate` runs it, but in real time
 * and with a real broker. Its clock stands until somebody moves it.
 */
import type { LoadedConfig } from "../../firmware/config/load.ts";
import type { OpenBrokerLink } from "../../hal/ports/broker-link.ts";
import { createSimulation } from "../simulation.ts";
import type { FleetStation } from "./telemetry-station.ts";

export interface FullStationOptions {
  readonly station: string;
  readonly config: LoadedConfig;
  readonly seed: string;
  readonly fromMs: number;
  readonly open: OpenBrokerLink;
  readonly swapsPerDay: number;
}

export interface FullStation extends FleetStation {
  /** Lets the station live until `elapsedMs` after its start. */
  runUntil(elapsedMs: number): void;
  elapsedMs(): number;
  /** Violations of the simulation's invariants. */
  violated(): number;
}

export function startFullStation(options: FullStationOptions): FullStation {
  const { station, config, seed, fromMs, open, swapsPerDay } = options;
  const { file } = config;
  const named: LoadedConfig = {
    ...config,
    file: { ...file, station: { ...file.station, id: station } },
    station: { ...config.station, stationId: station },
  };
  const simulation = createSimulation({
    config: named,
    seed,
    fromMs,
    openBroker: () => open,
    world: { arrivalsPerDay: swapsPerDay },
  });
  return {
    calm: () => undefined,
    waiting: () => simulation.station.session?.stats().outbox.queued ?? 0,
    close: (done) => simulation.station.stop("the fleet ends", done),
    runUntil: (elapsedMs) => simulation.clock.runUntil(elapsedMs),
    elapsedMs: () => simulation.clock.nowMs,
    violated: () => simulation.invariants.violations().length,
  };
}
