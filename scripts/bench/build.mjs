// The benches measure dist/, so it must be what the sources say.
import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const SOURCES = ["firmware", "hal", "services", "simulator", "tsconfig.json", "tsconfig.build.json"];

function newestMs(path) {
  const status = statSync(path);
  if (!status.isDirectory()) return status.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newestMs(join(path, name))));
}

function isStale(root) {
  try {
    // Written last by the build, so a build that failed leaves it out.
    const builtMs = statSync(join(root, "dist", "build.json")).mtimeMs;
    return SOURCES.some((source) => newestMs(join(root, source)) > builtMs);
  } catch {
    return true;
  }
}

export function buildWhenStale(root) {
  if (!isStale(root)) return;
  process.stderr.write("dist/ is older than its sources; building\n");
  const built = spawnSync(process.execPath, [join(root, "scripts", "build.mjs")], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (built.status !== 0) process.exit(1);
}
