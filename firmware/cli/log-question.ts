/**
 * What the commands that read a station's log have in common: the options that say which log, in which language and time zone, and
 * the way from a configuration to the directory. It opens nothing but the configuration.
 */
import { parseArgs } from "node:util";
import type { StationConfig } from "../../services/config.ts";
import { loadConfig, resolveBeside } from "../config/load.ts";
import type { Language } from "../config/problem.ts";
import { languageOf, printable, problemLine } from "../config/report.ts";

export interface LogCommandIo {
  out(text: string): void;
  err(text: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export const exitCodes = { ok: 0, failure: 1, usage: 2, config: 78 } as const;

export interface LogQuestion<Own> {
  readonly config: string | undefined;
  readonly log: string | undefined;
  readonly zone: string;
  readonly json: boolean;
  readonly language: Language;
  readonly own: Own;
}

export interface LogCommand<Own> {
  readonly usage: Readonly<Record<Language, string>>;
  /** Options of this command alone; each takes a word. */
  readonly ownOptions: readonly string[];
  /** Makes sense of them; throws what the user is to be told. */
  own(word: (name: string) => string | undefined): Own;
}

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;

/** A number is the exit code of a command that has said everything it had to say. */
export function understandQuestion<Own>(
  args: readonly string[],
  io: LogCommandIo,
  { usage, ownOptions, own }: LogCommand<Own>,
): LogQuestion<Own> | number {
  const fallback = languageOf(io.env);
  try {
    const names = ["log", "zone", "lang", ...ownOptions];
    const words = Object.fromEntries(names.map((name) => [name, text]));
    const options = { config: { ...text, short: "c" }, json: flag, help: { ...flag, short: "h" }, ...words };
    const values: Readonly<Record<string, unknown>> = parseArgs({ args: [...args], options }).values;
    const word = (name: string) => values[name] as string | undefined;
    const lang = word("lang");
    const language = lang === "zh" || lang === "en" ? lang : fallback;
    if (values.help === true) {
      io.out(usage[language]);
      return exitCodes.ok;
    }
    if (lang !== undefined && lang !== language) throw new Error("--lang zh|en");
    const config = word("config");
    const log = word("log");
    if ((config === undefined) === (log === undefined)) throw new Error("-c config.yaml / --log DIRECTORY");
    const zone = word("zone") ?? "UTC";
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return { config, log, zone, json: values.json === true, language, own: own(word) };
  } catch (error) {
    io.err(`E_USAGE ${printable(error instanceof Error ? error.message : String(error))}\n\n${usage[fallback]}`);
    return exitCodes.usage;
  }
}

export interface LogPlace {
  readonly directory: string;
  readonly timeZone: string;
  /** Undefined when the directory was given by itself. */
  readonly station: StationConfig | undefined;
}

export function placeOf({ config, log, zone, language }: LogQuestion<unknown>, io: LogCommandIo): LogPlace | number {
  if (config === undefined) return { directory: log ?? "", timeZone: zone, station: undefined };
  const load = loadConfig(config);
  if (!load.ok) {
    for (const problem of load.problems) io.err(`${problemLine(problem, language)}\n`);
    return exitCodes.config;
  }
  const { station, file, baseDirectory } = load.config;
  return { directory: resolveBeside(baseDirectory, file.storage.directory), timeZone: station.timeZone, station };
}

export const noLog: Readonly<Record<Language, (where: string) => string>> = {
  zh: (where) => `没有日志：${where}`,
  en: (where) => `There is no log in ${where}`,
};
