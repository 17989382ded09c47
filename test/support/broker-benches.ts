/** The worlds in which a broker link is tested: the simulated broker on its clock, and real brokers behind a line that can be cut. */
import { nodeClock } from "../../firmware/platform/node-clock.ts";
import { type NodeMqttSettings, nodeMqtt } from "../../firmware/platform/node-mqtt.ts";
import type { BrokerMessage, OpenBrokerLink } from "../../hal/ports/broker-link.ts";
import { createSimulatedBroker } from "../../simulator/broker.ts";
import { createVirtualClock } from "../../simulator/clock.ts";
import { startEmbeddedBroker } from "../../simulator/embedded-broker.ts";
import type { BrokerLinkBench } from "../conformance/broker-link.ts";
import { startMosquitto } from "./mosquitto.ts";
import { startTcpProxy, type TcpProxy } from "./tcp-proxy.ts";
import { until } from "./until.ts";

export async function simulatedBench(): Promise<BrokerLinkBench> {
  const clock = createVirtualClock({ wallStartMs: 0 });
  const broker = createSimulatedBroker({ clock });
  const seen: BrokerMessage[] = [];
  broker.subscribe("t/#", (message) => seen.push(message));
  return {
    open: broker.open,
    clock,
    seen,
    inject: (topic, payload, retained) => broker.inject(topic, payload, { retained }),
    retained: async () => new Map(broker.retainedTopics().map((topic) => [topic, broker.retained(topic) ?? ""])),
    cut: () => broker.cut(),
    reachable: (reachable) => (reachable ? broker.bringUp() : broker.takeDown()),
    async until(condition, what) {
      const deadline = clock.monotonicMs() + 600_000;
      while (!condition()) {
        if (clock.monotonicMs() > deadline) throw new Error(`waited 10 virtual minutes in vain for ${what}`);
        clock.runUntil(clock.monotonicMs() + 5);
      }
    },
    close: async () => {},
  };
}

/** The part of mqtt.js used here; its own types need those of browsers. */
interface Client {
  on(event: "message", listener: (topic: string, payload: Buffer, packet: { retain: boolean }) => void): unknown;
  subscribeAsync(filter: string, options: { qos: 1 }): Promise<unknown>;
  publish(topic: string, payload: string, options: { qos: 1; retain: boolean }): unknown;
  endAsync(force?: boolean): Promise<unknown>;
}
const LIBRARY: string = "mqtt";

async function operator(url: string): Promise<Client> {
  const library = (await import(LIBRARY)) as { default: { connectAsync(url: string): Promise<Client> } };
  return library.default.connectAsync(url);
}

export interface RealBench extends BrokerLinkBench {
  readonly proxy: TcpProxy;
  /** Address of the proxy, for links with settings of their own. */
  readonly url: string;
}

/** A line to a broker that runs already. `brokerUrl` is what operators use; the link goes through the proxy. */
export async function realBench(
  broker: { readonly url: string; readonly port: number; close(): Promise<void> },
  settings: Partial<NodeMqttSettings> = {},
): Promise<RealBench> {
  const proxy = await startTcpProxy({ port: broker.port });
  const watcher = await operator(broker.url);
  const seen: BrokerMessage[] = [];
  watcher.on("message", (topic, payload, packet) => seen.push({ topic, payload, retained: packet.retain }));
  await watcher.subscribeAsync("t/#", { qos: 1 });
  const clock = nodeClock();
  const url = `mqtt://127.0.0.1:${proxy.port}`;
  const random = { next: () => 0.5 };
  const open: OpenBrokerLink = nodeMqtt({ url, backOffMinMs: 20, backOffMaxMs: 100, ...settings }, { clock, random });
  return {
    open,
    clock,
    seen,
    proxy,
    url,
    inject: (topic, payload, retained) => watcher.publish(topic, payload, { qos: 1, retain: retained }),
    async retained() {
      const kept = new Map<string, string>();
      const asker = await operator(broker.url);
      asker.on("message", (topic, payload, packet) => packet.retain && kept.set(topic, payload.toString()));
      await asker.subscribeAsync("t/#", { qos: 1 });
      // Whatever the broker keeps comes before what is published after the subscription.
      let marked = false;
      asker.on("message", (topic) => {
        if (topic === "t/mark") marked = true;
      });
      asker.publish("t/mark", "", { qos: 1, retain: false });
      await until(() => marked, { what: "the mark behind the kept messages" });
      await asker.endAsync(true);
      return kept;
    },
    cut: () => proxy.cut(),
    reachable(reachable) {
      proxy.refuse(!reachable);
      if (!reachable) proxy.cut();
    },
    until: (condition, what) => until(condition, { what }),
    async close() {
      await watcher.endAsync(true);
      await proxy.close();
      await broker.close();
    },
  };
}

export async function aedesBench(settings?: Partial<NodeMqttSettings>): Promise<RealBench> {
  return realBench(await startEmbeddedBroker({ port: 0 }), settings);
}

export async function mosquittoBench(settings?: Partial<NodeMqttSettings>): Promise<RealBench> {
  const { url, port, stop } = await startMosquitto();
  return realBench({ url, port, close: stop }, settings);
}
