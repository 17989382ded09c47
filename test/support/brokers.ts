/** The brokers on which one suite runs: how each is started, restarted and ended here, and what it is known not to do. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hasMosquitto, type Mosquitto, startMosquitto } from "./mosquitto.ts";
import { hasNats, startNatsCluster } from "./nats-cluster.ts";
import { hasRabbitmq, startRabbitmq } from "./rabbitmq.ts";

export interface RunningBroker {
  /** Where a station is sent when it connects now: what a load balancer in front of a cluster decides. */
  stationPort(): number;
  operatorPort(): number;
  /** Ends it properly and starts it again. */
  restart(): Promise<void>;
  /** Ends, as a power cut would, the node to which stations are sent. Only a cluster survives that. */
  killNode?(): Promise<void>;
  stop(): Promise<void>;
}

export interface BrokerKind {
  readonly name: string;
  /** What to install when it is not here. */
  readonly missing: string | undefined;
  /** Whether a subscription with a wildcard brings retained messages. */
  readonly wildcardBringsRetained: boolean;
  readonly survivesNodes?: true;
  start(): Promise<RunningBroker>;
}

async function mosquitto(): Promise<RunningBroker> {
  const folder = mkdtempSync(join(tmpdir(), "yizhan-broker-"));
  const persistIn = join(folder, "data");
  mkdirSync(persistIn);
  let running: Mosquitto = await startMosquitto({ persistIn });
  const { port } = running;
  return {
    stationPort: () => port,
    operatorPort: () => port,
    async restart() {
      await running.stop();
      running = await startMosquitto({ persistIn, port });
    },
    async stop() {
      await running.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function nats(): Promise<RunningBroker> {
  const cluster = await startNatsCluster();
  const [first = 0] = cluster.ports();
  let stationPort = first;
  return {
    stationPort: () => stationPort,
    operatorPort: () => cluster.ports().find((port) => port !== stationPort) ?? 0,
    restart: () => cluster.restart(),
    async killNode() {
      const dead = stationPort;
      stationPort =
        cluster
          .ports()
          .filter((port) => port !== dead)
          .at(-1) ?? 0;
      await cluster.kill(dead);
    },
    stop: () => cluster.stop(),
  };
}

async function rabbitmq(): Promise<RunningBroker> {
  const { port, restart, stop } = await startRabbitmq();
  return { stationPort: () => port, operatorPort: () => port, restart, stop };
}

export const brokerKinds: readonly BrokerKind[] = [
  {
    name: "Mosquitto",
    missing: hasMosquitto() ? undefined : "mosquitto",
    wildcardBringsRetained: true,
    start: mosquitto,
  },
  {
    name: "a cluster of three NATS servers",
    missing: hasNats() ? undefined : "nats-server",
    wildcardBringsRetained: true,
    survivesNodes: true,
    start: nats,
  },
  {
    name: "RabbitMQ",
    missing: hasRabbitmq() ? undefined : "rabbitmq-server",
    wildcardBringsRetained: false,
    start: rabbitmq,
  },
];
