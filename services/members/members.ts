/**
 * Who may be served: an allow-list of members, each known by the SHA-256 of the text of their code. The list never holds the
 * text itself, and what comes out of it never holds the digest, so neither can reach a log. It refuses unknown digests and
 * members that were switched off; it decides nothing else about a swap.
 */
import { z } from "zod";

export const MemberEntry = z
  .strictObject({
    member: z
      .string()
      .regex(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/)
      .meta({ description: "Number of the member, unique in the file: lower-case letters, digits and dashes." }),
    credentialSha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .meta({
        description: "SHA-256 of the text of the member's code, as 64 lower-case hex digits; never the text itself.",
      }),
    role: z
      .literal(["rider", "technician"])
      .default("rider")
      .meta({ description: "What the member may do: riders swap packs." }),
    active: z.boolean().default(true).meta({ description: "A member that is not active is refused by name." }),
  })
  .meta({ description: "One member." });
export type MemberEntry = z.output<typeof MemberEntry>;

export const MembersFile = z
  .strictObject({
    members: z.array(MemberEntry).max(20_000).meta({ description: "Everybody who may be served." }),
  })
  .meta({ title: "yizhan members", description: "The allow-list of one station." });
export type MembersFile = z.output<typeof MembersFile>;

/** A member as the rest of the station knows them: without the digest. */
export interface Member {
  readonly member: string;
  readonly role: "rider" | "technician";
  readonly active: boolean;
}

export interface MemberList {
  readonly byDigest: ReadonlyMap<string, Member>;
}

export type Authorisation =
  | { readonly ok: true; readonly member: Member }
  | { readonly ok: false; readonly reason: "unknown-credential" | "member-inactive" };

/**
 * Builds the index once. The reader of the file refuses two members with one digest; where a list is made by hand, the first
 * one keeps it, so that adding a line never takes a code away from somebody.
 */
export function makeMemberList(entries: readonly MemberEntry[]): MemberList {
  const byDigest = new Map<string, Member>();
  for (const { member, credentialSha256, role, active } of entries) {
    if (!byDigest.has(credentialSha256)) byDigest.set(credentialSha256, { member, role, active });
  }
  return { byDigest };
}

/** A member by number, for an operator who speaks of them. */
export function findMember(list: MemberList, member: string): Member | undefined {
  for (const known of list.byDigest.values()) if (known.member === member) return known;
  return undefined;
}

/** `digest` is the SHA-256 of the presented text in lower-case hex, made by whoever read the code. */
export function authorise(list: MemberList, digest: string): Authorisation {
  const member = list.byDigest.get(digest);
  if (member === undefined) return { ok: false, reason: "unknown-credential" };
  return member.active ? { ok: true, member } : { ok: false, reason: "member-inactive" };
}
