/**
 * Who shows a code or a card at something inside the room. The members file and the signed list both know members; whoever the
 * list has revoked is nobody, whatever the file says.
 */
import { authorise } from "../members/members.ts";
import type { RoomDraft } from "./draft.ts";

export interface Visitor {
  readonly member: string;
  readonly isTechnician: boolean;
}

export function visitorOf(draft: RoomDraft, digest: string, by: "code" | "card"): Visitor | undefined {
  const { list } = draft.state.access;
  const known = by === "code" ? authorise(draft.context.members, digest) : undefined;
  const listed =
    by === "card" && list !== undefined && !list.revokedCards.has(digest) ? list.cards.get(digest) : undefined;
  const found =
    known?.ok === true
      ? { member: known.member.member, isTechnician: known.member.role === "technician" }
      : listed === undefined
        ? undefined
        : { member: listed.member, isTechnician: listed.role === "staff" };
  return found === undefined || list?.revokedMembers.has(found.member) === true ? undefined : found;
}
