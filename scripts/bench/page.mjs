// `npm run bench -- --write`: docs/reference/benchmarks.md from a run's own results. It keeps no figure of its own, so a bench
// that did not run in this run does not stand on the page.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { amount } from "./figures.mjs";

const PAGE = "docs/reference/benchmarks.md";

const limitOf = ({ limit, aim, unit }) => {
  if (limit === undefined) return "";
  const sign = limit.is === "at most" ? "≤" : "≥";
  return `${sign} ${amount(limit.value, unit)}${aim === undefined ? "" : ` (aim ${amount(aim, unit)})`}`;
};

const verdictOf = ({ verdict }) => (verdict === "ok" ? "kept" : verdict === "over" ? "**missed**" : "");

const baselineOf = ({ baseline, ratio, unit }) =>
  baseline === undefined ? "" : `${amount(baseline.value, unit)}, ${baseline.name} (${amount(ratio, "×")})`;

const cell = (text) => String(text).replaceAll("|", "\\|");

function figureTable(figures) {
  const rows = figures.map((shown) =>
    [shown.name, amount(shown.value, shown.unit), limitOf(shown), verdictOf(shown), baselineOf(shown)].map(cell),
  );
  return [
    "| figure | value | limit | | beside it, in the same run (ratio) |",
    "|---|---:|---:|---|---|",
    ...rows.map((row) => `| ${row.join(" | ")} |`),
  ];
}

function plainTable({ columns, rows }) {
  return [
    `| ${columns.map(cell).join(" | ")} |`,
    `|${columns.map((_column, at) => (at === 0 ? "---" : "---:")).join("|")}|`,
    ...rows.map((row) => `| ${row.map(cell).join(" | ")} |`),
  ];
}

function benchSection({ bench, title, skipped, broken, figures = [], notes = [], table, load }) {
  const head = ["", `## ${bench}`, "", `${title[0].toUpperCase()}${title.slice(1)}.`, ""];
  if (skipped !== undefined) return [...head, `Not measured: ${skipped}.`];
  if (broken !== undefined) return [...head, "Could not be measured in this run."];
  const said = [...figures.map(({ note }) => note).filter(Boolean), ...notes];
  const busy = `load average ${load.before[0]} before, ${load.after[0]} after`;
  return [
    ...head,
    ...figureTable(figures),
    ...(table === undefined ? [] : ["", ...plainTable(table)]),
    "",
    ...[...said, busy].map((note) => `- ${note}`),
  ];
}

export function writePage(root, { machine, startedAt, realtime, results }) {
  const { machine: model, cores, memoryGb, kernel, arch, node } = machine;
  const lines = [
    "# Benchmarks",
    "",
    "Written by `npm run bench -- --write`. A figure is worth as much as its machine: run it on yours. Each stands beside a",
    "baseline that was measured in the same run, and the ratio is what can be compared between machines. No figure on this",
    "page was taken on a Raspberry Pi or on real hardware; serial lines are pseudo-terminals.",
    "",
    "| | |",
    "|---|---|",
    `| machine | ${model}, ${cores} cores, ${memoryGb} GB, ${arch} |`,
    `| system | Linux ${kernel}, Node ${node} |`,
    `| date | ${startedAt.slice(0, 10)} |`,
    `| scheduling | ${realtime ? "processes under measurement run under SCHED_RR, because the machine had other work" : "as usual"} |`,
    ...results.flatMap(benchSection),
  ];
  writeFileSync(join(root, PAGE), `${lines.join("\n")}\n`);
  return PAGE;
}
