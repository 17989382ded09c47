/**
 * One step of the room under way: what was known before it, what it can see, and what follows from it. Each record is folded at
 * the moment it is decided, so that the next line of the same step already knows of it.
 */

import type { AccessRefusal } from "../access/refusals.ts";
import type { CivilTime } from "../access/schedule.ts";
import type { AccessContext } from "../access/state.ts";
import type { Moment } from "../access/time.ts";
import type { MemberList } from "../members/members.ts";
import { fresh, type Reading } from "../reading.ts";
import type { VerifySignature } from "../requests/asker.ts";
import type { RoomConfig } from "./config.ts";
import { foldRoom, type RoomDurable } from "./durable.ts";
import type { RoomReadings } from "./readings.ts";
import type { RoomRecord } from "./records.ts";
import { type RoomSentence, type RoomSentenceId, sayInRoom } from "./sentences.ts";
import type { RoomState } from "./state.ts";

export interface RoomContext {
  readonly station: string;
  readonly config: RoomConfig;
  readonly readings: RoomReadings;
  readonly members: MemberList;
  readonly verify: VerifySignature;
  readonly now: Moment;
  /** Station time; undefined while nobody knows it. */
  readonly civil: CivilTime | undefined;
  /** Packs burn, or the exit was freed: out, and nobody in. */
  readonly fire: boolean;
  /** Fire, or the emergency stop: nothing heats, cools, pours or runs. */
  readonly stopped: boolean;
  /** The guardian holds the master enable. */
  readonly powered: boolean;
}

export type RoomEffect =
  | { readonly do: "record"; readonly record: RoomRecord /** Wall ms of the decision. */; readonly at: number }
  /** The answer is `room-written` with the same token. */
  | { readonly do: "written"; readonly token: string }
  | { readonly do: "say"; readonly place: string; readonly sentence: RoomSentence }
  | { readonly do: "respond"; readonly request: string; readonly reason: AccessRefusal | undefined }
  | { readonly do: "keep-list"; readonly text: string };

export interface RoomDraft {
  state: RoomState;
  durable: RoomDurable;
  readonly effects: RoomEffect[];
  readonly context: RoomContext;
}

/** `at` is the wall time as far as it is known. */
export function write(draft: RoomDraft, record: RoomRecord, at: number = draft.context.now.wallMs): void {
  draft.durable = foldRoom(draft.durable, record, at);
  draft.effects.push({ do: "record", record, at });
}

export function tell(
  draft: RoomDraft,
  place: string,
  id: RoomSentenceId,
  fill?: Readonly<Record<string, string | number>>,
): void {
  draft.effects.push({ do: "say", place, sentence: sayInRoom(id, fill) });
}

export function accessContext({ station, config, readings, now, civil, fire, verify }: RoomContext): AccessContext {
  return { station, config: config.access, readings: readings.doors, now, civil, fire, verify };
}

/** Whether somebody is in the room: by the sensor where there is one, else by who came in and did not leave. */
export function occupiedOf(durable: RoomDurable, { config, readings, now }: RoomContext): Reading<boolean> | undefined {
  if (config.hasPresence) return readings.present;
  if (config.access.doors.length === 0) return undefined;
  return { value: durable.access.inside > 0, atMs: now.monotonicMs, quality: "good" };
}

const presenceHeardMs = 10_000;

/** False only when it is known that nobody is here. */
export const mayBeOccupied = (durable: RoomDurable, context: RoomContext): boolean =>
  fresh(occupiedOf(durable, context), context.now.monotonicMs, presenceHeardMs) !== false;

/** Every door shut: one that is open, or not heard, speaks for the room. The age is that of the oldest contact. */
export function allShut({ config, readings }: RoomContext): Reading<boolean> | undefined {
  let all: Reading<boolean> | undefined;
  for (const { id } of config.access.doors) {
    const shut = readings.doors[id]?.shut;
    if (shut === undefined || shut.quality !== "good" || !shut.value) return shut;
    if (all === undefined || shut.atMs < all.atMs) all = shut;
  }
  return all;
}
