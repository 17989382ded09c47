/** What is told of the room's records: the kinds of event and their words. It names no member in full. */
import type { Publication } from "../contract/publication.ts";
import type { RoomRecord } from "./records.ts";

/** Nothing yet: the contract has no events of the room. */
export function roomEvent(_record: RoomRecord): Publication | undefined {
  return undefined;
}
