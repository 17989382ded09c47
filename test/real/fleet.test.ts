/** The command itself: its processes, its connections and its reckoning, on a real Mosquitto. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import mqtt from "mqtt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FleetReport } from "../../simulator/fleet/report.ts";
import { hasMosquitto, type Mosquitto, startMosquitto } from "../support/mosquitto.ts";
import { root } from "../support/repository.ts";
import { until } from "../support/until.ts";

const stations = Number(process.env.YIZHAN_FLEET_STATIONS ?? "100");

interface Fleet {
  readonly child: ChildProcess;
  said(): string;
}

function startFleet(url: string, ...args: string[]): Fleet {
  const command = [join(root, "bin", "yizhan.js"), "fleet", "--broker", url, "--json", ...args];
  const child = spawn(process.execPath, command, { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  return { child, said: () => text };
}

async function reportOf(fleet: Fleet): Promise<{ readonly code: number | null; readonly report: FleetReport }> {
  if (fleet.child.exitCode === null) await once(fleet.child, "exit");
  return { code: fleet.child.exitCode, report: JSON.parse(fleet.said()) as FleetReport };
}

const broken = !hasMosquitto();
if (broken) console.warn("skipped: the fleet on a real broker needs mosquitto: apt-get install -y mosquitto");

describe.runIf(!broken)("a fleet on Mosquitto", () => {
  let broker: Mosquitto;
  const fleets: Fleet[] = [];
  const startAt = (url: string, ...args: string[]) => {
    const fleet = startFleet(url, ...args);
    fleets.push(fleet);
    return fleet;
  };
  const start = (...args: string[]) => startAt(broker.url, ...args);

  beforeAll(async () => {
    broker = await startMosquitto();
  });

  afterAll(async () => {
    for (const { child } of fleets) child.kill("SIGKILL");
    await broker?.stop();
  });

  test("connects without an error, loses nothing in a storm of its own, and leaves nothing on the broker", async () => {
    const { code, report } = await reportOf(
      start("--stations", String(stations), "--processes", "2", "--until", "4s", "--rate", "20000", "--storm"),
    );
    expect(report).toMatchObject({
      stations,
      connect: { connected: stations },
      events: { lost: 0, waiting: 0, unjudged: 0 },
      reconnects: stations,
      errors: { total: 0 },
    });
    expect(report.failed).toBeUndefined();
    expect(report.events.acknowledged).toBeGreaterThan(stations);
    expect(report.outages[0]).toMatchObject({ dropped: stations });
    expect(code).toBe(0);
    const looker = await mqtt.connectAsync(broker.url);
    const left: string[] = [];
    looker.on("message", (topic, _payload, { retain }) => {
      if (retain) left.push(topic);
    });
    await looker.subscribeAsync("yizhan/#", { qos: 1 });
    // Retained messages come before the answer to anything asked later.
    await looker.subscribeAsync("nothing", { qos: 1 });
    await looker.endAsync();
    expect(left).toEqual([]);
  });

  test("carries whole stations, and Ctrl-C ends it with its report", async () => {
    const fleet = start("--stations", "2", "--full", "--minutes", "60", "--prefix", "whole");
    const looker = await mqtt.connectAsync(broker.url);
    const heard = new Set<string>();
    looker.on("message", (topic) => heard.add(topic));
    await looker.subscribeAsync("yizhan/1/+/health", { qos: 1 });
    const both = ["yizhan/1/whole-00001/health", "yizhan/1/whole-00002/health"];
    await until(() => both.every((topic) => heard.has(topic)), { timeoutMs: 60_000, what: "both stations" });
    fleet.child.kill("SIGINT");
    const { code, report } = await reportOf(fleet);
    await looker.endAsync();
    expect(report).toMatchObject({
      kind: "full",
      connect: { connected: 2 },
      events: { lost: 0 },
      errors: { total: 0 },
    });
    expect(report.whole?.violated).toBe(0);
    expect(code).toBe(0);
  });

  test("says why and fails when there is no broker", async () => {
    // Nobody listens on the port of tcpmux.
    const fleet = startAt("mqtt://127.0.0.1:1", "--stations", "2");
    const { code, report } = await reportOf(fleet);
    expect(report.failed).toContain("ECONNREFUSED");
    expect(code).toBe(1);
  });
});
