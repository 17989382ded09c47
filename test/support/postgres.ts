/**
 * A private PostgreSQL for one test: a cluster of its own in a temporary directory, on a port of the system's choosing, reached
 * over loopback. It refuses to run as root, so under root it runs as the user of the Debian package, or as nobody.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { freePort } from "./mosquitto.ts";
import { until } from "./until.ts";

export interface Postgres {
  readonly url: string;
  query(text: string): Promise<Record<string, unknown>[]>;
  /** As a power cut would: nothing is flushed, every connection breaks. */
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

const PACKAGES = "/usr/lib/postgresql";

/** Directory of the programs of the newest version that is installed. */
export function postgresBinaries(): string | undefined {
  if (!existsSync(PACKAGES)) return undefined;
  const versions = readdirSync(PACKAGES).sort((one, other) => Number(other) - Number(one));
  return versions.map((version) => join(PACKAGES, version, "bin")).find((bin) => existsSync(join(bin, "initdb")));
}

/** Who may run it, for `spawn`. */
function owner(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const name = spawnSync("id", ["-u", "postgres"]).status === 0 ? "postgres" : "nobody";
  const id = (which: string) => Number(spawnSync("id", [which, name], { encoding: "utf8" }).stdout);
  return { uid: id("-u"), gid: id("-g") };
}

class PrivatePostgres implements Postgres {
  readonly url: string;
  private readonly bin: string;
  private readonly folder: string;
  private readonly port: number;
  private readonly who = owner();
  private server: ChildProcess | undefined;
  private log = "";

  constructor(bin: string, port: number) {
    this.bin = bin;
    this.port = port;
    this.url = `postgres://tester@127.0.0.1:${port}/postgres`;
    this.folder = mkdtempSync(join(tmpdir(), "yizhan-postgres-"));
    const { uid, gid } = this.who;
    if (uid !== undefined && gid !== undefined) chownSync(this.folder, uid, gid);
    const args = ["-D", join(this.folder, "data"), "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-sync"];
    const made = spawnSync(join(bin, "initdb"), args, { ...this.who, cwd: this.folder, encoding: "utf8" });
    if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`);
  }

  async query(text: string): Promise<Record<string, unknown>[]> {
    const client = new pg.Client(this.url);
    client.on("error", () => undefined);
    await client.connect();
    try {
      return (await client.query(text)).rows as Record<string, unknown>[];
    } finally {
      await client.end();
    }
  }

  async start(): Promise<void> {
    const args = ["-D", join(this.folder, "data"), "-p", String(this.port), "-k", this.folder];
    const settings = ["-c", "listen_addresses=127.0.0.1"];
    const stdio = ["ignore", "pipe", "pipe"] as const;
    const server = spawn(join(this.bin, "postgres"), [...args, ...settings], {
      ...this.who,
      cwd: this.folder,
      stdio: [...stdio],
    });
    this.server = server;
    for (const stream of [server.stdout, server.stderr])
      stream?.on("data", (chunk: Buffer) => {
        this.log = (this.log + chunk.toString()).slice(-5_000);
      });
    // Its own directory proves that it is the one that was started.
    const mine = async () => (await this.query("SHOW data_directory"))[0]?.data_directory === join(this.folder, "data");
    const answers = () =>
      mine().catch((error: unknown) => {
        if (server.exitCode !== null) throw new Error(`postgres ended at once: ${this.log}${String(error)}`);
        return false;
      });
    await until(answers, { timeoutMs: 30_000, what: () => `postgres on port ${this.port}: ${this.log}` });
  }

  async kill(): Promise<void> {
    await this.end("SIGQUIT");
  }

  async stop(): Promise<void> {
    await this.end("SIGINT");
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async end(signal: "SIGQUIT" | "SIGINT"): Promise<void> {
    const { server } = this;
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const exit = once(server, "exit");
    server.kill(signal);
    await exit;
  }
}

export async function startPostgres(): Promise<Postgres> {
  const bin = postgresBinaries();
  if (bin === undefined) throw new Error("PostgreSQL is not installed");
  const postgres = new PrivatePostgres(bin, await freePort());
  await postgres.start();
  return postgres;
}
