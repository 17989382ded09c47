// What the swarm found last, bug by bug, in results.json: docs/reference/swarm-bugs.md is written from it and from nothing else.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..", "..");
const resultsFile = join(here, "results.json");
/** What a run is made of: another commit with the same of these is the same run. */
const running = ["services", "hal", "firmware", "simulator"];

export const listed = JSON.parse(readFileSync(join(here, "bugs.json"), "utf8"));

const git = (...args) => spawnSync("git", args, { cwd: root, encoding: "utf8" }).stdout.trim();

/** The commit that last changed what runs; a tree with changes of its own says so. */
export function commitNow() {
  const changed = git("status", "--porcelain", "--", ...running) !== "";
  return git("log", "-1", "--format=%h", "--abbrev=10", "--", ...running) + (changed ? " with changes" : "");
}

export class Results {
  constructor(commit) {
    this.commit = commit;
    this.all = JSON.parse(readFileSync(resultsFile, "utf8"));
    if (this.all.clean.commit !== commit) this.all.clean = { commit, seeds: {} };
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
  const vitest = join(root, "node_modules", ".bin", "vitest");
  const tests = ["run", "--project", "unit", "test/seeded-bugs/swarm.test.ts", "-t", "is what docs", "-u"];
  spawnSync(vitest, tests, { cwd: root, stdio: ["ignore", 2, 2] });
}
