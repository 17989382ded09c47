import { describe, expect, test } from "vitest";
import { credentialDigest } from "../../../firmware/config/hash.ts";
import type { Problem } from "../../../firmware/config/problem.ts";
import { authorise } from "../../../services/members/members.ts";
import { loadText, members, patched, starter, unmark } from "./memory-files.ts";

const first = credentialDigest("yz-member-0001");
const second = credentialDigest("yz-member-0002");

function problemsOf(text: string): readonly Problem[] {
  const loaded = loadText(starter, text);
  return loaded.ok ? [] : loaded.problems;
}

describe("the members file", () => {
  test("the development code of m-0001 opens for m-0001", () => {
    const loaded = loadText(starter);
    if (!loaded.ok) throw new Error("the example is not valid");
    expect(authorise(loaded.config.members, first)).toEqual({
      ok: true,
      member: { member: "m-0001", role: "rider", active: true },
    });
    expect(loaded.config.memberCount).toBe(62);
  });

  test.each<[string, string, string, [string, string]]>([
    ["a member twice", "member: m-0002,", "member: «m-0001,", ["members[1].member", "E_CFG_DUPLICATE_MEMBER"]],
    ["a credential twice", second, `«${first}`, ["members[1].credentialSha256", "E_CFG_DUPLICATE_CREDENTIAL"]],
    ["a digest cut short", second, `«${second.slice(1)}`, ["members[1].credentialSha256", "E_CFG_FORMAT"]],
    [
      "the code itself instead of its digest",
      second,
      "«yz-member-0002",
      ["members[1].credentialSha256", "E_CFG_FORMAT"],
    ],
    ["a misspelt key", "role: technician", "«rol: technician", ["members[60].rol", "E_CFG_UNKNOWN_KEY"]],
    ["a role there is not", "role: technician", "role: «technicien", ["members[60].role", "E_CFG_NOT_ALLOWED"]],
    ["no for false", ", active: false }", ", active: «no }", ["members[61].active", "E_CFG_WRONG_TYPE"]],
  ])("%s is told in the members file itself", (_, from, to, [path, code]) => {
    const { text, line, column } = unmark(patched(members, from, to));
    expect(problemsOf(text)).toMatchObject([{ file: "station/members.yaml", line, column, path, code }]);
  });

  test("no problem repeats a credential, right or wrong", () => {
    for (const wrong of ["yz-member-0002", "12345678", second.toUpperCase(), first, `"${second} "`]) {
      const told = JSON.stringify(problemsOf(patched(members, second, wrong)));
      expect(told.toLowerCase()).not.toContain(wrong.replaceAll('"', "").toLowerCase());
    }
  });

  test("a broken members file and a broken configuration are told together, the configuration first", () => {
    const loaded = loadText(patched(starter, "siteLimitW: 3000", "siteLimitW: 1"), "members: 3\n");
    const told = loaded.ok ? [] : loaded.problems.map(({ file, code }) => `${file} ${code}`);
    expect(told).toEqual(["station/config.yaml E_CFG_OUT_OF_RANGE", "station/members.yaml E_CFG_WRONG_TYPE"]);
  });

  test("an empty list is allowed, with a warning", () => {
    const loaded = loadText(starter, "members: []\n");
    expect(loaded.ok).toBe(true);
    expect(loaded.warnings.map(({ code }) => code)).toEqual(["W_CFG_NO_MEMBERS"]);
  });
});
