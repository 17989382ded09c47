/**
 * Every entry that is whole, of all segments, in order, with the place it stands at: for somebody who reads a log and changes
 * nothing. Checkpoints are left out, because they say nothing new.
 */
import { Buffer } from "node:buffer";
import type { ReadableDisk } from "../../hal/ports/disk.ts";
import { CHECKPOINT, type LogEntry } from "./entry.ts";
import { parseEntry, readLine } from "./line.ts";
import { survey } from "./survey.ts";

export interface PlacedEntry {
  readonly entry: LogEntry;
  readonly file: string;
  readonly offset: number;
}

export function readAll(disk: ReadableDisk): PlacedEntry[] {
  const all: PlacedEntry[] = [];
  let loaded: { readonly file: string; readonly bytes: Buffer } | undefined;
  for (const { file, from, to } of survey(disk).stretches) {
    if (loaded?.file !== file) {
      const raw = disk.read(file);
      loaded = { file, bytes: Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength) };
    }
    for (let at = from; at < to; ) {
      const line = readLine(loaded.bytes, at, to);
      if (line === undefined) break;
      const entry = parseEntry(loaded.bytes, line);
      if (entry !== undefined && entry.record.kind !== CHECKPOINT) all.push({ entry, file, offset: at });
      at = line.next;
    }
  }
  return all;
}
