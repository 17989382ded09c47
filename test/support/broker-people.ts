/** Who meets at a broker: a station with its real session, outbox and link on a line that can be cut, and operators around it. */
import mqtt from "mqtt";
import { onTestFinished } from "vitest";
import { logSource } from "../../firmware/mqtt/log-source.ts";
import type { SecurityReport } from "../../firmware/mqtt/requests.ts";
import { createMqttSession, type MqttSession } from "../../firmware/mqtt/session.ts";
import { nodeClock } from "../../firmware/platform/node-clock.ts";
import { nodeMqtt } from "../../firmware/platform/node-mqtt.ts";
import type { Clock } from "../../hal/ports/clock.ts";
import { examples } from "../../services/contract/examples.ts";
import type { BayPayload, InfoPayload } from "../../services/contract/state-payloads.ts";
import { createFakeLog, type FakeLog } from "../firmware/mqtt/fake-log.ts";
import { everybody } from "./asking.ts";
import type { RunningBroker } from "./brokers.ts";
import { startTcpProxy, type TcpProxy } from "./tcp-proxy.ts";
import { until } from "./until.ts";

export const PATIENCE_MS = 60_000;
export const bay = examples.bay[0] as BayPayload;

export interface Station {
  readonly id: string;
  readonly root: string;
  readonly session: MqttSession;
  readonly log: FakeLog;
  readonly line: TcpProxy;
  readonly done: string[];
  readonly reports: SecurityReport[];
  connected(times?: number): Promise<void>;
  write(events: number): void;
  leave(): Promise<void>;
}

let stations = 0;

export async function startStation(broker: RunningBroker): Promise<Station> {
  const id = `s${process.pid}-${++stations}`;
  const clock: Clock = { ...nodeClock(), wallSynchronised: () => true };
  const log = createFakeLog(clock);
  const target = {
    get port() {
      return broker.stationPort();
    },
  };
  const line = await startTcpProxy(target);
  const done: string[] = [];
  const reports: SecurityReport[] = [];
  let connections = 0;
  const session: MqttSession = createMqttSession({
    open: nodeMqtt(
      { url: `mqtt://127.0.0.1:${line.port}`, keepaliveS: 10, backOffMinMs: 50, backOffMaxMs: 500 },
      { clock, random: { next: () => 0.5 } },
    ),
    clock,
    station: id,
    clientId: `yizhan-${id}`,
    info: examples.info[0] as InfoPayload,
    outbox: {
      source: logSource({ log, logId: id, station: id, unsendable: () => {} }),
      cursor: 0,
      newest: 0,
    },
    remembered: [],
    asking: everybody,
    accepted(accepted) {
      done.push(accepted.request.id);
      session.answer({ id: accepted.request.id, verb: accepted.verb, status: "ok" });
    },
    security: (report) => reports.push(report),
    note: (what) => {
      if (what === "connected") connections++;
    },
  });
  let left: Promise<void> | undefined;
  const leave = (): Promise<void> => {
    left ??= new Promise((closed) => session.close(closed));
    return left;
  };
  onTestFinished(async () => {
    await leave();
    await line.close();
  });
  const root = `yizhan/1/${id}/`;
  const connected = (times = 1): Promise<void> =>
    until(() => connections >= times && session.stats().connected, {
      timeoutMs: PATIENCE_MS,
      what: `connection ${times}`,
    });
  await connected();
  const write = (events: number): void => {
    for (let count = 0; count < events; count++) session.noticed(log.append(count % 2 === 0 ? "swap" : "fault"));
  };
  return { id, root, session, log, line, done, reports, connected, write, leave };
}

export interface Seen {
  readonly topic: string;
  readonly text: string;
  readonly retained: boolean;
}

export class Operator {
  readonly seen: Seen[] = [];
  readonly client: mqtt.MqttClient;

  private constructor(client: mqtt.MqttClient) {
    this.client = client;
    client.on("error", () => undefined);
    client.on("message", (topic, payload, packet) =>
      this.seen.push({ topic, text: payload.toString(), retained: packet.retain }),
    );
  }

  /** With a name it has a session that the broker keeps while it is away. */
  static async at(broker: Pick<RunningBroker, "operatorPort">, name?: string): Promise<Operator> {
    const session = name === undefined ? {} : { clientId: name, clean: false };
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.operatorPort()}`, {
      reconnectPeriod: 100,
      ...session,
    });
    const operator = new Operator(client);
    onTestFinished(() => client.endAsync(true));
    return operator;
  }

  /** What is on a topic, asked as somebody who has just come. */
  static async reads(
    broker: Pick<RunningBroker, "operatorPort">,
    filter: string,
    enough: (seen: readonly Seen[]) => boolean,
  ): Promise<Seen[]> {
    const operator = await Operator.at(broker);
    await operator.client.subscribeAsync(filter, { qos: 1 });
    await operator.sees(enough, `what is kept on ${filter}`);
    return operator.seen;
  }

  sees(enough: (seen: readonly Seen[]) => boolean, what: string): Promise<void> {
    return until(() => enough(this.seen), { timeoutMs: PATIENCE_MS, what: () => `${what}; saw ${this.seen.length}` });
  }

  ask(station: Station, verb: string, request: object, retain = false): Promise<unknown> {
    return this.client.publishAsync(`${station.root}request/${verb}`, JSON.stringify(request), { qos: 1, retain });
  }
}

/** Whether somebody who comes now is told soon. */
export async function keeps(
  broker: Pick<RunningBroker, "operatorPort">,
  topic: string,
  is: (seen: readonly Seen[]) => boolean,
): Promise<boolean> {
  const operator = await Operator.at(broker);
  await operator.client.subscribeAsync(topic, { qos: 1 });
  // What is kept comes right behind the answer to the subscription; a ping there and back is behind that.
  await operator.client.publishAsync(`${topic}/mark`, "", { qos: 1 });
  await operator.client.endAsync();
  return is(operator.seen);
}
