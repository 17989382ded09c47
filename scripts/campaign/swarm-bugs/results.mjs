// What the swarm found last, bug by bug, in results.json: docs/reference/swarm-bugs.md is written from it and from nothing else.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..", "..");
const resultsFile = join(here, "results.json");
/** What a run is made of. */
const running = ["services", "hal", "firmware", "simulator"];

export const listed = JSON.parse(readFileSync(join(here, "bugs.json"), "utf8"));

const git = (...args) => spawnSync("git", args, { cwd: root, encoding: "utf8" }).stdout.trim();

/** What runs, by its contents: another commit with the same sources is the same. A tree with changes of its own says so. */
export function sourcesNow() {
  const changed = git("status", "--porcelain", "--", ...running) !== "";
  const trees = running.map((folder) => git("rev-parse", `HEAD:${folder}`)).join("\n");
  return createHash("sha256").update(trees).digest("hex").slice(0, 10) + (changed ? " with changes" : "");
}

export class Results {
  constructor(sources) {
    this.sources = sources;
    this.all = JSON.parse(readFileSync(resultsFile, "utf8"));
    if (this.all.clean.sources !== sources) this.all.clean = { sources, seeds: {} };
  }

  get clean() {
    return this.all.clean.seeds;
  }

  of(id) {
    return this.all.bugs.find(({ bug }) => bug === id);
  }

  keep(result) {
    const order = listed.map(({ bug }) => bug);
    const others = this.all.bugs.filter(({ bug }) => bug !== result.bug);
    this.all.bugs = [...others, result].sort((a, b) => order.indexOf(a.bug) - order.indexOf(b.bug));
    writeFileSync(resultsFile, `${JSON.stringify(this.all, undefined, 2)}\n`);
  }
}

/** The page is a snapshot of the repository's own tests, which write it. */
export function writePage() {
  const biome = join(root, "node_modules", ".bin", "biome");
  spawnSync(biome, ["format", "--write", resultsFile], { cwd: root, stdio: "ignore" });
  const vitest = join(root, "node_modules", ".bin", "vitest");
  const tests = ["run", "--project", "unit", "test/seeded-bugs/swarm.test.ts", "-t", "is what docs", "-u"];
  spawnSync(vitest, tests, { cwd: root, stdio: ["ignore", 2, 2] });
}
