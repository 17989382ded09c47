/**
 * The step of access: (state, event, context) to the next state and what follows from it. Leaving is looked at first at every
 * scan and waits for nothing; letting in waits for the disk. Every event is answered in every state.
 */
import { answer, grant, show, shutToAll } from "./admit.ts";
import type { DoorConfig } from "./config.ts";
import { bootDoor, type DoorEvent, type DoorOutcome, stepDoor } from "./door.ts";
import { judgeList } from "./list.ts";
import type { AccessRecord } from "./records.ts";
import type { AccessRefusal } from "./refusals.ts";
import {
  type AccessContext,
  type AccessEffect,
  type AccessEvent,
  type AccessOrder,
  type AccessState,
  type Draft,
  doorConfig,
  modeOfDoor,
  type PendingGrant,
  sightOfDoor,
  timeOf,
  write,
} from "./state.ts";
import { floorAt } from "./time.ts";

export interface AccessStep {
  readonly next: AccessState;
  readonly effects: readonly AccessEffect[];
}

/** A disk that takes longer than a person waits. */
const writeMsMax = 5_000;
const hourMs = 3_600_000;

function recordOf(door: string, outcome: DoorOutcome): AccessRecord {
  switch (outcome.is) {
    case "grant-ended":
      return { kind: "door-grant-ended", door, decision: outcome.decision, used: outcome.used };
    case "left":
      return { kind: "door-left", door };
    case "forced":
      return { kind: "door-forced", door };
  }
}

function move(draft: Draft, door: DoorConfig, event: DoorEvent): void {
  const was = draft.state.doors[door.id] ?? bootDoor;
  const { next, outcomes } = stepDoor(was, event, draft.context.now.monotonicMs, door);
  if (next !== was) draft.state = { ...draft.state, doors: { ...draft.state.doors, [door.id]: next } };
  for (const outcome of outcomes) write(draft, recordOf(door.id, outcome));
}

/** The decision of that number, which waits no longer; undefined when the door waits for another one, or for none. */
function takePending(draft: Draft, door: string, decision: number): PendingGrant | undefined {
  const { [door]: pending, ...others } = draft.state.pending;
  if (pending?.decision !== decision) return undefined;
  draft.state = { ...draft.state, pending: others };
  return pending;
}

/** A decision comes to nothing: whoever waits for it is told, and the log says that it was not used. */
function drop(draft: Draft, door: string, pending: PendingGrant, reason: AccessRefusal): void {
  const { decision, reader, request } = pending;
  write(draft, { kind: "door-grant-ended", door, decision, used: false });
  if (reader !== undefined) answer(draft, reader, door, { is: "refused", reason });
  if (request !== undefined) draft.effects.push({ do: "respond", request, reason });
}

/**
 * A disk that takes nothing keeps nobody out in the cold (ADR 25): these open a door from memory as well. The code of an app lives
 * for seconds and is remembered for longer than that; a card proves itself anew each time. A visitor's code lives for days, and
 * an operator's order must act once whatever happens: what is forgotten at the next start would open twice.
 */
const opensFromMemory = {
  token: true,
  card: true,
  visitor: false,
  operator: false,
} as const satisfies Record<PendingGrant["by"], boolean>;

interface DiskAnswer {
  readonly type: "grant-due" | "grant-unwritten";
  readonly door: string;
  readonly decision: number;
}

/**
 * The disk has answered. What waited too long for that was dropped when its door was looked at: this one is in time. A record that
 * was not written may still have reached the disk, so that what it used stays used either way.
 */
function answered(draft: Draft, { type, door: id, decision }: DiskAnswer): void {
  const door = doorConfig(draft.context.config, id);
  const pending = takePending(draft, id, decision);
  if (door === undefined || pending === undefined) return;
  const isUnwritten = type === "grant-unwritten" && !opensFromMemory[pending.by];
  const reason = isUnwritten ? "not-written" : shutToAll(draft, door);
  if (reason !== undefined) {
    drop(draft, id, pending, reason);
    return;
  }
  move(draft, door, { type: "grant", decision });
  if (pending.reader !== undefined) answer(draft, pending.reader, id, { is: "welcome" });
  if (pending.request !== undefined) draft.effects.push({ do: "respond", request: pending.request, reason: undefined });
}

function lookAt(draft: Draft, door: DoorConfig): void {
  const { context } = draft;
  const mode = modeOfDoor(draft.state, door, context);
  if (context.fire || mode === "lockdown") move(draft, door, { type: "withdraw" });
  const free = context.fire || mode === "open";
  move(draft, door, { type: "look", sight: sightOfDoor(context, door.id), free });
  const pending = draft.state.pending[door.id];
  if (pending === undefined || context.now.monotonicMs - pending.sinceMs <= writeMsMax) return;
  takePending(draft, door.id, pending.decision);
  drop(draft, door.id, pending, "not-written");
}

/** So that pulling the plug every now and then does not keep an old list young. */
function noteTime(draft: Draft): void {
  const { durable, mark } = draft.state;
  const floorMs = floorAt(mark, draft.context.now.monotonicMs);
  if (durable.floorMs > 0 && floorMs - durable.floorMs >= hourMs) write(draft, { kind: "access-time", floorMs });
}

function hear(draft: Draft, heard: { text: string; digest: string }): void {
  const { state, context } = draft;
  const { station, config, verify, now } = context;
  const known = state.durable.list;
  const judged = judgeList(heard, {
    station,
    config,
    verify,
    time: timeOf(draft),
    monotonicMs: now.monotonicMs,
    known,
  });
  if (typeof judged === "string") {
    write(draft, { kind: "access-list-refused", reason: judged });
    return;
  }
  // The same one heard again is no younger for it.
  const again = state.list?.version === judged.version;
  draft.state = { ...draft.state, list: again ? state.list : judged };
  if (judged.version === known.version) return;
  const { version, issuedAt } = judged;
  write(draft, { kind: "access-list-accepted", version, digest: heard.digest, issuedAt });
  draft.effects.push({ do: "keep-list", text: heard.text });
}

const askerIn = ({ request, by, key, role }: AccessOrder) => ({
  request,
  ...(by === undefined ? {} : { by }),
  ...(key === undefined ? {} : { key }),
  ...(role === undefined ? {} : { role }),
});

/** What is answered at once: why it was not done, if it was not. */
function orderNow(draft: Draft, asked: Exclude<AccessOrder, { verb: "open-door" }>): AccessRefusal | undefined {
  if (asked.verb === "occupancy") {
    write(draft, { kind: "occupancy-set", count: asked.count, ...askerIn(asked) });
    return undefined;
  }
  const { door, verb } = asked;
  if (doorConfig(draft.context.config, door) === undefined) return "no-such-door";
  if (verb === "door-clear") write(draft, { kind: "door-forced-cleared", door, ...askerIn(asked) });
  else write(draft, { kind: "door-mode-ordered", door, mode: asked.mode, until: asked.until, ...askerIn(asked) });
  return undefined;
}

/** An opening is answered when its record is written, unless it is refused before. */
function openForOperator(draft: Draft, asked: Extract<AccessOrder, { verb: "open-door" }>): AccessRefusal | undefined {
  const door = doorConfig(draft.context.config, asked.door);
  if (door === undefined) return "no-such-door";
  if (draft.context.now.monotonicMs > asked.untilMs) return "expired";
  const reason = shutToAll(draft, door);
  if (reason === undefined) grant(draft, { door, by: "operator", request: asked.request });
  return reason;
}

function order(draft: Draft, asked: AccessOrder): void {
  const isOpening = asked.verb === "open-door";
  const reason = isOpening ? openForOperator(draft, asked) : orderNow(draft, asked);
  if (!isOpening || reason !== undefined) draft.effects.push({ do: "respond", request: asked.request, reason });
}

function take(draft: Draft, event: AccessEvent): void {
  switch (event.type) {
    case "tick":
      noteTime(draft);
      break;
    case "code":
    case "card":
      show(draft, event);
      break;
    case "list":
      hear(draft, event);
      break;
    case "grant-due":
    case "grant-unwritten":
      answered(draft, event);
      break;
    case "order":
      order(draft, event.order);
      break;
  }
}

export function stepAccess(was: AccessState, event: AccessEvent, context: AccessContext): AccessStep {
  const draft: Draft = { state: was, effects: [], context };
  for (const door of context.config.doors) lookAt(draft, door);
  take(draft, event);
  return { next: draft.state, effects: draft.effects };
}
