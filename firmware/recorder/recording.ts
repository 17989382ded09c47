/**
 * A recording as a file: gzip members one after the other, each of them lines of JSON. A header, then for each segment a mark with
 * what its state came to, and its lines; a line at the end says that it is whole. The first mark holds the state itself.
 */
import { createHash } from "node:crypto";
import type { StationConfig } from "../../services/config.ts";
import type { MemberList } from "../../services/members/members.ts";
import type { StationState } from "../../services/station/state.ts";
import { hiddenList, hiddenListText, hiddenMembers, noKey, spokenMembers } from "./codes.ts";
import { asItStands, canonical, type Names, pack } from "./packed.ts";
import type { Pseudonyms, Spoken } from "./pseudonyms.ts";
import { type Segment, textOf } from "./ring.ts";

export const recordingFormat = 1;

export interface Header {
  readonly yizhan: "recording";
  readonly format: number;
  readonly station: string;
  readonly version: string;
  readonly commit: string;
  readonly configHash: string;
  /** A fault's code, `asked` or `crash`. */
  readonly cause: string;
  /** Wall ms. */
  readonly writtenAt: number;
  readonly segments: number;
  readonly config: unknown;
  readonly members: readonly [string, unknown][];
  readonly slots: readonly string[];
  /** Texts of access lists, by the number that stands for each. */
  readonly lists: Readonly<Record<string, string>>;
}

export interface SegmentMark {
  readonly segment: number;
  readonly at: number;
  readonly wall: number;
  /** SHA-256 of the state that the segment began in, its access list left out. */
  readonly state: string;
  /** The first one only. */
  readonly begins?: { readonly state: unknown; readonly list?: unknown };
}

export interface EndLine {
  readonly end: true;
  readonly steps: number;
}

/** Without the access list: of that only those are written who are spoken of. */
function withoutList(state: StationState): unknown {
  const { room } = state;
  const list = room?.access.list;
  if (room === undefined || list === undefined) return state;
  const { version, issuedAt, heardMs } = list;
  return { ...state, room: { ...room, access: { ...room.access, list: { version, issuedAt, heardMs } } } };
}

export const packState = (state: StationState, names: Names = asItStands): unknown => pack(withoutList(state), names);

export const digestOf = (packed: unknown): string => createHash("sha256").update(canonical(packed)).digest("hex");

/** Everything that stands in it is fixed for the life of the process, and nothing of it names a person but the keys. */
const hiddenConfig = (config: StationConfig): unknown =>
  pack(config, { ...asItStands, text: (text, under) => (under === "publicKey" ? noKey : text) });

export interface ToWrite {
  readonly about: Omit<Header, "yizhan" | "format" | "segments" | "config" | "members" | "lists">;
  readonly config: StationConfig;
  readonly members: MemberList;
  readonly segments: readonly Segment[];
  readonly names: Pseudonyms;
}

/** Everybody who is spoken of in any of the segments. */
function allSpoken({ segments, members }: ToWrite): Spoken {
  const digests = new Set(segments.flatMap(({ spoken }) => [...spoken.digests]));
  const named = new Set(segments.flatMap(({ spoken }) => [...spoken.members]));
  const lists = [undefined, ...new Set(segments.map(({ state }) => state.room?.access.list))];
  const who = lists.flatMap((list) => [...spokenMembers({ digests, members: named }, members, list)]);
  return { digests, members: new Set(who) };
}

function headerOf(write: ToWrite, spoken: Spoken): Header {
  const { about, config, members, segments, names } = write;
  const lists = segments.flatMap((segment) =>
    [...segment.lists].map(([number, text]): [string, string] => [String(number), hiddenListText(text, spoken, names)]),
  );
  return {
    yizhan: "recording",
    format: recordingFormat,
    ...about,
    segments: segments.length,
    config: hiddenConfig(config),
    members: hiddenMembers(members, spoken, names),
    lists: Object.fromEntries(lists),
  };
}

type Begins = NonNullable<SegmentMark["begins"]>;

function beginsIn(state: StationState, packed: unknown, spoken: Spoken, names: Pseudonyms): Begins {
  const list = state.room?.access.list;
  return { state: packed, ...(list === undefined ? {} : { list: pack(hiddenList(list, spoken, names)) }) };
}

const line = (value: object): string => `${JSON.stringify(value)}\n`;

/** The parts of the file in order: texts are still to be compressed. Each one is worked out when it is asked for, a few ms at most. */
export function* partsOf(write: ToWrite): Generator<string | Uint8Array> {
  const { segments, names } = write;
  names.spoken(undefined);
  const spoken = allSpoken(write);
  yield line(headerOf(write, spoken));
  let steps = 0;
  for (const [at, segment] of segments.entries()) {
    names.spoken(undefined);
    const packed = packState(segment.state, names);
    const mark: SegmentMark = {
      segment: at,
      at: segment.startMs,
      wall: segment.startWallMs,
      state: digestOf(packed),
      ...(at === 0 ? { begins: beginsIn(segment.state, packed, spoken, names) } : {}),
    };
    yield line(mark);
    steps += segment.steps;
    yield segment.packed ?? textOf(segment);
  }
  const end: EndLine = { end: true, steps };
  yield line(end);
}
