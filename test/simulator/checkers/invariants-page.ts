/** The reference page of all invariants, as text: from the checkers of a run that has everything to look at. */
import { judgedElsewhere } from "../../../simulator/checkers/catalogue.ts";
import type { Looked } from "../../../simulator/checkers/invariants.ts";

const cell = (text: string): string => text.replaceAll("|", "\\|");
const linkTo = (file: string): string => `[${file}](../../simulator/checkers/${file})`;

/** By letter and number, so that I9 comes before I10 and what belongs to it right behind it. */
function order(id: string): string {
  const [, letter = "", number = "", rest = ""] = /^([A-Z]?)(\d*)(.*)$/.exec(id) ?? [];
  return `${letter === "I" ? 0 : 1}${letter}${number.padStart(3, "0")}${rest}`;
}

function row({ id, says, file, looksAt, excuses }: Looked): string {
  return `| ${[id, says, linkTo(file), looksAt, excuses ?? "nothing"].map(cell).join(" | ")} |`;
}

export function invariantsPage(all: readonly Looked[]): string {
  const sorted = [...all].sort((one, other) => (order(one.id) < order(other.id) ? -1 : 1));
  const lines = [
    "# Invariants",
    "",
    "<!-- Generated from simulator/checkers/; do not edit. -->",
    "",
    `What is always true of a station, whatever happens to it. ${all.length} checkers watch every simulated run. Each judges by the`,
    "truth: by physics, by the hardware side of the wire, by the broker's inbox, by the disk. What the controller thinks is only",
    "ever held against that. What a checker excuses is what hardware does by itself; never the controller.",
    "",
    "I is an invariant of every station, R one of the room, E a failure edge of the swap.",
    "",
    "| # | always | checker | looks at | excuses |",
    "|---|---|---|---|---|",
    ...sorted.map(row),
    "",
    "## Judged elsewhere",
    "",
    "No single run can judge these, so none counts them as checked.",
    "",
    "| # | always | where |",
    "|---|---|---|",
    ...judgedElsewhere.map(({ id, says, where }) => `| ${id} | ${cell(says)} | ${where} |`),
  ];
  return `${lines.join("\n")}\n`;
}
