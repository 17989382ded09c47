/** The registry of seeded bugs is whole and fresh, and a run proves what it says it proves. Quick; the campaign is apart. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { read, root } from "../support/repository.ts";
import { seededBugsPage } from "./page.ts";
import { seededBugs } from "./registry.ts";
import { seed } from "./seeded-bug.ts";
import { judge, type TestReport } from "./verdict.ts";

describe("the registry", () => {
  test("numbers its bugs without a gap", () => {
    const numbered = seededBugs.map((_bug, index) => `b-${String(index + 1).padStart(2, "0")}`);
    expect(seededBugs.map(({ id }) => id)).toEqual(numbered);
  });

  test("says of each what is wrong, in a sentence of its own", () => {
    const titles = seededBugs.map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
    expect(titles.filter((title) => !/^[A-Z0-9].* .*[^.]$/.test(title))).toEqual([]);
    expect(seededBugs.filter(({ standsFor }) => standsFor.length === 0)).toEqual([]);
  });

  test("fits the code as it is now, and each bug changes it", () => {
    const stale = seededBugs.flatMap((bug) => {
      const source = existsSync(join(root, bug.file)) ? read(bug.file) : "";
      const seeded = seed(bug, source);
      if (seeded.is === "stale") return [seeded.why];
      return seeded.source === source ? [`${bug.id} changes nothing`] : [];
    });
    expect(stale).toEqual([]);
  });

  test("names tests that exist and run inside one process", () => {
    const files = seededBugs.flatMap(({ caughtBy }) => caughtBy);
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
    expect(files.filter((file) => !/^test\/(?!real\/|seeded-bugs\/).+\.test\.ts$/.test(file))).toEqual([]);
    expect(seededBugs.filter(({ caughtBy }) => caughtBy.length === 0)).toEqual([]);
  });

  test("is what docs/reference/seeded-bugs.md shows; this test with -u writes the page anew", async () => {
    await expect(seededBugsPage()).toMatchFileSnapshot(join(root, "docs", "reference", "seeded-bugs.md"));
  });
});

describe("a bug's text", () => {
  const bug = { id: "b-99", file: "services/a.ts", find: "one < two", replace: "one <= two" } as const;

  test("is replaced where it stands once", () => {
    expect(seed(bug, "if (one < two) three();")).toEqual({ is: "seeded", source: "if (one <= two) three();" });
  });

  test("that stands nowhere or twice is stale, and says what to do", () => {
    for (const [source, times] of [
      ["if (one > two)", 0],
      ["one < two && one < two", 2],
    ] as const) {
      const seeded = seed(bug, source);
      if (seeded.is !== "stale") throw new Error("a stale text was taken");
      expect(seeded.why).toContain(`stands ${times} times in services/a.ts`);
      expect(seeded.why).toContain("or drop the bug");
    }
  });

  test("may hold what a pattern would read as a sign", () => {
    const signs = { ...bug, find: "a ? b : /c+$/", replace: "$& $1" };
    expect(seed(signs, "x = a ? b : /c+$/;")).toEqual({ is: "seeded", source: "x = $& $1;" });
  });
});

describe("a run over a seeded bug", () => {
  const file = "test/services/a.test.ts";
  const report = (
    status: string,
    message: string | undefined,
    tests: readonly (readonly [string, string])[],
  ): TestReport => ({
    testResults: [
      {
        name: `/somewhere/${file}`,
        status,
        ...(message === undefined ? {} : { message }),
        assertionResults: tests.map(([says, failure]) => ({
          fullName: says,
          status: failure === "" ? "passed" : "failed",
          failureMessages: failure === "" ? [] : [failure],
        })),
      },
    ],
  });
  const failing = (failure: string) =>
    judge(
      report("failed", undefined, [
        ["one", ""],
        ["two", failure],
      ]),
      [file],
    );

  test("caught it when a test failed by an assertion, a property or a condition waited for in vain", () => {
    const caught = { is: "caught", file, test: "two" };
    expect(failing("AssertionError: expected 1 to be 2\n    at a.ts:1")).toEqual(caught);
    expect(failing("Error: Property failed after 3 tests\n{ seed: 1 }\nCause: AssertionError: no")).toEqual(caught);
    expect(failing("Error: waited 120000 ms in vain for a door to open; ended: ")).toEqual(caught);
  });

  test("proved nothing when a test crashed, hung or was never collected", () => {
    for (const failure of [
      "TypeError: x is not a function\n    at a.ts:1",
      "ReferenceError: x is not defined",
      "Error: Test timed out in 60000ms.",
      "Error: Property failed after 1 tests\nCause: TypeError: x is undefined\n    at a.ts:1",
    ])
      expect(failing(failure).is).toBe("broken");
    expect(judge(report("failed", "SyntaxError: Unexpected token", []), [file]).is).toBe("broken");
    expect(judge(report("passed", undefined, []), [file]).is).toBe("broken");
    expect(judge(report("passed", undefined, [["one", ""]]), ["test/services/b.test.ts"]).is).toBe("broken");
  });

  test("missed it when everything passed", () => {
    expect(judge(report("passed", undefined, [["one", ""]]), [file])).toEqual({ is: "missed" });
  });
});
