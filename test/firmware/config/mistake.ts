import type { ProblemCode } from "../../../firmware/config/codes.ts";
import { MARK, patched, starter, unmark } from "./memory-files.ts";

/** One mistake made in an example, and what must be told about it. */
export interface Mistake {
  readonly story: string;
  readonly text: string;
  readonly told: {
    readonly line: number;
    readonly column: number;
    readonly path: string;
    readonly code: ProblemCode;
  };
  readonly nearest: string | undefined;
}

/**
 * Replaces `from` by `to`. The mark « in `to` says where the problem must be told; where that is elsewhere, `at` is the text
 * there, with the mark.
 */
export type Make = (
  story: string,
  from: string,
  to: string,
  told: [path: string, code: ProblemCode, nearest?: string | undefined, at?: string],
) => Mistake;

export const mistakesIn =
  (base: string): Make =>
  (story, from, to, [path, code, nearest, at]) => {
    const broken = patched(base, from, to);
    const { text, line, column } = unmark(at === undefined ? broken : patched(broken, at.replace(MARK, ""), at));
    return { story, text, told: { line, column, path, code }, nearest };
  };

export const mistake = mistakesIn(starter);
