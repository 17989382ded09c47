/** What is told of one journal record: the shape that every service's own mapping returns. It names no member in full. */
import type { EventData, EventKind, EventType } from "./event-payloads.ts";

/** `data` carries the event's own type, which the outbox lifts into `event_type`. */
export interface Publication {
  readonly kind: EventKind;
  readonly stream: string;
  readonly type: EventType;
  readonly data: EventData;
}

/** Enough to tell two riders apart on one day, too little to name one: FNV-1a of the member number, eight hex digits. */
export function memberMark(member: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < member.length; at++) hash = Math.imul(hash ^ member.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
