/**
 * Rules that a service keeps over several of its numbers, applied to the section of the file they are made from. A rule that
 * speaks of something the file says by a wire is told at that wire.
 */
import type { z } from "zod";
import type { Path } from "./problem.ts";

/** `rulesOf` makes the service's configuration from the entry; `moved` says where a field of it stands in the file. */
export function judgedBy<Entry>(
  rules: z.ZodType,
  rulesOf: (entry: Entry) => unknown,
  moved: Readonly<Record<string, Path>> = {},
) {
  return (entry: Entry, context: z.core.$RefinementCtx): void => {
    const issues = rules.safeParse(rulesOf(entry)).error?.issues ?? [];
    // A value that is wrong by itself was refused already; what it does to the others means nothing.
    if (issues.some(({ code }) => code !== "custom")) return;
    for (const issue of issues) {
      const [field, ...rest] = issue.path;
      const place = moved[String(field)];
      const path = place === undefined ? issue.path : [...place, ...rest];
      const params = "params" in issue ? issue.params : undefined;
      context.addIssue({ code: "custom", message: issue.message, path: [...path], ...(params && { params }) });
    }
  };
}
