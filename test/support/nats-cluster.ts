/**
 * Three private NATS servers with JetStream that speak MQTT, as one cluster on loopback ports of the system's choosing. One of them can
 * be killed and started again; sessions and undelivered messages live on the others.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ended, freePort, listensOn, SEARCH_PATH } from "./mosquitto.ts";
import { until } from "./until.ts";

const NODES = 3;
const env = { ...process.env, PATH: SEARCH_PATH };

export const hasNats = (): boolean => spawnSync("nats-server", ["--version"], { env }).error === undefined;

interface Node {
  readonly file: string;
  readonly mqttPort: number;
  child: ChildProcess | undefined;
}

export interface NatsCluster {
  /** MQTT ports of the nodes that run. */
  ports(): number[];
  /** Ends one node as a power cut would. */
  kill(port: number): Promise<void>;
  /** Ends all nodes properly and starts them again. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

async function configure(folder: string): Promise<Node[]> {
  const ports = await Promise.all(
    Array.from({ length: NODES }, async () => [await freePort(), await freePort()] as const),
  );
  const routes = ports.map(([, clusterPort]) => `nats://127.0.0.1:${clusterPort}`).join(", ");
  return ports.map(([mqttPort, clusterPort], index) => {
    const name = `node-${index + 1}`;
    const file = join(folder, `${name}.conf`);
    const lines = [
      `server_name: ${name}`,
      // No port for NATS's own clients: only MQTT is used.
      "listen: 127.0.0.1:-1",
      `jetstream { store_dir: "${join(folder, name)}", max_mem: 64MB, max_file: 1GB }`,
      `mqtt { listen: 127.0.0.1:${mqttPort}, ack_wait: "5s", max_ack_pending: 1000 }`,
      `cluster { name: yizhan, listen: 127.0.0.1:${clusterPort}, routes: [${routes}], no_advertise: true }`,
    ];
    writeFileSync(file, `${lines.join("\n")}\n`);
    return { file, mqttPort, child: undefined };
  });
}

/** Whether the cluster has a leader that keeps sessions: only then is a CONNECT answered. */
function answersConnect(port: number): Promise<boolean> {
  // MQTT 3.1.1, 3.1: protocol MQTT level 4, clean session, keep-alive 10 s, client id `probe`.
  const hello = Buffer.from("101100044d5154540402000a000570726f6265", "hex");
  return new Promise((settle) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(hello));
    const done = (answered: boolean): void => {
      socket.destroy();
      settle(answered);
    };
    socket.once("data", (bytes) => done(bytes[0] === 0x20 && bytes[3] === 0));
    socket.once("error", () => done(false));
    socket.once("close", () => done(false));
    socket.setTimeout(2_000, () => done(false));
  });
}

export async function startNatsCluster(): Promise<NatsCluster> {
  const folder = mkdtempSync(join(tmpdir(), "yizhan-nats-"));
  const nodes = await configure(folder);
  let said = "";
  const start = (node: Node): void => {
    const child = spawn("nats-server", ["-c", node.file], { env, stdio: ["ignore", "ignore", "pipe"] });
    child.stderr.on("data", (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-20_000);
    });
    node.child = child;
  };
  const settled = async (): Promise<void> => {
    const listening = (): boolean => nodes.every(({ child, mqttPort }) => listensOn(child?.pid ?? 0, mqttPort));
    await until(listening, { timeoutMs: 30_000, what: () => `three NATS servers: ${said}` });
    for (const { mqttPort } of nodes)
      await until(() => answersConnect(mqttPort), {
        timeoutMs: 60_000,
        what: () => `a NATS cluster with a leader: ${said}`,
      });
  };
  const endAll = async (): Promise<void> => {
    await Promise.all(nodes.map(({ child }) => (child === undefined ? undefined : ended(child))));
  };
  const stop = async (): Promise<void> => {
    await endAll();
    rmSync(folder, { recursive: true, force: true });
  };
  const run = async (): Promise<void> => {
    for (const node of nodes) start(node);
    await settled();
  };
  try {
    await run();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    ports: () => nodes.flatMap(({ child, mqttPort }) => (child === undefined ? [] : [mqttPort])),
    async kill(port) {
      const node = nodes.find(({ mqttPort }) => mqttPort === port);
      if (node?.child === undefined) throw new Error(`no node at port ${port}`);
      const { child } = node;
      node.child = undefined;
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await gone;
    },
    async restart() {
      await endAll();
      await run();
    },
    stop,
  };
}
