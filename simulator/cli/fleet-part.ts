/** A part of a fleet in a process of its own: the worker with real time, real connections and the real process around it. */
import { subscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import { loadConfig } from "../../firmware/config/load.ts";
import { nodeClock } from "../../firmware/platform/node-clock.ts";
import { nodeMqtt } from "../../firmware/platform/node-mqtt.ts";
import { nodeRandom } from "../../firmware/platform/node-random.ts";
import type { FleetJob, FleetMessage, FleetOrder } from "../fleet/messages.ts";
import { FleetWorker } from "../fleet/worker.ts";
import type { FleetOptions } from "./fleet-options.ts";

export interface FleetStart {
  readonly job: FleetJob;
  readonly broker: FleetOptions["broker"];
  readonly configPath: string;
}

/** Plain TCP sockets made while `gather` was set, as long as they live. Node tells of them on a channel; TLS ones it does not. */
function socketsMade() {
  const sockets = new Set<Socket>();
  const state = { gather: false };
  subscribe("net.client.socket", (message) => {
    const { socket } = message as { socket: Socket };
    if (!state.gather) return;
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  return { sockets, state };
}

function say(message: FleetMessage): void {
  process.send?.(message, (error: Error | null) => {
    // Nobody listens any more: whoever led the fleet is gone.
    if (error !== null) process.exit(1);
  });
}

/** Opens the observer and returns how to give orders. */
export function playFleetPart(start: FleetStart, bareMb: number): (order: FleetOrder) => void {
  const loaded = loadConfig(start.configPath);
  if (!loaded.ok) throw new Error(`run \`yizhan check ${start.configPath}\``);
  const clock = nodeClock();
  const random = nodeRandom();
  const { sockets, state } = socketsMade();
  const worker = new FleetWorker({
    clock,
    config: loaded.config,
    job: start.job,
    openBroker: (note) => nodeMqtt(start.broker, { clock, random, note }),
    dropConnections() {
      for (const socket of sockets) socket.destroy();
    },
    memory: () => ({
      bareMb,
      rssMb: process.memoryUsage.rss() / 1_048_576,
      peakMb: process.resourceUsage().maxRSS / 1_024,
    }),
    cpuSeconds() {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    },
    send: say,
  });
  worker.prepare();
  return (order) => {
    // The observer's connection is older than this and stays.
    if (order.do === "go") state.gather = true;
    worker.obey(order);
  };
}
