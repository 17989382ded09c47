// `npm run bench`: measures the built program against the limits it is held to. Each figure stands beside a baseline that was
// measured in the same run, so that a noisy or a fast machine shows as one. A slow figure never fails the command; only a
// bench that could not measure does.
//   node scripts/bench.mjs [--only NAME[,NAME]] [--quick] [--realtime] [--write] [--json]
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { buildWhenStale } from "./bench/build.mjs";
import { commandState } from "./bench/command-state.mjs";
import { doorDecision } from "./bench/door-decision.mjs";
import { page } from "./bench/figures.mjs";
import { lockLatency } from "./bench/lock-latency.mjs";
import { lockWire } from "./bench/lock-wire.mjs";
import { logBench } from "./bench/log.mjs";
import { describeMachine, load } from "./bench/machine.mjs";
import { memory } from "./bench/memory.mjs";
import { mqttBytes } from "./bench/mqtt-bytes.mjs";
import { writePage } from "./bench/page.mjs";
import { runInRealTime } from "./bench/real-time.mjs";
import { recorderBench } from "./bench/recorder.mjs";
import { simulatorSpeed } from "./bench/simulator-speed.mjs";
import { smokeOff } from "./bench/smoke-off.mjs";
import { startBench } from "./bench/start.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const benches = [
  lockLatency,
  lockWire,
  commandState,
  smokeOff,
  startBench,
  memory,
  simulatorSpeed,
  logBench,
  doorDecision,
  mqttBytes,
  recorderBench,
];

const usage = `node scripts/bench.mjs [options]

  --only A,B    only these: ${benches.map(({ name }) => name).join(", ")}
  --quick       fewer repetitions and shorter runs: to see that it works, not to quote
  --realtime    runs the processes that are measured under SCHED_RR, for a machine that others use too (needs chrt and root)
  --write       writes docs/reference/benchmarks.md from this run, all benches and not --quick
  --json        one JSON object instead of a page
`;

function readOptions() {
  const flag = { type: "boolean", default: false };
  try {
    const { values } = parseArgs({
      options: { only: { type: "string" }, quick: flag, realtime: flag, write: flag, json: flag, help: flag },
    });
    const wanted = values.only?.split(",") ?? benches.map(({ name }) => name);
    const unknown = wanted.filter((name) => !benches.some((bench) => bench.name === name));
    if (unknown.length > 0) throw new Error(`no such bench: ${unknown.join(", ")}`);
    if (values.write && (values.quick || values.only !== undefined)) throw new Error("--write wants a whole run");
    return { ...values, chosen: benches.filter(({ name }) => wanted.includes(name)) };
  } catch (error) {
    process.stderr.write(`E_USAGE ${error.message}\n\n${usage}`);
    process.exit(2);
  }
}

async function runBench(bench, options) {
  const before = load();
  const startedMs = performance.now();
  const shows = process.stderr.isTTY === true && !options.json;
  const say = (text) => shows && process.stderr.write(`\r\u001b[K${bench.name}: ${text}`);
  say("starts");
  const restore = options.realtime && bench.latency ? runInRealTime() : undefined;
  try {
    const found = await bench.run({ root, quick: options.quick, say });
    const seconds = (performance.now() - startedMs) / 1_000;
    return { bench: bench.name, title: bench.title, seconds, load: { before, after: load() }, ...found };
  } finally {
    restore?.();
    if (shows) process.stderr.write("\r\u001b[K");
  }
}

const options = readOptions();
if (options.help) {
  process.stdout.write(usage);
  process.exit(0);
}
buildWhenStale(root);
const machine = describeMachine();
const startedAt = new Date().toISOString();
if (!options.json) {
  const { machine: model, cores, memoryGb, kernel, arch, node } = machine;
  console.log(`${model}, ${cores} cores, ${memoryGb} GB, Linux ${kernel} ${arch}, Node ${node}, ${startedAt}`);
  if (options.quick) console.log("quick: these figures show that the bench works; do not quote them");
}
const results = [];
for (const bench of options.chosen) {
  try {
    const result = await runBench(bench, options);
    results.push(result);
    if (!options.json) console.log(page(result));
  } catch (error) {
    results.push({ bench: bench.name, title: bench.title, broken: error.stack });
    process.exitCode = 1;
    if (!options.json) console.log(`\n${bench.name}: could not measure\n  ${error.stack}`);
  }
}
if (options.write) {
  const written = writePage(root, { machine, startedAt, realtime: options.realtime, results });
  process.stderr.write(`wrote ${written}\n`);
}
if (options.json) {
  const { quick, realtime } = options;
  console.log(JSON.stringify({ startedAt, quick, realtime, ...machine, benches: results }));
}
process.exit();
