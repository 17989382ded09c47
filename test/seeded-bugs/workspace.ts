/**
 * A throw-away copy of the sources in which a bug may be seeded and tests be run. One bug at a time; what was patched is put
 * back before the next one, and the copy is removed at the end. Packages are shared with the tree by a link.
 */
import { spawn } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { repositoryFiles, root } from "../support/repository.ts";
import { type SeededBug, seed } from "./seeded-bug.ts";
import { judge, type TestReport, type Verdict } from "./verdict.ts";

/** A run that takes this long hangs: the slowest takes a few seconds on a quiet machine. */
const runMsMax = 300_000;

const copied = /^(bin|docs|examples|firmware|hal|scripts|services|simulator|test)\/|^[^/]+\.(json|ts|md)$/;

const testConfig = `import { defineConfig } from "vitest/config";
export default defineConfig({
  cacheDir: ".cache",
  test: { include: ["test/**/*.test.ts"], testTimeout: 60_000, hookTimeout: 60_000, maxWorkers: 1, fileParallelism: false },
});
`;

export interface RunResult {
  readonly status: number | null;
  readonly said: string;
}

/** Not the outer run's: neither its worker's identity nor the sizes of a nightly campaign. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(VITEST|YIZHAN_|NODE_ENV$|TEST$)/.test(name));
  return Object.fromEntries(kept);
}

export class Workspace {
  readonly folder: string;

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), "yizhan-seeded-"));
    for (const file of repositoryFiles().filter((name) => copied.test(name))) {
      mkdirSync(dirname(join(this.folder, file)), { recursive: true });
      copyFileSync(join(root, file), join(this.folder, file));
    }
    symlinkSync(join(root, "node_modules"), join(this.folder, "node_modules"));
    writeFileSync(join(this.folder, "seeded.config.mjs"), testConfig);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Runs a program of the shared packages in the copy. */
  run(program: string, args: readonly string[]): Promise<RunResult> {
    const path = join(this.folder, "node_modules", ".bin", program);
    return new Promise((resolve) => {
      const child = spawn(process.execPath, [path, ...args], { cwd: this.folder, env: plainEnvironment() });
      let said = "";
      const hear = (bytes: Buffer): void => {
        said = (said + bytes.toString()).slice(-20_000);
      };
      child.stdout.on("data", hear);
      child.stderr.on("data", hear);
      const killer = setTimeout(() => child.kill("SIGKILL"), runMsMax);
      child.on("close", (status) => {
        clearTimeout(killer);
        resolve({ status, said });
      });
    });
  }

  /** Runs test files as they are, up to the first failure. */
  async test(files: readonly string[]): Promise<Verdict> {
    const report = join(this.folder, "report.json");
    rmSync(report, { force: true });
    const options = [
      "--config",
      "seeded.config.mjs",
      "--bail",
      "1",
      "--reporter",
      "json",
      "--outputFile",
      "report.json",
    ];
    const { status, said } = await this.run("vitest", ["run", ...options, ...files]);
    if (status === null) return { is: "broken", why: `the run did not end within ${runMsMax / 1_000} s` };
    try {
      return judge(JSON.parse(readFileSync(report, "utf8")) as TestReport, files);
    } catch {
      return { is: "broken", why: `the run left no report: ${said.slice(-500)}` };
    }
  }

  /**
   * Seeds as many of these bugs at once as do not get in each other's way, asks the compiler, and puts the sources back.
   * Returns those that did not fit in, and what the compiler says.
   */
  async compile(bugs: readonly SeededBug[]): Promise<{ readonly left: SeededBug[]; readonly said: string }> {
    const sources = new Map<string, string>();
    const left = bugs.filter((bug) => {
      const path = join(this.folder, bug.file);
      const source = readFileSync(path, "utf8");
      const seeded = seed(bug, source);
      if (seeded.is === "stale") return true;
      if (!sources.has(path)) sources.set(path, source);
      writeFileSync(path, seeded.source);
      return false;
    });
    // Several bugs of one file may together leave a name without a use, which none of them does alone.
    const { status, said } = await this.run("tsc", ["-p", "tsconfig.json", "--noEmit", "--noUnusedLocals", "false"]);
    for (const [path, source] of sources) writeFileSync(path, source);
    return { left, said: status === 0 ? "" : said };
  }

  /** Seeds a bug, runs the tests that are to catch it, and puts the source back. */
  async tryBug(bug: SeededBug): Promise<Verdict> {
    const path = join(this.folder, bug.file);
    const source = readFileSync(path, "utf8");
    const seeded = seed(bug, source);
    if (seeded.is === "stale") return { is: "broken", why: seeded.why };
    writeFileSync(path, seeded.source);
    try {
      return await this.test(bug.caughtBy);
    } finally {
      writeFileSync(path, source);
    }
  }
}
