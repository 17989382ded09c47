/**
 * What access holds between two scans: what the log remembers, and what is rebuilt by looking after every start. The draft is
 * one step under way: each record is folded at the moment it is decided, so that a code shown twice in one instant is used once.
 */

import type { VerifySignature } from "../requests/asker.ts";
import type { Bucket } from "../requests/bucket.ts";
import type { AskerRole } from "../requests/roles.ts";
import type { AccessConfig, DoorConfig } from "./config.ts";
import { bootDoor, type DoorState } from "./door.ts";
import { type AccessDurable, foldAccess } from "./durable.ts";
import type { ListInForce } from "./list.ts";
import { type DoorReadings, type DoorSight, sightOf } from "./readings.ts";
import type { AccessRecord } from "./records.ts";
import type { AccessRefusal } from "./refusals.ts";
import { type CivilTime, type DoorMode, modeOf } from "./schedule.ts";
import { type FloorMark, floorAt, type KnownTime, knownTime, type Moment } from "./time.ts";
import type { Tries } from "./tries.ts";

export interface ReaderState {
  readonly tries: Tries;
  /** What was shown last: a reader reads a code in front of it several times a second. */
  readonly last: { readonly digest: string; readonly atMs: number } | undefined;
  /** The last proof of a card: the reader makes a new challenge each time. */
  readonly nonce: string | undefined;
  /** Bounds what refusals write to the log. */
  readonly told: Bucket | undefined;
}

/** A decision on its way to the disk. */
export interface PendingGrant {
  readonly decision: number;
  readonly by: Extract<AccessRecord, { kind: "door-granted" }>["by"];
  readonly sinceMs: number;
  readonly reader: string | undefined;
  readonly request: string | undefined;
}

export interface AccessState {
  readonly durable: AccessDurable;
  readonly doors: Readonly<Record<string, DoorState>>;
  readonly pending: Readonly<Record<string, PendingGrant>>;
  readonly readers: Readonly<Record<string, ReaderState>>;
  readonly list: ListInForce | undefined;
  readonly mark: FloorMark;
  readonly bootMs: number;
}

export function bootAccess(durable: AccessDurable, config: AccessConfig, nowMs: number): AccessState {
  return {
    durable,
    doors: Object.fromEntries(config.doors.map(({ id }) => [id, bootDoor])),
    pending: {},
    readers: {},
    list: undefined,
    mark: { floorMs: durable.floorMs, atMs: nowMs },
    bootMs: nowMs,
  };
}

export interface AccessContext {
  readonly station: string;
  readonly config: AccessConfig;
  /** By door. */
  readonly readings: Readonly<Record<string, DoorReadings | undefined>>;
  readonly now: Moment;
  /** Station time; undefined while nobody knows it. */
  readonly civil: CivilTime | undefined;
  /** Smoke, heat, runaway or the exit release: out, and nobody in. */
  readonly fire: boolean;
  readonly verify: VerifySignature;
}

/** An accepted request of an operator, checked for form, age, role and repetition before. */
export type AccessOrder = {
  readonly request: string;
  readonly by?: string;
  readonly key?: string;
  readonly role?: AskerRole;
} & (
  | { readonly verb: "open-door"; readonly door: string /** Monotonic. */; readonly untilMs: number }
  | {
      readonly verb: "door-mode";
      readonly door: string;
      /** Undefined lifts what was ordered. */
      readonly mode: DoorMode | undefined;
      /** Wall ms. */
      readonly until: number | undefined;
    }
  | { readonly verb: "door-clear"; readonly door: string }
  | { readonly verb: "occupancy"; readonly count: number }
);

export type AccessEvent =
  | { readonly type: "tick" }
  /** A code was read; `digest` is SHA-256 of the text. The text is a secret while it lives: no log, no record. */
  | { readonly type: "code"; readonly reader: string; readonly text: string; readonly digest: string }
  | {
      readonly type: "card";
      readonly reader: string;
      /** SHA-256 of the card's identity. */
      readonly card: string;
      /** `none`: the card cannot be challenged, so that its identity proves nothing. */
      readonly challenge: "answered" | "failed" | "none";
      /** The random challenge that the reader made for this presentation. */
      readonly nonce: string;
    }
  | { readonly type: "list"; readonly text: string; readonly digest: string }
  /** What a `grant` effect waited for is written. */
  | { readonly type: "grant-due"; readonly door: string; readonly decision: number }
  | { readonly type: "grant-unwritten"; readonly door: string; readonly decision: number }
  | { readonly type: "order"; readonly order: AccessOrder };

export type AccessAnswer =
  | { readonly is: "welcome" }
  /** The door is open to anybody now; nothing was used up. */
  | { readonly is: "free" }
  | { readonly is: "refused"; readonly reason: AccessRefusal };

export type AccessEffect =
  | { readonly do: "record"; readonly record: AccessRecord /** Wall ms of the decision. */; readonly at: number }
  /** The decision before it is on disk. The answer is `grant-due`, or `grant-unwritten`. */
  | { readonly do: "grant"; readonly door: string; readonly decision: number }
  | { readonly do: "answer"; readonly reader: string; readonly door: string; readonly answer: AccessAnswer }
  | { readonly do: "respond"; readonly request: string; readonly reason: AccessRefusal | undefined }
  /** Keep this text: it is read again after a start. */
  | { readonly do: "keep-list"; readonly text: string };

export interface Draft {
  state: AccessState;
  readonly effects: AccessEffect[];
  readonly context: AccessContext;
}

export const timeOf = ({ state, context }: Draft): KnownTime =>
  knownTime(context.now, state.mark, context.config.skewMs);

export function write(draft: Draft, record: AccessRecord): void {
  const at = timeOf(draft).nowMs;
  const durable = foldAccess(draft.state.durable, record, at);
  const { mark } = draft.state;
  const { monotonicMs } = draft.context.now;
  const rises = durable.floorMs > floorAt(mark, monotonicMs);
  draft.state = { ...draft.state, durable, mark: rises ? { floorMs: durable.floorMs, atMs: monotonicMs } : mark };
  draft.effects.push({ do: "record", record, at });
}

export const doorConfig = (config: AccessConfig, door: string): DoorConfig | undefined =>
  config.doors.find(({ id }) => id === door);

export const sightOfDoor = ({ readings, now }: AccessContext, door: string): DoorSight =>
  sightOf(readings[door], now.monotonicMs);

export function modeOfDoor(state: AccessState, door: DoorConfig, context: AccessContext): DoorMode {
  const { nowMs, synchronised } = knownTime(context.now, state.mark, context.config.skewMs);
  const order = state.durable.orders[door.id];
  return modeOf(door, { civil: context.civil, order, knownMs: nowMs, synchronised }, context.config);
}

/** Doors of one lock chamber name each other, or only one names the other: either holds for both. */
const isPair = (one: DoorConfig, other: DoorConfig): boolean =>
  one.interlockWith === other.id || other.interlockWith === one.id;

/** The other door of the chamber is not known to be shut, or about to be opened. */
export function isOtherInTheWay(state: AccessState, door: DoorConfig, context: AccessContext): boolean {
  return context.config.doors.some((other) => {
    if (other.id === door.id || !isPair(door, other)) return false;
    const granted = state.doors[other.id]?.position.at === "granted" || state.pending[other.id] !== undefined;
    return granted || sightOfDoor(context, other.id).shut !== true;
  });
}
