/**
 * The brokers of `examples/brokers`, started from those very files: only ports, certificates, directories and the names of the
 * stations are put in place of the ones that stand there.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Authority } from "./certificates.ts";
import { ended, freePort, hasMosquitto, listensOn, SEARCH_PATH } from "./mosquitto.ts";
import { until } from "./until.ts";

export interface SecuredBroker {
  readonly stationUrl: string;
  readonly operatorUrl: string;
  log(): string;
  stop(): Promise<void>;
}

export interface SecuredBrokerKind {
  readonly name: string;
  /** Debian package that is missing, or undefined. */
  missing(): string | undefined;
  /** Whether a client id is bound to its owner. */
  readonly bindsClientIds: boolean;
  /** `validFromMs`: when the broker's certificate comes of age; an hour ago when left out. */
  start(authority: Authority, stations: readonly [string, string], validFromMs?: number): Promise<SecuredBroker>;
}

const example = (name: string): string => readFileSync(join("examples", "brokers", name), "utf8");
const env = { ...process.env, PATH: SEARCH_PATH };

interface Started {
  readonly child: ChildProcess;
  log(): string;
}

async function run(command: string, args: readonly string[], ports: readonly number[]): Promise<Started> {
  const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  const take = (chunk: Buffer): void => {
    log = (log + chunk.toString()).slice(-20_000);
  };
  child.stdout.on("data", take);
  child.stderr.on("data", take);
  const { pid } = child;
  const gone = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const ready = (): boolean => gone() || (pid !== undefined && ports.every((port) => listensOn(pid, port)));
  await until(ready, { timeoutMs: 20_000, what: () => `${command} on ${ports.join(", ")}: ${log}` });
  if (gone()) throw new Error(`${command} ended at once: ${log}`);
  return { child, log: () => log };
}

interface Place {
  readonly folder: string;
  readonly put: (text: string) => string;
}

/** A folder with the broker's certificate, and the texts of the examples with their paths turned to it. */
function place(authority: Authority, certificates: string, fromMs: number | undefined): Place {
  const folder = mkdtempSync(join(tmpdir(), "yizhan-secured-"));
  const { certFile, keyFile } = authority.issue({
    commonName: "broker",
    subjectAltName: "DNS:localhost,IP:127.0.0.1",
    ...(fromMs === undefined ? {} : { fromMs }),
  });
  const files = { "ca.crt": authority.caFile, "broker.crt": certFile, "broker.key": keyFile };
  return {
    folder,
    put: (text) => {
      let out = text;
      for (const [name, file] of Object.entries(files)) out = out.replaceAll(`${certificates}/${name}`, file);
      return out;
    },
  };
}

const mosquitto: SecuredBrokerKind = {
  name: "Mosquitto",
  bindsClientIds: true,
  missing: () => (hasMosquitto() ? undefined : "mosquitto"),
  async start(authority, _stations, validFromMs) {
    const { folder, put } = place(authority, "/etc/mosquitto/certs", validFromMs);
    const ports = [await freePort(), await freePort()] as const;
    writeFileSync(join(folder, "yizhan.acl"), example("mosquitto.acl"), { mode: 0o600 });
    const text = put(example("mosquitto.conf"))
      .replace("listener 8883", `listener ${ports[0]} 127.0.0.1`)
      .replace("listener 8884", `listener ${ports[1]} 127.0.0.1`)
      .replace("/etc/mosquitto/yizhan.acl", join(folder, "yizhan.acl"))
      .replace("/var/lib/mosquitto/", `${folder}/`);
    const root = process.getuid?.() === 0 ? "user root\n" : "";
    writeFileSync(join(folder, "mosquitto.conf"), `${root}log_dest stdout\nlog_type all\n${text}`);
    const { child, log } = await run("mosquitto", ["-c", join(folder, "mosquitto.conf")], ports);
    return {
      stationUrl: `mqtts://127.0.0.1:${ports[0]}`,
      operatorUrl: `mqtts://127.0.0.1:${ports[1]}`,
      log,
      async stop() {
        await ended(child);
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
};

const nats: SecuredBrokerKind = {
  name: "NATS",
  bindsClientIds: false,
  missing: () => (spawnSync("nats-server", ["--version"], { env }).status === 0 ? undefined : "nats-server"),
  async start(authority, stations, validFromMs) {
    const { folder, put } = place(authority, "/etc/nats/certs", validFromMs);
    const ports = [await freePort(), await freePort()] as const;
    mkdirSync(join(folder, "store"));
    const text = put(example("nats.conf"))
      .replace('host: "0.0.0.0"', 'host: "127.0.0.1"')
      .replace("port: 8883", `port: ${ports[0]}`)
      .replace("port: 4222", `port: ${ports[1]}`)
      .replace("/var/lib/nats", join(folder, "store"))
      .replaceAll("liaoyuan-1", stations[0])
      .replaceAll("liaoyuan-2", stations[1]);
    writeFileSync(join(folder, "nats.conf"), text);
    const { child, log } = await run("nats-server", ["-c", join(folder, "nats.conf")], ports);
    const url = `mqtts://127.0.0.1:${ports[0]}`;
    return {
      stationUrl: url,
      operatorUrl: url,
      log,
      async stop() {
        await ended(child);
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
};

export const securedBrokers: readonly SecuredBrokerKind[] = [mosquitto, nats];
