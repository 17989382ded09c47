// Stryker's JSON report (mutation-testing-report-schema 2) in a few numbers, and what lived, as text that outlasts line numbers.

const short = (text) => text.replaceAll(/\s+/g, " ").trim();

function textAt(source, { start, end }) {
  const lines = source.split("\n").slice(start.line - 1, end.line);
  lines[lines.length - 1] = lines.at(-1).slice(0, end.column - 1);
  lines[0] = lines[0].slice(start.column - 1);
  return short(lines.join("\n"));
}

function survivorsOf(file, { source, mutants }) {
  return mutants
    .filter(({ status }) => status === "Survived" || status === "NoCoverage")
    .map(({ status, location, replacement, mutatorName }) => ({
      file,
      line: location.start.line,
      in: short(source.split("\n")[location.start.line - 1]),
      was: textAt(source, location),
      becomes: short(replacement ?? mutatorName),
      status: status === "Survived" ? "survived" : "not covered",
    }));
}

export function summary(report) {
  const files = Object.entries(report.files);
  const mutants = files.flatMap(([, { mutants: all }]) => all);
  const count = (...statuses) => mutants.filter(({ status }) => statuses.includes(status)).length;
  return {
    killed: count("Killed"),
    timeout: count("Timeout"),
    survived: count("Survived"),
    uncovered: count("NoCoverage"),
    ignored: count("Ignored"),
    // Nothing is compiled here: what a checker turned away was not drawn for a sample.
    undrawn: count("CompileError"),
    broken: count("RuntimeError"),
    static: mutants.filter((mutant) => mutant.static).length,
    survivors: files.flatMap(([file, result]) => survivorsOf(file, result)),
  };
}
