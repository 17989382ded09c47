/**
 * One small file that is either the old one or the new one, never half of each: written beside, synced, renamed. It holds no
 * secret. A failure is noted and changes nothing.
 */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { open, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { KeptText, Note } from "../runner/platform.ts";

function syncDirectory(path: string): void {
  const directory = openSync(dirname(path), "r");
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

/** Throws what the system throws. */
export function replaceFile(path: string, content: string | Uint8Array, mode = 0o640): void {
  const beside = `${path}.new`;
  const file = openSync(beside, "w", mode);
  try {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    let at = 0;
    while (at < bytes.length) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(beside, path);
  syncDirectory(path);
}

async function replaceSoon(path: string, text: string): Promise<void> {
  const beside = `${path}.new`;
  await writeFile(beside, text, { mode: 0o640, flush: true });
  await rename(beside, path);
  const directory = await open(dirname(path), "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** Writes in the background, one after the other: a slow disk must not keep the loop waiting. */
export function keptFile(path: string, what: string, note: Note): KeptText {
  let last: Promise<void> = Promise.resolve();
  const failed = (error: unknown): void => {
    const why = error instanceof Error ? error.message : String(error);
    note("warn", `${what} cannot be written`, { why });
  };
  return {
    read() {
      try {
        return readFileSync(path, "utf8");
      } catch {
        return undefined;
      }
    },
    write(text) {
      last = last.then(() => replaceSoon(path, text)).catch(failed);
    },
  };
}
