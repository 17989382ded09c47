/**
 * `yizhan soak`: a swarm. It hands seeds to processes, tells what each came to and how to see a failure again, and adds everything
 * up. It runs no station itself but to shrink a failure or to play a scenario file.
 */
import { type ChildProcess, fork } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { faults } from "../faults/catalogue.ts";
import { drawScenario } from "../soak/draw.ts";
import { type SoakReport, SoakTally, soakPage } from "../soak/report.ts";
import { runScenario, type SoakResult } from "../soak/run.ts";
import type { Scenario } from "../soak/scenario.ts";
import { readScenario, writeScenario } from "../soak/scenario-file.ts";
import { shrink } from "../soak/shrink.ts";
import type { SeedDone, SoakOrder } from "../soak/work.ts";
import type { CommandIo } from "./run-parts.ts";
import { readSoakOptions, replayCommand, type SoakOptions, soakUsage } from "./soak-options.ts";

const workerFile = fileURLToPath(new URL("./soak-worker.js", import.meta.url));
const shrinkRunsMax = 400;

export async function soakCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const read = readSoakOptions(args, availableParallelism());
  if ("help" in read) {
    io.out(soakUsage);
    return 0;
  }
  if ("problem" in read) {
    io.err(`E_USAGE ${read.problem}\n\n${soakUsage}`);
    return 2;
  }
  if ("list" in read) {
    for (const { id, name, says } of faults) io.out(`${id.padEnd(4)} ${name.padEnd(34)} ${says.en}  ${says.zh}`);
    return 0;
  }
  const { options } = read;
  return options.scenario === undefined ? runSwarm(options, io) : playScenario(options.scenario, options, io);
}

interface Swarm {
  readonly options: SoakOptions;
  readonly io: CommandIo;
  readonly tally: SoakTally;
  readonly digests: Map<string, string>;
  readonly differing: string[];
  stopped: boolean;
}

async function runSwarm(options: SoakOptions, io: CommandIo): Promise<number> {
  const tally = new SoakTally((seed) => replayCommand(seed, options.draw));
  const swarm: Swarm = { options, io, tally, digests: new Map(), differing: [], stopped: false };
  const stop = (): void => {
    if (swarm.stopped) process.exit(130);
    swarm.stopped = true;
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  const waiting = options.twice ? options.seeds.flatMap((seed) => [seed, seed]) : [...options.seeds];
  const workers = Math.min(options.workers, waiting.length);
  await Promise.all(Array.from({ length: workers }, () => work(waiting, swarm)));
  process.off("SIGINT", stop);
  process.off("SIGTERM", stop);
  return tell(swarm);
}

/** One process after the other takes what is next; one that dies is a failure of its seed and is replaced. */
async function work(waiting: string[], swarm: Swarm): Promise<void> {
  let child: ChildProcess | undefined;
  for (let seed = waiting.shift(); seed !== undefined && !swarm.stopped; seed = waiting.shift()) {
    child ??= fork(workerFile, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    const done = await oneSeed(child, { seed, draw: swarm.options.draw });
    if (done === undefined) {
      swarm.io.err(`E_SOAK the process of seed ${seed} died; again: ${replayCommand(seed, swarm.options.draw)}`);
      swarm.differing.push(seed);
      child = undefined;
    } else take(done, swarm);
  }
  child?.disconnect();
}

function oneSeed(child: ChildProcess, order: SoakOrder): Promise<SeedDone | undefined> {
  return new Promise((resolve) => {
    const gone = (): void => resolve(undefined);
    child.once("exit", gone);
    child.once("message", (done: SeedDone) => {
      child.off("exit", gone);
      resolve(done);
    });
    child.send(order);
  });
}

function take(done: SeedDone, swarm: Swarm): void {
  const { options, io, tally, digests } = swarm;
  const { seed, result } = done;
  const before = digests.get(seed);
  if (before !== undefined) {
    if (before !== result.digest) {
      swarm.differing.push(seed);
      io.err(`E_DIGEST seed ${seed} came to ${before} and to ${result.digest}`);
    }
    return;
  }
  digests.set(seed, result.digest);
  tally.add(done);
  const failure = tally.failureOf(done);
  if (!options.json && (!options.quiet || failure !== undefined)) {
    const { swaps, strikes, lives } = sayCounts(result);
    const line = `seed ${seed}: ${done.options}\n    ${result.visits} visits, ${swaps} swaps, ${strikes} faults, ${lives} starts, digest ${result.digest}`;
    io.out(failure === undefined ? line : `${line}\n    E_${failure.invariant} ${failure.what}\n    ${failure.replay}`);
  }
  progress(swarm);
  if (failure !== undefined && options.firstFailure) swarm.stopped = true;
}

const sayCounts = (result: SeedDone["result"]) => ({
  swaps: result.tally.completed,
  strikes: Object.values(result.struck).reduce((sum, count) => sum + count, 0),
  lives: result.lives,
});

const YEAR_MS = 365 * 86_400_000;

function progress({ options, tally }: Swarm): void {
  if (process.stderr.isTTY !== true || options.json) return;
  const share = tally.seeds / options.seeds.length;
  const bar = "█".repeat(Math.round(share * 30)).padEnd(30, "░");
  const perMinute = tally.seeds / Math.max(1 / 60, process.uptime() / 60);
  const { hit, of } = tally.coverage();
  const years = (tally.simulatedMs / YEAR_MS).toFixed(2);
  process.stderr.write(
    `\r${bar} ${tally.seeds}/${options.seeds.length}  ${perMinute.toFixed(1)} seeds/min  ${years} simulated years  sometimes ${hit}/${of}\u001b[K`,
  );
  if (share >= 1) process.stderr.write("\r\u001b[K");
}

async function tell(swarm: Swarm): Promise<number> {
  const { options, io, tally, differing } = swarm;
  const report = tally.report();
  io.out(options.json ? JSON.stringify({ ...report, differing }) : soakPage(report));
  if (options.twice && !options.json)
    io.out(differing.length === 0 ? `${report.seeds} digests, twice the same` : `differing: ${differing.join(", ")}`);
  if (options.shrink) for (const { seed } of report.failures) shrinkSeed(seed, options, io);
  return isGood(report, options) && differing.length === 0 ? 0 : 1;
}

const isGood = ({ failures, sometimes }: SoakReport, { complete }: SoakOptions): boolean =>
  failures.length === 0 && (!complete || sometimes.missing.length === 0);

function shrinkSeed(seed: string, options: SoakOptions, io: CommandIo): void {
  const { scenario } = drawScenario(seed, options.draw);
  shrinkScenario(scenario, runScenario(scenario), options, io);
}

function shrinkScenario(scenario: Scenario, result: SoakResult, options: SoakOptions, io: CommandIo): void {
  const shows = process.stderr.isTTY === true;
  const shrunk = shrink(scenario, result, {
    runsMax: shrinkRunsMax,
    onTry: (tried, steps) => {
      if (shows) process.stderr.write(`\rshrinking seed ${scenario.seed}: ${tried} runs, ${steps} steps\u001b[K`);
    },
  });
  if (shows) process.stderr.write("\r\u001b[K");
  const invariant = shrunk.result.violation?.invariant ?? "none";
  const file = join(options.out, `seed-${scenario.seed}-${invariant}.yaml`);
  writeFileSync(file, writeScenario(shrunk.scenario));
  const steps = shrunk.scenario.steps.length;
  io.out(
    `${file}: ${steps} steps of ${scenario.steps.length}, ${shrunk.runs} runs\n    npx yizhan soak --scenario ${file}`,
  );
}

async function playScenario(file: string, options: SoakOptions, io: CommandIo): Promise<number> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    io.err(`E_SCENARIO ${error instanceof Error ? error.message : String(error)}`);
    return 78;
  }
  const read = readScenario(text);
  if (!read.ok) {
    io.err(`E_SCENARIO ${file}: ${read.problem}`);
    return 78;
  }
  const { scenario } = read;
  const result = runScenario(scenario);
  if (options.json) io.out(JSON.stringify({ ...result, hits: Object.fromEntries(result.hits) }));
  else sayScenario(scenario, result, io);
  if (result.violation !== undefined && options.shrink) shrinkScenario(scenario, result, options, io);
  return result.violation === undefined ? 0 : 1;
}

function sayScenario(scenario: Scenario, result: SoakResult, io: CommandIo): void {
  const { violation } = result;
  io.out(`${scenario.says ?? `seed ${scenario.seed}`}: ${scenario.steps.length} steps, digest ${result.digest}`);
  io.out(
    violation === undefined
      ? "no invariant was violated"
      : `E_${violation.invariant} ${violation.what}, after ${Math.round(violation.atMs / 1_000)} s`,
  );
}
