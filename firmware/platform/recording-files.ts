/**
 * Recordings on disk: written beside and renamed, so that a file is whole or not there; the newest are kept within a number and a
 * size. It touches nothing in its directory but what is named as a recording.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, statSync, writeSync } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { RecordingStore } from "../recorder/recorder.ts";

export interface KeptFiles {
  readonly files: number;
  readonly bytes: number;
}

export const recordingName = /^recording-[0-9TZ]+-[a-z0-9-]+\.jsonl\.gz$/;
const unfinished = /^recording-.*\.jsonl\.gz\.new$/;

interface Found {
  readonly name: string;
  readonly bytes: number;
}

/** What goes, from the oldest on; the newest stays, however large. */
export function tooMany(found: readonly Found[], { files, bytes }: KeptFiles): string[] {
  const newestFirst = [...found].sort((one, other) => (one.name < other.name ? 1 : -1));
  let sum = 0;
  return newestFirst
    .filter((file, at) => {
      sum += file.bytes;
      return at > 0 && (at >= files || sum > bytes);
    })
    .map(({ name }) => name);
}

async function writeSoon(directory: string, name: string, parts: readonly Uint8Array[]): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o750 });
  const beside = join(directory, `${name}.new`);
  const file = await open(beside, "w", 0o640);
  try {
    for (const part of parts) await file.writeFile(part);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, join(directory, name));
}

async function prune(directory: string, keep: KeptFiles): Promise<void> {
  const names = await readdir(directory);
  const found: Found[] = [];
  for (const name of names) {
    if (unfinished.test(name)) await rm(join(directory, name), { force: true });
    else if (recordingName.test(name)) found.push({ name, bytes: (await stat(join(directory, name))).size });
  }
  for (const name of tooMany(found, keep)) await rm(join(directory, name), { force: true });
}

function writeAtOnce(directory: string, name: string, parts: readonly Uint8Array[]): void {
  mkdirSync(directory, { recursive: true, mode: 0o750 });
  const beside = join(directory, `${name}.new`);
  const file = openSync(beside, "w", 0o640);
  try {
    for (const part of parts) for (let at = 0; at < part.length; ) at += writeSync(file, part, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(beside, join(directory, name));
}

/** Names of the recordings in a directory, newest first; none where there is no directory. */
export function recordingsIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
      .filter((name) => recordingName.test(name) && statSync(join(directory, name)).isFile())
      .sort()
      .reverse();
  } catch {
    return [];
  }
}

export function recordingFiles(directory: string, keep: KeptFiles): RecordingStore {
  return {
    write(name, parts, done) {
      writeSoon(directory, name, parts)
        .then(() => prune(directory, keep))
        .then(
          () => done(undefined),
          (error: unknown) => done(error instanceof Error ? error.message : String(error)),
        );
    },
    writeNow: (name, parts) => writeAtOnce(directory, name, parts),
  };
}
