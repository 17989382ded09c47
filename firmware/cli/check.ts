/**
 * `yizhan check FILE`: reads a configuration and the files it names, and says whether a station could start with it. It writes
 * nothing, opens no port, and prints one line when all is well.
 */
import { parseArgs } from "node:util";
import { withCredentials } from "../config/credential-problems.ts";
import { nodeConfigFiles } from "../config/files.ts";
import { type ConfigLoad, loadConfig } from "../config/load.ts";
import type { Bilingual, Language } from "../config/problem.ts";
import { languageOf, printable, problemLine } from "../config/report.ts";
import { loadTrusted } from "../config/signed.ts";
import { nodeClock } from "../platform/node-clock.ts";
import { trustOf } from "./config-trust.ts";

export interface CheckIo {
  out(text: string): void;
  err(text: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const OK = 0;
const USAGE = 2;
/** EX_CONFIG of sysexits.h: a service manager is told not to try again. */
const CONFIG = 78;

const usage: Readonly<Record<Language, string>> = {
  zh: `用法：yizhan check 文件 [--json] [--lang zh|en] [--warnings] [--config-key 公钥]
检查配置文件及其引用的会员名单、证书和私钥，不写任何文件。
  --json      输出一个 JSON 对象（问题同时含中英文）
  --lang      输出语言；默认取自 LC_ALL、LC_MESSAGES 或 LANG
  --warnings  同时显示不影响有效性的建议
  --config-key F   核验 文件.sig 的 Ed25519 公钥（默认 YIZHAN_CONFIG_KEY，或存在时 /etc/yizhan/config.pub）
  --config-kept D  上一份合格配置所在目录（默认 STATE_DIRECTORY 或 /var/lib/yizhan）
退出码：0 有效，2 用法错误，78 配置无效
`,
  en: `Usage: yizhan check FILE [--json] [--lang zh|en] [--warnings] [--config-key KEY]
Checks a configuration file and the files it names: members, certificates, key. Writes nothing.
  --json      print one JSON object (problems in both languages)
  --lang      language of the messages; taken from LC_ALL, LC_MESSAGES or LANG otherwise
  --warnings  show advice too, which does not make the file invalid
  --config-key F   Ed25519 key that FILE.sig must be signed with (YIZHAN_CONFIG_KEY, or /etc/yizhan/config.pub if there is one)
  --config-kept D  where the last good configuration is kept (STATE_DIRECTORY, or /var/lib/yizhan)
Exit codes: 0 valid, 2 usage, 78 configuration not valid
`,
};

interface Options {
  readonly file: string;
  readonly json: boolean;
  readonly warnings: boolean;
  readonly key: string | undefined;
  readonly kept: string | undefined;
  readonly language: Language;
}

type Asked =
  | { readonly is: "check"; readonly options: Options }
  | { readonly is: "help"; readonly language: Language }
  | { readonly is: "usage"; readonly language: Language; readonly why: Bilingual };

const options = {
  json: { type: "boolean", default: false },
  warnings: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
  lang: { type: "string" },
  "config-key": { type: "string" },
  "config-kept": { type: "string" },
} as const;

function understand(args: readonly string[], env: CheckIo["env"]): Asked {
  const fallback = languageOf(env);
  try {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
    const { lang } = values;
    const language = lang === "zh" || lang === "en" ? lang : fallback;
    if (values.help) return { is: "help", language };
    if (lang !== undefined && lang !== language) {
      return { is: "usage", language, why: { zh: "--lang 只能是 zh 或 en", en: "--lang is either zh or en" } };
    }
    const [file] = positionals;
    if (file === undefined || file === "" || positionals.length > 1) {
      return { is: "usage", language, why: { zh: "请给出一个文件", en: "name one file" } };
    }
    return {
      is: "check",
      options: {
        file,
        json: values.json,
        warnings: values.warnings,
        key: values["config-key"],
        kept: values["config-kept"],
        language,
      },
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { is: "usage", language: fallback, why: { zh: `无法理解的参数：${reason}`, en: reason } };
  }
}

function counts(load: Extract<ConfigLoad, { ok: true }>) {
  const { file, station, memberCount, hash } = load.config;
  return {
    station: station.stationId,
    cabinets: file.cabinets.length,
    bays: file.cabinets.reduce((sum, cabinet) => sum + cabinet.bays.length, 0),
    devices: file.devices.length,
    members: memberCount,
    hash,
  };
}

function validLine(load: Extract<ConfigLoad, { ok: true }>, { file, language }: Options): string {
  const { station, cabinets, bays, devices, members, hash } = counts(load);
  const short = hash.slice(0, 12);
  const words = {
    zh: `有效：站点 ${station}，柜 ${cabinets}，仓 ${bays}，设备 ${devices}，会员 ${members}，配置 ${short}`,
    en: `valid: station ${station}, cabinets ${cabinets}, bays ${bays}, devices ${devices}, members ${members}, config ${short}`,
  };
  return printable(`${file}: ${words[language]}`);
}

function countLine(count: number, { file, language }: Options): string {
  const words = { zh: `无效：${count} 个问题`, en: `not valid: ${count} ${count === 1 ? "problem" : "problems"}` };
  return printable(`${file}: ${words[language]}`);
}

function asJson(load: ConfigLoad, { file }: Options): string {
  const report = load.ok
    ? { valid: true, file, ...counts(load), problems: [], warnings: load.warnings }
    : { valid: false, file, problems: load.problems, warnings: load.warnings };
  return `${JSON.stringify(report)}\n`;
}

function asText(load: ConfigLoad, options: Options, io: CheckIo): void {
  const line = (text: string) => `${text}\n`;
  if (options.warnings) for (const warning of load.warnings) io.err(line(problemLine(warning, options.language)));
  if (load.ok) {
    io.out(line(validLine(load, options)));
    return;
  }
  for (const problem of load.problems) io.err(line(problemLine(problem, options.language)));
  io.err(line(countLine(load.problems.length, options)));
}

export async function checkCommand(args: readonly string[], io: CheckIo): Promise<number> {
  const asked = understand(args, io.env);
  if (asked.is === "help") {
    io.out(usage[asked.language]);
    return OK;
  }
  if (asked.is === "usage") {
    io.err(`yizhan check: ${printable(asked.why[asked.language])}\n${usage[asked.language]}`);
    return USAGE;
  }
  const files = nodeConfigFiles();
  const { file, key, kept } = asked.options;
  const trust = trustOf({ key, kept, env: io.env });
  const read = trust === undefined ? loadConfig(file, files) : loadTrusted(file, trust, files).load;
  const load = withCredentials(read, files, nodeClock().wallMs());
  if (asked.options.json) io.out(asJson(load, asked.options));
  else asText(load, asked.options, io);
  return load.ok ? OK : CONFIG;
}
