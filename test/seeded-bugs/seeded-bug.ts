/**
 * A seeded bug: one small mistake that a good engineer could make, kept as text, applied to a throw-away copy of the sources
 * only, and demanded to fail a test that already stands in this repository. It never touches the tree itself.
 */
import type { Invariant } from "./invariants.ts";

/** `E`: failure edge of the swap; an invariant; `R-`: what the room owes its guests, by the name of its judge; a cut between two steps; a mistake seen in the software of a cabinet on sale. */
export type Origin = `E${number}` | Invariant | `R-${string}` | "power cut" | "shipping cabinet";

export interface SeededBug {
  readonly id: `b-${string}`;
  /** What is wrong, as a sentence without its full stop. */
  readonly title: string;
  readonly standsFor: readonly Origin[];
  readonly file: string;
  /** Text that stands exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** Test files of which at least one test must fail. */
  readonly caughtBy: readonly string[];
}

export type Seeding =
  | { readonly is: "seeded"; readonly source: string }
  | { readonly is: "stale"; readonly why: string };

/** The source with the bug in it, or what to do because the code has moved on. */
export function seed(bug: Pick<SeededBug, "id" | "file" | "find" | "replace">, source: string): Seeding {
  const parts = source.split(bug.find);
  if (parts.length === 2) return { is: "seeded", source: parts.join(bug.replace) };
  const why =
    `${bug.id} is stale: its text stands ${parts.length - 1} times in ${bug.file}. Find the lines that do this now and ` +
    "give the bug their text, or drop the bug if the mistake can no longer be made.";
  return { is: "stale", why };
}
