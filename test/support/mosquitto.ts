/**
 * A private Mosquitto for one test: its own configuration, a port of the system's choosing on the loopback address, and proof
 * that the process which answers there is the one that was started.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "./until.ts";

export interface Mosquitto {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Lines it logged so far. */
  log(): string;
  stop(): Promise<void>;
}

export interface MosquittoOptions {
  /** A user who must give this password. Without it everybody may connect. */
  readonly user?: { readonly name: string; readonly password: string };
  /** The port to use again, after a stop. */
  readonly port?: number;
  /** Where it keeps sessions, what waits in them and retained messages over a stop. Without it everything is forgotten. */
  readonly persistIn?: string;
}

export const SEARCH_PATH = `${process.env.PATH ?? ""}:/usr/sbin:/usr/local/sbin`;

/** Whether Mosquitto is installed here. */
export function hasMosquitto(): boolean {
  return spawnSync("mosquitto", ["-h"], { env: { ...process.env, PATH: SEARCH_PATH } }).error === undefined;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port was given");
  return address.port;
}

/** Whether process `pid` itself listens on 127.0.0.1:`port`, as the kernel tells it (proc(5), /proc/net/tcp). */
export function listensOn(pid: number, port: number): boolean {
  const wanted = `0100007F:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const inode = readFileSync("/proc/net/tcp", "utf8")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .find((fields) => fields[1] === wanted && fields[3] === "0A")?.[9];
  if (inode === undefined) return false;
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === `socket:[${inode}]`);
  } catch {
    // A descriptor vanished between the two calls; the caller looks again.
    return false;
  }
}

function configure(folder: string, port: number, { user, persistIn }: MosquittoOptions): string {
  const lines = [
    `listener ${port} 127.0.0.1`,
    // What waits for a consumer is not limited: a limit would be a loss of the broker's own.
    ...(persistIn === undefined
      ? ["persistence false", "log_type all"]
      : ["persistence true", `persistence_location ${persistIn}/`, "max_queued_messages 0", "log_type error"]),
    "log_dest stdout",
    "set_tcp_nodelay true",
    `allow_anonymous ${user === undefined}`,
  ];
  if (process.getuid?.() === 0) lines.push("user root");
  if (user !== undefined) {
    const passwords = join(folder, "passwords");
    writeFileSync(passwords, `${user.name}:${user.password}\n`, { mode: 0o600 });
    const hashed = spawnSync("mosquitto_passwd", ["-U", passwords], { env: { ...process.env, PATH: SEARCH_PATH } });
    if (hashed.status !== 0) throw new Error(`mosquitto_passwd: ${hashed.error?.message ?? hashed.stderr}`);
    lines.push(`password_file ${passwords}`);
  }
  const file = join(folder, "mosquitto.conf");
  writeFileSync(file, `${lines.join("\n")}\n`);
  return file;
}

/** Ends a process that was started here, and waits until it is gone. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGTERM");
  await exit;
}

const STARTS = 3;

/** Another process may take the port between its choice and its use; then another one is tried. */
export async function startMosquitto(options: MosquittoOptions = {}): Promise<Mosquitto> {
  for (let tried = 1; ; tried++) {
    try {
      return await startOnce(options);
    } catch (error) {
      if (options.port !== undefined || tried === STARTS) throw error;
    }
  }
}

async function startOnce(options: MosquittoOptions): Promise<Mosquitto> {
  const folder = mkdtempSync(join(tmpdir(), "yizhan-mosquitto-"));
  const port = options.port ?? (await freePort());
  const file = configure(folder, port, options);
  const child = spawn("mosquitto", ["-c", file], {
    env: { ...process.env, PATH: SEARCH_PATH },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  const take = (chunk: Buffer): void => {
    // The last lines are enough to say what went wrong.
    log = (log + chunk.toString()).slice(-20_000);
  };
  child.stdout.on("data", take);
  child.stderr.on("data", take);
  const { pid } = child;
  const stop = async (): Promise<void> => {
    await ended(child);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    if (pid === undefined) throw new Error("mosquitto did not start");
    const settled = (): boolean => child.exitCode !== null || child.signalCode !== null || listensOn(pid, port);
    await until(settled, { what: () => `mosquitto on port ${port}: ${log}` });
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`mosquitto ended at once: ${log}`);
    return { url: `mqtt://127.0.0.1:${port}`, port, pid, log: () => log, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
