/**
 * One controller a directory: two writers would tear the one log. The claim is a file with the process id; a claim whose
 * process is gone (a power cut, a SIGKILL) is taken over.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export type Claim = { release(): void } | { readonly refused: string; readonly code: string };

function ownerOf(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, "utf8").trim());
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Process ids are reused after a reboot, so a living process only counts when it is a controller. */
function isController(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("yizhan");
  } catch {
    return true; // No /proc: believe the process table.
  }
}

export function claimDirectory(directory: string): Claim {
  const file = join(directory, "controller.pid");
  try {
    mkdirSync(directory, { recursive: true });
    const owner = ownerOf(file);
    if (owner !== undefined && isController(owner)) {
      return { code: "E_ALREADY_RUNNING", refused: `process ${owner} already uses ${directory}; stop it first` };
    }
    writeFileSync(file, `${process.pid}\n`);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { code: "E_STORAGE", refused: `cannot use ${directory}: ${why}; create it and give it to this user` };
  }
  return { release: () => rmSync(file, { force: true }) };
}
