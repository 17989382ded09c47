// What was measured last, module by module, in results.json: docs/reference/test-depth.md is written from it and from nothing else.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const resultsFile = join(here, "results.json");

export const modules = JSON.parse(readFileSync(join(here, "modules.json"), "utf8"));
const order = modules.map(({ name }) => name);

const git = (...args) => spawnSync("git", args, { cwd: root, encoding: "utf8" }).stdout.trim();

/** The commit that is measured; a tree with changes of its own says so. */
export function commitNow() {
  const changed = git("status", "--porcelain", "--", "services", "hal", "firmware", "test") !== "";
  return git("rev-parse", "--short=10", "HEAD") + (changed ? " with changes" : "");
}

function update(change) {
  const results = JSON.parse(readFileSync(resultsFile, "utf8"));
  change(results);
  writeFileSync(resultsFile, `${JSON.stringify(results, undefined, 2)}\n`);
}

export function keepMutants(result) {
  update((results) => {
    const others = results.mutants.filter(({ module }) => module !== result.module);
    results.mutants = [...others, result].sort((a, b) => order.indexOf(a.module) - order.indexOf(b.module));
  });
}

export function keepCoverage(commit, figures) {
  update((results) => {
    results.coverage = { commit, modules: figures };
  });
}

/** The page is a snapshot of the repository's own tests, which write it. */
export function writePage() {
  const vitest = join(root, "node_modules", ".bin", "vitest");
  spawnSync(vitest, ["run", "--project", "unit", "test/depth", "-u"], { cwd: root, stdio: "inherit" });
}
