/** What the room knows of whoever shows something inside it: the sources of `members/known.ts`, as they are in this step. */
import { knownTime } from "../access/time.ts";
import type { MemberSources } from "../members/known.ts";
import type { RoomDraft } from "./draft.ts";

export function memberSources({ state, context }: RoomDraft): MemberSources {
  const { members, now } = context;
  const config = context.config.access;
  const { list, mark } = state.access;
  return { members, list, config, time: knownTime(now, mark, config.skewMs), monotonicMs: now.monotonicMs };
}
