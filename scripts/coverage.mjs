// `npm run coverage`: the branches of the safety modules that their unit tests take. Every branch of every file must be taken;
// what cannot happen is marked in the source, with a sentence why. --keep writes the figures for docs/reference/test-depth.md.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, matchesGlob, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { commitNow, keepCoverage, modules } from "./depth/results.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const measured = commitNow();
const vitest = join(root, "node_modules", ".bin", "vitest");
const done = spawnSync(vitest, ["run", "--config", "scripts/depth/vitest.config.ts", "--coverage"], {
  cwd: root,
  stdio: "inherit",
  env: { YIZHAN_FUZZ_RUNS: "20000", ...process.env, YIZHAN_DEPTH: "", YIZHAN_DEPTH_SLOW: "1" },
});

function belongs(file, { files }) {
  const wanted = files.filter((glob) => !glob.startsWith("!"));
  const unwanted = files.filter((glob) => glob.startsWith("!")).map((glob) => glob.slice(1));
  return wanted.some((glob) => matchesGlob(file, glob)) && !unwanted.some((glob) => matchesGlob(file, glob));
}

const summary = JSON.parse(readFileSync(join(root, "coverage", "coverage-summary.json"), "utf8"));
const figures = modules.map((module) => {
  const files = Object.entries(summary).filter(([file]) => belongs(relative(root, file), module));
  const sum = (key) => files.reduce((total, [, { branches }]) => total + branches[key], 0);
  return { module: module.name, covered: sum("covered"), total: sum("total") };
});
for (const { module, covered, total } of figures) {
  console.log(`${module.padEnd(12)}${covered} of ${total} branches`);
}
if (process.argv.includes("--keep")) keepCoverage(measured, figures);
process.exit(done.status ?? 1);
