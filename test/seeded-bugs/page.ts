/** The reference page of all seeded bugs, as text. */
import { invariants } from "./invariants.ts";
import { bugGroups, seededBugs } from "./registry.ts";
import type { Origin, SeededBug } from "./seeded-bug.ts";

const cell = (text: string): string => text.replaceAll("|", "\\|");
const linkTo = (file: string): string => `[${file.slice(file.lastIndexOf("/") + 1)}](../../${file})`;

function row({ id, title, standsFor, file, caughtBy }: SeededBug): string {
  const cells = [id, title, standsFor.join(", "), linkTo(file), caughtBy.map(linkTo).join(", ")];
  return `| ${cells.map(cell).join(" | ")} |`;
}

function invariantRows(): string[] {
  const used = new Set(seededBugs.flatMap(({ standsFor }) => standsFor));
  return Object.entries(invariants)
    .filter(([code]) => used.has(code as Origin))
    .map(([code, words]) => `| ${code} | ${words} |`);
}

export function seededBugsPage(): string {
  const lines = [
    "# Seeded bugs",
    "",
    "<!-- Generated from test/seeded-bugs/; do not edit. -->",
    "",
    `${seededBugs.length} mistakes that a good engineer could make, each kept as a small patch. A campaign applies them one at a`,
    "time to a copy of the sources and demands that a test of this repository fails by its own assertion; without a patch the",
    "same tests must pass. So the tests are tested: a bug that goes unnoticed is a test that is missing.",
    "",
    "```",
    "npx vitest run --project seeded-bugs                      # all of them",
    "YIZHAN_BUGS=b-01,b-16 npx vitest run --project seeded-bugs   # some of them",
    "```",
    "",
    "E is a [failure edge of the swap](outcomes.md#the-42-edges), I an invariant (below). *Power cut* stands for a cut",
    "between two steps, *shipping cabinet* for a mistake found in the software of a swap cabinet on sale.",
  ];
  for (const { title, bugs } of bugGroups) {
    lines.push("", `## ${title}`, "", "| # | what is wrong | stands for | in | caught by |", "|---|---|---|---|---|");
    lines.push(...bugs.map(row));
  }
  lines.push("", "## The invariants", "", "| # | at every moment |", "|---|---|", ...invariantRows(), "");
  return lines.join("\n");
}
