/**
 * A private RabbitMQ with its MQTT plugin: a node name, directories and ports of its own, on the loopback address only. It keeps
 * nothing of the system's RabbitMQ, whether that runs or not, and its port mapper ends with it.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ended, freePort, listensOn } from "./mosquitto.ts";
import { until } from "./until.ts";

/** The server itself; what stands in /usr/sbin would change to another user. */
const SERVER = "/usr/lib/rabbitmq/bin/rabbitmq-server";

export const hasRabbitmq = (): boolean => existsSync(SERVER);

export interface Rabbitmq {
  readonly port: number;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

function environment(folder: string, ports: { readonly mapper: number; readonly cluster: number }): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: folder,
    LANG: "C.UTF-8",
    ERL_EPMD_PORT: `${ports.mapper}`,
    ERL_EPMD_ADDRESS: "127.0.0.1",
    RABBITMQ_NODENAME: `yizhan-${process.pid}@localhost`,
    RABBITMQ_DIST_PORT: `${ports.cluster}`,
    RABBITMQ_MNESIA_BASE: join(folder, "data"),
    RABBITMQ_LOG_BASE: join(folder, "log"),
    RABBITMQ_LOGS: "-",
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, "enabled_plugins"),
    RABBITMQ_CONFIG_FILE: join(folder, "rabbitmq.conf"),
    RABBITMQ_CONF_ENV_FILE: join(folder, "none"),
    // The server in the process that is started, instead of a shell that waits for it.
    RABBITMQ_ALLOW_INPUT: "true",
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: "-noinput -kernel inet_dist_use_interface {127,0,0,1}",
  };
}

export async function startRabbitmq(): Promise<Rabbitmq> {
  const folder = mkdtempSync(join(tmpdir(), "yizhan-rabbitmq-"));
  const port = await freePort();
  const env = environment(folder, { mapper: await freePort(), cluster: await freePort() });
  const lines = [
    "listeners.tcp = none",
    `mqtt.listeners.tcp.1 = 127.0.0.1:${port}`,
    "mqtt.allow_anonymous = true",
    "log.console = true",
    "log.console.level = error",
  ];
  writeFileSync(join(folder, "rabbitmq.conf"), `${lines.join("\n")}\n`);
  writeFileSync(join(folder, "enabled_plugins"), "[rabbitmq_mqtt].\n");
  let child: ChildProcess | undefined;
  let said = "";
  const start = async (): Promise<void> => {
    const started = spawn(SERVER, { env, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [started.stdout, started.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        said = (said + chunk.toString()).slice(-20_000);
      });
    }
    child = started;
    const isUp = (): boolean => started.exitCode !== null || listensOn(started.pid ?? 0, port);
    await until(isUp, { timeoutMs: 120_000, what: () => `RabbitMQ: ${said}` });
    if (started.exitCode !== null) throw new Error(`RabbitMQ ended at once: ${said}`);
  };
  const stop = async (): Promise<void> => {
    if (child !== undefined) await ended(child);
    spawnSync("epmd", ["-kill"], { env });
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    port,
    async restart() {
      if (child !== undefined) await ended(child);
      await start();
    },
    stop,
  };
}
