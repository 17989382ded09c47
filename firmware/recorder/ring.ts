/**
 * The last minutes of a station in memory: segments, each with the state it began in and the lines of its steps. A segment that is
 * full is compressed beside the loop; when all of them together weigh more than they may, the oldest goes. A state is kept by
 * reference, because states are never altered, and is charged with what it does not share with the one before.
 */
import type { StationState } from "../../services/station/state.ts";
import { nothingSpoken, type Spoken } from "./pseudonyms.ts";

export type Compress = (text: string, done: (bytes: Uint8Array) => void) => void;

export interface RingLimits {
  /** Of everything that is kept. */
  readonly bytesMax: number;
  readonly segmentMs: number;
  /** Of the text of one segment before it is compressed. */
  readonly segmentBytesMax: number;
}

export interface Segment {
  readonly startMs: number;
  readonly startWallMs: number;
  readonly state: StationState;
  readonly lines: string[];
  /** Compressed; the lines are gone then. */
  packed: Uint8Array | undefined;
  readonly spoken: Spoken;
  /** Access lists as they were heard, by the number that stands for each in the lines. They are hidden when they are written. */
  readonly lists: Map<number, string>;
  steps: number;
  lineBytes: number;
  readonly stateBytes: number;
}

/** Of one entry in an object of a state, with its key; measured on V8 12. */
const entryBytes = 120;
/** Of what a state shares with no other one, without its large collections. */
const ownStateBytes = 20_000;

type Collection = Readonly<Record<string, unknown>> | readonly unknown[];

function collectionsOf({ durable, room }: StationState): readonly (Collection | undefined)[] {
  const { ledger, holders, strangers, answers, operators } = durable;
  const { access, fridge, lockers } = durable.room;
  const given = Object.values(lockers).map((row) => row.given);
  const list = room?.access.list === undefined ? undefined : [...room.access.list.codes.keys()];
  return [
    ledger.packs,
    holders,
    strangers,
    answers,
    operators.taken,
    access.used,
    access.cameIn,
    fridge.taken,
    ...given,
    list,
  ];
}

/** An estimate, rather too high. */
export function stateBytes(state: StationState, before: StationState | undefined): number {
  const shared = before === undefined ? [] : collectionsOf(before);
  let entries = 0;
  for (const [at, collection] of collectionsOf(state).entries()) {
    if (collection === undefined || collection === shared[at]) continue;
    entries += Object.keys(collection).length;
  }
  return ownStateBytes + entries * entryBytes;
}

export class Ring {
  private readonly limits: RingLimits;
  private readonly compress: Compress;
  private readonly kept: Segment[] = [];
  private dropped = 0;

  constructor(limits: RingLimits, compress: Compress) {
    this.limits = limits;
    this.compress = compress;
  }

  /** Those that are kept, oldest first, as they are now: the last one is still written to. */
  segments = (): readonly Segment[] => this.kept.map(asItIs);
  droppedSegments = (): number => this.dropped;
  get open(): Segment | undefined {
    return this.kept.at(-1);
  }

  bytes(): number {
    let sum = 0;
    for (const { lineBytes, stateBytes: state, lists } of this.kept) {
      sum += lineBytes + state;
      for (const text of lists.values()) sum += text.length;
    }
    return sum;
  }

  isFull(nowMs: number): boolean {
    const { open, limits } = this;
    if (open === undefined) return true;
    return nowMs - open.startMs >= limits.segmentMs || open.lineBytes >= limits.segmentBytesMax;
  }

  begin(state: StationState, startMs: number, startWallMs: number): Segment {
    const before = this.open;
    if (before !== undefined) this.close(before);
    const segment: Segment = {
      startMs,
      startWallMs,
      state,
      lines: [],
      packed: undefined,
      spoken: nothingSpoken(),
      lists: new Map(),
      steps: 0,
      lineBytes: 0,
      stateBytes: stateBytes(state, before?.state),
    };
    this.kept.push(segment);
    this.bound();
    return segment;
  }

  add(segment: Segment, line: string): void {
    segment.lines.push(line);
    segment.lineBytes += line.length + 1;
  }

  private close(segment: Segment): void {
    this.compress(textOf(segment), (bytes) => {
      segment.packed = bytes;
      segment.lines.length = 0;
      segment.lineBytes = bytes.length;
    });
  }

  private bound(): void {
    while (this.kept.length > 1 && this.bytes() > this.limits.bytesMax) {
      this.kept.shift();
      this.dropped++;
    }
  }
}

/** What is compressed meanwhile, or added to, changes nothing in it. */
function asItIs(segment: Segment): Segment {
  if (segment.packed !== undefined) return segment;
  const { lines, spoken, lists } = segment;
  const { digests, members } = spoken;
  return {
    ...segment,
    lines: [...lines],
    spoken: { digests: new Set(digests), members: new Set(members) },
    lists: new Map(lists),
  };
}

export const textOf = ({ lines }: Segment): string => (lines.length === 0 ? "" : `${lines.join("\n")}\n`);
