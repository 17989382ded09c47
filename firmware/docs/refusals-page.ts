/** The reference page of every refusal: code, words in both languages, and where it is heard. Made from the services' own tables. */
import { refusalTables } from "../../services/refusal-tables.ts";
import { code, generatedFrom, page, table } from "./markdown.ts";

export function refusalsPage(): string {
  return page([
    generatedFrom("services/refusal-tables.ts and the tables that it names"),
    "",
    "# Refusals",
    "",
    "Every reason for which the station does not do what it was asked, with the words that people get. A refusal has no other",
    "effect than its words and, where somebody asked over MQTT, its answer. What stands between braces is filled in. One code may",
    "mean different things at different places; within one it means one. What swaps end with stands under",
    "[outcomes](outcomes.md), what is wrong with the station itself under [faults](faults.md).",
    "",
    ...refusalTables.flatMap(({ where, source, words }) => [
      `## ${where.en} ${where.zh}`,
      "",
      `From \`${source}\`.`,
      "",
      ...table(
        ["code", "English", "中文"],
        Object.entries(words).map(([name, { en, zh }]) => [code(name), en, zh]),
      ),
      "",
    ]),
  ]);
}
