// Builds dist/ from the TypeScript sources. It runs on every `npm ci` (the `prepare` script), so that `npm start`
// works right after it. An installed package without the compiler already carries dist/ and is left alone.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
let compiler;
try {
  compiler = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");
} catch {
  if (existsSync(join(root, "dist"))) process.exit(0);
  process.stderr.write("yizhan: the compiler is not installed and dist/ is missing; run `npm ci` without --omit=dev\n");
  process.exit(1);
}
rmSync(join(root, "dist"), { recursive: true, force: true });
const compile = (project) => spawnSync(process.execPath, [compiler, "-p", join(root, project)], { stdio: "inherit" });
const built = compile("tsconfig.build.json");
// Other people's programs import the contract and nothing else, so only it gets declarations.
if (built.status === 0) built.status = compile("tsconfig.contract.json").status;
// The cockpit's page is what a browser reads, so no compiler touches it.
const page = join("simulator", "cockpit", "page");
if (built.status === 0) cpSync(join(root, page), join(root, "dist", page), { recursive: true });
if (built.status === 0) {
  // What runs must be able to say which source it was built from; outside a checkout it says so.
  const asked = spawnSync("git", ["rev-parse", "--short=12", "HEAD"], { cwd: root, encoding: "utf8" });
  // When the source was made: no clock that shows an earlier time can be right.
  const made = spawnSync("git", ["log", "-1", "--format=%ct"], { cwd: root, encoding: "utf8" });
  const sourceMs = made.status === 0 ? Number(made.stdout.trim()) * 1_000 : undefined;
  const commit = asked.status === 0 ? asked.stdout.trim() : "unknown";
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  writeFileSync(join(root, "dist", "build.json"), `${JSON.stringify({ version, commit, sourceMs })}\n`);
}
process.exit(built.status ?? 1);
