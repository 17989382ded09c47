// `npm run mutation -- MODULE …`: changes the safety modules in small ways, one change at a time, and sees whether their fast
// unit tests notice. Keeps score and survivors in scripts/depth/results.json, from which docs/reference/test-depth.md is written.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { commitNow, keepMutants, modules, writePage } from "./depth/results.mjs";
import { summary } from "./depth/summary.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const names = modules.map(({ name }) => name);

const usage = `npm run mutation -- [MODULE …] [options]

  modules: ${names.join(", ")} (default: all)

  --concurrency N  so many at once (default 2)
  --anew           forget what earlier runs found out
  --one-in K       draw a sample of one mutant in K by the seed, and measure that; the page says so
  --seed N         seed of the sample (default 1)
  --file GLOB      try the mutants of these files of the module again, and believe the earlier run about the others
`;

function complain(message) {
  process.stderr.write(`E_USAGE ${message}\n\n${usage}`);
  process.exit(2);
}

function readOptions() {
  const options = {
    concurrency: { type: "string", default: "2" },
    anew: { type: "boolean", default: false },
    file: { type: "string" },
    "one-in": { type: "string", default: "1" },
    seed: { type: "string", default: "1" },
    help: { type: "boolean", default: false },
  };
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    return complain(error.message);
  }
}

const isSample = (values) => values["one-in"] !== "1";

/** What a sample found out is kept apart, because most of its mutants were not tried. */
const directoryOf = (name, values) =>
  join("reports", "mutation", isSample(values) ? `${name}-${values["one-in"]}-${values.seed}` : name);

function strykerOptions({ name, files }, values) {
  const directory = directoryOf(name, values);
  return {
    testRunner: "vitest",
    plugins: ["@stryker-mutator/vitest-runner", "./scripts/depth/sentences.mjs", "./scripts/depth/sample.mjs"],
    ignorers: ["sentences"],
    vitest: { configFile: "scripts/depth/vitest.config.ts", related: false },
    coverageAnalysis: "perTest",
    mutate: values.file === undefined ? files : [values.file],
    ignorePatterns: ["/dist", "/docs", "/coverage", "/reports", "*.log"],
    disableTypeChecks: false,
    // The tool would rewrite paths in tsconfig.json with the compiler's JavaScript API, which TypeScript 7 has no longer; there
    // are no such paths here, so it gets a name that is not there.
    tsconfigFile: "no-tsconfig-to-rewrite.json",
    allowConsoleColors: false,
    concurrency: Number(values.concurrency),
    timeoutMS: 3_000,
    timeoutFactor: 2,
    reporters: ["json", "progress-append-only"],
    jsonReporter: { fileName: join(directory, "report.json") },
    incremental: true,
    incrementalFile: join(directory, "incremental.json"),
    force: values.anew || values.file !== undefined,
    tempDirName: join(directory, "sandbox"),
    checkers: isSample(values) ? ["sample"] : [],
    warnings: { slow: false },
  };
}

/**
 * What lived is tried again with the tests of now. The tool itself would not do so with what only runs when a file is loaded,
 * because no single test covers that.
 */
function forgetSurvivors(incrementalFile) {
  if (!existsSync(incrementalFile)) return;
  const known = JSON.parse(readFileSync(incrementalFile, "utf8"));
  for (const file of Object.values(known.files))
    file.mutants = file.mutants.filter(({ status }) => status !== "Survived" && status !== "NoCoverage");
  writeFileSync(incrementalFile, JSON.stringify(known));
}

function measure(module, values) {
  const directory = join(root, directoryOf(module.name, values));
  mkdirSync(directory, { recursive: true });
  const optionsFile = join(directory, "stryker.json");
  writeFileSync(optionsFile, JSON.stringify(strykerOptions(module, values), undefined, 2));
  forgetSurvivors(join(directory, "incremental.json"));
  const measured = commitNow();
  const stryker = join(root, "node_modules", ".bin", "stryker");
  const done = spawnSync(stryker, ["run", optionsFile], {
    cwd: root,
    stdio: "inherit",
    env: {
      YIZHAN_PROPERTY_RUNS: "5",
      YIZHAN_FUZZ_RUNS: "2000",
      ...process.env,
      YIZHAN_DEPTH: module.name,
      YIZHAN_DEPTH_SAMPLE: `${values["one-in"]}:${values.seed}`,
    },
  });
  if (done.status !== 0) process.exit(done.status ?? 1);
  const report = JSON.parse(readFileSync(join(directory, "report.json"), "utf8"));
  const sample = isSample(values) ? { sample: { oneIn: Number(values["one-in"]), seed: Number(values.seed) } } : {};
  return { module: module.name, commit: measured, ...sample, ...summary(report) };
}

const { values, positionals } = readOptions();
if (values.help) {
  process.stdout.write(usage);
  process.exit(0);
}
if (!/^[1-9]\d{0,3}$/.test(values["one-in"]) || !/^\d{1,9}$/.test(values.seed))
  complain("--one-in and --seed are numbers");
for (const name of positionals) if (!names.includes(name)) complain(`there is no module ${name}`);
for (const module of modules) {
  if (positionals.length > 0 && !positionals.includes(module.name)) continue;
  const result = measure(module, values);
  for (const { file, line, was, becomes, status } of result.survivors) {
    console.log(`${file}:${line} ${status}: ${was} → ${becomes}`);
  }
  const { killed, timeout, survived, uncovered, ignored } = result;
  console.log(
    `${module.name}: killed ${killed}, timeout ${timeout}, survived ${survived}, not covered ${uncovered}, ignored ${ignored}`,
  );
  keepMutants(result);
}
writePage();
