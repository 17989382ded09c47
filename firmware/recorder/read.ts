/**
 * A recording read back from its file. Whatever is wrong with the file is said in words and with the line: a recording that is cut
 * off or damaged is refused as a whole, because half a night would replay as another one.
 */
import { gunzipSync } from "node:zlib";
import { z } from "zod";
import type { StationConfig } from "../../services/config.ts";
import type { Member } from "../../services/members/members.ts";
import type { StationState } from "../../services/station/state.ts";
import type { GrantLine, NoteLine, StepLine } from "./lines.ts";
import { unpack } from "./packed.ts";
import { type Header, recordingFormat, type SegmentMark } from "./recording.ts";

export interface Recording {
  readonly header: Header;
  readonly config: StationConfig;
  readonly members: ReadonlyMap<string, Member>;
  readonly begins: StationState;
  readonly lines: readonly RecordedLine[];
  readonly steps: number;
}

export type RecordedLine = StepLine | GrantLine | NoteLine | SegmentMark;

export type RecordingRead =
  | { readonly is: "recording"; readonly recording: Recording }
  | { readonly is: "refused"; readonly why: string };

/** A recorder keeps 64 MB at most, and text shrinks to a tenth. */
const textBytesMax = 1_500_000_000;

const HeaderForm = z.object({
  yizhan: z.literal("recording"),
  format: z.number(),
  station: z.string(),
  version: z.string(),
  commit: z.string(),
  configHash: z.string(),
  cause: z.string(),
  writtenAt: z.number(),
  segments: z.number(),
  config: z.looseObject({ packs: z.looseObject({ idPattern: z.string() }) }),
  members: z.array(z.tuple([z.string(), z.looseObject({ member: z.string() })])),
  slots: z.array(z.string()),
  lists: z.record(z.string(), z.string()),
});
const SlotForm = z.union([z.tuple([z.number()]), z.tuple([z.number(), z.unknown()])]);
const slots = z.array(SlotForm).optional();
const LineForm = z.union([
  z.looseObject({
    at: z.number(),
    wall: z.number(),
    event: z.unknown().refine((event) => event !== undefined),
    readings: slots,
  }),
  z.looseObject({ grant: z.number(), readings: slots }),
  z.looseObject({ note: z.string(), at: z.number() }),
  z.looseObject({ segment: z.number(), at: z.number(), wall: z.number(), state: z.string() }),
]);
const EndForm = z.strictObject({ end: z.literal(true), steps: z.number() });

class Unreadable extends Error {}

function textOf(bytes: Uint8Array): string {
  if (bytes.length === 0) throw new Unreadable("the file is empty");
  try {
    return gunzipSync(bytes, { maxOutputLength: textBytesMax }).toString("utf8");
  } catch (error) {
    const code = (error as { readonly code?: string }).code;
    if (code === "Z_BUF_ERROR") throw new Unreadable("the file is cut off");
    if (code === "ERR_BUFFER_TOO_LARGE") throw new Unreadable("the file unpacks to more than a recording can hold");
    throw new Unreadable("the file is no recording, or is damaged");
  }
}

function jsonOf(text: string, at: number): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Unreadable(`line ${at} is no JSON`);
  }
}

function headerOf(first: unknown): Header {
  const parsed = HeaderForm.safeParse(first);
  if (!parsed.success) throw new Unreadable("it does not begin as a recording of yizhan does");
  const { format } = parsed.data;
  if (format !== recordingFormat)
    throw new Unreadable(`its format is ${format}; this version reads format ${recordingFormat}`);
  return parsed.data as unknown as Header;
}

function linesOf(texts: readonly string[]): RecordedLine[] {
  return texts.map((text, index) => {
    const at = index + 2;
    const parsed = LineForm.safeParse(jsonOf(text, at));
    if (!parsed.success) throw new Unreadable(`line ${at} is no line of a recording`);
    return parsed.data as unknown as RecordedLine;
  });
}

const isMark = (line: RecordedLine | undefined): line is SegmentMark => line !== undefined && "segment" in line;

function beginningOf(line: RecordedLine | undefined): StationState {
  const begins = isMark(line) ? line.begins : undefined;
  if (begins === undefined) throw new Unreadable("it does not say in which state it begins");
  const state = unpack(begins.state) as StationState;
  if (begins.list === undefined || state.room === undefined) return state;
  const { access } = state.room;
  const list = unpack(begins.list) as NonNullable<typeof access.list>;
  return { ...state, room: { ...state.room, access: { ...access, list } } };
}

function parsed(bytes: Uint8Array): Recording {
  const texts = textOf(bytes).split("\n");
  if (texts.pop() !== "") throw new Unreadable("the file is cut off in a line");
  const header = headerOf(jsonOf(texts[0] ?? "", 1));
  const end = EndForm.safeParse(jsonOf(texts.at(-1) ?? "", texts.length));
  if (!end.success) throw new Unreadable("the file is cut off: its last line is missing");
  const lines = linesOf(texts.slice(1, -1));
  const steps = lines.filter((line) => "event" in line).length;
  if (steps !== end.data.steps || lines.filter(isMark).length !== header.segments)
    throw new Unreadable("steps are missing in the middle of the file");
  return {
    header,
    config: unpack(header.config) as StationConfig,
    members: new Map(header.members as readonly [string, Member][]),
    begins: beginningOf(lines[0]),
    lines,
    steps,
  };
}

export function readRecording(bytes: Uint8Array): RecordingRead {
  try {
    return { is: "recording", recording: parsed(bytes) };
  } catch (error) {
    if (error instanceof Unreadable) return { is: "refused", why: error.message };
    throw error;
  }
}
