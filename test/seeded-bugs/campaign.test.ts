/**
 * Every seeded bug against the tests that are to catch it, in copies of the sources, two at a time. First the same tests must
 * pass on an unharmed copy. YIZHAN_BUGS=b-7,b-12 tries those alone, YIZHAN_BUGS=fifth-1 every fifth from the second on.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { seededBugs } from "./registry.ts";
import type { SeededBug } from "./seeded-bug.ts";
import { Workspace } from "./workspace.ts";

const atOnce = 2;
/** Of the unharmed copy, so that no run of a crowded machine outlasts its time. */
const filesTogether = 8;

const wanted = process.env.YIZHAN_BUGS ?? "all";
const fifth = /^fifth-([0-4])$/.exec(wanted)?.[1];

function isWanted({ id }: SeededBug, at: number): boolean {
  if (wanted === "all") return true;
  return fifth === undefined ? wanted.split(",").includes(id) : at % 5 === Number(fifth);
}

const chosen = seededBugs.filter(isWanted);
const workspaces = Array.from({ length: atOnce }, () => new Workspace());
const free = [...workspaces];
const waiting: ((workspace: Workspace) => void)[] = [];
let caught = 0;

async function inWorkspace<T>(work: (workspace: Workspace) => Promise<T>): Promise<T> {
  const workspace = free.pop() ?? (await new Promise<Workspace>((resolve) => waiting.push(resolve)));
  try {
    return await work(workspace);
  } finally {
    const next = waiting.shift();
    if (next === undefined) free.push(workspace);
    else next(workspace);
  }
}

beforeAll(async () => {
  const files = [...new Set(chosen.flatMap(({ caughtBy }) => caughtBy))];
  const parts = Array.from({ length: Math.ceil(files.length / filesTogether) }, (_, part) =>
    files.slice(part * filesTogether, (part + 1) * filesTogether),
  );
  const verdicts = await Promise.all(parts.map((part) => inWorkspace((workspace) => workspace.test(part))));
  for (const verdict of verdicts) expect(verdict, "without any bug the tests pass").toEqual({ is: "missed" });
});

afterAll(() => {
  for (const workspace of workspaces) workspace.remove();
  console.log(`${caught} of ${chosen.length} seeded bugs caught`);
});

function toldOf(bug: SeededBug, verdict: Awaited<ReturnType<Workspace["tryBug"]>>): string {
  if (verdict.is === "caught") return "caught";
  if (verdict.is === "broken") return verdict.why;
  return `${bug.id} went unnoticed: write the test that fails when this is so, in ${bug.caughtBy.join(" or ")}`;
}

test.concurrent("the compiler finds none of them: that would be no work for a test", async () => {
  await inWorkspace(async (workspace) => {
    for (let bugs = chosen; bugs.length > 0; ) {
      const { left, said } = await workspace.compile(bugs);
      expect(said).toBe("");
      expect(left.length, "every round takes some in").toBeLessThan(bugs.length);
      bugs = left;
    }
  });
});

const named = chosen.map((bug) => [bug.id, bug.title, bug] as const);

test.concurrent.each(named)("%s %s", async (_id, _title, bug) => {
  const verdict = await inWorkspace((workspace) => workspace.tryBug(bug));
  expect(toldOf(bug, verdict)).toBe("caught");
  caught++;
});
