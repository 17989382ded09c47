// Copies of the built program: one as it is, and one in which a single file is replaced by the same file with a bug in it. The
// tree itself is never touched. Only that file is compiled, without a look at types: the registry's own tests look at those.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const asBuilt = [
  ...["--ignoreConfig", "--noCheck", "--noResolve", "--skipLibCheck", "--verbatimModuleSyntax"],
  ...["--module", "nodenext", "--target", "es2023", "--types", "node", "--rewriteRelativeImportExtensions"],
];

export class Copies {
  constructor(root) {
    this.root = root;
    this.folder = mkdtempSync(join(tmpdir(), "yizhan-swarm-"));
    for (const name of ["dist", "examples", "package.json"])
      cpSync(join(root, name), join(this.folder, name), { recursive: true });
    symlinkSync(join(root, "node_modules"), join(this.folder, "node_modules"));
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Compiles files that stand under `from` into `to`. */
  compile(from, to, files) {
    const compiler = join(this.root, "node_modules", "typescript", "bin", "tsc");
    const folders = ["--rootDir", from, "--outDir", to];
    const done = spawnSync(
      process.execPath,
      [compiler, ...asBuilt, ...folders, ...files.map((file) => join(from, file))],
      {
        cwd: this.root,
        encoding: "utf8",
      },
    );
    if (done.status !== 0) throw new Error(`${files.join(", ")} does not compile: ${done.stdout}${done.stderr}`);
  }

  /** The registry of seeded bugs, whose sources are no part of the built program. */
  async registry() {
    const to = join(this.folder, "registry");
    const files = ["registry.ts", "seeded-bug.ts", "invariants.ts", ...bugFiles(this.root)];
    this.compile(join(this.root, "test", "seeded-bugs"), to, files);
    const load = (file) => import(pathToFileURL(join(to, file)).href);
    const [{ seededBugs }, { seed }] = [await load("registry.js"), await load("seeded-bug.js")];
    return { seededBugs, seed };
  }

  /** Puts a bug in, and gives what takes it out again. */
  plant(bug, seed) {
    const seeded = seed(bug, readFileSync(join(this.root, bug.file), "utf8"));
    if (seeded.is === "stale") throw new Error(seeded.why);
    const source = join(this.folder, "seeded", bug.file);
    mkdirSync(dirname(source), { recursive: true });
    writeFileSync(source, seeded.source);
    this.compile(join(this.folder, "seeded"), join(this.folder, "dist"), [bug.file]);
    rmSync(join(this.folder, "seeded"), { recursive: true });
    const built = join("dist", bug.file.replace(/\.ts$/, ".js"));
    return () => cpSync(join(this.root, built), join(this.folder, built));
  }
}

function bugFiles(root) {
  const registry = readFileSync(join(root, "test", "seeded-bugs", "registry.ts"), "utf8");
  return [...registry.matchAll(/from "\.\/(bugs\/[a-z-]+\.ts)"/g)].map(([, file]) => file);
}
