/**
 * The lines of a recording: one a step, one a grant, one a remark of the process. Steps and grants hold everything that a replay
 * needs and what came of it; remarks are for the reader alone.
 */
import type { Effect } from "../../services/effects.ts";
import type { StationEvent } from "../../services/events.ts";
import { hiddenCode } from "./codes.ts";
import { asItStands, type Names, pack } from "./packed.ts";
import type { Pseudonyms } from "./pseudonyms.ts";

/**
 * Place in the row of slots, and the reading there. A number is the instant at which the same was read again; without a second
 * part nothing is there any more.
 */
export type SlotLine = readonly [number, unknown?];

export interface StepLine {
  readonly at: number;
  readonly wall: number;
  /** `tick` and `noticed` stand for themselves. */
  readonly event: unknown;
  /** Where it is another one than before. */
  readonly moment?: unknown;
  readonly readings?: readonly SlotLine[];
  /** What became of the signatures that the step asked about, in order. */
  readonly verified?: readonly boolean[];
  readonly effects?: unknown;
  /** The step did not come to an end. */
  readonly unfinished?: true;
}

export interface GrantLine {
  readonly grant: number;
  readonly wall?: number;
  readonly moment?: unknown;
  readonly readings?: readonly SlotLine[];
  /** The master enable was off. */
  readonly off?: true;
  /** Where they are others than before. */
  readonly levels?: unknown;
  readonly removed?: unknown;
}

export interface NoteLine {
  readonly note: string;
  readonly at: number;
  readonly level: string;
  readonly detail?: unknown;
}

export type Line = StepLine | GrantLine | NoteLine;

type RecordEffect = Extract<Effect, { do: "record" }>;

/** What is told of a record follows from the record; marks of members in it could be guessed back. */
function withoutMarks({ publish, ...effect }: RecordEffect): unknown {
  if (publish === undefined) return effect;
  const { member: _member, by: _by, ...data } = publish.data as Readonly<Record<string, unknown>>;
  return { ...effect, publish: { ...publish, data } };
}

function comparable(effect: Effect): unknown {
  if (effect.do === "record") return withoutMarks(effect);
  // The same text as in the event.
  return effect.do === "keep-list" ? { do: effect.do } : effect;
}

/** The effects of a step as they are written and compared. */
export const packEffects = (effects: readonly Effect[], names: Names = asItStands): unknown =>
  pack(effects.map(comparable), names);

/** `list` stands for the text of an access list. */
export function packEvent(event: StationEvent, names: Pseudonyms, list: (text: string) => number): unknown {
  switch (event.type) {
    case "tick":
    case "noticed":
      return event.type;
    case "room-code":
      return { ...event, text: hiddenCode(event.text, names), digest: names.digest(event.digest) };
    case "access-list":
      return { type: event.type, list: list(event.text), digest: names.digest(event.digest) };
    default:
      return pack(event, names);
  }
}
