/**
 * `yizhan simulate`: a living station without hardware. At a speed of the clock on the wall it shows what happens and serves a
 * real MQTT broker on this computer; at full speed it runs silently to its end and reports.
 */
import { fileURLToPath } from "node:url";
import { type LoadedConfig, loadConfig } from "../../firmware/config/load.ts";
import { nodeClock } from "../../firmware/platform/node-clock.ts";
import { count, newTally } from "../report.ts";
import { createSimulation } from "../simulation.ts";
import { readSimulateOptions, type SimulateOptions, simulateUsage } from "./options.ts";
import { runPaced } from "./paced.ts";
import { bundledName, type CommandIo, letBreak, tell, worldOptions } from "./run-parts.ts";

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
