/**
 * The example consumer, as it is shipped: a fleet publishes, two consumers share the work, one of them is killed, the database
 * loses its power, and afterwards every acknowledged event stands in the table exactly once.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FleetReport } from "../../simulator/fleet/report.ts";
import { hasMosquitto, type Mosquitto, startMosquitto } from "../support/mosquitto.ts";
import { type Postgres, postgresBinaries, startPostgres } from "../support/postgres.ts";
import { root } from "../support/repository.ts";
import { until } from "../support/until.ts";

const folder = join(root, "examples", "fleet-consumer");
const missing = [
  ...(hasMosquitto() ? [] : ["mosquitto"]),
  ...(postgresBinaries() === undefined ? ["postgresql"] : []),
].join(" ");
if (missing !== "") console.warn(`skipped: the fleet consumer's test needs ${missing}: apt-get install -y ${missing}`);

const STATIONS = 20;

describe.runIf(missing === "")("two consumers of a fleet, and PostgreSQL", () => {
  let broker: Mosquitto;
  let database: Postgres;
  const children: ChildProcess[] = [];

  function run(module: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const child = spawn(process.execPath, [module, ...args], {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    children.push(child);
    let text = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
    return { child, said: () => text };
  }

  async function startConsumer(name: string) {
    const env = { CONSUMER: name, MQTT_URL: broker.url, DATABASE_URL: database.url, LANES: "8" };
    const consumer = run(join(folder, "consume.mjs"), [], env);
    await until(() => consumer.said().includes("ready"), {
      timeoutMs: 30_000,
      what: () => `${name}: ${consumer.said()}`,
    });
    return consumer;
  }

  const count = async (condition = "true") =>
    Number((await database.query(`SELECT count(*) AS n FROM event WHERE ${condition}`))[0]?.n);
  const grown = async (by: number, condition?: string) => {
    const from = await count(condition);
    await until(async () => (await count(condition)) >= from + by, { timeoutMs: 60_000, what: `${by} more events` });
  };

  beforeAll(async () => {
    [broker, database] = await Promise.all([startMosquitto(), startPostgres()]);
    const schema = readFileSync(join(folder, "schema.sql"), "utf8");
    await database.query(schema);
    // It may be run again at any time.
    await database.query(schema);
  });

  afterAll(async () => {
    for (const child of children) child.kill("SIGKILL");
    await broker?.stop();
    await database?.stop();
  });

  test("a killed consumer and a database without power leave every event in the table exactly once", async () => {
    const first = await startConsumer("first");
    await startConsumer("second");
    const fleet = run(join(root, "bin", "yizhan.js"), [
      ...["fleet", "--broker", broker.url, "--stations", String(STATIONS), "--rate", "60000", "--minutes", "9"],
      "--json",
    ]);
    await grown(100);
    await database.kill();
    // It holds messages now that it could not write: these are what a crash could lose.
    await until(() => first.said().includes("not written"), { timeoutMs: 30_000, what: "a consumer without database" });
    const exit = once(first.child, "exit");
    first.child.kill("SIGKILL");
    await exit;
    await database.start();
    await grown(30, "consumer = 'second'");
    await startConsumer("first");
    await grown(30);
    const ended = once(fleet.child, "exit");
    fleet.child.kill("SIGINT");
    await ended;
    const { events, errors } = JSON.parse(fleet.said()) as FleetReport;
    expect({ lost: events.lost, waiting: events.waiting, errors: errors.total }).toEqual({
      lost: 0,
      waiting: 0,
      errors: 0,
    });
    const all = async () => (await count()) >= events.acknowledged;
    await until(all, { timeoutMs: 30_000, what: "the last events" });
    expect(await count()).toBe(events.acknowledged);
    expect(await database.query("SELECT * FROM event_gap")).toEqual([]);
    expect(
      await database.query("SELECT station FROM event GROUP BY station, log, stream HAVING min(seq) <> 1"),
    ).toEqual([]);
    expect(await database.query("SELECT * FROM rejected")).toEqual([]);
    const sharers = await database.query("SELECT consumer FROM event GROUP BY consumer ORDER BY consumer");
    expect(sharers.map(({ consumer }) => consumer)).toEqual(["first", "second"]);
    expect(await database.query("SELECT station FROM health")).toHaveLength(STATIONS);
    const steps = await database.query("SELECT last_step FROM swap GROUP BY last_step");
    expect(steps.length).toBeGreaterThan(0);
  });
});
