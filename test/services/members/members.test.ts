import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { authorise, type MemberEntry, MembersFile, makeMemberList } from "../../../services/members/members.ts";

const digest = (letter: string) => letter.repeat(64);
const entry = (member: string, credentialSha256: string, more: Partial<MemberEntry> = {}): MemberEntry => ({
  member,
  credentialSha256,
  role: "rider",
  active: true,
  ...more,
});

describe("the allow-list", () => {
  const list = makeMemberList([
    entry("m-0001", digest("a")),
    entry("m-0002", digest("b"), { active: false }),
    entry("t-0001", digest("c"), { role: "technician" }),
  ]);

  test("a known and active member is let through by name and role", () => {
    expect(authorise(list, digest("a"))).toEqual({
      ok: true,
      member: { member: "m-0001", role: "rider", active: true },
    });
    expect(authorise(list, digest("c"))).toMatchObject({ ok: true, member: { role: "technician" } });
  });

  test("a member who was switched off is refused as such", () => {
    expect(authorise(list, digest("b"))).toEqual({ ok: false, reason: "member-inactive" });
  });

  test.each(["", digest("d"), digest("a").slice(1), digest("A"), "__proto__", "constructor"])(
    "%j is nobody's credential",
    (text) => {
      expect(authorise(list, text)).toEqual({ ok: false, reason: "unknown-credential" });
    },
  );

  test("whoever comes out of it carries no digest", () => {
    expect(JSON.stringify(authorise(list, digest("a")))).not.toContain(digest("a"));
  });

  test("a second member with the same digest never takes it from the first", () => {
    const twice = makeMemberList([entry("m-0001", digest("a")), entry("m-0009", digest("a"))]);
    expect(authorise(twice, digest("a"))).toMatchObject({ member: { member: "m-0001" } });
  });

  test("exactly the active members on the list are let through", () => {
    const hex = fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 64, maxLength: 64 });
    const people = fc.uniqueArray(fc.tuple(hex, fc.boolean()), { selector: ([text]) => text, maxLength: 20 });
    fc.assert(
      fc.property(people, hex, (rows, stranger) => {
        const made = makeMemberList(rows.map(([text, active], at) => entry(`m-${at}`, text, { active })));
        for (const [text, active] of rows) expect(authorise(made, text).ok).toBe(active);
        if (!rows.some(([text]) => text === stranger)) expect(authorise(made, stranger).ok).toBe(false);
      }),
    );
  });
});

describe("the file of the allow-list", () => {
  test("a row needs a member and a digest; the rest has defaults", () => {
    const parsed = MembersFile.parse({ members: [{ member: "m-1", credentialSha256: digest("0") }] });
    expect(parsed.members).toEqual([entry("m-1", digest("0"))]);
  });

  test.each([
    { member: "M 1", credentialSha256: digest("0") },
    { member: "m-1", credentialSha256: digest("0").slice(1) },
    { member: "m-1", credentialSha256: "yz-member-0001" },
    { member: "m-1", credentialSha256: digest("A") },
    { member: "m-1", credentialSha256: digest("0"), role: "owner" },
    { member: "m-1", credentialSha256: digest("0"), credential: "secret" },
  ])("%j is refused", (row) => {
    expect(MembersFile.safeParse({ members: [row] }).success).toBe(false);
  });
});
