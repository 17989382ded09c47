/**
 * What a test run over a seeded bug proves. Only a test that was collected, ran and failed by its own assertion is a catch: a
 * bug that merely keeps the program from loading, crashes it or makes it hang would have proved nothing about the tests.
 */

export interface TestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

export type Verdict =
  | { readonly is: "caught"; readonly file: string; readonly test: string }
  | { readonly is: "missed" }
  | { readonly is: "broken"; readonly why: string };

const firstLine = (text: string): string => text.split("\n")[0] ?? "";

/** How the assertions of this repository fail: vitest's own, a property's, production's own, and what a story waits for in vain. */
function isAssertion(message: string): boolean {
  if (/\b(Type|Reference|Syntax|Range)Error\b/.test(message.split("\n    at ")[0] ?? "")) return false;
  return (
    /^(AssertionError|SafetyBreach)\b/.test(message) ||
    /^Error: (Property failed after|waited .* in vain )/.test(message)
  );
}

type FileResult = TestReport["testResults"][number];

function judgeFile({ status, message, assertionResults }: FileResult, file: string): Verdict {
  const failed = assertionResults.filter((test) => test.status === "failed");
  let broken: Verdict | undefined;
  for (const test of failed) {
    const [says = ""] = test.failureMessages ?? [];
    if (isAssertion(says)) return { is: "caught", file, test: test.fullName };
    broken ??= { is: "broken", why: `"${test.fullName}" failed without an assertion: ${firstLine(says)}` };
  }
  if (broken !== undefined) return broken;
  if (status === "passed" && assertionResults.length > 0) return { is: "missed" };
  return { is: "broken", why: `${file} could not be run: ${firstLine(message ?? "")}` };
}

/** `files`: the test files that were to run. After the first failure the others may be left out. */
export function judge(report: TestReport, files: readonly string[]): Verdict {
  const resultOf = (file: string) => report.testResults.find(({ name }) => name.endsWith(`/${file}`));
  const verdicts = files.map((file): Verdict => {
    const result = resultOf(file);
    return result === undefined ? { is: "broken", why: `${file} was not run` } : judgeFile(result, file);
  });
  return verdicts.find(({ is }) => is === "caught") ?? verdicts.find(({ is }) => is === "broken") ?? { is: "missed" };
}
