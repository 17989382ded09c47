/**
 * One telemetry station of a fleet: the controller's own MQTT session, outbox and requests, over a real link, fed by a virtual
 * station. A request from an operator is judged by the real judge and then refused, because there is nothing here to steer.
 */
import { verifyEd25519 } from "../../firmware/config/ed25519.ts";
import { logSource } from "../../firmware/mqtt/log-source.ts";
import { createMqttSession, type MqttSession } from "../../firmware/mqtt/session.ts";
import type { OpenBrokerLink } from "../../hal/ports/broker-link.ts";
import type { Clock } from "../../hal/ports/clock.ts";
import type { StationConfig } from "../../services/config.ts";
import type { InfoPayload } from "../../services/contract/state-payloads.ts";
import type { RequestPolicy } from "../../services/requests/asker.ts";
import type { SplitRandom } from "../random.ts";
import { memoryLog } from "./memory-log.ts";
import { VirtualStation } from "./virtual-station.ts";

export interface TelemetryStationOptions {
  readonly station: string;
  readonly layout: StationConfig;
  readonly policy: RequestPolicy;
  readonly info: Omit<InfoPayload, "bootId">;
  /** Tells this run from others of the same station: part of the id of every event. */
  readonly run: string;
  readonly open: OpenBrokerLink;
  readonly clock: Clock;
  readonly random: SplitRandom;
  readonly swapsPerDay: number;
  /** An event cannot be put into the contract's form. */
  unsendable(why: string): void;
}

export interface FleetStation {
  /** Nothing new happens; what is under way goes on. */
  calm(): void;
  /** Events that the broker has not acknowledged. */
  waiting(): number;
  close(done: () => void): void;
}

export function startTelemetryStation(options: TelemetryStationOptions): FleetStation {
  const { station, clock, random, run, layout, swapsPerDay } = options;
  const boot = `${station}-${run}`;
  const log = memoryLog(clock, boot);
  const session: MqttSession = createMqttSession({
    open: options.open,
    clock,
    station,
    clientId: `yizhan-${station}`,
    info: { ...options.info, bootId: boot },
    outbox: {
      source: logSource({ log, logId: boot, station, unsendable: (_entry, why) => options.unsendable(why) }),
      cursor: 0,
      newest: 0,
    },
    remembered: [],
    asking: { policy: options.policy, verify: verifyEd25519, sequences: {} },
    accepted: ({ request, verb }) =>
      session.answer({ id: request.id, verb, status: "refused", reason: "telemetry-only" }),
    security: () => undefined,
    note: () => undefined,
  });
  const virtual = new VirtualStation({ station, layout, clock, random, log, session, swapsPerDay });
  return {
    calm: () => virtual.stopRiders(),
    waiting: () => log.waiting(),
    close(done) {
      virtual.stop();
      session.close(done);
    },
  };
}
