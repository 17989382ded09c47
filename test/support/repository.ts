/** The files of the repository as git sees them. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** `all`: also new files that are neither tracked nor ignored. */
export function repositoryFiles(which: "all" | "tracked" = "all"): readonly string[] {
  const others = which === "all" ? ["--others", "--exclude-standard"] : [];
  const args = ["ls-files", "-z", "--cached", ...others];
  const listed = spawnSync("git", args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 });
  if (listed.status !== 0) throw new Error(`the house rules need a git checkout: ${listed.stderr}`);
  // A file that was deleted but not yet committed is still listed.
  return listed.stdout.split("\0").filter((file) => file !== "" && existsSync(join(root, file)));
}

export const read = (file: string): string => readFileSync(join(root, file), "utf8");
