/**
 * `yizhan simulate`: a living station without hardware. At a speed of the clock on the wall it shows what happens and serves a
 * real MQTT broker on this computer; at full speed it runs silently to its end and reports.
 */
import { fileURLToPath } from "node:url";
import { type LoadedConfig, loadConfig } from "../../firmware/config/load.ts";
import type { HttpSurface } from "../../firmware/http/surface.ts";
import { nodeClock } from "../../firmware/platform/node-clock.ts";
import { nodeMqtt } from "../../firmware/platform/node-mqtt.ts";
import { nodeRandom } from "../../firmware/platform/node-random.ts";
import type { Clock } from "../../hal/ports/clock.ts";
import { type EmbeddedBroker, startEmbeddedBroker } from "../embedded-broker.ts";
import { faultNamed } from "../faults/catalogue.ts";
import { FaultDirector } from "../faults/director.ts";
import { count, makeReport, newTally, reportPage, type Tally } from "../report.ts";
import { createSimulation, type Simulation } from "../simulation.ts";
import { plannedFault } from "../soak/planned.ts";
import { readSimulateOptions, type SimulateOptions, simulateUsage } from "./options.ts";
import { pace, sayGoodbye } from "./pacing.ts";
import { createTicker } from "./ticker.ts";

export interface CommandIo {
  out(text: string): void;
  err(text: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Bundled with the package: seen from dist/simulator/cli/. */
const bundled = (name: string): string => fileURLToPath(new URL(`../../../examples/${name}`, import.meta.url));

/** Virtual time run between two looks at the wall clock at full speed. */
const chunkMs = 600_000;

export async function simulateCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const read = readSimulateOptions(args, io.env);
  if ("help" in read) {
    io.out(simulateUsage);
    return 0;
  }
  if ("problem" in read) {
    io.err(`E_USAGE ${read.problem}\n\n${simulateUsage}`);
    return 2;
  }
  const { options } = read;
  const path = options.config ?? bundled(bundledName(options));
  const loaded = loadConfig(path);
  if (!loaded.ok) {
    for (const { file, line, column, path: where, message } of loaded.problems) {
      io.err(`${file}:${line}:${column} ${where} ${message[options.language]}`);
    }
    return 78;
  }
  const run = options.speed === undefined ? runAtFullSpeed : runPaced;
  return run(options.homeAssistant ? announced(loaded.config, options.language) : loaded.config, options, io);
}

/** The same configuration with Home Assistant's discovery on. */
function announced(config: LoadedConfig, language: SimulateOptions["language"]): LoadedConfig {
  const homeassistant = { ...config.file.homeassistant, enabled: true, language };
  return { ...config, file: { ...config.file, homeassistant } };
}

/** Scenarios are about people in a room, so their station has one. */
const bundledName = ({ scenario }: SimulateOptions): string =>
  scenario === undefined ? "reference-station.yaml" : "room-station.yaml";

const configName = (options: SimulateOptions): string => options.config ?? `examples/${bundledName(options)}`;

function worldOptions(options: SimulateOptions) {
  const { arrivalsPerDay, outdoorC, scenario } = options;
  return { ...scenario?.world, arrivalsPerDay, ...(outdoorC === undefined ? {} : { weather: { fixedC: outdoorC } }) };
}

function tell(
  simulation: Simulation,
  tally: Tally,
  run: { options: SimulateOptions; clock: Clock; startedMs: number; io: CommandIo },
): number {
  const { options, startedMs, io } = run;
  simulation.invariants.finish();
  const wallSeconds = (run.clock.monotonicMs() - startedMs) / 1_000;
  const report = makeReport(simulation, { seed: options.seed, configPath: configName(options), wallSeconds, tally });
  io.out(options.json ? JSON.stringify(report) : reportPage(report, options.language));
  return report.invariants.violated.length === 0 ? 0 : 1;
}

async function runAtFullSpeed(config: LoadedConfig, options: SimulateOptions, io: CommandIo): Promise<number> {
  const tally = newTally();
  const { seed, fromMs } = options;
  const clock = nodeClock();
  const startedMs = clock.monotonicMs();
  const simulation = createSimulation({
    config,
    seed,
    fromMs,
    world: worldOptions(options),
    cutsPerDay: options.scenario?.cutsPerDay,
    onRecord: (record) => count(tally, record),
  });
  letBreak(simulation, options, () => undefined);
  const untilMs = options.untilMs ?? 0;
  const shows = process.stderr.isTTY === true && !options.headless;
  while (simulation.clock.nowMs < untilMs) {
    simulation.clock.runUntil(Math.min(untilMs, simulation.clock.nowMs + chunkMs));
    if (shows)
      process.stderr.write(`\r${((simulation.clock.nowMs / untilMs) * 100).toFixed(1)} %  ${tally.completed} swaps `);
    // Signals and the terminal get their turn.
    await new Promise<void>((next) => clock.after(0, next));
  }
  if (shows) process.stderr.write("\r\u001b[K");
  return tell(simulation, tally, { options, clock, startedMs, io });
}

function greet(
  config: LoadedConfig,
  options: SimulateOptions,
  open: { readonly broker: EmbeddedBroker | undefined; readonly http: HttpSurface | undefined },
  io: CommandIo,
): void {
  const { broker, http } = open;
  const { id, name } = config.file.station;
  const zh = options.language === "zh";
  const bays = config.file.cabinets.reduce((sum, cabinet) => sum + cabinet.bays.length, 0);
  io.out(
    [
      `yizhan 驿站  ${name[options.language]} (${id}): ${config.file.cabinets.length} × 换电柜/cabinets, ${bays} 仓/bays, × ${options.speed}, seed ${options.seed}`,
      ...(broker === undefined ? [] : [`  MQTT   ${broker.url}   (${zh ? "订阅" : "topics"} yizhan/1/${id}/#)`]),
      ...(broker === undefined
        ? []
        : [
            `  ${zh ? "另开一个终端" : "in another terminal"}:  npx mqtt subscribe -h 127.0.0.1 -p ${broker.port} -v -t 'yizhan/1/${id}/#'`,
          ]),
      ...(http === undefined ? [] : [`  HTTP   ${http.url}/metrics   ${http.url}/healthz`]),
      `  ${zh ? "按 Ctrl-C 停止并查看报告" : "Ctrl-C stops and prints a service report"}`,
      "",
    ].join("\n"),
  );
}

/** Until Ctrl-C, or the end. */
async function runUntilStopped(simulation: Simulation, options: SimulateOptions, clock: Clock): Promise<void> {
  let stopped = false;
  const stop = (): void => {
    if (stopped) process.exit(130); // The second Ctrl-C does not wait.
    stopped = true;
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  const { speed = 1, untilMs = Number.POSITIVE_INFINITY } = options;
  await pace(simulation, { clock, speed, untilMs, isStopped: () => stopped });
  process.off("SIGINT", stop);
  process.off("SIGTERM", stop);
}

/** So far ahead faults are drawn where no end is said. */
const faultsAheadMs = 30 * 86_400_000;

/** What `--faults` asks for, each strike told in the words of the catalogue. */
function letBreak(
  simulation: Simulation,
  { seed, faults, untilMs, language }: SimulateOptions,
  say: (text: string) => void,
) {
  if (faults === undefined) return;
  const steps = faults(untilMs ?? faultsAheadMs);
  const director = new FaultDirector(
    simulation,
    simulation.config,
    steps.map((step) => plannedFault(seed, step)),
  );
  director.onLanded = ({ planned, where }) =>
    say(`    ⚡ ${faultNamed(planned.fault)?.says[language] ?? planned.fault} (${where})`);
}

async function homeAssistant() {
  const { discover } = await import("../../firmware/home-assistant/discovery.ts");
  return { discover };
}

/** The simulated station's own pages, on this computer only. */
async function openHttp({ station, clock }: Simulation, port: number): Promise<HttpSurface> {
  const { openHttpSurface } = await import("../../firmware/http/surface.ts");
  const identity = { version: "0.1.0", commit: "simulated" };
  return openHttpSurface({ station, clock, identity, listen: { host: "127.0.0.1", port, tries: 50 } });
}

async function runPaced(config: LoadedConfig, options: SimulateOptions, io: CommandIo): Promise<number> {
  const tally = newTally();
  const quiet = options.json || options.headless;
  const broker = options.headless ? undefined : await startEmbeddedBroker({ port: options.mqttPort });
  const realClock = nodeClock();
  const startedMs = realClock.monotonicMs();
  let wallMs = () => options.fromMs;
  const ticker = createTicker({
    language: options.language,
    timeZone: config.file.station.timeZone,
    colour: process.stdout.isTTY === true && io.env.NO_COLOR === undefined,
    out: (text) => io.out(text),
    wallMs: () => wallMs(),
  });
  let http: HttpSurface | undefined;
  const simulation = createSimulation({
    config,
    seed: options.seed,
    fromMs: options.fromMs,
    world: worldOptions(options),
    cutsPerDay: options.scenario?.cutsPerDay,
    ...(config.file.homeassistant.enabled ? await homeAssistant() : {}),
    ...(broker === undefined
      ? {}
      : { desk: broker, openBroker: () => nodeMqtt({ url: broker.url }, { clock: realClock, random: nodeRandom() }) }),
    onRecord: (record) => {
      count(tally, record);
      http?.recorded(record);
      if (!quiet) ticker(record);
    },
  });
  wallMs = () => simulation.clock.wallMs();
  letBreak(simulation, options, quiet ? () => undefined : (text) => io.out(text));
  http = options.headless ? undefined : await openHttp(simulation, options.httpPort);
  if (!quiet) greet(config, options, { broker, http }, io);
  await runUntilStopped(simulation, options, realClock);
  await sayGoodbye(simulation, realClock);
  await http?.close();
  await broker?.close();
  return tell(simulation, tally, { options, clock: realClock, startedMs, io });
}
