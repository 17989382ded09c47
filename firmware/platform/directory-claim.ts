/**
 * One controller a directory: two writers would tear the one log. The claim is a file with the process id; a claim whose
 * process is gone (a power cut, a SIGKILL) is taken over. A disk that takes nothing must not keep a station from starting, because
 * its room is warm: the claim lies among the computer's temporary files then, and where those take nothing either there is none.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

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

/** What a worn, full or broken disk answers. Anything else is a mistake of whoever set the station up, and is told so. */
const takesNothing: ReadonlySet<string> = new Set(["EROFS", "ENOSPC", "EDQUOT", "EIO"]);

/** The same name for whoever means the same directory, while its own disk cannot hold the claim. */
function claimElsewhere(directory: string): string {
  const name = createHash("sha256").update(resolve(directory)).digest("hex").slice(0, 16);
  return join(tmpdir(), `yizhan-${name}.pid`);
}

type WriteFile = (file: string, text: string) => void;

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

function isWritten(file: string, writeFile: WriteFile): boolean {
  try {
    writeFile(file, `${process.pid}\n`);
    return true;
  } catch (error) {
    if (takesNothing.has(codeOf(error) ?? "")) return false;
    throw error;
  }
}

function remove(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // The next one finds that its process is gone.
  }
}

/** `writeFile`: how this process writes; it throws what the system says. */
export function claimDirectory(directory: string, writeFile: WriteFile = writeFileSync): Claim {
  const files = [join(directory, "controller.pid"), claimElsewhere(directory)];
  try {
    mkdirSync(directory, { recursive: true });
    const owner = files.map(ownerOf).find((pid) => pid !== undefined && isController(pid));
    if (owner !== undefined) {
      return { code: "E_ALREADY_RUNNING", refused: `process ${owner} already uses ${directory}; stop it first` };
    }
    const held = files.find((file) => isWritten(file, writeFile));
    return { release: () => (held === undefined ? undefined : remove(held)) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { code: "E_STORAGE", refused: `cannot use ${directory}: ${why}; create it and give it to this user` };
  }
}
