/** The reference page of the commands: what the program itself says under `--help`, word for word. */
import { fenced, generatedFrom, page } from "./markdown.ts";

export interface CommandHelp {
  readonly name: string;
  readonly help: string;
}

/** The commands that the program's own overview names, in its order. */
export function commandNames(overview: string): string[] {
  return [...overview.matchAll(/^ {2}yizhan ([a-z]+) /gm)].map(([, name]) => name ?? "");
}

export function commandsPage(overview: string, helps: readonly CommandHelp[]): string {
  return page([
    generatedFrom("what each command says under --help"),
    "",
    "# Commands",
    "",
    ...fenced("", overview),
    "",
    "Exit codes: 0 ok, 1 failure, 2 asked wrongly, 78 configuration not valid. `NO_COLOR` is honoured. Messages come in",
    "Chinese or English by `--lang`, else by `LC_ALL` or `LANG`.",
    "",
    ...helps.flatMap(({ name, help }) => [`## yizhan ${name}`, "", ...fenced("", help), ""]),
  ]);
}
