/**
 * `yizhan fleet`: many stations on a real broker, spread over a few processes, and a report of how they fared. It counts with an
 * observer of its own what the broker acknowledged and did not deliver, and says so with its exit code.
 */
import { type ChildProcess, fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadConfig } from "../../firmware/config/load.ts";
import { nodeClock } from "../../firmware/platform/node-clock.ts";
import { type Coordinator, type FleetCourse, type FleetProgress, leadFleet } from "../fleet/coordinator.ts";
import type { FleetJob, FleetMessage } from "../fleet/messages.ts";
import { fleetFailed, fleetReport } from "../fleet/report.ts";
import { fleetPage } from "../fleet/report-page.ts";
import { type FleetOptions, fleetUsage, readFleetOptions } from "./fleet-options.ts";
import type { FleetStart } from "./fleet-part.ts";
import type { CommandIo } from "./run-parts.ts";

/** Bundled with the package: seen from dist/simulator/cli/. */
const referenceConfig = fileURLToPath(new URL("../../../examples/reference-station.yaml", import.meta.url));
const processModule = fileURLToPath(new URL("./fleet-process.js", import.meta.url));

/** Memory a station is then nearer to what stations hold than to what the collector leaves lying about while it has time. */
const workerFlags = ["--max-semi-space-size=1", "--optimize-for-size"];

/** Files a process needs beside its connections. */
const OTHER_FILES = 64;

/** How many files a process may open; undefined where the system does not say. */
function filesMax(): number | undefined {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8")) ?? [];
    return soft === undefined ? undefined : Number(soft);
  } catch {
    return undefined;
  }
}

export function filesProblem({ stations, processes }: FleetOptions, allowed = filesMax()): string | undefined {
  const needed = Math.ceil(stations / processes) + OTHER_FILES;
  if (allowed === undefined || needed <= allowed) return undefined;
  const wanted = Math.max(65_536, 2 ** Math.ceil(Math.log2(needed)));
  const more = Math.ceil(stations / Math.max(1, allowed - OTHER_FILES));
  return `E_FILES a process would open ${needed} files and may open ${allowed}: run \`ulimit -n ${wanted}\` first, or take --processes ${more}; the broker needs a file for every station, too`;
}

function jobs(options: FleetOptions, run: string): FleetJob[] {
  const { stations, processes, kind, prefix, swapsPerDay, jitterMs, wildcard } = options;
  const seed = options.seed ?? run;
  return Array.from({ length: processes }, (_unused, at) => {
    const first = Math.floor((at * stations) / processes);
    const next = Math.floor(((at + 1) * stations) / processes);
    return { kind, prefix, first: first + 1, count: next - first, seed, run, swapsPerDay, jitterMs, wildcard };
  });
}

const phases = {
  preparing: { zh: "准备", en: "preparing" },
  connecting: { zh: "连接", en: "connecting" },
  telling: { zh: "上报状态", en: "telling their state" },
  steady: { zh: "平稳", en: "steady" },
  storm: { zh: "断线重连", en: "reconnecting" },
  finishing: { zh: "收尾", en: "finishing" },
  leaving: { zh: "离线", en: "leaving" },
} as const;

function progressLine(options: FleetOptions, { phase, connected, inFlight }: FleetProgress): string {
  const { language, stations } = options;
  return `\r\u001b[K${phases[phase][language]}  ${connected.toLocaleString("en")}/${stations.toLocaleString("en")}  (${inFlight.toLocaleString("en")})`;
}

/** Settles when the fleet has left, with its course. */
function play(options: FleetOptions, run: string, show: (now: FleetProgress) => void): Promise<FleetCourse> {
  const clock = nodeClock();
  const configPath = options.config ?? referenceConfig;
  return new Promise((done) => {
    const children: ChildProcess[] = [];
    let coordinator: Coordinator | undefined;
    const stop = (() => {
      let asked = 0;
      return () => {
        // The second Ctrl-C does not wait.
        if (++asked === 2) process.exit(130);
        coordinator?.stop();
      };
    })();
    for (const [at, job] of jobs(options, run).entries()) {
      const child = fork(processModule, { execArgv: workerFlags, stdio: ["ignore", "ignore", "inherit", "ipc"] });
      child.on("message", (message: FleetMessage) => coordinator?.received(at, message));
      child.once("exit", () => coordinator?.ended(at));
      child.send({ job, broker: options.broker, configPath } satisfies FleetStart);
      children.push(child);
    }
    process.on("SIGINT", stop);
    process.on("SIGTERM", stop);
    coordinator = leadFleet({
      clock,
      stations: options.stations,
      workers: children.map((child) => ({ send: (order) => child.connected && child.send(order) })),
      steadyMs: options.steadyMs,
      storm: options.storm,
      clean: !options.keep,
      progress: show,
      done(course) {
        process.off("SIGINT", stop);
        process.off("SIGTERM", stop);
        for (const child of children) child.disconnect();
        done(course);
      },
    });
  });
}

export async function fleetCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const read = readFleetOptions(args, io.env);
  if ("help" in read) {
    io.out(fleetUsage);
    return 0;
  }
  if ("problem" in read) {
    io.err(`E_USAGE ${read.problem}\n\n${fleetUsage}`);
    return 2;
  }
  const { options } = read;
  const configPath = options.config ?? referenceConfig;
  const loaded = loadConfig(configPath);
  if (!loaded.ok) {
    io.err(`E_CONFIG run \`yizhan check ${configPath}\``);
    return 78;
  }
  const files = filesProblem(options);
  if (files !== undefined) {
    io.err(files);
    return 1;
  }
  // Another one at every start, so that no two runs give two events the same id.
  const run = nodeClock().wallMs().toString(36);
  const shows = process.stderr.isTTY === true && !options.json;
  const course = await play(options, run, (now) => {
    if (shows) process.stderr.write(progressLine(options, now));
  });
  if (shows) process.stderr.write("\r\u001b[K");
  const { kind, stations, processes, broker } = options;
  const seed = options.seed ?? run;
  const report = fleetReport(course, { kind, stations, processes, broker: broker.url, seed });
  io.out(options.json ? JSON.stringify(report) : fleetPage(report, options.language));
  return fleetFailed(report) ? 1 : 0;
}
