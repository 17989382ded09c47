/**
 * What a log on a disk says to somebody who stands beside the controller: what a start would recover from it, which events it holds,
 * whether its chain is whole. Only `recoverOn` cuts torn tails off, as a start does; give it a copy.
 */
import type { Disk, ReadableDisk } from "../../hal/ports/disk.ts";
import type { Durable } from "../../services/journal/durable.ts";
import { openSegments, readSegments } from "../log/recover.ts";
import type { Head } from "../log/segment-writer.ts";
import { type ChainFlaw, verifyChain } from "../log/verify.ts";
import { foldEntries } from "./journal-desk.ts";

export interface RecoveredLog {
  readonly lastN: number;
  /** The entries reach the present without a gap. */
  readonly complete: boolean;
  readonly tornBytes: number;
  readonly durable: Durable;
}

const nobody = "0".repeat(32);

export function recoverOn(disk: Disk): RecoveredLog {
  const { lastN, complete, tornBytes, entries, afterDamage } = openSegments(disk, nobody).recovered;
  return { lastN, complete, tornBytes, durable: foldEntries([...entries, ...afterDamage]) };
}

export interface WrittenEvent {
  readonly stream: string;
  readonly seq: number;
  /** Wall ms. */
  readonly at: number;
}

/** Events behind the newest checkpoint, oldest first: at most one or two segments are read. */
export function newestEvents(disk: ReadableDisk): WrittenEvent[] {
  return readSegments(disk).entries.flatMap(({ at, publish }) =>
    publish === undefined ? [] : [{ stream: publish.stream, seq: publish.seq, at }],
  );
}

export interface Chain {
  readonly flaws: readonly ChainFlaw[];
  readonly head: Head | undefined;
}

/** `anchor`: the head as it was before, which must still be in it. */
export const chainOn = (disk: ReadableDisk, anchor: Chain["head"]): Chain => verifyChain(disk, anchor);
